"""A copy of what the desk remembers, in which the clock may run ahead: nothing in it reaches anybody."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.routing import NOWHERE

_LEFT_OUT = {t.inbox, t.seen, t.guess, t.invite, t.nonce, t.shown, t.reply_window, t.access, t.pace}
_AT_ONCE = 1_000  # rows


async def copy(source: Database, target: Database) -> None:
    """Write what source holds at one moment into target, which has its tables and no rows.

    Messages that have come in, invite codes and what platforms demand are left out; source is only read.
    """
    async with _at_one_moment(source) as reading, target.writing() as writing:
        for table in t.metadata.sorted_tables:
            if table not in _LEFT_OUT:
                rows = await reading.stream(select(table).order_by(*table.primary_key.columns))
                async for some in rows.partitions(_AT_ONCE):
                    await writing.execute(insert(table), [dict(row._mapping) for row in some])  # noqa: SLF001


@asynccontextmanager
async def _at_one_moment(database: Database) -> AsyncIterator[AsyncConnection]:
    async with database.reading() as connection:
        if database.is_sqlite:  # what the first look sees holds until the end of the transaction
            await connection.exec_driver_sql("BEGIN")
        else:
            await connection.execution_options(isolation_level="REPEATABLE READ")
        try:
            yield connection
        finally:
            if database.is_sqlite:
                await connection.exec_driver_sql("ROLLBACK")


class SqlRehearsal:
    """What a rehearsal asks of its copy."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now
        self._begun = now()

    async def begin(self) -> int:
        """Drop what is due by now: it is told before the rehearsal begins. Return how many messages that is."""
        due = (
            t.OPEN & t.notice.c.is_held.is_(False) & (func.coalesce(t.notice.c.due, t.notice.c.created) <= self._now())
        )
        async with self._database.writing() as connection:
            dropped = await connection.execute(update(t.notice).where(due).values(cancelled=self._now()))
        self._begun = self._now()
        return dropped.rowcount

    async def channels(self) -> Sequence[str]:
        """Return the channels on which anybody has an address."""
        async with self._database.reading() as connection:
            named = select(t.address.c.channel).distinct().order_by(t.address.c.channel)
            return list(await connection.scalars(named))

    async def unreached(self) -> Sequence[str]:
        """Return who was to be told something since begin(), and could not be."""
        settled = func.coalesce(t.notice.c.failed, t.notice.c.expired, self._begun)
        lost = (t.notice.c.channel == NOWHERE) & t.notice.c.sent.is_(None) & t.notice.c.cancelled.is_(None)
        lost &= settled >= self._begun
        of = select(t.person.c.name).join(t.notice, t.notice.c.person_id == t.person.c.id).where(lost)
        async with self._database.reading() as connection:
            return list(await connection.scalars(of.group_by(t.person.c.id, t.person.c.name).order_by(t.person.c.name)))
