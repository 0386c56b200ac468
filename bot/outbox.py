"""What the desk says on its own: claimed, sent and settled one by one, whatever becomes of the others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from handlers.model import Address, Notice, Reply

AT_ONCE: Final = 60  # deliveries in hand: two seconds of what a channel takes
AT_A_TIME: Final = 14  # that are claimed together; with those that wait for their turn, what a crash may repeat
LEASE: Final = timedelta(seconds=15)  # after which another process takes a delivery over; sending takes less
TRIES: Final = 8  # before a message that alone does not get through is given up
TOO_OLD: Final = timedelta(days=1)  # the same, where nothing gets through

_SEND_WITHIN: Final = 12.0  # seconds
_LONGEST_PAUSE: Final = 300.0  # seconds between two tries
_WORKING: Final = 600.0  # seconds after a success for which the channel is taken to be working
_EVERY: Final = 1.0  # seconds between two looks at the rows
_UNREADABLE: Final = "the notices cannot be read"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has it. moved_to: the id by which the address is known from now on; '' where it has not changed."""

    message_id: str
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nobody is reached at the address any more."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform does not take this message, and never will."""

    why: str


class Postponed(Exception):
    """A message has not been sent, or it is not known whether it has; str() says why.

    seconds: after which it may be tried again, where the platform or the pace says so; None: with growing pauses.
    may_have_arrived: the platform did not say. done: how many of its parts have arrived for certain.
    until_they_write: the platform lets nothing be sent to this person before they write; nobody can say when that is.
    """

    def __init__(
        self,
        why: str,
        *,
        seconds: float | None = None,
        may_have_arrived: bool = False,
        done: int = 0,
        until_they_write: bool = False,
    ) -> None:
        super().__init__(why)
        self.until_they_write = until_they_write
        self.seconds = seconds
        self.may_have_arrived = may_have_arrived
        self.done = done


class ChannelClosed(Exception):
    """The platform lets the desk send nothing at all, until somebody changes the settings; str() says why."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"  # in the hands of a process
    SENT = "sent"  # the platform has it, and has said by which id
    READ = "read"  # its reader has said so
    UNREACHABLE = "unreachable"  # or refused; a reason is kept
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Sender(Protocol):
    """What sends on one channel. It keeps the pace, and retries nothing itself."""

    @property
    def gap(self) -> timedelta:
        """What lies between two messages to one address, whichever process sends them."""
        ...

    async def until_few_wait(self) -> None:
        """Return when few messages wait for their turn, so that the next may be handed over."""
        ...

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Sent | Unreachable | Refused:
        """Send a reply to address, without those of its parts that are done.

        Raises:
            Postponed: not now.
            ChannelClosed: nor anything else.
        """
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice for one address, claimed until the lease ends."""

    id: int
    address: Address
    notice: Notice
    created: datetime
    tries: int  # this one counted
    done: int = 0  # parts of it that have arrived


class Deliveries(Protocol):
    """The rows. Each call is one transaction."""

    async def claim(self, channel: str, *, most: int, lease: timedelta, gap: timedelta) -> Sequence[Delivery]:
        """Return at most so many deliveries that are due on a channel, in order, and keep others off them.

        What was claimed and not settled when its lease ended is due again, and marked as one that may arrive twice.
        gap: that lies between two to one address; while one is in hand for it, no other is. 0: there is none.
        """
        ...

    async def settle(self, delivery: Delivery, settled: Sent | Unreachable | Refused) -> None:
        """Keep what became of a delivery; it is not claimed again."""
        ...

    async def put_off(self, delivery: Delivery, seconds: float, why: Postponed) -> None:
        """Let go of a delivery, and have it claimed again in so many seconds."""
        ...


