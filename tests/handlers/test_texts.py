import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import handlers
from handlers import menu_texts, report_texts, texts
from knowledge import LANGUAGES, wording

LOCALE = Path(handlers.__file__).parent / "locale"
NAMED = {
    name: text for module in (texts, report_texts, menu_texts) for name, text in vars(module).items() if name.isupper()
}
FRAMES = set(NAMED.values())
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

    assert [name for name in NAMED if f"texts.{name}" not in code] == []
