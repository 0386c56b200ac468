"""Messages that have come: a repeated delivery gets the answer of the first."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, insert, select

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import reply_as_json, reply_of
from handlers.model import Incoming, Reply

_KEPT = timedelta(days=2)  # Telegram repeats an update for a day, WeChat a message for seconds


class SqlSeen:
    """Keep which messages have been answered."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def before(self, incoming: Incoming) -> Reply | None:
        """Return what a message was answered, where it has come before; None where it is new."""
        async with self._database.reading() as connection:
            kept = await connection.scalar(select(t.seen.c.reply).where(*_is(incoming)))
        return reply_of(kept) if kept else None

    async def answered(self, incoming: Incoming, reply: Reply) -> None:
        """Keep what was answered to a message; where another process has answered it just now, the turn collides."""
        row = {"channel": incoming.sender.channel, "message_id": incoming.id, "sender": incoming.sender.id}
        async with self._database.writing() as connection:
            await connection.execute(insert(t.seen).values(**row, at=self._now(), reply=reply_as_json(reply)))

    async def forget_old(self) -> None:
        """Forget messages that no platform repeats any more."""
        async with self._database.writing() as connection:
            await connection.execute(delete(t.seen).where(t.seen.c.at < self._now() - _KEPT))


def _is(incoming: Incoming) -> tuple[ColumnElement[bool], ...]:
    return (t.seen.c.channel == incoming.sender.channel, t.seen.c.message_id == incoming.id)
