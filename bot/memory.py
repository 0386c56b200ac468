"""The last questions of each address, while the process runs."""

from collections import deque
from collections.abc import Sequence

from handlers.model import Address

_KEPT = 5
_PEOPLE = 10_000  # who asked longest ago is forgotten first


class RecentQuestions:
    """Remember what each address asked last: follow-ups such as 'and on day 3?' need it."""

    def __init__(self) -> None:
        self._questions: dict[Address, deque[str]] = {}
        self._languages: dict[Address, str] = {}

    async def recent(self, sender: Address) -> Sequence[str]:
        """Return the last questions of sender, oldest first."""
        return list(self._questions.get(sender, ()))

    async def remember(self, sender: Address, question: str, language: str) -> None:
        """Keep a question of sender, and the language it was in."""
        questions = self._questions.pop(sender, deque(maxlen=_KEPT))
        questions.append(question)
        self._questions[sender] = questions
        self._languages[sender] = language
        if len(self._questions) > _PEOPLE:
            oldest = next(iter(self._questions))
            del self._questions[oldest], self._languages[oldest]

    async def language_of(self, sender: Address) -> str | None:
        """Return the language sender last wrote in."""
        return self._languages.get(sender)
