"""The inbox as rows."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.arrivals import Arrival, Entry, NotKept
from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.failures import FAILURES, said
from bot.store.keeping import keeping
from bot.store.rows import inserting

_WHAT = "the inbox"
_KEPT = timedelta(days=2)  # Telegram repeats an update for a day
_JUST_NOW = 60.0  # seconds; what is refused comes again sooner, unless nobody cares any more
_WAITS = (t.inbox.c.handled.is_(None), t.inbox.c.parked.is_(None))


class SqlEntries:
    """Keep what has come in, each call in one transaction."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now
        self._newest: int | None = None  # the id that was the last one when this process began
        self._refusal = ""  # why the last row was not taken; '' where it was
        self._refused = 0.0  # when, as time.monotonic() has it

    async def add(self, arrivals: Sequence[Arrival]) -> Sequence[Entry]:
        """Keep arrivals; return those that are new, in order."""
        await self._look_back()
        received = self._now()
        rows: list[dict[str, Any]] = [
            {
                "channel": arrival.channel,
                "message_id": arrival.message_id,
                "sender": arrival.sender,
                "payload": arrival.payload,
                "received": received,
            }
            for arrival in arrivals
        ]
        async with self._writing() as connection:
            kept = inserting(connection)(t.inbox).on_conflict_do_nothing(index_elements=["channel", "message_id"])
            made = await connection.execute(kept.returning(t.inbox.c.id, t.inbox.c.channel, t.inbox.c.message_id), rows)
            ids = {(row.channel, row.message_id): row.id for row in made}
        new = {ids.pop(key): arrival for arrival in arrivals if (key := _key(arrival)) in ids}
        return [Entry(identity, new[identity]) for identity in sorted(new)]

    async def waiting(self, *, after: int, most: int) -> Sequence[Entry]:
        """Return at most so many entries that are neither handled nor parked, in order, with ids beyond after."""
        newest = await self._look_back()
        rows = select(t.inbox).where(*_WAITS, t.inbox.c.id > after).order_by(t.inbox.c.id).limit(most)
        async with keeping(_WHAT), self._database.reading() as connection:
            return [
                Entry(
                    row.id,
                    Arrival(row.channel, row.message_id, row.sender, row.payload),
                    row.tries,
                    is_again=row.id <= newest,
                )
                for row in await connection.execute(rows)
            ]

    async def try_again(self, ids: Sequence[int]) -> None:
        """Count another try of each entry."""
        async with self._writing() as connection:
            counted = update(t.inbox).where(t.inbox.c.id.in_(ids)).values(tries=t.inbox.c.tries + 1)
            await connection.execute(counted)

    async def settle(self, ids: Sequence[int]) -> None:
        """Mark entries as handled; what was said in them is not kept."""
        async with self._writing() as connection:
            handled = update(t.inbox).where(t.inbox.c.id.in_(ids)).values(handled=self._now(), payload={})
            await connection.execute(handled)

    async def park(self, ids: Sequence[int]) -> None:
        """Mark entries as given up."""
        async with self._writing() as connection:
            await connection.execute(update(t.inbox).where(t.inbox.c.id.in_(ids)).values(parked=self._now()))

    async def newest_before(self, entry: int, channel: str, sender: str, *, about: str) -> str:
        """Return the message id of the sender's last entry before another whose id holds about; '' where none does."""
        theirs = (t.inbox.c.channel == channel, t.inbox.c.sender == sender, t.inbox.c.id < entry)
        found = select(t.inbox.c.message_id).where(*theirs, t.inbox.c.message_id.contains(about, autoescape=True))
        async with keeping(_WHAT), self._database.reading() as connection:
            return str(await connection.scalar(found.order_by(t.inbox.c.id.desc()).limit(1)) or "")

    async def count_waiting(self) -> int:
        """Return how many entries wait to be handled."""
        async with self._database.reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(t.inbox).where(*_WAITS)) or 0)

    async def problem(self) -> str:
        """Return what is wrong with the database; '' where it answers, and has not refused a row just now."""
        try:
            await self.count_waiting()
        except FAILURES as error:
            return said(error)
        return self._refusal if time.monotonic() - self._refused < _JUST_NOW else ""

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """Write rows, and keep in mind whether the database takes them: one on a full disk can still be read."""
        try:
            async with keeping(_WHAT), self._database.writing() as connection:
                yield connection
        except NotKept as refused:
            self._refusal, self._refused = str(refused), time.monotonic()
            raise
        self._refusal = ""

    async def count_perhaps_answered(self) -> int:
        """Return of how many waiting entries the reply is made, so that it may have been sent before a stop."""
        same = (t.seen.c.channel == t.inbox.c.channel, t.seen.c.message_id == t.inbox.c.message_id)
        made = select(func.count()).select_from(t.inbox.join(t.seen, same[0] & same[1])).where(*_WAITS)
        async with self._database.reading() as connection:
            return int(await connection.scalar(made) or 0)

    async def forget_old(self) -> None:
        """Forget handled entries that no platform repeats any more; the last stays, so that no id comes twice."""
        old = (t.inbox.c.handled < self._now() - _KEPT, t.inbox.c.id < select(func.max(t.inbox.c.id)).scalar_subquery())
        async with self._database.writing() as connection:
            await connection.execute(delete(t.inbox).where(*old))

    async def _look_back(self) -> int:
        if self._newest is None:
            async with keeping(_WHAT), self._database.reading() as connection:
                self._newest = int(await connection.scalar(select(func.max(t.inbox.c.id))) or 0)
        return self._newest


def _key(arrival: Arrival) -> tuple[str, str]:
    return arrival.channel, arrival.message_id
