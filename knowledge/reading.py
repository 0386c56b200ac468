"""Read a message: its clauses that ask, and for each the topics, slots and cities it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge.embeddings import SentenceEncoder, Vectors
from knowledge.folding import fold
from knowledge.lexicon import cities_in, lexicon, without_names
from knowledge.router import Router, ranked
from knowledge.slots import Slots, read_slots
from knowledge.topics import Kind, Topic

MOST_CLAUSES = 3
SURE = 0.5  # a clause that reaches it stands on its own
_HALF = 0.45  # both halves of "X and Y" must reach it to be two questions
_TOPICS_KEPT = 6
_SENTENCE = re.compile(r"[^.!?؟。！？\n…]*(?:[.](?=\S)[^.!?؟。！？\n…]*)*[.!?؟。！？\n…]*")  # noqa: RUF001
_ASKS = re.compile("[?؟？]")  # noqa: RUF001
_QUOTED = re.compile("[\"“”„«»「」『』《》]([^\"“”„«»「」『』《》]{12,})[\"“”„«»「」『』《》]")
_CAPITALS = 0.6  # share of capitals from which a text is read as written in capitals only


@dataclass(frozen=True)
class Clause:
    """One thing that is asked."""

    text: str  # as written
    bare: str  # without greeting, event and city names: what was routed
    vector: Vectors
    topics: dict[str, float]  # most probable first
    slots: Slots
    cities: tuple[str, ...]
    quoted: str = ""  # a longer text in quotation marks, cut out before routing
    previous: "Clause | None" = None  # what the person asked before

    @property
    def topic(self) -> str:
        """The most probable topic."""
        return next(iter(self.topics))

    @property
    def confidence(self) -> float:
        """The probability of the topic, 0 to 1."""
        return next(iter(self.topics.values()))

    def probability(self, topic: str) -> float:
        """Return the probability of a topic; 0 where it is not among the likely ones."""
        return self.topics.get(topic, 0.0)


class Reader:
    """Turn messages into clauses."""

    def __init__(self, router: Router, encoder: SentenceEncoder, topics: dict[str, Topic]) -> None:
        self._router = router
        self._encoder = encoder
        self._talk = {key for key, topic in topics.items() if topic.kind is Kind.SOCIAL}

    def read(self, message: str, language: str, history: Sequence[str] = ()) -> list[Clause]:
        """Return the clauses of message that ask something, at most three; the first one's previous is from history.

        history: the person's earlier questions, oldest first; only the last one is used.
        """
        units = [unit.strip() for unit in _SENTENCE.findall(message) if re.search(r"\w", unit)] or [message]
        clauses = self._asking(self._clauses(units, language), language)
        clauses = [half for clause in clauses for half in self._halves(clause, language)][:MOST_CLAUSES]
        if history:
            before = self.read(history[-1], language)[-1]
            clauses = [self._following(clause, before, language) for clause in clauses]
        return clauses

    def _clauses(self, texts: Sequence[str], language: str) -> list[Clause]:
        cut = [_without_quotation(_in_lower_case(text)) for text in texts]
        bare = [without_names(text, language) for text, _ in cut]
        vectors = self._encoder.encode(bare)
        return [
            Clause(
                text=text,
                bare=plain,
                vector=vector,
                topics=self._topics(plain, vector),
                slots=read_slots(text, language),
                cities=cities_in(text),
                quoted=quoted,
            )
            for text, (_, quoted), plain, vector in zip(texts, cut, bare, vectors, strict=True)
        ]

    def _topics(self, text: str, vector: Vectors) -> dict[str, float]:
        return dict(ranked(self._router.topics, self._router.probabilities(text, vector), most=_TOPICS_KEPT))

    def _asking(self, clauses: list[Clause], language: str) -> list[Clause]:
        """Return the clauses that ask: greetings, asides and explanations serve only to complete them."""
        if len(clauses) == 1:
            return clauses
        asking = [clause for clause in clauses if _ASKS.search(clause.text)]
        if not asking:
            asking = [c for c in clauses if c.confidence >= SURE and c.topic not in self._talk] or clauses[-1:]
        asking = [clause for clause in asking if clause.topic not in self._talk] or asking[:1]
        return [self._completed(clause, clauses, language) for clause in asking]

    def _completed(self, clause: Clause, all_clauses: list[Clause], language: str) -> Clause:
        """Return an unclear clause together with the sentence before it: 'I run a firm. When is it my turn?'"""
        place = all_clauses.index(clause)
        if clause.confidence >= SURE or place == 0 or all_clauses[place - 1].topic in self._talk:
            return clause
        joined = self._clauses([f"{all_clauses[place - 1].text} {clause.text}"], language)[0]
        if joined.confidence <= clause.confidence:
            return clause
        return replace(joined, slots=clause.slots or joined.slots, cities=clause.cities)

    def _halves(self, clause: Clause, language: str) -> list[Clause]:
        """Return the two questions of 'when is X and where is Y', else the clause alone."""
        for left, right in _splits(clause.text, language):
            one, other = self._clauses([left, right], language)
            if self._are_two_questions(clause, one, other):
                return [one, other]
        return [clause]

    def _are_two_questions(self, whole: Clause, one: Clause, other: Clause) -> bool:
        if one.topic == other.topic or min(one.confidence, other.confidence) < _HALF:
            return False
        return {one.topic, other.topic} <= set(list(whole.topics)[:4]) and not {one.topic, other.topic} & self._talk

    def _following(self, clause: Clause, before: Clause, language: str) -> Clause:
        """Return clause read together with the person's question before, as far as it does not stand alone."""
        joined = self._clauses([f"{before.text} {clause.text}"], language)[0]
        share = _share_of_history(clause)
        mixed = {
            topic: (1 - share) * clause.probability(topic) + share * joined.probability(topic)
            for topic in (*clause.topics, *joined.topics)
        }
        topics = dict(sorted(mixed.items(), key=lambda item: -item[1]))
        return replace(clause, topics=topics, previous=before, cities=clause.cities)


