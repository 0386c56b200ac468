"""Fit the router to the catalogue, and measure by cross-validation at which probabilities it can be trusted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.linear_model import LogisticRegression

from knowledge import wishes
from knowledge.embeddings import SentenceEncoder, Vectors
from knowledge.languages import PROFILES, LanguageDetector
from knowledge.lexicon import without_names
from knowledge.router import AXES, BUCKETS, WEIGHTS, Router, along, letter_features, unit
from knowledge.thresholds import Thresholds
from knowledge.topics import Catalogue, Kind, texts_by_language

_STRENGTH = 30.0  # inverse regularization; 10 and 100 were within one point
_ROUNDS = 300
_FOLDS = 5
_PROTOTYPES_A_SAMPLE = 0.15  # of 0.3 and 1.0, neither was better
_FEWEST_PROTOTYPES = 8
_RIGHT_WHEN_SURE = 0.95
_RIGHT_WHEN_REFUSED = 0.9
_WORTH_A_LINE = 0.3
_FLOOR = 0.2
_FACTS_PER_GAP = 3.5  # in the labelled questions, so many that the documents answer come to one that they do not
_STEPS = np.arange(0.02, 1.0, 0.01)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Trial:
    """What routers said of samples that they were not fitted to."""

    catalogue: Catalogue
    topics: tuple[str, ...]
    probabilities: Floats  # (samples, topics)
    labels: Sequence[str]

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """The topics of each sample, most probable first, as indices."""
        return np.argsort(-self.probabilities, axis=1)

    @cached_property
    def is_right(self) -> npt.NDArray[np.bool_]:
        """Whether the most probable topic is the label, for each sample."""
        return np.array(
            [self.topics[first] == label for first, label in zip(self.order[:, 0], self.labels, strict=True)]
        )

    @cached_property
    def confidence(self) -> Floats:
        """The probability of the most probable topic, for each sample."""
        highest: Floats = self.probabilities.max(axis=1)
        return highest


def calibrate() -> Iterator[str]:
    """Fit weights, language profiles and thresholds to the shipped catalogue, write them, and yield the figures."""
    catalogue, encoder = Catalogue.load(), SentenceEncoder()
    LanguageDetector.learnt(texts_by_language(catalogue.samples)).save(PROFILES, catalogue.digest)
    texts = [without_names(sample.text, sample.language) for sample in catalogue.samples]
    labels = [sample.topic for sample in catalogue.samples]
    vectors = encoder.encode(texts)
    router = fit(texts, vectors, labels)
    router.save(WEIGHTS, catalogue.digest)
    yield f"fitted to {len(texts)} samples of {len(router.topics)} topics"
    yield _fitted_to_wishes(encoder)
    trial = cross_validate(catalogue, texts, vectors, labels)
    yield f"right on samples left out: {trial.is_right.mean():.1%}"
    measured = measure(trial)
    measured.save()
    yield f"thresholds: {measured}"


def _fitted_to_wishes(encoder: SentenceEncoder) -> str:
    """Fit a router to the samples of wishes, write it, and return what it was fitted to."""
    samples = wishes.samples()
    texts = [without_names(sample.text, sample.language) for sample in samples]
    router = fit(texts, encoder.encode(texts), [str(sample.topic) for sample in samples])
    router.save(wishes.WEIGHTS, wishes.digest())
    return f"fitted to {len(texts)} samples of {len(router.topics)} wishes"


def fit(texts: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> Router:
    """Return a router fitted to labelled texts and their embeddings."""
    by_meaning = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS, tol=1e-4).fit(vectors, labels)
    by_letters = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS, tol=1e-4).fit(_letter_matrix(texts), labels)
    topics = tuple(map(str, by_meaning.classes_))
    axes = _axes(vectors)
    prototypes, owners = _prototypes(along(axes, vectors), labels, topics)
    return Router(topics, _with_intercept(by_meaning), _with_intercept(by_letters), axes, prototypes, owners)


def _axes(vectors: Vectors) -> Floats:
    """Return the principal axes of vectors, and their mean along them as the last row."""
    mean = vectors.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov(vectors - mean, rowvar=False))
    axes = directions[:, ::-1][:, :AXES]
    return np.vstack([axes, mean @ axes]).astype(np.float32)


def _prototypes(vectors: Vectors, labels: Sequence[str], topics: Sequence[str]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return the centres of groups of samples of each topic, and the place of their topic in topics."""
    of_topic = np.array(labels)
    centres = []
    for topic in topics:
        samples = vectors[of_topic == topic]
        groups = min(len(samples), max(_FEWEST_PROTOTYPES, round(_PROTOTYPES_A_SAMPLE * len(samples))))
        centres.append(MiniBatchKMeans(groups, n_init=1, random_state=0, batch_size=512).fit(samples).cluster_centers_)
    owners = np.repeat(np.arange(len(topics)), [len(of_one) for of_one in centres])
    return unit(np.vstack(centres).astype(np.float32)), owners


