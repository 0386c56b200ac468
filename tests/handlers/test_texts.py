import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import handlers
from handlers import texts
from knowledge import LANGUAGES, wording

LOCALE = Path(handlers.__file__).parent / "locale"
FRAMES = {text for name, text in vars(texts).items() if name.isupper()}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def catalog(language):
    with (LOCALE / f"{language}.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_message_is_translated_with_its_placeholders(language):
    translated = catalog(language)

    assert set(translated) == FRAMES
    assert [text for text in FRAMES if not translated[text]] == []
    assert [
        text for text in FRAMES if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(translated[text]))
    ] == []


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Deutsch"), ("fr", "français"), ("zh", "中文"), ("ar", "العربية")]
)
def test_each_language_names_itself(language, said):
    assert said in wording(language, "handlers").say(texts.LANGUAGE_IS_SET)


def test_every_frame_is_used():
    code = "".join(
        path.read_text("utf-8") for folder in ("handlers", "bot") for path in (LOCALE.parents[1] / folder).rglob("*.py")
    )
    names = [name for name in vars(texts) if name.isupper()]

    assert [name for name in names if f"texts.{name}" not in code] == []
