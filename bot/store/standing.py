"""How what the desk tells people stands: a state for each delivery, and the figures of all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from bot.outbox import DeliveryState
from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.routing import FREE, NOWHERE


def state(now: datetime) -> ColumnElement[str]:
    """Return the state of a row of notice, as a column: a DeliveryState."""
    return case(
        (t.notice.c.read.is_not(None), DeliveryState.READ.value),
        (t.notice.c.sent.is_not(None), DeliveryState.SENT.value),
        (t.notice.c.cancelled.is_not(None), DeliveryState.CANCELLED.value),
        (t.notice.c.expired.is_not(None), DeliveryState.EXPIRED.value),
        (t.notice.c.failed.is_not(None), DeliveryState.UNREACHABLE.value),
        (t.notice.c.channel == NOWHERE, DeliveryState.UNREACHABLE.value),
        (t.notice.c.rank == t.UNTIL_THEY_WRITE, DeliveryState.UNREACHABLE.value),
        (t.notice.c.leased > now, DeliveryState.SENDING.value),
        else_=DeliveryState.PENDING.value,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How many deliveries of a channel are in a state; '': of those of which no channel is decided."""

    channel: str
    state: DeliveryState
    count: int


class SqlStanding:
    """Count deliveries."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def by_state(self) -> list[Standing]:
        """Return how many deliveries are in which state, by channel."""
        channel = func.coalesce(t.notice.c.channel, NOWHERE).label("channel")
        counted = select(channel, state(self._now()).label("state"), func.count().label("count"))
        async with self._database.reading() as connection:
            rows = await connection.execute(counted.group_by(channel, "state").order_by(channel, "state"))
            return [Standing(row.channel, DeliveryState(row.state), row.count) for row in rows]

    async def oldest_due(self, channel: str) -> float:
        """Return for how many seconds the delivery that waits longest on a channel has been due; 0 where none is."""
        now = self._now()
        is_due = FREE & (t.notice.c.channel == channel) & (t.notice.c.ready <= now)
        since = select(func.min(func.coalesce(t.notice.c.due, t.notice.c.created))).where(is_due)
        async with self._database.reading() as connection:
            first: Any = await connection.scalar(since)
        return (now - first).total_seconds() if isinstance(first, datetime) else 0.0
