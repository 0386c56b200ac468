"""Find which session, route, place or subtheme of the programme a question means."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from knowledge.briefing import Briefing
from knowledge.embeddings import Vectors
from knowledge.folding import fold
from knowledge.names import Names
from knowledge.nicknames import Nicknames
from knowledge.programme import Programme, Route, Session
from knowledge.recent import Recent

NAMED = 1.0  # a name or alias stands in the question; longer names count a little more
_LETTERS_OF_A_WORD = 4
_KEPT_IN_MEMORY = 1024  # texts
_COMMON = frozenset("with from this that their into over under about between wuhan china chinese city cities".split())


class Sort(StrEnum):
    """What kind of thing an entity is."""

    SESSION = "session"
    ITEM = "item"
    ROUTE = "route"
    STOP = "stop"
    SUBTHEME = "subtheme"


@dataclass(frozen=True)
class Entity:
    """Something that the programme names."""

    sort: Sort
    wording: str
    session: Session | None = None
    route: Route | None = None
    number: int = 0  # of a subtheme


@dataclass(frozen=True)
class Link:
    """An entity, and how well a question fits it: 1 and more where it is named, else the cosine similarity."""

    entity: Entity
    score: float
    is_named: bool


def entities_of(programme: Programme, briefing: Briefing) -> list[Entity]:
    """Return all that the programme and the theme section name."""
    found = []
    for session in programme.sessions:
        found.append(Entity(Sort.SESSION, session.title, session))
        found += [Entity(Sort.ITEM, item, session) for item in session.items]
        for route in session.routes:
            found.append(Entity(Sort.ROUTE, route.title, session, route))
            found += [Entity(Sort.STOP, stop, session, route) for stop in route.stops]
    found += [
        Entity(Sort.SUBTHEME, statement.text, number=number) for number, statement in enumerate(briefing.subthemes, 1)
    ]
    return found


class Linker:
    """Link questions to entities by name in any language, and by meaning."""

    def __init__(self, entities: Sequence[Entity], names: Names) -> None:
        self.entities = tuple(entities)
        self.texts = tuple(_texts(entity, names) for entity in entities)
        distinctive = {sort: _distinctive_words([e for e in entities if e.sort is sort]) for sort in Sort}
        self._nicknames = Nicknames([_terms(entity, names, distinctive[entity.sort]) for entity in entities])
        self._vectors: Vectors | None = None
        self._compared_lately: Recent[Vectors] = Recent(_KEPT_IN_MEMORY)
        self._starts = np.cumsum([0, *map(len, self.texts[:-1])])  # of each entity's texts among all

    def learn(self, vectors: Vectors) -> None:
        """Take the embeddings of all texts, in the order of self.texts, flattened."""
        self._vectors = np.asfortranarray(vectors)  # a few are compared with them in a third of the time

    def look_ahead(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Compare many texts at once, with their embeddings, which costs each a third; link() finds that done."""
        for text, similarity in zip(texts, self._similarity(vectors), strict=True):
            self._compared_lately.keep(text, similarity)

    def link(self, text: str, vector: Vectors, sorts: Iterable[Sort]) -> list[Link]:
        """Return the entities of the given sorts, those that fit text, whose embedding is vector, best first."""
        lengths = self._nicknames.in_text(text)
        known = self._compared_lately.get(text) if vector.size else None
        similarity = self._similarity(vector[None])[0] if known is None else known
        wanted = set(sorts)
        links = [
            _link(entity, lengths.get(i, 0), float(similarity[i]))
            for i, entity in enumerate(self.entities)
            if entity.sort in wanted
        ]
        return sorted(links, key=lambda link: -link.score)

    def named(self, text: str, sorts: Iterable[Sort]) -> list[Link]:
        """Return the entities that text names, the longest name first."""
        wanted = set(sorts)
        found = self._nicknames.in_text(text)
        links = [_link(self.entities[i], n, 0.0) for i, n in found.items() if self.entities[i].sort in wanted]
        return sorted(links, key=lambda link: -link.score)

    def _similarity(self, vectors: Vectors) -> Vectors:
        """Return how near each of vectors is to each entity, of shape (vectors, entities)."""
        if self._vectors is None or not len(self._vectors) or not vectors.size:
            return np.zeros((len(vectors), len(self.entities)), dtype=np.float32)
        best: Vectors = np.maximum.reduceat(vectors @ self._vectors.T, self._starts, axis=1).clip(min=0.0)
        return best


def _texts(entity: Entity, names: Names) -> tuple[str, ...]:
    own = names.everything_called(entity.wording) or ()
    detail = (entity.route.detail,) if entity.sort is Sort.ROUTE and entity.route and entity.route.detail else ()
    pieces = [
        piece.strip() for piece in re.split(r"[();:]", entity.wording) if len(piece.strip()) >= _LETTERS_OF_A_WORD
    ]
    return tuple(dict.fromkeys((entity.wording, *pieces, *detail, *own)))


def _link(entity: Entity, letters: int, similarity: float) -> Link:
    if letters:
        return Link(entity, NAMED + letters / 100 + similarity / 10, is_named=True)
    return Link(entity, similarity, is_named=False)


def _terms(entity: Entity, names: Names, distinctive: set[str]) -> set[str]:
    detail = entity.route.detail if entity.sort is Sort.ROUTE and entity.route else ""
    terms = {
        entity.wording,
        *names.everything_called(entity.wording),
        *names.everything_called(detail),
        detail,
    }
    terms |= {word for word in _words(entity.wording) if word in distinctive}
    return {fold(term) for term in terms if len(fold(term)) > 1}


def _distinctive_words(entities: Sequence[Entity]) -> set[str]:
    """Return the words that only one entity's wording holds: enough to name it."""
    wordings = {entity.wording for entity in entities}
    counts = Counter(word for wording in wordings for word in set(_words(wording)))
    return {word for word, count in counts.items() if count == 1}


def _words(wording: str) -> list[str]:
    return [w for w in re.findall(r"\w+", fold(wording)) if len(w) >= _LETTERS_OF_A_WORD and w not in _COMMON]
