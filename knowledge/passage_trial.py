"""Measure, on the shipped pack, the score from which a passage answers a question on background papers."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.clauses import Clause
from knowledge.documents import find_documents, read_document
from knowledge.embeddings import SentenceEncoder, Vectors
from knowledge.index import Hit
from knowledge.lexicon import cities_in, without_names
from knowledge.library import Library
from knowledge.names import Names
from knowledge.passage_answers import score, topics_told
from knowledge.passages import Passage
from knowledge.router import ranked
from knowledge.slots import Slots

if TYPE_CHECKING:
    from knowledge.calibration import Trial

_PACK = Path(__file__).parent / "briefings"
_STEPS = np.arange(0.1, 1.2, 0.01)


def best_threshold(trial: "Trial", *, is_host: bool) -> float:
    """Return the score that best tells questions which the papers answer from practical ones which they do not.

    is_host: the papers on the host's sister cities, asked for by the sister topics; otherwise those on other
    events, asked for by the topics they are labelled with.
    """
    library = Library.of(
        [read_document(p) for p in find_documents([_PACK])], Names.load([_PACK]), trial.catalogue.topics
    )
    stems = (
        library.home_background if is_host else tuple(d.stem for event in library.other_events.values() for d in event)
    )
    passages = [passage for passage in library.passages if passage.document in stems]
    told = {topic for passage in passages for topic in passage.topics}
    encoder = SentenceEncoder()
    texts = [[passage.text, *dict(passage.translations).values()] for passage in passages]
    vectors = [encoder.encode(of_passage) for of_passage in texts]
    samples = trial.catalogue.samples
    rows = [i for i, s in enumerate(samples) if s.topic in told or s.topic.startswith("practical.")]
    asked = encoder.encode([without_names(samples[i].text, samples[i].language) for i in rows])
    best = []
    likely = ranked(trial.topics, trial.probabilities[rows], most=6)
    for row, vector, topics in zip(rows, asked, likely, strict=True):
        text = samples[row].text
        clause = Clause(text, text, vector, topics, Slots(), cities_in(text))
        if not is_host:
            clause = Clause(text, text, vector, topics_told(clause, told), Slots(), cities_in(text))
        best.append(_best(passages, vectors, clause))
    is_answered = np.array([samples[row].topic in told for row in rows])
    scores = np.array(best)
    return float(max(_STEPS, key=lambda p: _balance(scores >= p, is_answered)))


def _best(passages: Sequence[Passage], vectors: Sequence[Vectors], clause: Clause) -> float:
    hits = [Hit(p, float((of_p @ clause.vector).max()), 0.0) for p, of_p in zip(passages, vectors, strict=True)]
    return max(score(hit, clause, ()) for hit in hits)


def _balance(
    accepted: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    right: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> float:
    """Return the mean of the shares of right ones accepted and wrong ones declined."""
    return float(accepted[right].mean() + (~accepted[~right]).mean()) / 2
