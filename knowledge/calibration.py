"""Fit the router's weights to the catalogue; measure by cross-validation what the thresholds should be."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from knowledge.embeddings import SentenceEncoder, Vectors
from knowledge.lexicon import without_names
from knowledge.router import BUCKETS, Router, letter_features
from knowledge.topics import Catalogue

_STRENGTH = 30.0  # inverse regularization; 10 and 100 were within one point
_ROUNDS = 300


def fit(catalogue: Catalogue, encoder: SentenceEncoder) -> Router:
    """Return a router fitted to all samples of catalogue."""
    texts = [without_names(sample.text, sample.language) for sample in catalogue.samples]
    labels = [sample.topic for sample in catalogue.samples]
    return fit_to(texts, encoder.encode(texts), labels)


def fit_to(texts: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> Router:
    """Return a router fitted to labelled texts and their embeddings."""
    by_meaning = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS, tol=1e-3).fit(vectors, labels)
    by_letters = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS, tol=1e-3).fit(_letter_matrix(texts), labels)
    return Router(tuple(by_meaning.classes_), _with_intercept(by_meaning), _with_intercept(by_letters))


def _with_intercept(model: LogisticRegression) -> npt.NDArray[np.float32]:
    return np.vstack([model.coef_.T, model.intercept_]).astype(np.float32)


def _letter_matrix(texts: Sequence[str]) -> csr_matrix:
    features = [letter_features(text) for text in texts]
    starts = np.cumsum([0, *(len(buckets) for buckets, _ in features)])
    buckets = np.concatenate([buckets for buckets, _ in features])
    weights = np.concatenate([weights for _, weights in features])
    return csr_matrix((weights, buckets, starts), shape=(len(texts), BUCKETS))
