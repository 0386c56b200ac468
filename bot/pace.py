"""How fast one channel speaks: what the desk says on its own is spaced out, and replies go first."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Final

from bot.places import LONG, Held, OwnPlaces, Places, Queue, now
from handlers.model import Address

PER_SECOND: Final = 28  # Telegram allows about 30 a second overall: https://core.telegram.org/bots/faq
GAP: Final = 1.0  # seconds between two messages to one address: the same source
BURST: Final = 3  # replies that may follow each other at once; "short bursts" are tolerated, says the same source

_FEW = 12  # that may wait for their turn when more are handed over: half a second, in which others are claimed
_REMEMBERED = 4096  # addresses, before those that are free again are forgotten


class Pace:
    """One budget for all that goes out on a channel, from this process and from others that share the places.

    What the desk says on its own goes out one by one, never faster than per_second, also after a hold, and never two
    within a gap to one address. A reply goes at once; only while the desk speaks on its own, here or elsewhere, does it
    wait for the next place of this process, before all else. Without anything of the desk's own, replies are free.
    """

    def __init__(self, per_second: float = PER_SECOND, places: Places | None = None) -> None:
        """places: None for those of a process that shares them with no other."""
        self.per_second = per_second
        self._queue = Queue(places or OwnPlaces(), per_second)
        self._addresses: dict[Address, _Gap] = {}
        self._most = _REMEMBERED
        self._waiting = 0  # of what the desk says on its own
        self._has_few = asyncio.Event()
        self._has_few.set()

    async def watch(self) -> None:
        """Look every second whether other processes speak, until this is cancelled."""
        await self._queue.watch()

    async def until_few_wait(self) -> None:
        """Return when little of the desk's own waits for its turn."""
        await self._has_few.wait()

    @asynccontextmanager
    async def replying(self, address: Address) -> AsyncIterator[None]:
        """Wait until a reply to address may go out; send it inside.

        Raises:
            Held: the platform has asked for a longer pause there, or there are too many replies.
        """
        gap = self._gap(address)
        await _wait(lambda: gap.for_reply - now())
        await self._queue.reply()
        gap.replies.append(now())
        try:
            yield
        finally:
            gap.end(now(), GAP)

    @asynccontextmanager
    async def telling(self, address: Address, *, gap_seconds: float = GAP) -> AsyncIterator[None]:
        """Wait until something of the desk's own may go out to address; send it inside.

        Raises:
            Held: that takes too long, because of a pause that the platform has asked for, or of others before it.
        """
        gap = self._gap(address)
        self._count(1)
        try:
            await self._turn(gap)
        finally:
            self._count(-1)
        try:
            yield
        finally:
            gap.end(now(), gap_seconds)
            gap.order.release()

    async def hold(self, address: Address, seconds: float) -> None:
        """Obey the platform's wish for a pause: nothing to address, and nothing of the desk's own to anybody."""
        gap = self._gap(address)
        gap.held = max(gap.held, now() + seconds)
        await self._queue.hold(seconds)

    async def _turn(self, gap: "_Gap") -> None:
        """Wait until something may go out, and keep others off the address."""
        try:
            async with asyncio.timeout(LONG):
                await gap.order.acquire()
        except TimeoutError:
            raise Held(GAP) from None
        with ExitStack() as undone:
            undone.callback(gap.order.release)
            await _wait(lambda: gap.free - now())
            await self._queue.tell()
            undone.pop_all()  # it is released when the message has gone out
        gap.replies.append(now())

    def _count(self, more: int) -> None:
        self._waiting += more
        if self._waiting <= _FEW:
            self._has_few.set()
        else:
            self._has_few.clear()

    def _gap(self, address: Address) -> "_Gap":
        if len(self._addresses) >= self._most:
            moment = now()
            self._addresses = {key: gap for key, gap in self._addresses.items() if not gap.is_over(moment)}
            self._most = max(_REMEMBERED, 2 * len(self._addresses))
        return self._addresses.setdefault(address, _Gap())


async def _wait(seconds_left: Callable[[], float]) -> None:
    """Wait until seconds_left says 0; others may add to it meanwhile.

    Raises:
        Held: it says more than a sender should wait.
    """
    while (seconds := seconds_left()) > 0:
        if seconds > LONG:
            raise Held(seconds)
        await asyncio.sleep(seconds)


class _Gap:
    """When an address may be written to again."""

    def __init__(self) -> None:
        self.free = 0.0  # for what the desk says on its own
        self.held = 0.0  # for anything
        self.order = asyncio.Lock()
        self.replies: deque[float] = deque(maxlen=BURST)  # when the last messages went out

    @property
    def for_reply(self) -> float:
        """When a reply may go out: as many as a burst at once, then one a gap."""
        in_a_row = self.replies[0] + BURST * GAP if len(self.replies) == BURST else 0.0
        return max(self.held, in_a_row)

    def end(self, moment: float, seconds: float) -> None:
        """Note that a message has gone out: the gap begins when the platform has it, however long that took."""
        self.free = max(self.free, self.held, moment + seconds)

    def is_over(self, moment: float) -> bool:
        """Tell whether nothing is to be remembered of it."""
        return not self.order.locked() and moment > max(self.free, self.for_reply)
