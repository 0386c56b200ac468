"""One thing that a message asks, as it was read."""

from dataclasses import dataclass

from knowledge.embeddings import Vectors
from knowledge.slots import Slots


@dataclass(frozen=True)
class Clause:
    """One thing that is asked."""

    text: str  # as written
    bare: str  # without greeting, event and city names: what was routed
    vector: Vectors
    topics: dict[str, float]  # most probable first
    slots: Slots
    cities: tuple[str, ...]
    rare: tuple[str, ...] = ()  # words that neither samples nor everyday texts hold: often names
    is_gibberish: bool = False  # no word of it is one of the language
    quoted: str = ""  # a longer text in quotation marks, cut out before routing
    previous: "Clause | None" = None  # what the person asked before
    is_elliptic: bool = False  # too short to stand alone: "who hosted it?"
    around: "Clause | None" = None  # the clause with the sentences before it: "I make batteries. Where do I go?"

    @property
    def wide(self) -> str:
        """The clause with the sentences that lead up to it."""
        return self.around.bare if self.around else self.bare

    @property
    def wide_vector(self) -> Vectors:
        """The embedding of wide."""
        return self.around.vector if self.around else self.vector

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
