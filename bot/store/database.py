"""One database: SQLite below the data folder by default, PostgreSQL when one machine is outgrown."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Clock = Callable[[], datetime]  # what time it is, with its zone

_PATIENCE = timedelta(seconds=30)  # how long a write waits for the one before it
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


class Database:
    """Connections to one database: reading() for looks, writing() for what changes rows."""

    def __init__(self, url: str) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self._engine = self._made()
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that sees what is committed."""
        async with self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in a transaction, committed at the end, undone where anything is raised.

        On SQLite one writer at a time, in the order they came: its own busy handler makes some wait for 3 s, as
        measured with 50 writers. BEGIN IMMEDIATE keeps other processes out before anything is read.
        """
        if not self.is_sqlite:
            async with self._engine.begin() as connection:
                yield connection
            return
        async with self._writer, self._engine.connect() as connection:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            end = "ROLLBACK"
            try:
                yield connection
                end = "COMMIT"
            finally:
                await connection.exec_driver_sql(end)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._engine.dispose()

    def _made(self) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(self.url, pool_pre_ping=True, pool_size=10, max_overflow=10)
        seconds = _PATIENCE.total_seconds()
        engine = create_async_engine(
            self.url, isolation_level="AUTOCOMMIT", connect_args={"timeout": seconds}, pool_size=5, max_overflow=20
        )
        event.listen(engine.sync_engine, "connect", _prepare)
        return engine


def async_url(url: str) -> str:
    """Return url with the async driver of its database.

    Raises:
        ValueError: it is neither SQLite nor PostgreSQL.
    """
    parts = make_url(url)
    kind = parts.drivername.partition("+")[0]
    if kind not in _DRIVERS:
        raise ValueError(f"DESK_DATABASE_URL: {kind} is neither sqlite nor postgresql")
    return parts.set(drivername=_DRIVERS[kind]).render_as_string(hide_password=False)


def _prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own connection
    """Set up a connection to SQLite: readers beside the writer, and rows that point somewhere."""
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
