"""Find passages by their words: BM25 over words, and over two-letter pieces where a script has no spaces."""

import logging
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from knowledge.folding import fold

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")
_WORD = re.compile(r"\w+")


class WordIndex:
    """The words of passages; built once, read by any number of threads."""

    def __init__(self, texts: Mapping[str, Iterable[str]], documents: Sequence[str]) -> None:
        """Index texts by passage id; documents: the document of each passage, in the order of texts."""
        import bm25s  # noqa: PLC0415 - heavy; only questions that need a search pay for it

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets DEBUG when it is imported
        self._identities = list(texts)
        self._documents = np.array(documents)
        self._model = bm25s.BM25()
        tokens = [[token for text in of_one for token in tokens_of(text)] for of_one in texts.values()]
        self._model.index([words or ["-"] for words in tokens], show_progress=False)

    def best(self, question: str, *, k: int, documents: Collection[str]) -> dict[str, float]:
        """Return the k passages within documents that share most with question, by id; the best has 1."""
        tokens = tokens_of(question)
        if not tokens:
            return {}
        inside = np.isin(self._documents, list(documents))
        scores = np.where(inside, self._model.get_scores(tokens), 0.0)
        best = np.argsort(-scores)[:k]
        top = float(scores[best[0]])
        return {self._identities[i]: float(scores[i]) / top for i in best if scores[i] > 0}


def tokens_of(text: str) -> list[str]:
    """Return the words of text; two-letter pieces where the script has no spaces."""
    folded = fold(text)
    pieces = [run[i : i + 2] for run in _UNSPACED.findall(folded) for i in range(max(1, len(run) - 1))]
    return [*_WORD.findall(_UNSPACED.sub(" ", folded)), *pieces]