def _share_of_history(clause: Clause) -> float:
    """Return how much the earlier question counts: little for a clear question, much for 'and then?'."""
    words = len(re.findall(r"\w+", clause.bare))
    brevity = 0.25 if words <= 4 or len(clause.bare) <= 10 else 0.0  # noqa: PLR2004
    return float(np.clip(0.85 - clause.confidence + brevity, 0.1, 0.75))


def _splits(text: str, language: str) -> list[tuple[str, str]]:
    """Return the ways to cut text in two at a word such as 'and', or at a comma."""
    joints = re.compile(f"{lexicon(language).words['and_words'].pattern}|[,;，、；/&+]|\\bn\\b", re.IGNORECASE)  # noqa: RUF001
    folded = fold(text)
    source = folded if len(folded) != len(text) else text
    cuts = [(source[: m.start()].strip(), source[m.end() :].strip()) for m in joints.finditer(source)]
    return [(left, right) for left, right in cuts if _is_worded(left) and _is_worded(right)][:3]


def _is_worded(text: str) -> bool:
    return len(re.findall(r"\w", text)) >= 2  # noqa: PLR2004


def _without_quotation(text: str) -> tuple[str, str]:
    """Return text without a longer quotation, and the quotation; a quoted title reads like its own topic."""
    quoted = _QUOTED.search(text)
    if quoted is None:
        return text, ""
    rest = (text[: quoted.start()] + " " + text[quoted.end() :]).strip()
    return (rest, quoted[1]) if len(re.findall(r"\w", rest)) >= 6 else (text, "")  # noqa: PLR2004


def _in_lower_case(text: str) -> str:
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return text.lower() if len(letters) > 4 and capitals > _CAPITALS * len(letters) else text  # noqa: PLR2004


