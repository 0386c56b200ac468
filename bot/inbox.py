"""What comes in on a channel is a row before the platform is told so, and is handled from the row, once."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.arrivals import Arrival, Entry, NotKept, NotYet
from bot.together import Together, each
from handlers.errors import Away

_log = logging.getLogger(__name__)

AT_ONCE: Final = 64  # senders whose messages are handled at the same time
IN_HAND: Final = 1000  # entries in memory; what is beyond stays in the database until there is room
TRIES: Final = 5
_LONGEST_PAUSE: Final = 60.0  # seconds between two tries


class Entries(Protocol):
    """The rows of the inbox. Each call is one transaction, and raises NotKept where the database does not answer."""

    async def add(self, arrivals: Sequence[Arrival]) -> Sequence[Entry]:
        """Keep arrivals; return those that are new, in order."""
        ...

    async def waiting(self, *, after: int, most: int) -> Sequence[Entry]:
        """Return at most so many entries that are neither handled nor parked, in order, with ids beyond after."""
        ...

    async def try_again(self, ids: Sequence[int]) -> None:
        """Count another try of each entry."""
        ...

    async def settle(self, ids: Sequence[int]) -> None:
        """Mark entries as handled; what was said in them is not kept."""
        ...

    async def park(self, ids: Sequence[int]) -> None:
        """Mark entries as given up."""
        ...


class Handler(Protocol):
    """A channel's handling of what has come in on it."""

    def is_urgent(self, arrival: Arrival) -> bool:
        """Tell whether the platform expects a sign at once, whatever else there is to do."""
        ...

    async def acknowledge(self, arrival: Arrival) -> None:
        """Give that sign. Never raises for what the platform says to it."""
        ...

    async def handle(self, entry: Entry) -> None:
        """Answer an entry. Doing it twice has no other effect than doing it once, but that the reply comes twice.

        Raises:
            NotYet: the platform is out of reach, or asks to wait.
            Away: the database does not answer.
        """
        ...


@dataclass(slots=True)
class Figures:
    """What the inbox has done since it was made."""

    received: int = 0
    repeated: int = 0
    handled: int = 0
    failed: int = 0
    parked: int = 0


