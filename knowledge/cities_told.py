"""From where somebody writes who was asked for their city alone."""

import re
from collections import Counter
from functools import cache

from knowledge.folding import fold, has_spaces_between_words
from knowledge.people import APART, Introduction, read_introduction
from knowledge.topics import catalogue
from knowledge.wishes import Wish, samples

_FEW_WORDS = 3
_FEW_LETTERS = 8  # where there are no spaces between words
_OFTEN = 3  # samples: one or two may be about somebody's city
_FROM_SOMEWHERE = (Wish.INTRODUCE, Wish.SIGN_UP, Wish.CANCEL, Wish.CHANGE, Wish.STATUS, Wish.NOMINATE, Wish.QUESTION)
_AROUND = " .!,;。！、，"


def read_city(text: str, mended: str, language: str, *, may_be_any: bool) -> Introduction:
    """Return the city; a name too, where both are told; nothing where text may well say something else.

    mended: text without its typing errors; may_be_any: it asks nothing. No list holds every city of the world: a word
    or two that nobody uses who asks or wants something, as the samples of the catalogue have it, is one.
    """
    said = read_introduction(text, language, is_expected=True)
    if APART.search(text):
        return said
    if said.city:
        return Introduction(city=said.city)
    if not (may_be_any and all(_is_unheard(written, language) for written in (text, mended))):
        return Introduction()
    city = text.strip(_AROUND)
    return Introduction(city=city.title() if city.islower() else city)


def _is_unheard(text: str, language: str) -> bool:
    """Tell whether text is short, and holds a word that is hardly in any sample of another thing."""
    if any(sign.isdigit() or sign in "?？؟/" for sign in text):
        return False
    if not has_spaces_between_words(text):
        told = fold(text.strip(_AROUND))
        return 1 < len(told) <= _FEW_LETTERS and sum(told in other for other in _said(language)) < _OFTEN
    words = _words_of(text)
    return 0 < len(words) <= _FEW_WORDS and any(_heard(language)[word] < _OFTEN for word in words)


def _words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", fold(text)))


@cache
def _heard(language: str) -> Counter[str]:
    return Counter(word for text in _said(language) for word in _words_of(text))


@cache
def _said(language: str) -> tuple[str, ...]:
    """Return, folded, what people say; not who comes, for that often says from where."""
    own = [one for one in samples() if one.topic not in _FROM_SOMEWHERE]
    return tuple(fold(one.text) for one in (*own, *catalogue().samples) if one.language == language)
