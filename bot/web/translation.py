"""What pages say, by gettext catalogs in the folder locale/ of a package; English where there is none."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

from babel.messages.pofile import read_po

_KIN: Final = {"zh-TW": "zh"}  # read by those for whom there is no catalog


@lru_cache(maxsize=64)
def translations(package: str, language: str) -> dict[str, str]:
    """Return the texts of a package in a language, by the English ones; none where they are English."""
    for one in (language, _KIN.get(language, "")):
        catalog = files(package).joinpath(f"locale/{one}.po")
        if one and catalog.is_file():
            with catalog.open("rb") as file:
                found = read_po(file)
            return {str(message.id): str(message.string) for message in found if message.id and message.string}
    return {}


def languages(package: str) -> list[str]:
    """Return the languages that a package has texts in."""
    catalogs = (file.name for file in files(package).joinpath("locale").iterdir())
    return ["en", *sorted(name.removesuffix(".po") for name in catalogs if name.endswith(".po"))]


class Translation:
    """The texts of a package in one language."""

    def __init__(self, package: str, language: str) -> None:
        self.language = language
        self._texts = translations(package, language)

    def say(self, text: str, **values: object) -> str:
        """Return an English text in this language, with its placeholders filled by values."""
        said = self._texts.get(text, text)
        return said.format(**values) if values else said
