"""A reply as WeChat shows it: plain text, choices by number, in pieces of at most 2,048 bytes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handlers import texts
from handlers.model import Choice, File, Reply
from handlers.speech import Speech


@dataclass(frozen=True, slots=True)
class Card:
    """Choices as buttons. title: what they belong to."""

    title: str
    choices: tuple[Choice, ...]


Part = str | File | Card
MOST_BUTTONS: Final = 6  # of a card: https://developer.work.weixin.qq.com/document/path/90236
LIMIT: Final = 2048  # bytes of UTF-8 in a text; longer ones are refused with 45002, or cut
_ENDS: Final = (
    re.compile(r"\n\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…][\"'”’)]*\s|[。！？；…]+[”’」』）》]*"),
    re.compile(r"\s|[，、]"),
)


def parts(reply: Reply, *, takes_files: bool = False, takes_cards: bool = False) -> list[Part]:
    """Return reply as texts, at least one, and behind them files and buttons; files that cannot be sent are named."""
    made: list[Part] = [*split(numbered(reply, names_files=not takes_files))] or ["…"]
    made += reply.files if takes_files else ()
    if takes_cards and 0 < len(reply.choices) <= MOST_BUTTONS:
        made.append(Card(reply.text.partition("\n")[0], reply.choices))
    return made


def numbered(reply: Reply, *, names_files: bool = True) -> str:
    """Return the text of reply with its choices by number."""
    speech = Speech(reply.language)
    lines = [reply.text]
    if reply.files and names_files:
        lines.append(speech.say(texts.NO_FILES_HERE, names=", ".join(file.name for file in reply.files)))
    if reply.choices:
        lines.append(speech.say(texts.BY_NUMBER))
        lines += [f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, 1)]
    return "\n".join(lines)


def chosen(text: str, choices: list[Choice]) -> str:
    """Return the payload of the choice whose number text is; '' where it is none."""
    said = re.fullmatch(r"\s*[(（#]?\s*(\d{1,2})\s*[)）.。、]?\s*", text)
    number = int(said[1]) if said else 0
    return choices[number - 1].payload if 0 < number <= len(choices) else ""


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Return text in pieces of at most limit bytes: cut where a paragraph, a line, a sentence or a word ends.

    Only white space at the cuts is lost, and no character is torn.
    """
    return list(_pieces(text.strip(), limit))


def _pieces(rest: str, limit: int) -> Iterator[str]:
    while len(rest.encode("utf-8", "replace")) > limit:
        cut = _cut(rest, len(rest.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")))
        piece, rest = rest[:cut].rstrip(), rest[cut:].lstrip()
        yield piece
    if rest:
        yield rest


def _cut(text: str, most: int) -> int:
    """Return where to cut text, at most letters from its start; an end in the first half is passed over."""
    for end in _ENDS:
        places = [found.end() for found in end.finditer(text, 0, most + 1) if most // 2 < found.end() <= most]
        if places:
            return places[-1]
    return most
