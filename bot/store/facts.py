"""Facts about the event and its bots, by name."""

from sqlalchemy import select

from bot.store import tables as t
from bot.store.database import Database
from bot.store.rows import upsert


class SqlFacts:
    """Keep facts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> str | None:
        """Return what is kept under key; None where nothing is."""
        async with self._database.reading() as connection:
            return await connection.scalar(select(t.event.c.value).where(t.event.c.key == key))

    async def keep(self, key: str, value: str) -> None:
        """Keep value under key, in place of what was there."""
        async with self._database.writing() as connection:
            await connection.execute(upsert(connection, t.event, {"key": key}, {"value": value}))