def cross_validate(catalogue: Catalogue, texts: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> Trial:
    """Return what routers fitted to four fifths of the samples say of the last fifth."""
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(texts))
    topics = tuple(sorted(set(labels)))
    said = np.zeros((len(texts), len(topics)), dtype=np.float32)
    for number in range(_FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        router = fit([texts[int(i)] for i in inside], vectors[inside], [labels[int(i)] for i in inside])
        said[outside] = router.probabilities([texts[int(i)] for i in outside], vectors[outside])
    return Trial(catalogue, topics, said, labels)


def measure(trial: Trial) -> Thresholds:
    """Return the thresholds that trial shows."""
    fits, fits_elsewhere = _passage_scores(trial)
    return Thresholds(
        sure=_first(lambda p: _share(trial.is_right, trial.confidence >= p) >= _RIGHT_WHEN_SURE),
        floor=_last(lambda p: _share(trial.is_right, trial.confidence < p) < _FLOOR),
        lost=_last(lambda p: _share(trial.is_right, trial.confidence < p) < 0.5),
        refused=_refused(trial),
        close=_close(trial),
        gap_beside=_gap_beside(trial),
        fits=fits,
        fits_elsewhere=fits_elsewhere,
    )


def _refused(trial: Trial) -> float:
    """Return from which probability on what looks like talk, or like something to refuse, is so nine times in ten."""
    talk = (Kind.SOCIAL, Kind.REFUSED)
    kinds = [trial.catalogue.topics[topic].kind in talk for topic in trial.topics]
    looks = np.array([kinds[first] for first in trial.order[:, 0]])
    is_talk = np.array([trial.catalogue.topics[label].kind in talk for label in trial.labels])
    return _first(lambda p: _share(is_talk, looks & (trial.confidence >= p)) >= _RIGHT_WHEN_REFUSED)


def _close(trial: Trial) -> float:
    """Return from which share of the first one's probability on a second fact is right three times in ten."""
    rows = np.arange(len(trial.labels))
    second = trial.order[:, 1]
    share = trial.probabilities[rows, second] / trial.confidence
    kinds = [trial.catalogue.topics[topic].kind is Kind.FACT for topic in trial.topics]
    are_facts = np.array([kinds[a] and kinds[b] for a, b in trial.order[:, :2]])
    is_right = np.array([trial.topics[s] == label for s, label in zip(second, trial.labels, strict=True)])
    return _first(lambda p: _share(is_right, are_facts & (share >= p)) >= _WORTH_A_LINE)


def _gap_beside(trial: Trial) -> float:
    """Return the share from which the gap beside a fact is answered, so that fewest questions go wrong.

    Samples of both are counted as if facts were asked for more often than what is not stated, as delegates do.
    """
    cases = []
    for row, label in zip(range(len(trial.labels)), trial.labels, strict=True):
        first = trial.topics[trial.order[row, 0]]
        for index in trial.order[row, 1:4]:
            gap = trial.catalogue.topics[trial.topics[index]]
            if first in gap.near and label in (first, gap.id):
                cases.append((trial.probabilities[row, index] / trial.confidence[row], label == gap.id))
    shares, is_gap = np.array([share for share, _ in cases]), np.array([gap for _, gap in cases])
    return float(
        max(_STEPS, key=lambda p: (shares >= p)[is_gap].mean() + _FACTS_PER_GAP * (shares < p)[~is_gap].mean())
    )


def _passage_scores(trial: Trial) -> tuple[float, float]:
    """Return the best scores for passages of the pack to count as answers: of the host's papers, of other events'."""
    from knowledge.passage_trial import best_threshold  # noqa: PLC0415 - needs the pack, which needs much else

    return best_threshold(trial, is_host=True), best_threshold(trial, is_host=False)


def _first(holds: Callable[[float], bool]) -> float:
    return next((float(p) for p in _STEPS if holds(float(p))), 1.0)


def _last(holds: Callable[[float], bool]) -> float:
    return next((float(p) for p in reversed(_STEPS) if holds(float(p))), 0.0)


def _share(of: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_]) -> float:
    return float(of[among].mean()) if among.any() else 0.0


def _with_intercept(model: LogisticRegression) -> Floats:
    return np.vstack([model.coef_.T, model.intercept_]).astype(np.float32)


def _letter_matrix(texts: Sequence[str]) -> csr_matrix:
    features = [letter_features(text) for text in texts]
    starts = np.cumsum([0, *(len(buckets) for buckets, _ in features)])
    buckets = np.concatenate([buckets for buckets, _ in features])
    weights = np.concatenate([weights for _, weights in features])
    return csr_matrix((weights, buckets, starts), shape=(len(texts), BUCKETS))
