"""Read how many places an organizer wants an activity to have: "120 places", "capacity from 100 to 120"."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.folding import has_spaces_between_words
from knowledge.yaml_files import read_yaml

_WORDS: Final = Path(__file__).parent / "catalogue" / "places.yaml"
_NUMBER: Final = r"(?<![\da-z.:：])\d{1,5}(?![\d.:：]|h\d|\s?=)"  # no part of a time
_ALONE: Final = r"(?<!\w)"  # no other word stands directly before it
_NEAR: Final = r"[^\d.;!?,，。；\n@]{0,30}?"  # what may stand between a word and its number: "capacity of it: "


def places_told(text: str) -> int | None:
    """Return how many places text says that an activity shall have; None where it does not say so."""
    found = list(_told().finditer(text))
    return int(re.findall(r"\d+", found[-1].group())[-1]) if found else None


def names_places(text: str) -> bool:
    """Tell whether text is about places, though it may not say how many."""
    return bool(_told().search(text) or _word().search(text))


def without_places(text: str) -> str:
    """Return text without what it says of places, so that no number of them is taken for a time."""
    return _told().sub(" ", text)


@cache
def _told() -> re.Pattern[str]:
    words = _words()
    counted, named = _any(words["counted"]), _any(words["named"], start=_ALONE)
    to = "|".join(map(re.escape, words["to"]))
    from_to = rf"(?:{_NUMBER}\s?\w?\s?(?:{to})\s?)?{_NUMBER}"
    before = rf"{from_to}\s?[个個]?\s?(?:{counted})"
    behind = rf"(?:{named}){_NEAR}{from_to}[个個名명석席]?"
    return re.compile(f"{before}|{behind}", re.IGNORECASE)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(_any(_words()["named"], start=_ALONE), re.IGNORECASE)


def _any(words: Mapping[str, Iterable[str]], *, start: str = "") -> str:
    """Return a pattern of words as they are written, accents and all; longer ones first. start: of some."""
    every = sorted({word for of_language in words.values() for word in of_language}, key=len, reverse=True)
    return "|".join(_pattern(word, start) for word in every)


def _pattern(word: str, start: str) -> str:
    if not has_spaces_between_words(word):
        return re.escape(word)
    return start + re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else r"(?!\w)")


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = read_yaml(_WORDS)
    return words
