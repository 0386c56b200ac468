"""Places in the time of a channel: reserved in short blocks from what all processes share, and handed out in turn."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

LATE: Final = 0.04  # seconds for which a place is good; used later, it would come too close to that of another process
LONG: Final = 5.0  # seconds; who would wait longer comes again later
CREDIT: Final = 0.4  # seconds of places that have just gone by, which a process that was held up may still take

_BLOCK = 0.25  # seconds of places that are reserved at once: what is lost with a process that dies
_BLOCK_ALONE = 0.5  # the same, where no other process speaks, whose replies would have to wait for so long
_CATCH_UP = 0.5  # the same, where no other process speaks, and what this one has sent is all that counts
_SHARED = 2.0  # seconds for which another process is taken to speak after its places have been met
_NEAR = 0.02  # seconds; a block that begins so near the end of the last one has no other before it
_WINDOW = 1.05  # seconds over which messages are counted; more than one, as some take longer on their way than others
_SPARE = 2  # that may go out in that time beyond per_second
_LOOK_EVERY = 1.0  # seconds
_AGAIN = 1.0  # seconds, where places cannot be reserved


class Held(Exception):
    """It is not the turn of this message for longer than its sender should wait: come again in seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held for {seconds:.1f} s")
        self.seconds = seconds


class NotReserved(Exception):
    """What the processes share is out of reach; str() says why."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """Places that are reserved, and what else is known then, in seconds from a moment; less than 0: it is over."""

    begins: float  # the first of them
    told: float  # until when what the desk says on its own has places, in any process
    held: float  # until when nothing of the desk's own may go out
    ago: float = 0.0  # that moment: before what is reserved was written, and not by how long that took too late


class Places(Protocol):
    """What the processes of a channel share. Each call raises NotReserved where it is out of reach."""

    async def reserve(self, seconds: float, *, is_own: bool) -> Reserved:
        """Reserve the next so many seconds; 0 only looks. is_own: for what the desk says on its own."""
        ...

    async def hold(self, seconds: float) -> None:
        """Keep all processes from saying anything on their own for so long."""
        ...


class OwnPlaces:
    """The places of a process that shares them with no other."""

    def __init__(self) -> None:
        self._free = self._told = self._held = float("-inf")

    async def reserve(self, seconds: float, *, is_own: bool) -> Reserved:
        """Reserve the next so many seconds."""
        moment = now()
        begins = self._free if self._free > moment - CREDIT else moment
        self._free = begins + seconds
        if is_own:
            self._told = self._free
        return Reserved(begins - moment, self._told - moment, self._held - moment)

    async def hold(self, seconds: float) -> None:
        """Say nothing on its own for so long."""
        self._held = max(self._held, now() + seconds)


class Queue:
    """Hand out places: to replies first, then to what the desk says on its own, in the order they came."""

    def __init__(self, places: Places, per_second: float) -> None:
        self._shared = places
        self._interval = 1 / per_second
        self._most = math.ceil(per_second) + _SPARE
        self._per_second = per_second
        self._places: deque[float] = deque()  # those of this process that are to come
        self._replies: deque[asyncio.Future[None]] = deque()
        self._own: deque[asyncio.Future[None]] = deque()
        self._recent: deque[float] = deque()  # when the messages of the last second went out
        self._ends = float("-inf")  # the last block of this process
        self._shared_until = float("-inf")
        self._told = float("-inf")  # until when the desk speaks on its own, here or elsewhere
        self._held = float("-inf")  # until when it may not
        self._reserving: asyncio.Task[None] | None = None
        self._handing: asyncio.Task[None] | None = None

    async def reply(self) -> None:
        """Return when a reply may go out: at once, unless the desk speaks on its own.

        Raises:
            Held: there are too many.
        """
        if self._own or now() - self._told < _WINDOW:
            await self._line_up(self._replies)
        else:
            self._recent.append(now())

    async def tell(self) -> None:
        """Return when something of the desk's own may go out.

        Raises:
            Held: there are too many, or the platform has asked for a long pause.
        """
        await self._line_up(self._own)

    async def hold(self, seconds: float) -> None:
        """Keep all processes from saying anything on their own for so long, this one in any case."""
        self._held = max(self._held, now() + seconds)
        try:
            await self._shared.hold(seconds)
        except NotReserved:
            return

    async def watch(self) -> None:
        """Look every second whether other processes speak, until this is cancelled."""
        while True:
            await self._reserve(0)
            await asyncio.sleep(_LOOK_EVERY)

    async def _line_up(self, line: "deque[asyncio.Future[None]]") -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(mine)
        if self._handing is None:
            self._handing = asyncio.create_task(self._hand_out())
        try:
            async with asyncio.timeout(LONG):
                await mine
        except TimeoutError:
            raise Held(_AGAIN) from None

    async def _hand_out(self) -> None:
        """Hand out places until nobody waits for one."""
        try:
            while self._is_waited_for():
                if self._held > now() and not self._replies:
                    await self._wait_out(self._held - now())
                elif not self._places:
                    await self._more()
                elif (seconds := self._places[0] - now()) > 0:
                    self._look_ahead()
                    await asyncio.sleep(seconds)
                else:
                    await self._hand_over()
        finally:
            self._handing = None

    async def _wait_out(self, seconds: float) -> None:
        """Wait for the end of a pause, while there are no replies; what would wait long comes again later."""
        if seconds > LONG:
            _refuse(self._own, seconds)
        else:
            await asyncio.sleep(min(seconds, self._interval))

    def _is_waited_for(self) -> bool:
        for line in (self._replies, self._own):
            while line and line[0].done():  # who has waited too long
                line.popleft()
        return bool(self._replies or self._own)

    async def _hand_over(self) -> None:
        """Give the next place to who is first, when nothing has gone out just before; drop one that is too late."""
        moment = now()
        is_shared = moment < self._shared_until
        is_of_a_pause = self._places[0] < self._held and not self._replies  # after it there is no herd
        if is_of_a_pause or moment - self._places[0] > (LATE if is_shared else _CATCH_UP):
            self._places.popleft()
        elif (seconds := self._until_room(moment)) > 0:
            await asyncio.sleep(seconds)
        else:
            self._places.popleft()
            self._recent.append(moment)
            (self._replies or self._own).popleft().set_result(None)

    def _until_room(self, moment: float) -> float:
        """Return for how many seconds nothing may go out: for the last one's sake, or for that of a full second."""
        while self._recent and moment - self._recent[0] >= _WINDOW:
            self._recent.popleft()
        if not self._recent:
            return 0.0
        if len(self._recent) >= self._most:
            return max(self._recent[-self._most] + _WINDOW - moment, self._interval / 4)
        return self._recent[-1] + self._interval / 2 - moment

    def _look_ahead(self) -> None:
        """Reserve the next block before this one is used up."""
        if len(self._places) <= self._block // 2 and (self._own or len(self._replies) > len(self._places)):
            self._begin_reserving()

    async def _more(self) -> None:
        self._begin_reserving()
        if self._reserving is not None:
            await self._reserving

    def _begin_reserving(self) -> None:
        if self._reserving is None:
            replies = len(self._replies) - len(self._places)
            wanted = self._block if self._own else min(max(replies, 1), self._block)  # of its own there is more behind
            self._reserving = asyncio.create_task(self._reserve(wanted))

    @property
    def _block(self) -> int:
        """How many places are reserved at once."""
        seconds = _BLOCK if now() < self._shared_until else _BLOCK_ALONE
        return max(1, round(self._per_second * seconds))

    async def _reserve(self, count: int) -> None:
        """Reserve so many places; where that fails, let replies go, and the rest come again later."""
        try:
            made = await self._shared.reserve(count * self._interval, is_own=count > 0 and bool(self._own))
        except NotReserved:
            _refuse(self._own, _AGAIN)
            while self._replies:
                _release(self._replies.popleft())
            return
        finally:
            if count:
                self._reserving = None
        moment = now() - made.ago
        begins = moment + made.begins
        if count and abs(made.begins) > _NEAR and begins > self._ends + _NEAR:
            self._shared_until = moment + _SHARED
        self._ends = begins + count * self._interval if count else self._ends
        self._told, self._held = moment + made.told, max(self._held, moment + made.held)
        self._places.extend(begins + number * self._interval for number in range(count))


def now() -> float:
    """Return the time by the clock that waits go by."""
    return asyncio.get_running_loop().time()


def _release(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


def _refuse(line: "deque[asyncio.Future[None]]", seconds: float) -> None:
    while line:
        waiting = line.popleft()
        if not waiting.done():
            waiting.set_exception(Held(seconds))
