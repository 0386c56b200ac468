"""The texts that the catalogs in locale/ translate, and the template that translators start from."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from knowledge import phrases
from knowledge.topics import catalogue

TEMPLATE = Path(__file__).parent / "locale" / "messages.pot"
_HEADER = """\
# Texts of Delegate Desk, for translators. Keep what stands in {braces}.
# Written by `python -m knowledge.message_ids`.\
"""


def message_ids() -> dict[str, str]:
    """Return every text to translate, with a comment that says what it is: a frame, or the subject of a topic."""
    frames = {str(text): name for name, text in vars(phrases).items() if name.isupper()}
    topics = catalogue().topics.values()
    return frames | {topic.subject: f"subject of {topic.id}" for topic in topics if topic.subject}


def template() -> str:
    """Return the template of the catalogs in locale/."""
    texts = Catalog()
    for text, comment in message_ids().items():
        texts.add(text, auto_comments=[comment])
    file = BytesIO()
    write_po(file, texts, width=0, omit_header=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f"{_HEADER}\n{header}\n{file.getvalue().decode()}"


if __name__ == "__main__":
    TEMPLATE.write_text(template(), encoding="utf-8")
