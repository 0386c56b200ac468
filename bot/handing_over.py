"""What the desk says on its own, handed to a program that fetches it and tells afterwards what became of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.outbox import TOO_OLD, Deliveries, Delivery, Postponed, Refused, Sent, Unreachable
from handlers.model import Notice, Reply

LEASE: Final = timedelta(seconds=60)  # to tell what became of a delivery, before it is handed over again
AT_A_TIME: Final = 10
_AGAIN: Final = 60.0  # seconds before what could not be worded is tried again
_log = logging.getLogger(__name__)


class Claimed(Protocol):
    """The rows of what has been handed over."""

    async def claimed(self, channel: str, notice: int) -> Delivery | None:
        """Return a delivery of a channel that somebody has in hand; None where nobody has."""
        ...


class HandingOver:
    """Hand over the notices for one channel; one that cannot be worded keeps no other from its reader."""

    def __init__(
        self,
        channel: str,
        deliveries: Deliveries,
        claimed: Claimed,
        worded: Callable[[Notice], Awaitable[Reply]],
        now: Callable[[], datetime],
    ) -> None:
        self._channel = channel
        self._deliveries = deliveries
        self._claimed = claimed
        self._worded = worded
        self._now = now

    async def next(self) -> Sequence[tuple[Delivery, Reply]]:
        """Return some of what is due, in order; nobody else gets it before LEASE has passed."""
        due = await self._deliveries.claim(self._channel, most=AT_A_TIME, lease=LEASE, gap=timedelta(0))
        worded = await asyncio.gather(*(self._worded(one.notice) for one in due), return_exceptions=True)
        handed = []
        for delivery, reply in zip(due, worded, strict=True):
            if isinstance(reply, Reply) and not self._is_too_old(delivery):
                handed.append((delivery, replace(reply, notice=delivery.id)))
            else:
                await self._kept_back(delivery, reply)
        return handed

    async def settle(self, notice: int, outcome: Sent | Unreachable | Refused) -> bool:
        """Keep what became of a delivery; return whether it was in somebody's hands."""
        delivery = await self._claimed.claimed(self._channel, notice)
        if delivery is not None:
            await self._deliveries.settle(delivery, outcome)
        return delivery is not None

    def _is_too_old(self, delivery: Delivery) -> bool:
        """Tell whether a delivery was handed over in vain for so long that it is given up."""
        return delivery.tries > 1 and self._now() - delivery.created > TOO_OLD

    async def _kept_back(self, delivery: Delivery, reply: Reply | BaseException) -> None:
        if isinstance(reply, Reply):
            told = f"given up: handed over {delivery.tries - 1} times, and nobody has said what became of it"
            await self._deliveries.settle(delivery, Refused(told))
            return
        _log.error("notice %d cannot be worded", delivery.id, exc_info=reply)
        await self._deliveries.put_off(delivery, _AGAIN, Postponed("a mistake of ours", done=delivery.done))
