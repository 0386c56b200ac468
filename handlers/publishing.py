"""Publish what staff have decided: an edition of the agenda, a broadcast, and a notice for each of its readers."""

from collections.abc import Sequence
from typing import Any

from handlers.changes import as_told
from handlers.model import Audience, Broadcast
from handlers.organizer_ports import Broadcasts, Editions
from handlers.ports import Library
from knowledge import Change, Difference


class Publishing:
    """Publish; all of it is part of one turn, which the caller has begun."""

    def __init__(self, library: Library, editions: Editions, broadcasts: Broadcasts) -> None:
        self._library = library
        self._editions = editions
        self._broadcasts = broadcasts

    async def publish(
        self, changes: Sequence[Change], text: str, language: str, audience: Audience, *, by: int | None
    ) -> Broadcast:
        """Publish changes, where there are any, and queue what tells of them for an audience."""
        told: dict[str, Any] = {}
        if changes:
            number = await self._editions.publish(changes, self._library.difference(changes), by=by)
            told = self.told(changes) | {"edition": number}
        return await self._broadcasts.queue(text, language, audience, told, by=by)

    def told(self, changes: Sequence[Change]) -> dict[str, Any]:
        """Return what readers are told of changes, before it is worded."""
        days = max((session.day for session in self._library.sessions()), default=1)
        return as_told(changes, self._library.difference(changes), days) if changes else {}

    def concerned(self, changes: Sequence[Change]) -> Audience:
        """Return whom changes concern: those who are signed up where people sign up, else everybody."""
        difference: Difference = self._library.difference(changes)
        titles = tuple(before.title for before, _ in difference if before is not None)
        return Audience(sessions=titles) if titles and all(map(self._library.is_signable, titles)) else Audience()
