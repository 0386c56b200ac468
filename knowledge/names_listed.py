"""Names that a text lists, found by their capitals: "we nominate Ana Ruiz, Jan van der Berg and Chen Li"."""

import re
from collections.abc import Sequence
from typing import Final

PARTICLES: Final = frozenset("al bin da das de del della den der di do dos du el la le ten ter van von zu".split())
_LIST_BEGINS: Final = re.compile(r"[:：]|\b(?:are|sind|sont|son|sono|são|zijn|to)\b")
_BETWEEN_NAMES: Final = re.compile(r"[,，、;；&]|\b(?:and|und|et|y|e|en|i)\b|和|跟")
_MARKS: Final = re.compile(r"[.!。！]+$")
_LONGEST_NAME: Final = 5  # words
_LETTERS_OF_A_NAME: Final = 4  # of a Chinese name, the longest


def names_in(text: str) -> list[str]:
    """Return the names of a list.

    What stands before the first of them, as "we nominate", is no part of it; behind a colon there is nothing but names.
    """
    parts = _LIST_BEGINS.split(text, maxsplit=1)
    is_list = len(parts) > 1
    pieces = (_MARKS.sub("", piece).strip() for piece in _BETWEEN_NAMES.split(parts[-1]))
    names = (_name_in(piece, is_list=is_list or number > 0) for number, piece in enumerate(pieces))
    return [name for name in names if name and len(name.split()) <= _LONGEST_NAME]


def runs(words: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """Return words in runs, each with whether it is of capitalized ones, with what stands inside names: "van der"."""
    found: list[tuple[bool, list[str]]] = []
    inside: list[str] = []  # particles that are of the name only if it goes on behind them
    for word in words:
        is_capital = word.lstrip("\"'“«(")[:1].isupper()
        if is_capital and found and found[-1][0]:
            found[-1][1].extend([*inside, word])
        elif word in PARTICLES and found and found[-1][0]:
            inside.append(word)
            continue
        else:
            found += [(False, inside)] if inside else []
            found.append((is_capital, [word]))
        inside = []
    return [*found, (False, inside)] if inside else found


def _name_in(piece: str, *, is_list: bool) -> str:
    """Return the name in a piece of text: the longest run of capitalized words; of several, in a list, the first."""
    words = piece.split()
    if not any(character.isupper() or character.islower() for character in piece):  # a script without capitals
        is_name_alone = is_list or len(piece) <= _LETTERS_OF_A_NAME
        return piece if is_name_alone else (words[-1] if len(words) > 1 else "")
    names = [run for is_capital, run in runs(words) if is_capital]
    most = max(map(len, names), default=0)
    longest = [" ".join(run) for run in names if len(run) == most]
    return "" if not longest else longest[0] if is_list else longest[-1]
