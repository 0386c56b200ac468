"""What publishing needs from outside: editions of the agenda, broadcasts, calendar files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from handlers.model import Audience, Broadcast, CalendarEntry, File
from knowledge import Change, Difference, Edition


class Calendar(Protocol):
    """What makes a calendar file."""

    def __call__(self, entries: Sequence[CalendarEntry], language: str, now: datetime) -> File:
        """Return a file of entries, each of which has a date."""
        ...


class Editions(Protocol):
    """What the organizers have published of the agenda."""

    async def current(self) -> Edition:
        """Return the newest edition."""
        ...

    async def publish(self, changes: Sequence[Change], difference: Difference, *, by: int | None) -> int:
        """Publish changes, with what people sign up for; return the number of the edition that this makes."""
        ...


class Broadcasts(Protocol):
    """What the organizers tell many people at once."""

    async def count(self, audience: Audience) -> tuple[int, int]:
        """Return how many people an audience is, and how many of them have no address to be reached at."""
        ...

    async def queue(
        self, text: str, language: str, audience: Audience, told: Mapping[str, Any], *, by: int | None
    ) -> Broadcast:
        """Write a broadcast and queue it for each of its audience; told: what beside the text they are told."""
        ...

    async def all(self) -> Sequence[Broadcast]:
        """Return the broadcasts and how far they have got, newest first."""
        ...