class Inbox:
    """Keep what comes in, and have it handled: one sender's in order, different senders' side by side."""

    def __init__(self, entries: Entries, *, pause: float = 1.0) -> None:
        """pause: seconds after an entry has failed; doubled each time."""
        self.figures = Figures()
        self._entries = entries
        self._handlers: dict[str, Handler] = {}
        self._pause = pause
        self._add = Together(self._keep)
        self._settle = Together(each(entries.settle))
        self._try_again = Together(each(entries.try_again))
        self._park = Together(each(entries.park))
        self._lines: dict[tuple[str, str], deque[Entry]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()
        self._room = asyncio.Event()
        self._idle = asyncio.Event()
        self._pages = _Pages()
        self._group: asyncio.TaskGroup | None = None

    @property
    def in_hand(self) -> int:
        """How many entries are in memory, to be handled."""
        return sum(map(len, self._lines.values()))

    def hand_to(self, handler: Handler, *, channel: str) -> None:
        """Have what comes in on a channel handled; what waits on others waits on."""
        self._handlers[channel] = handler

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Return when arrivals are kept, so that the platform may be told that they have come.

        Raises:
            NotKept: they are not.
        """
        await self._add(arrivals)

    async def run(self) -> None:
        """Handle what was left from before, and all that comes, until this is cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            while True:
                await self._take_up()
                self._room.clear()
                await self._room.wait()

    async def stop(self, within: float) -> bool:
        """Begin nothing more, and wait for what has begun; return whether it has ended within so many seconds."""
        self._stopping.set()
        try:
            async with asyncio.timeout(within):
                while self._lines:
                    self._idle.clear()
                    await self._idle.wait()
        except TimeoutError:
            _log.warning("%d messages were still being answered; they are taken up at the next start", len(self._lines))
            return False
        return True

    async def _keep(self, batches: Sequence[Sequence[Arrival]]) -> Sequence[None]:
        """Write arrivals, and hand on those that are new. One call at a time, so entries come in order."""
        arrivals = [arrival for batch in batches for arrival in batch]
        new = await self._entries.add(arrivals)
        self.figures.received += len(arrivals)
        self.figures.repeated += len(arrivals) - len(new)
        self._pages.written += 1
        if self._pages.are_behind or self._group is None or self.in_hand + len(new) > IN_HAND:
            self._pages.are_behind = True  # they are read from the database when their turn has come
            self._look_for_room()
            return [None] * len(batches)
        for entry in new:
            self._take(entry)
        return [None] * len(batches)

    async def _take_up(self) -> None:
        """Read what waits in the database, as long as there is room, until nothing is left there."""
        while self._pages.are_behind and self.in_hand < IN_HAND // 2 and not self._stopping.is_set():
            written = self._pages.written
            try:
                page = await self._entries.waiting(after=self._pages.last, most=IN_HAND // 2)
            except NotKept:
                await self._wait(self._pause)
                continue
            for entry in page:
                self._take(entry)
            self._pages.are_behind = bool(page) or written != self._pages.written

    def _take(self, entry: Entry) -> None:
        if entry.id <= self._pages.last or self._group is None:
            return
        self._pages.last = entry.id
        arrival = entry.arrival
        handler = self._handlers.get(arrival.channel)
        if handler is None:
            return  # the channel is off; what waits there waits on
        if handler.is_urgent(arrival) and not entry.is_again:
            self._group.create_task(handler.acknowledge(arrival))
        key = (arrival.channel, arrival.sender)
        if key in self._lines:
            self._lines[key].append(entry)
            return
        self._lines[key] = deque([entry])
        self._group.create_task(self._work(key, handler))

    async def _work(self, key: tuple[str, str], handler: Handler) -> None:
        """Handle what one sender has sent, in order, until nothing is left."""
        line = self._lines[key]
        try:
            while line and not self._stopping.is_set():
                await self._work_off(line[0], handler)
                line.popleft()
        finally:
            del self._lines[key]
            self._idle.set()
            self._look_for_room()

    def _look_for_room(self) -> None:
        if self._pages.are_behind and self.in_hand < IN_HAND // 2:
            self._room.set()

    async def _work_off(self, entry: Entry, handler: Handler) -> None:
        """Handle an entry, again where it fails, until it is handled or parked, or the desk is being stopped."""
        tries = entry.tries
        if entry.is_again:
            tries += 1  # it may be what has brought the desk down
            await self._written(self._try_again, entry)
        while tries <= TRIES and not self._stopping.is_set():
            outcome = await self._tried(entry, handler)
            if outcome is None:
                await self._written(self._settle, entry)
                self.figures.handled += 1
                return
            if outcome.is_its_own_fault:
                tries += 1
                await self._written(self._try_again, entry)
            await self._wait(outcome.pause or min(self._pause * 2**tries, _LONGEST_PAUSE))
        if tries > TRIES:
            _log.error("entry %d of the inbox (%s) was parked after %d tries", entry.id, entry.arrival.channel, tries)
            await self._written(self._park, entry)
            self.figures.parked += 1

    async def _tried(self, entry: Entry, handler: Handler) -> "_Failed | None":
        async with self._places:
            if self._stopping.is_set():
                return _Failed(is_its_own_fault=False, pause=0.01)
            try:
                await handler.handle(entry)
            except NotYet as reason:
                return _Failed(is_its_own_fault=False, pause=reason.after)
            except Away as reason:
                _log.warning("entry %d of the inbox waits for the database (%s)", entry.id, reason)
                return _Failed(is_its_own_fault=False)
            except Exception:  # noqa: BLE001 - the boundary: one message must not end everybody else's
                _log.exception("entry %d of the inbox (%s) could not be handled", entry.id, entry.arrival.channel)
                self.figures.failed += 1
                return _Failed(is_its_own_fault=True)
        return None

    async def _written(self, write: Callable[[int], Awaitable[None]], entry: Entry) -> None:
        """Write what became of an entry, again until the database takes it, or the desk is being stopped."""
        while True:
            try:
                await write(entry.id)
            except NotKept:
                if self._stopping.is_set():
                    return
                await self._wait(self._pause)
            else:
                return

    async def _wait(self, seconds: float) -> None:
        """Wait so long, or until the desk is being stopped."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return


@dataclass(frozen=True, slots=True)
class _Failed:
    is_its_own_fault: bool
    pause: float = 0.0  # seconds; 0: it is for the inbox to say


@dataclass(slots=True)
class _Pages:
    """How far the database has been read. are_behind: rows may wait there that are not in memory."""

    last: int = 0
    written: int = 0  # transactions that have added rows
    are_behind: bool = field(default=True)
