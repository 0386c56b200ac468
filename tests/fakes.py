"""Small stand-ins for what the desk is built of; each fulfils the Protocol that the real one does."""

import math
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.outbox import Refused, Sender, Sent, Unreachable
from handlers.model import Address, Reply
from handlers.ports import Library, Rewording
from knowledge import (
    Answer,
    Change,
    Difference,
    Edition,
    Introduction,
    Message,
    NoAnswer,
    People,
    Session,
    Unread,
    Wish,
)
from knowledge.embeddings import Embeddings
from knowledge.evidence import Source
from knowledge.programme import Certainty


class WordEmbeddings:
    """Count words in 64 boxes: texts that share words are near each other. Keeps what it was asked to embed."""

    def __init__(self, *, seed: int = 0) -> None:
        self.embedded: list[str] = []
        self._seed = seed

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        self.embedded += texts
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._vector(text)

    def _vector(self, text: str) -> list[float]:
        boxes = [0.0] * 64
        for word in text.lower().split():
            boxes[zlib.crc32(word.encode(), self._seed) % 64] += 1.0
        length = math.hypot(*boxes) or 1.0
        return [box / length for box in boxes]


class WithoutAgenda:
    """The part of a library that knows no session."""

    edition = Edition()

    def turn_to(self, edition: Edition) -> None:
        """Have no agenda that could change."""

    async def look_ahead(self, message: Unread) -> None:
        """Need no time for a message."""

    def answered_lately(
        self, question: str, *, language: str | None, history: Sequence[str], spoken: str | None = None
    ) -> Answer | NoAnswer | None:
        """Remember no answer."""
        return None

    def sessions(self) -> Sequence[Session]:
        """Have none."""
        return ()

    def sessions_at(self, edition: Edition) -> Sequence[Session]:
        """Have none."""
        return ()

    def named(self, title: str, language: str) -> str:
        """Return title."""
        return title

    def is_signable(self, title: str) -> bool:
        """Know no activity."""
        return False

    def difference(self, changes: Sequence[Change]) -> Difference:
        """Change nothing."""
        return ()


class EchoingLibrary(WithoutAgenda):
    """Answer every question with what it was given; a topic, with its name. Knows the topics it is made with."""

    def __init__(self, *topics: str, is_answering: bool = True) -> None:
        self._topics = topics
        self._kind = Answer if is_answering else NoAnswer

    def answer(
        self, question: str, *, language: str | None, history: Sequence[str], spoken: str | None = None
    ) -> Answer | NoAnswer:
        """Answer question with itself, after the questions before it."""
        return self._said(" | ".join([*history, question]), spoken or language or "en")

    def read(self, text: str, *, language: str) -> Message:
        """Take every message for a question."""
        return Message(text, language, ((Wish.QUESTION, 1.0),), People(), Introduction())

    def introduced(self, text: str, *, language: str, is_city: bool = False) -> Introduction:
        """Take what stands before a comma for a name, what follows for a city."""
        name, _, city = text.partition(", ")
        return Introduction(name, city)

    def about(self, topic: str, *, language: str) -> Answer | NoAnswer:
        """Tell the topic.

        Raises:
            KeyError: it is none of those given.
        """
        if topic not in self._topics:
            raise KeyError(topic)
        return self._said(f"about {topic}", language)

    def _said(self, text: str, language: str) -> Answer | NoAnswer:
        return self._kind(text, language, Certainty.DRAFT, (Source("invitation", "VI"),), ("event.dates",))


class BrokenLibrary(WithoutAgenda):
    """Fail at every question."""

    def answer(
        self, question: str, *, language: str | None, history: Sequence[str], spoken: str | None = None
    ) -> Answer | NoAnswer:
        """Raise what nobody has foreseen."""
        raise ZeroDivisionError("broken on purpose")

    def about(self, topic: str, *, language: str) -> Answer | NoAnswer:
        """Raise what nobody has foreseen."""
        raise ZeroDivisionError("broken on purpose")

    def read(self, text: str, *, language: str) -> Message:
        """Raise what nobody has foreseen."""
        raise ZeroDivisionError("broken on purpose")

    def introduced(self, text: str, *, language: str, is_city: bool = False) -> Introduction:
        """Raise what nobody has foreseen."""
        raise ZeroDivisionError("broken on purpose")


class Shouting:
    """Word every answer in capitals."""

    async def reworded(self, question: str, answer: Answer) -> Answer:
        """Return answer in capitals."""
        return Answer(answer.text.upper(), answer.language, answer.certainty, answer.sources, answer.topics)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, moment: datetime = datetime(2026, 9, 1, 8, tzinfo=UTC)) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return what time it is."""
        return self.moment

    def go_on(self, **by: float) -> None:
        """Let time pass: hours=2."""
        self.moment += timedelta(**by)


class Listening:
    """Keep what is sent; say of it what it is told to, in turn, then that it has arrived."""

    def __init__(self, *answers: Sent | Unreachable | Refused | Exception) -> None:
        self.heard: list[tuple[Address, Reply]] = []
        self.done: list[int] = []  # with which each was sent
        self._answers = list(answers)

    gap = timedelta(0)

    async def until_few_wait(self) -> None:
        """Return at once: nothing waits."""

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Sent | Unreachable | Refused:
        """Keep a reply, or raise what is next."""
        self.done.append(done)
        answer = self._answers.pop(0) if self._answers else Sent(str(len(self.done)))
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Sent):
            self.heard.append((address, reply))
        return answer


_EMBEDDINGS: Embeddings = WordEmbeddings()
_SENDER: Sender = Listening()
_LIBRARIES: tuple[Library, ...] = (EchoingLibrary(), BrokenLibrary())
_REWORDING: Rewording = Shouting()
