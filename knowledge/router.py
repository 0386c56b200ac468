"""Which topics a question is about: probabilities by three models fitted to the catalogue's samples.

A linear model reads the sentence embedding (meaning), another one letter n-grams (wording, names, typing errors); the
third asks the nearest prototypes, the centres of groups of samples alike. On 407 questions that none had seen, the mean
of all three answered 89 %, of the linear ones 87 %, of the first alone 83 %.
"""

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

    def probabilities(self, text: str, vector: Vectors) -> npt.NDArray[np.float32]:
        """Return one probability a topic, in the order of topics; they sum to 1. vector: the embedding of text."""
        by_meaning = softmax(vector @ self.meaning[:-1] + self.meaning[-1])
        buckets, weights = letter_features(text)
        by_letters = softmax(weights @ self.letters[buckets] + self.letters[-1])
        together = np.stack([by_meaning, by_letters, self._by_neighbours(vector)])
        mixed: npt.NDArray[np.float32] = np.array(SHARES, dtype=np.float32) @ together
        return mixed

    def _by_neighbours(self, vector: Vectors) -> npt.NDArray[np.float32]:
        """Return the share of each topic among the prototypes nearest to vector."""
        similarity = self.prototypes @ along(self.axes, vector[None])[0]
        nearest = np.argpartition(-similarity, NEAREST)[:NEAREST]
        weights = softmax(_SHARPNESS * similarity[nearest])
        return np.bincount(self.owners[nearest], weights, minlength=len(self.topics)).astype(np.float32)

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
                unit(stored["prototypes"].astype(np.float32)),
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
    """Return scores as probabilities."""
    powers = np.exp(scores - scores.max())
    result: npt.NDArray[np.float32] = (powers / powers.sum()).astype(np.float32)
    return result


def letter_features(text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the buckets of the letter 2- to 4-grams of text, and their weights (unit length, sublinear)."""
    counts = Counter(zlib.crc32(gram.encode()) % BUCKETS for gram in _grams(fold(text[:_MAX_LETTERS])))
    weights = np.array([1 + math.log(count) for count in counts.values()] or [0.0], dtype=np.float32)
    length = float(np.linalg.norm(weights)) or 1.0
    return np.array(list(counts) or [0], dtype=np.int64), weights / np.float32(length)


def _grams(folded: str) -> Sequence[str]:
    words = [f" {word} " for word in folded.split()]
    return [word[i : i + n] for word in words for n in (2, 3, 4) for i in range(len(word) - n + 1)]


def ranked(topics: Sequence[str], probabilities: npt.NDArray[np.float32], *, most: int) -> Mapping[str, float]:
    """Return the most probable topics with their probabilities, best first."""
    best = np.argsort(-probabilities)[:most]
    return {topics[i]: float(probabilities[i]) for i in best}
