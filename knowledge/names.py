"""Official names by language: what the briefing calls a session or place, as the organizers write it elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from knowledge.folding import fold
from knowledge.yaml_files import read_yaml

ANY: Final = "*"  # in place of a language: a name that was told in one language only


@dataclass(frozen=True, slots=True)
class Names:
    """Names and aliases of what a briefing speaks of, and translations of its passages, by language."""

    official: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # folded wording -> language -> name
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # folded wording -> aliases, all languages
    passages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # "stem/heading" -> language -> text

    def of(self, wording: str, language: str) -> str | None:
        """Return the official name of what the documents call wording; None where there is none in language.

        English is the documents' own wording.
        """
        named = self.official.get(fold(wording), {})
        return named.get(language) or named.get(ANY) or (wording if language == "en" else None)

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Return these names with new ones, told in one language, for what the documents call differently."""
        if not names:
            return self
        others = {fold(wording): {ANY: name} for wording, name in names.items()}
        called = {key: (*self.aliases.get(key, ()), *self.official.get(key, {}).values()) for key in others}
        return replace(self, official={**self.official, **others}, aliases={**self.aliases, **called})

    def everything_called(self, wording: str) -> tuple[str, ...]:
        """Return all names and aliases, in every language, of what the documents call wording."""
        key = fold(wording)
        return (*self.official.get(key, {}).values(), *self.aliases.get(key, ()))

    @classmethod
    def load(cls, folders: Iterable[Path]) -> Self:
        """Read names/<language>.yaml below each folder; later folders override.

        Raises:
            ValueError: a file is not of the form that names/en.yaml shows.
        """
        official: dict[str, dict[str, str]] = {}
        aliases: dict[str, tuple[str, ...]] = {}
        passages: dict[str, dict[str, str]] = {}
        for path in sorted(path for folder in folders for path in folder.glob("names/*.yaml")):
            content = read_yaml(path)
            for wording, entry in (content.get("names") or {}).items():
                key = fold(wording)
                if "name" in (entry or {}):
                    official.setdefault(key, {})[path.stem] = entry["name"]
                aliases[key] = (*aliases.get(key, ()), *map(str, (entry or {}).get("aliases", ())))
            for key, text in (content.get("passages") or {}).items():
                passages.setdefault(key, {})[path.stem] = text
        return cls(official, aliases, passages)
