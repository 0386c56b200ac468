"""Before anything is claimed to be sent, what staff have planned for now is started."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.outbox import Deliveries, Delivery, Postponed, Refused, Sent, Unreachable

_EVERY: Final = timedelta(seconds=1)


class Started:
    """Deliveries of which those that are planned have been started, at most a second late."""

    def __init__(
        self, deliveries: Deliveries, start_due: Callable[[], Awaitable[object]], now: Callable[[], datetime]
    ) -> None:
        self._deliveries = deliveries
        self._start_due = start_due
        self._now = now
        self._looked: datetime | None = None

    async def claim(self, channel: str, *, most: int, lease: timedelta, gap: timedelta) -> Sequence[Delivery]:
        """Return deliveries that are due; see Deliveries."""
        now = self._now()
        if self._looked is None or now - self._looked >= _EVERY:
            self._looked = now
            await self._start_due()
        return await self._deliveries.claim(channel, most=most, lease=lease, gap=gap)

    async def settle(self, delivery: Delivery, settled: Sent | Unreachable | Refused) -> None:
        """Keep what became of a delivery."""
        await self._deliveries.settle(delivery, settled)

    async def put_off(self, delivery: Delivery, seconds: float, why: Postponed) -> None:
        """Let go of a delivery."""
        await self._deliveries.put_off(delivery, seconds, why)
