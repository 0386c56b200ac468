"""Mend typing errors: words that no sample question holds, by the nearest word that samples do hold."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W\d_]+")
_OFTEN = 2  # a word of fewer samples may itself be an error
_SHORTEST = 3
_ONE_ERROR_UP_TO = 6  # letters; longer words may hold two errors


class Speller:
    """Mend words of one language."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Learn the vocabulary of texts."""
        counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        self._counts: Mapping[str, int] = {word: n for word, n in counts.items() if n >= _OFTEN and len(word) > 1}
        self._known = frozenset(counts)
        self._vocabulary = [word for word in self._counts if len(word) >= _SHORTEST]

    def mended(self, text: str) -> str:
        """Return text with unknown words replaced by the nearest known one; text itself where all are known.

        Words that begin with a capital inside the text are names and stay.
        """
        return _WORD.sub(lambda match: self._nearest(match.group(), is_first=match.start() == 0), text)

    def _nearest(self, word: str, *, is_first: bool) -> str:
        lower = word.lower()
        if lower in self._known or len(word) < _SHORTEST or (word[0].isupper() and not is_first):
            return word
        errors = 1 if len(word) <= _ONE_ERROR_UP_TO else 2
        near = process.extract(lower, self._vocabulary, scorer=OSA.distance, score_cutoff=errors, limit=8)
        if not near:
            return word
        return str(min(near, key=lambda match: (match[1], -self._counts[match[0]]))[0])
