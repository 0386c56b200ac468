"""A reply as Telegram shows it: escaped texts within its limits, buttons in rows for a phone, files with captions."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.model import Choice, File, Reply

TEXT_LIMIT: Final = 4096  # UTF-16 code units after entities are parsed: https://core.telegram.org/bots/api#sendmessage
CAPTION_LIMIT: Final = 1024  # the same, of a file: https://core.telegram.org/bots/api#senddocument
DATA_LIMIT: Final = 64  # bytes behind a button: https://core.telegram.org/bots/api#inlinekeyboardbutton
OUTDATED: Final = "outdated"  # the payload of a button that an earlier version made: it means nothing any more

_VERSION = "1:"
_ROW, _MARGIN, _MOST = 36, 2, 4  # columns of a row, those around a label, buttons in a row: on the narrowest phones
_PICTURES = ("image/png", "image/jpeg")
_ENDS = ("\n\n", "\n", " ")  # of a paragraph, a line, a word
_STOPS = re.compile(r"[。！？；，、]")  # where scripts without spaces pause
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_JOINERS = "\u200d\ufe0f"  # what follows them, or is one, belongs to the character before

Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of Telegram; html is the caption where there is a file. Payloads are ready to be sent."""

    html: str
    rows: Rows = ()
    file: File | None = None

    @property
    def is_picture(self) -> bool:
        """Whether the file is shown, not offered for download; what goes with a broadcast arrives as it is."""
        return self.file is not None and self.file.media_type in _PICTURES and not self.file.attachment


def messages(reply: Reply) -> tuple[Message, ...]:
    """Return reply as messages, at least one: the buttons are below the last text, files come behind it.

    A single file takes a text that fits as its caption.
    """
    text, rows = readable(reply.text), in_rows(reply.choices)
    if len(reply.files) == 1 and units(text) <= CAPTION_LIMIT:
        return (Message(html.escape(text, quote=False), rows, reply.files[0]),)
    pieces = [html.escape(piece, quote=False) for piece in split(text)] or ["…"]
    texts = [*map(Message, pieces[:-1]), Message(pieces[-1], rows)]
    return (*texts, *(Message("", file=file) for file in reply.files))


def readable(text: str) -> str:
    """Return text without what no message can carry: control characters, and halves of characters."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    seen = _UNSEEN.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))
    is_blank = all(unicodedata.category(character)[0] in "CZ" for character in seen)
    return "" if is_blank else seen.strip()


def units(text: str) -> int:
    """Return the length of text as Telegram counts it, in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Return text in pieces of at most limit units, cut where a paragraph, else a line, else a word ends.

    Only the white space at the cuts is lost. An end in the first half of a piece is passed over for a lesser one later.
    """
    return list(_pieces(text.strip(), limit))


def _pieces(rest: str, limit: int) -> Iterator[str]:
    while units(rest) > limit:
        cut = _cut(rest, _fitting(rest, limit))
        piece, rest = rest[:cut].rstrip(), rest[cut:].lstrip()
        yield piece
    if rest:
        yield rest


def _fitting(text: str, limit: int) -> int:
    """Return how many characters of text are within limit units."""
    length = limit  # no character is shorter than one unit
    while units(text[:length]) > limit:
        length -= max(1, (units(text[:length]) - limit) // 2)
    return length


def _cut(text: str, most: int) -> int:
    """Return where to cut text, at most characters from its start."""
    half = most // 2
    for end in _ENDS:
        found = text.rfind(end, half, most + len(end))
        if found > 0:
            return found
    stops = [stop.end() for stop in _STOPS.finditer(text, half - 1, most)]
    if stops:
        return stops[-1]
    cut = most
    while cut > half and _belongs_together(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > half else most


def _belongs_together(before: str, after: str) -> bool:
    """Tell whether after changes how before looks, or is joined to it."""
    return before == _JOINERS[0] or after in _JOINERS or unicodedata.category(after).startswith("M")


def in_rows(choices: Sequence[Choice]) -> Rows:
    """Return buttons in rows, in order. Those of a row are equally wide, so the longest label decides how many fit."""
    rows: list[tuple[Choice, ...]] = []
    widest = 0
    for choice in choices:
        button = Choice(readable(choice.label) or "…", data_of(choice.payload))
        row = rows[-1] if rows else ()
        widest = max(widest, columns(button.label)) if row else columns(button.label)
        if row and len(row) < _MOST and (len(row) + 1) * (widest + _MARGIN) <= _ROW:
            rows[-1] = (*row, button)
        else:
            rows.append((button,))
            widest = columns(button.label)
    return tuple(rows)


def columns(label: str) -> int:
    """Return how wide a label is, in columns; Chinese, Japanese and Korean characters and emojis take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in label)


def data_of(payload: str) -> str:
    """Return what is sent to Telegram as a button's data.

    Raises:
        ValueError: the payload is longer than Telegram carries. Ours are short, and keys of activities are made short.
    """
    data = _VERSION + payload
    if len(data.encode()) > DATA_LIMIT:
        raise ValueError(f"a button's payload is longer than {DATA_LIMIT - len(_VERSION)} bytes")
    return data


def payload_of(data: str) -> str:
    """Return the payload behind a button's data; OUTDATED where another version of the desk made it."""
    return data.removeprefix(_VERSION) if data.startswith(_VERSION) else OUTDATED
