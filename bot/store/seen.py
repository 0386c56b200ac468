"""Messages that have come: a repeated delivery gets the answer of the first."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

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

    async def first(self, incoming: Incoming) -> Reply | None:
        """Note that a message has come; return what was answered, where it has been answered before.

        One that came and was not answered, because the desk was stopped in between, is answered now.
        """
        channel = incoming.sender.channel
        row = {"channel": channel, "message_id": incoming.id, "sender": incoming.sender.id, "at": self._now()}
        try:
            async with self._database.writing() as connection:
                await connection.execute(insert(t.seen).values(**row))
        except IntegrityError:
            async with self._database.reading() as connection:
                kept = await connection.scalar(select(t.seen.c.reply).where(*_is(incoming)))
            return reply_of(kept) if kept else None
        return None

    async def answered(self, incoming: Incoming, reply: Reply) -> None:
        """Keep what was answered to a message."""
        async with self._database.writing() as connection:
            await connection.execute(update(t.seen).where(*_is(incoming)).values(reply=reply_as_json(reply)))
            await connection.execute(delete(t.seen).where(t.seen.c.at < self._now() - _KEPT))


def _is(incoming: Incoming) -> tuple[ColumnElement[bool], ...]:
    return (t.seen.c.channel == incoming.sender.channel, t.seen.c.message_id == incoming.id)
