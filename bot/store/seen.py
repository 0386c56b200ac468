"""Messages that have come: a repeated delivery gets the answer of the first."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database, Rows
from bot.store.rows import by_channel, inserting, reply_as_json, reply_of
from handlers.model import Incoming, Reply

_KEPT = timedelta(days=2)  # Telegram repeats an update for a day, WeChat a message for seconds
_Key = tuple[str, str]  # channel, message id


class SqlSeen:
    """Keep which messages have been answered."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def answered(self, incoming: Incoming, reply: Reply) -> None:
        """Keep what was answered to a message; where another process has answered it just now, the turn collides."""
        row = {"sender": incoming.sender.id, "at": self._now(), "reply": reply_as_json(reply)}
        await self._database.keep(_write, (incoming.sender.channel, incoming.id), row)

    async def is_first(self, channel: str, mark: str) -> bool:
        """Note that something is done; return whether it is for the first time. It is undone with its turn."""
        row = {"channel": channel, "message_id": mark, "sender": "", "at": self._now()}
        async with self._database.writing() as connection:
            kept = inserting(connection)(t.seen).values(**row).on_conflict_do_nothing()
            return bool((await connection.execute(kept)).rowcount == 1)

    async def forget_old(self) -> None:
        """Forget messages that no platform repeats any more."""
        async with self._database.writing() as connection:
            await connection.execute(delete(t.seen).where(t.seen.c.at < self._now() - _KEPT))


async def replies(connection: AsyncConnection, messages: Iterable[Incoming]) -> dict[_Key, Reply]:
    """Return what messages were answered, those that have come before, by channel and message id."""
    found: dict[_Key, Reply] = {}
    for channel, ids in by_channel((incoming.sender.channel, incoming.id) for incoming in messages if incoming.id):
        of_channel = (t.seen.c.channel == channel, t.seen.c.message_id.in_(ids))
        rows = await connection.execute(select(t.seen.c.message_id, t.seen.c.reply).where(*of_channel))
        found |= {(channel, row.message_id): reply_of(row.reply) for row in rows}
    return found


async def _write(connection: AsyncConnection, rows: Rows) -> None:
    written = [{"channel": channel, "message_id": id_, **values} for (channel, id_), values in rows]
    await connection.execute(insert(t.seen), written)
