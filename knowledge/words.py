"""Find passages by their words: BM25 over words, and over two-letter pieces where a script has no spaces."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from knowledge.folding import fold

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")
_WORD = re.compile(r"\w+")
_SATURATION: Final = 1.5  # k1 and b of BM25 as Lucene and most others have them
_LENGTH_COUNTS: Final = 0.75


class WordIndex:
    """The words of passages; built once, read by any number of threads."""

    def __init__(self, texts: Mapping[str, Iterable[str]], documents: Sequence[str]) -> None:
        """Index texts by passage id; documents: the document of each passage, in the order of texts."""
        counts = [Counter(token for text in of_one for token in tokens_of(text)) for of_one in texts.values()]
        lengths = np.array([count.total() for count in counts], dtype=np.float32)
        self._identities = list(texts)
        self._documents = np.array(documents)
        self._damping = _SATURATION * (1 - _LENGTH_COUNTS + _LENGTH_COUNTS * lengths / max(lengths.mean(), 1.0))
        self._places: dict[str, list[int]] = defaultdict(list)  # where each token occurs,
        self._times: dict[str, list[int]] = defaultdict(list)  # and how often
        for place, count in enumerate(counts):
            for token, times in count.items():
                self._places[token].append(place)
                self._times[token].append(times)

    def best(self, question: str, *, k: int, documents: Collection[str]) -> dict[str, float]:
        """Return the k passages within documents that share most with question, by id.

        Scores are 0 to 1. A word that one passage alone holds, such as a name, gives some 0.4; "in the" next to
        nothing, however little else the question shares with any passage.
        """
        scores = np.zeros(len(self._identities), dtype=np.float32)
        for token in set(tokens_of(question)):
            self._score(token, scores)
        scores[~np.isin(self._documents, list(documents))] = 0.0
        best = np.argsort(-scores, kind="stable")[:k]
        return {self._identities[i]: 1 - math.exp(-float(scores[i])) for i in best if scores[i] > 0}

    def _score(self, token: str, scores: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> None:
        """Add to scores what token says of each passage."""
        if token not in self._places:
            return
        places, times = np.array(self._places[token]), np.array(self._times[token], dtype=np.float32)
        scores[places] += self._rarity(len(places)) / self._rarity(1) * times / (times + self._damping[places])

    def _rarity(self, passages: int) -> float:
        """Return how much a word tells that so many passages hold."""
        return math.log(1 + (len(self._identities) - passages + 0.5) / (passages + 0.5))


def tokens_of(text: str) -> list[str]:
    """Return the words of text; two-letter pieces where the script has no spaces."""
    folded = fold(text)
    pieces = [run[i : i + 2] for run in _UNSPACED.findall(folded) for i in range(max(1, len(run) - 1))]
    return [*_WORD.findall(_UNSPACED.sub(" ", folded)), *pieces]
