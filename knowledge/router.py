"""Which topics a question is about: probabilities by three models fitted to the catalogue's samples.

A linear model reads the sentence embedding (meaning), another one letter n-grams (wording, names, typing errors); the
third asks the nearest prototypes, the centres of groups of samples alike. On 407 questions that none had seen, the mean
of all three answered 89 %, of the linear ones 87 %, of the first alone 83 %.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from knowledge.embeddings import Vectors
from knowledge.folding import fold

WEIGHTS = Path(__file__).parent / "catalogue" / "weights.npz"
BUCKETS = 1 << 14  # letter n-grams are hashed into so many; twice as many changed nothing
SHARES = (0.35, 0.35, 0.3)  # of meaning, letters and neighbours in the probabilities
AXES = 256  # of the embedding's 512 dimensions, so many hold what tells topics apart; with all, the same is right
NEAREST = 8  # prototypes asked
_SHARPNESS = 12.0  # how much more a nearer one counts
_STEPS_OF_A_BYTE = 200  # few numbers of a prototype are above 0.6
_MAX_LETTERS = 400  # longer messages are read up to here: a pasted letter costs no more than a long question


class WeightsOutdated(Exception):
    """The fitted weights belong to another catalogue of samples; run `desk calibrate`."""


@dataclass(frozen=True)
class Router:
    """Topic probabilities from the weights that `desk calibrate` fitted."""

    topics: tuple[str, ...]
    meaning: npt.NDArray[np.float32]  # (dimensions + 1, topics); the last row is the intercept
    letters: npt.NDArray[np.float32]  # (BUCKETS + 1, topics)
    axes: npt.NDArray[np.float32]  # (dimensions + 1, AXES): along which samples differ most; the last row is their mean
    prototypes: npt.NDArray[np.float32]  # (prototypes, AXES), unit length
    owners: npt.NDArray[np.int64]  # the topic of each prototype, as its place in topics

    def probabilities(self, texts: Sequence[str], vectors: Vectors) -> npt.NDArray[np.float32]:
        """Return probabilities of shape (texts, topics), in the order of topics; those of a text sum to 1.

        vectors: the embeddings of texts. Of many texts at once each takes a third of the time: the weights are read
        from memory once.
        """
        by_meaning = softmax(vectors @ self.meaning[:-1] + self.meaning[-1])
        by_letters = softmax(self._letter_scores(texts) + self.letters[-1])
        shares = np.array(SHARES, dtype=np.float32)
        mixed: npt.NDArray[np.float32] = (
            shares[0] * by_meaning + shares[1] * by_letters + shares[2] * self._by_neighbours(vectors)
        )
        return mixed

    def _letter_scores(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        features = [letter_features(text) for text in texts]
        return np.array([weights @ self.letters[buckets] for buckets, weights in features], dtype=np.float32)

    def _by_neighbours(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Return the share of each topic among the prototypes nearest to each of vectors."""
        similarity = along(self.axes, vectors) @ self.prototypes.T
        nearest = np.argpartition(-similarity, NEAREST, axis=1)[:, :NEAREST]
        weights = softmax(_SHARPNESS * np.take_along_axis(similarity, nearest, axis=1))
        places = self.owners[nearest] + len(self.topics) * np.arange(len(vectors))[:, None]
        shares = np.bincount(places.ravel(), weights.ravel(), minlength=len(vectors) * len(self.topics))
        return shares.reshape(len(vectors), -1).astype(np.float32)

    def save(self, path: Path, digest: str) -> None:
        """Write the weights with the digest of the catalogue that they were fitted to."""
        np.savez_compressed(
            path,
            topics=np.array(self.topics),
            meaning=self.meaning.astype(np.float16),
            letters=self.letters.astype(np.float16),
            axes=self.axes.astype(np.float16),
            prototypes=np.round(self.prototypes * _STEPS_OF_A_BYTE).clip(-127, 127).astype(np.int8),
            owners=self.owners.astype(np.int16),
            digest=np.array(digest),
        )

    @classmethod
    def load(cls, path: Path = WEIGHTS, *, digest: str | None = None) -> Self:
        """Read the weights.

        Raises:
            WeightsOutdated: they were fitted to a catalogue with another digest than the given one.
        """
        with np.load(path) as stored:
            if digest is not None and str(stored["digest"]) != digest:
                raise WeightsOutdated(f"{path.name} was fitted to other sample questions; run `desk calibrate`")
            return cls(
                tuple(map(str, stored["topics"])),
                stored["meaning"].astype(np.float32),
                stored["letters"].astype(np.float32),
                stored["axes"].astype(np.float32),
                np.asfortranarray(unit(stored["prototypes"].astype(np.float32))),  # compared in a third of the time
                stored["owners"].astype(np.int64),
            )


def along(axes: npt.NDArray[np.float32], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return vectors, of shape (vectors, dimensions), along axes and at unit length: what neighbours compare."""
    return unit(vectors @ axes[:-1] - axes[-1])


def unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return vectors, of shape (vectors, dimensions), at unit length."""
    result: npt.NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result


def softmax(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return each row of scores as probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: npt.NDArray[np.float32] = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return result


def letter_features(text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the buckets of the letter 2- to 4-grams of text, and their weights (unit length, sublinear)."""
    words = fold(text[:_MAX_LETTERS]).split()
    if not words:
        return np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.float32)
    buckets, counts = np.unique(np.concatenate([_buckets(word) for word in words]), return_counts=True)
    weights = (1 + np.log(counts)).astype(np.float32)
    return buckets, weights / np.linalg.norm(weights)


@lru_cache(maxsize=4096)
def _buckets(word: str) -> npt.NDArray[np.int64]:
    """Return the buckets of the letter 2- to 4-grams of a folded word."""
    padded = f" {word} "
    grams = [padded[i : i + n].encode() for n in (2, 3, 4) for i in range(len(padded) - n + 1)]
    return np.array([zlib.crc32(gram) % BUCKETS for gram in grams], dtype=np.int64)


def ranked(topics: Sequence[str], probabilities: npt.NDArray[np.float32], *, most: int) -> list[dict[str, float]]:
    """Return for each row of probabilities the most probable topics with theirs, best first."""
    best = np.argsort(-probabilities, axis=1)[:, :most]
    likely = np.take_along_axis(probabilities, best, axis=1)
    return [
        {topics[i]: p for i, p in zip(places, values, strict=True)}
        for places, values in zip(best.tolist(), likely.tolist(), strict=True)
    ]
