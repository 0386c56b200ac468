"""How fast one channel speaks: what the desk says on its own is spaced out, and replies go first."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from handlers.model import Address

PER_SECOND: Final = 28  # Telegram allows about 30 a second overall: https://core.telegram.org/bots/faq
GAP: Final = 1.0  # seconds between two messages to one address: the same source
BURST: Final = 3  # replies that may follow each other at once; "short bursts" are tolerated, says the same source

_WINDOW = 1.0  # seconds over which messages are counted
_SPARE = 1  # that a reply may take beyond PER_SECOND
_LATE = 0.05  # seconds by which a message may come late without slowing down those behind it
_PATIENCE = 5.0  # seconds; who would wait longer comes again later
_REMEMBERED = 4096  # addresses, before those that are free again are forgotten


class Held(Exception):
    """It is not the turn of this message for longer than its sender should wait: come again in seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held for {seconds:.1f} s")
        self.seconds = seconds


class Pace:
    """One budget for all that goes out on a channel from this process.

    What the desk says on its own goes out one by one, never faster than per_second, also after a hold, and never two
    within a gap to one address. A reply goes at once; only while the desk speaks on its own, and only if the second is
    full, does it wait for the next place in it, before all else. Without anything of the desk's own, replies are free.
    """

    def __init__(self, per_second: int = PER_SECOND) -> None:
        self._per_second = per_second
        self._interval = 1 / per_second
        self._recent: deque[float] = deque()  # when the messages of the last second went out
        self._told = float("-inf")  # when the desk last spoke on its own
        self._next = 0.0  # when it may again
        self._held = 0.0  # until when it may not, whatever it has to say
        self._replies = 0  # that wait
        self._order = asyncio.Lock()
        self._addresses: dict[Address, _Gap] = {}
        self._most = _REMEMBERED

    @asynccontextmanager
    async def replying(self, address: Address) -> AsyncIterator[None]:
        """Wait until a reply to address may go out; send it inside.

        Raises:
            Held: the platform has asked for a longer pause there.
        """
        gap = self._gap(address)
        await self._wait(lambda: gap.for_reply - _now())
        self._replies += 1
        try:
            await self._wait(lambda: self._full_for(self._per_second + _SPARE))
        finally:
            self._replies -= 1
        self._note(gap)
        try:
            yield
        finally:
            gap.end(_now(), GAP)

    @asynccontextmanager
    async def telling(self, address: Address, *, gap_seconds: float = GAP) -> AsyncIterator[None]:
        """Wait until something of the desk's own may go out to address; send it inside.

        Raises:
            Held: that takes too long, because of a pause that the platform has asked for, or of others before it.
        """
        gap = self._gap(address)
        try:
            async with asyncio.timeout(_PATIENCE):
                await gap.order.acquire()
        except TimeoutError:
            raise Held(GAP) from None
        try:
            await self._wait(lambda: gap.free - _now())
            async with self._order:  # the next one sees when this one went
                await self._wait(self._until_next)
                now = _now()
                self._told = now
                self._next = max(self._next, now - _LATE) + self._interval
                self._note(gap)
            yield
        finally:
            gap.end(_now(), gap_seconds)
            gap.order.release()

    def hold(self, address: Address, seconds: float) -> None:
        """Obey the platform's wish for a pause: nothing to address, and nothing of the desk's own to anybody."""
        until = _now() + seconds
        self._held = max(self._held, until)
        gap = self._gap(address)
        gap.held = max(gap.held, until)

    async def _wait(self, seconds_left: Callable[[], float]) -> None:
        """Wait until seconds_left says 0; others may add to it meanwhile.

        Raises:
            Held: it says more than a sender should wait.
        """
        while (seconds := seconds_left()) > 0:
            if seconds > _PATIENCE:
                raise Held(seconds)
            await asyncio.sleep(seconds)

    def _until_next(self) -> float:
        """Return for how many seconds nothing of the desk's own may go out."""
        if self._replies:
            return self._interval / 4  # they are about to go, or wait for a place in the second
        now = _now()
        return max(self._next - now, self._held - now, self._full_for(self._per_second))

    def _full_for(self, most: int) -> float:
        """Return for how many seconds no message may join the last second; 0 where the desk was silent in it."""
        now = _now()
        while self._recent and now - self._recent[0] >= _WINDOW:
            self._recent.popleft()
        if len(self._recent) < most or now - self._told >= _WINDOW:
            return 0.0
        return max(self._recent[-most] + _WINDOW - now, 0.001)

    def _note(self, gap: "_Gap") -> None:
        now = _now()
        self._recent.append(now)
        gap.replies.append(now)

    def _gap(self, address: Address) -> "_Gap":
        if len(self._addresses) >= self._most:
            now = _now()
            self._addresses = {key: gap for key, gap in self._addresses.items() if not gap.is_over(now)}
            self._most = max(_REMEMBERED, 2 * len(self._addresses))
        return self._addresses.setdefault(address, _Gap())


def _now() -> float:
    """Return the time by the clock that waits go by."""
    return asyncio.get_running_loop().time()


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

    def end(self, now: float, seconds: float) -> None:
        """Note that a message has gone out: the gap begins when the platform has it, however long that took."""
        self.free = max(self.free, self.held, now + seconds)

    def is_over(self, now: float) -> bool:
        """Tell whether nothing is to be remembered of it."""
        return not self.order.locked() and now > max(self.free, self.for_reply)
