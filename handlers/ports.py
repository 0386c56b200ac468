"""What the conversation needs from outside, in its own words."""

from collections.abc import Sequence
from typing import Protocol

from handlers.model import Address
from knowledge import Answer, NoAnswer


class Library(Protocol):
    """Answers from the documents."""

    def answer(self, question: str, *, language: str | None, history: Sequence[str]) -> Answer | NoAnswer:
        """Answer question; language is used where the question could be in several; history is oldest first."""
        ...

    def about(self, topic: str, *, language: str) -> Answer | NoAnswer:
        """Tell what the documents say on a topic of the catalogue, in language.

        Raises:
            KeyError: there is no such topic.
        """
        ...


class Rewording(Protocol):
    """A chat model that may word an answer."""

    async def reworded(self, question: str, answer: Answer) -> Answer:
        """Word answer for question, or return answer as it is."""
        ...


class Questions(Protocol):
    """What people have asked, per address."""

    async def recent(self, sender: Address) -> Sequence[str]:
        """Return the last questions of sender, oldest first."""
        ...

    async def remember(self, sender: Address, question: str, language: str) -> None:
        """Keep a question of sender, and the language it was in."""
        ...

    async def language_of(self, sender: Address) -> str | None:
        """Return the language sender last wrote in; None for a stranger."""
        ...
