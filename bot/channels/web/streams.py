"""Who has the chat open: each page is told of new lines as soon as they are there, whichever process wrote them."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol

MOST: Final = 5_000  # pages that are open at the same time, in one process
OF_ONE: Final = 6  # of one session; the page that has been open for longest gives way
LOOKS_EVERY: Final = 1.0  # seconds, at what other processes have written
_AT_ONCE: Final = 500  # sessions that are looked for in one query


class LastNumbers(Protocol):
    """What tells how far conversations have got."""

    async def last_numbers(self, sessions: Iterable[str]) -> Mapping[str, int]:
        """Return the number of the last line of those sessions that have one."""
        ...


class Page:
    """An open page: wait until there is something for it."""

    def __init__(self) -> None:
        self.is_closed = False
        self._news = asyncio.Event()
        self._early: list[str] = []

    def offer(self, event: str) -> None:
        """Have an event sent that is no line yet: what it tells is kept elsewhere, and becomes a line in a moment."""
        self._early.append(event)
        self._news.set()

    def early(self) -> list[str]:
        """Return the events that were offered since this was asked last."""
        events, self._early = self._early, []
        return events

    async def wait(self, seconds: float) -> bool:
        """Return when there is news, or after so many seconds; tell whether there is."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True

    def wake(self) -> None:
        """Tell that there is news."""
        self._news.set()

    def close(self) -> None:
        """Tell the page that it is no longer served here; it comes again by itself."""
        self.is_closed = True
        self._news.set()


class Streams:
    """The open pages of this process, by session."""

    def __init__(self, numbers: LastNumbers) -> None:
        self._numbers = numbers
        self._pages: dict[str, list[Page]] = {}
        self._told: dict[str, int] = {}
        self._is_closing = False

    @property
    def count(self) -> int:
        """How many pages are open."""
        return sum(map(len, self._pages.values()))

    @contextmanager
    def opened(self, session: str) -> Iterator[Page]:
        """Count a page in for as long as it is open."""
        page = Page()
        own = self._pages.setdefault(session, [])
        own.append(page)
        if len(own) > OF_ONE:
            own[0].close()
        if self._is_closing:
            page.close()
        try:
            yield page
        finally:
            own.remove(page)
            if not own:
                self._pages.pop(session, None)
                self._told.pop(session, None)

    def is_open(self, session: str) -> bool:
        """Tell whether a session has a page open here."""
        return session in self._pages

    def wake(self, session: str) -> None:
        """Tell the pages of a session that there is news."""
        for page in self._pages.get(session, ()):
            page.wake()

    def offer(self, session: str, event: str) -> None:
        """Send an event to the pages of a session, ahead of the line that it becomes."""
        for page in self._pages.get(session, ()):
            page.offer(event)

    def close(self) -> None:
        """End all streams, and those that come: the process is being stopped."""
        self._is_closing = True
        for page in [page for own in self._pages.values() for page in own]:
            page.close()

    async def look(self) -> None:
        """Tell pages of what other processes have written."""
        sessions = list(self._pages)
        for start in range(0, len(sessions), _AT_ONCE):
            found = await self._numbers.last_numbers(sessions[start : start + _AT_ONCE])
            for session, number in found.items():
                if number > self._told.get(session, 0) and session in self._pages:
                    self._told[session] = number
                    self.wake(session)
