"""Fold text to the form that words are compared in: no case, no accents, one kind of dash and quote."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_UNIFY = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("‘’‚‛ʼ`´＇", "'")
    | dict.fromkeys("“”„‟«»「」『』《》〈〉＂", '"')
    | {"İ": "i", "ı": "i", "ł": "l", "Ł": "l", "ß": "ss"}
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0xE50) for digit in range(10)}  # Arabic, Persian, Thai
)
_DROPPED = dict.fromkeys(
    [0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x061C, 0x0640]  # soft hyphens, joiners, tatweel
)
# Latin, Cyrillic and Greek accents, and Arabic vowel marks. Thai vowels are marks too, but carry meaning: they stay.
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
_BLANKS = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return text in lower case, NFKC, without accents or Arabic vowel marks, blanks as single spaces."""
    unified = unicodedata.normalize("NFKC", text.translate(_UNIFY)).translate(_DROPPED)
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", unified.casefold()))
    composed = (
        unicodedata.normalize("NFC", bare).replace("ى", "ي").replace("أ", "ا").replace("إ", "ا").replace("ة", "ه")
    )
    return _BLANKS.sub(" ", composed).strip()


def has_spaces_between_words(text: str) -> bool:
    """Tell whether text is written with spaces between words: not Chinese, Japanese or Thai."""
    return not re.search("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", text)


def alternation(terms: Iterable[str], *, stand_alone: bool = True) -> str:
    """Return a regular expression for the whole words of any of terms, longer ones first; `*` takes any ending along.

    It matches folded text, and nothing where there are no terms. Terms of scripts without spaces match anywhere.
    stand_alone: nothing may stand directly before a word; without, it may be attached: the "uhr" of "10uhr".
    """
    folded = sorted({fold(term) for term in terms} - {""}, key=lambda term: (-len(term), term))
    spaced = [_whole_word(term) for term in folded if has_spaces_between_words(term)]
    unspaced = [re.escape(term).replace(r"\ ", " ?") for term in folded if not has_spaces_between_words(term)]
    bound = r"(?<!\w)" if stand_alone else ""
    groups = [f"{bound}(?:{'|'.join(spaced)})"] if spaced else []
    return "|".join([*groups, *unspaced]) or "(?!)"


def _whole_word(folded: str) -> str:
    return re.escape(folded.rstrip("*")).replace(r"\ ", " ") + (r"\w*" if folded.endswith("*") else r"(?!\w)")


def terms_pattern(terms: Iterable[str]) -> str:
    """Return a regular expression for any of terms on folded text: whole words, `*` for any ending, longer ones first.

    Terms of scripts without spaces match anywhere. It matches nothing where there are no terms.
    """
    folded = sorted({fold(term) for term in terms} - {""}, key=lambda term: (-len(term), term))
    bodies = [(term, re.escape(term.rstrip("*")).replace(r"\ ", " +")) for term in folded]
    return beginning_words(
        [body + ("" if term.endswith("*") else r"(?!\w)") for term, body in bodies if has_spaces_between_words(term)],
        [body for term, body in bodies if not has_spaces_between_words(term)],
    )


def beginning_words(spaced: Sequence[str], anywhere: Sequence[str]) -> str:
    """Return a regular expression for any of the expressions spaced, where a word begins, or anywhere.

    That a word begins is looked for once, not for each of them: ten times as fast.
    """
    groups = [rf"(?<!\w)(?:{'|'.join(spaced)})"] if spaced else []
    return "|".join([*groups, *anywhere]) or "(?!)"