class NoticeDelivery:
    """Deliver the notices for one channel. One that fails is put off or given up, and holds up no other."""

    def __init__(
        self,
        channel: str,
        deliveries: Deliveries,
        worded: Callable[[Notice], Awaitable[Reply]],
        sender: Sender,
        now: Callable[[], datetime],
    ) -> None:
        """worded: returns what a notice says, in the person's language."""
        self.problem = ""  # what keeps the channel from sending anything; '' where nothing does
        self._channel = channel
        self._deliveries = deliveries
        self._worded = worded
        self._sender = sender
        self._now = now
        self._succeeded = float("-inf")
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Deliver until stop() is called, and what is in hand is settled; or until the channel is closed."""
        in_hand: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            while not self._stopping.is_set():
                claimed = await self._claim(AT_A_TIME)
                for delivery in claimed:
                    reply = await self._reply(delivery)
                    if reply is not None:
                        task = group.create_task(self._send(delivery, reply))
                        in_hand.add(task)
                        task.add_done_callback(in_hand.discard)
                if not claimed:
                    await self._pause()
                await asyncio.sleep(0)  # they begin to wait for their turn
                await self._sender.until_few_wait()
                while len(in_hand) > AT_ONCE - AT_A_TIME:
                    await asyncio.wait(in_hand, return_when=asyncio.FIRST_COMPLETED)

    async def once(self) -> int:
        """Deliver what is due now, in order; return how many deliveries were tried."""
        tried = 0
        while not self._stopping.is_set() and (claimed := await self._claim(AT_A_TIME)):
            for delivery in claimed:
                reply = await self._reply(delivery)
                if reply is not None:
                    await self._send(delivery, reply)
            tried += len(claimed)
        return tried

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping.set()

    async def _claim(self, most: int) -> Sequence[Delivery]:
        try:
            claimed = await self._deliveries.claim(self._channel, most=most, lease=LEASE, gap=self._sender.gap)
        except Exception:  # noqa: BLE001 - a boundary: the database may be back in a second
            _log.exception("notices for %s cannot be read", self._channel)
            self.problem = _UNREADABLE
            return []
        if self.problem == _UNREADABLE:
            self.problem = ""
        return claimed

    async def _reply(self, delivery: Delivery) -> Reply | None:
        """Return what a delivery says; None where it cannot be worded, and is put off."""
        try:
            return replace(await self._worded(delivery.notice), notice=delivery.id)
        except Exception:  # noqa: BLE001 - a boundary: one notice must not keep the others from their readers
            _log.exception("notice %d cannot be worded", delivery.id)
            await self._put_off(delivery, Postponed("a mistake of ours", done=delivery.done))
            return None

    async def _send(self, delivery: Delivery, reply: Reply) -> None:
        try:
            settled = await self._tried(delivery, reply)
        except Postponed as postponed:
            await self._put_off(delivery, postponed)
        except ChannelClosed as closed:
            await self._close(delivery, str(closed))
        except Exception:  # noqa: BLE001 - a boundary, as above
            _log.exception("notice %d cannot be delivered", delivery.id)
            await self._put_off(delivery, Postponed("a mistake of ours", may_have_arrived=True, done=delivery.done))
        else:
            await self._settle(delivery, settled)

    async def _tried(self, delivery: Delivery, reply: Reply) -> Sent | Unreachable | Refused:
        try:
            async with asyncio.timeout(_SEND_WITHIN):
                return await self._sender.send(delivery.address, reply, done=delivery.done)
        except TimeoutError:
            raise Postponed("no answer in time", may_have_arrived=True, done=delivery.done) from None

    async def _settle(self, delivery: Delivery, settled: Sent | Unreachable | Refused) -> None:
        if isinstance(settled, Sent):
            self._succeeded = asyncio.get_running_loop().time()
        elif isinstance(settled, Refused):
            _log.error("notice %d is given up: %s", delivery.id, settled.why)
        await self._write(delivery, self._deliveries.settle(delivery, settled))

    async def _put_off(self, delivery: Delivery, postponed: Postponed) -> None:
        """Have a delivery tried again, unless it is hopeless."""
        if postponed.until_they_write:
            await self._write(delivery, self._deliveries.put_off(delivery, 0, postponed))
            return
        if postponed.seconds is None and self._is_hopeless(delivery):
            await self._settle(delivery, Refused(f"given up after {delivery.tries} tries: {postponed}"))
            return
        pause = min(2.0**delivery.tries, _LONGEST_PAUSE) * (1 + delivery.id % 10 / 20)  # not all at the same time
        seconds = pause if postponed.seconds is None else postponed.seconds
        await self._write(delivery, self._deliveries.put_off(delivery, seconds, postponed))

    async def _write(self, delivery: Delivery, writing: Awaitable[None]) -> None:
        try:
            await writing
        except Exception:  # noqa: BLE001 - a boundary: its lease ends, and it is claimed again, marked as repeated
            _log.exception("what became of notice %d cannot be written", delivery.id)

    def _is_hopeless(self, delivery: Delivery) -> bool:
        """Tell whether a message is at fault, not the platform: others have got through; or whether it is too old."""
        is_working = asyncio.get_running_loop().time() - self._succeeded < _WORKING
        is_old = self._now() - delivery.created > TOO_OLD
        return is_old or (is_working and delivery.tries >= TRIES)

    async def _close(self, delivery: Delivery, why: str) -> None:
        if not self.problem:
            _log.error("nothing can be sent on %s: %s", self._channel, why)
        self.problem = why
        self.stop()
        await self._put_off(delivery, Postponed(why, seconds=0, done=delivery.done))

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_EVERY):
                await self._stopping.wait()
