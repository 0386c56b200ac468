"""Mend typing errors: words that no sample question holds, by the nearest word that samples do hold."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.folding import fold

MENDED = (
    "ar",
    "de",
    "en",
    "es",
    "fr",
    "it",
    "nl",
    "pl",
    "pt",
    "ru",
    "tr",
)  # written with spaces, and not glued as ko

_WORD = re.compile(r"[^\W\d_]+")
_OFTEN = 2  # a word of fewer samples may itself be an error
_EVERYDAY = 10**-5.4  # share of all words; "teh" and "wen" are rarer in common texts, "porthole" as well
_SHORTEST = 3
_SHORTEST_UNKNOWN = 5
_SHORTEST_NAME = 5  # letters; a shorter word is near to too many names
_WORDS_IN_MEMORY = 2048
_ONE_ERROR_UP_TO = 6  # letters; longer words may hold two errors


def _is_cut(match: re.Match[str]) -> bool:
    """Tell whether a mark that belongs to the word, such as an Arabic vowel, ends the match before the word's end."""
    behind = match.string[match.end() : match.end() + 1]
    return bool(behind) and unicodedata.combining(behind) > 0


class Speller:
    """Mend words of one language: those that neither its samples nor its everyday vocabulary hold."""

    def __init__(self, language: str, texts: Iterable[str], names: Collection[str] = ()) -> None:
        """Learn the words to mend to from texts; everyday words come from frequency lists of the language.

        names: folded names, such as cities', that are right as they are, and may be meant by an error as well.
        """
        self._language = language
        self._names = frozenset(names)
        counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        self._counts: Mapping[str, int] = {word: n for word, n in counts.items() if len(word) > 1}
        self._mends = language in MENDED
        self._nearest = lru_cache(maxsize=_WORDS_IN_MEMORY)(self._nearest_word)

    @cached_property
    def _everyday(self) -> Mapping[str, float]:
        """The language's words and their share of common texts; read when a word comes that no sample holds."""
        from wordfreq import get_frequency_dict  # noqa: PLC0415 - 0.3 s that most questions need not pay

        frequencies: dict[str, float] = get_frequency_dict(self._language, wordlist="small")
        return frequencies

    @cached_property
    def _vocabulary(self) -> list[str]:
        words = {word for word in self._counts if self._is_ordinary(word)}
        names = [name for name in self._names - words if len(name) >= _SHORTEST_NAME]
        return [word for word in self._counts if word in words and len(word) >= _SHORTEST] + names

    def mended(self, text: str, *, rare: bool) -> str:
        """Return text with unknown words replaced by the nearest known one; text itself where all are known.

        rare: replace also words that everyday texts hold, but seldom; they may be errors ("teh") or just rare.
        """
        if not self._mends:
            return text
        return _WORD.sub(lambda match: match.group() if _is_cut(match) else self._nearest(match.group(), rare), text)

    def unknown(self, text: str) -> tuple[str, ...]:
        """Return the longer words of text that are none of the language, such as names of persons."""
        if not self._mends:
            return ()
        return tuple(w for w in _WORD.findall(text) if len(w) >= _SHORTEST_UNKNOWN and not self._is_ordinary(w))

    def knows_none_of(self, text: str) -> bool:
        """Tell whether text has words, and none is of the language or a name; False where that cannot be told."""
        words = _WORD.findall(text)
        return self._mends and bool(words) and not any(self.knows(word) for word in words)

    def knows(self, word: str) -> bool:
        """Tell whether a word is one of the language, as far as samples and everyday texts show."""
        return self._is_ordinary(word) or fold(word) in self._names

    def _is_ordinary(self, word: str) -> bool:
        lower = word.lower()
        return self._counts.get(lower, 0) >= _OFTEN or self._is_everyday(lower)

    def _is_everyday(self, lower: str) -> bool:
        return self._everyday.get(lower, 0.0) >= _EVERYDAY

    def _nearest_word(self, word: str, rare: bool) -> str:  # noqa: FBT001 - a cache takes words by name for others
        lower = word.lower()
        if len(word) < _SHORTEST or self.knows(word) or (lower in self._everyday and not rare):
            return word
        errors = 1 if len(word) <= _ONE_ERROR_UP_TO or lower in self._everyday else 2
        near = process.extract(lower, self._vocabulary, scorer=OSA.distance, score_cutoff=errors, limit=None)
        # First letters are seldom wrong, and letters are left out more often than added.
        ranked = sorted(near, key=lambda m: (m[1], m[0][0] != lower[0], -len(m[0]), -self._counts.get(m[0], 0)))
        return str(ranked[0][0]) if ranked else word
