"""One database: SQLite below the data folder by default, PostgreSQL when one machine is outgrown."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from handlers.errors import TryAgain

_T = TypeVar("_T")
Clock = Callable[[], datetime]  # what time it is, with its zone

_PATIENCE = timedelta(seconds=30)  # how long a write waits for the one before it
_TO_BE_REPEATED = ("40P01", "40001")  # PostgreSQL: deadlock detected, serialization failure
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


class Database:
    """Connections to one database: reading() for looks, writing() for what changes rows, turn() for a message."""

    def __init__(self, url: str) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self._engine = self._made()
        self._writer = asyncio.Lock()
        self._turn: ContextVar[_Turn | None] = ContextVar(f"turn-{id(self)}", default=None)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Make one transaction of all that is read and written inside, by this task: kept whole or not at all.

        The transaction begins with the first write, so that others need not wait while a message is being understood.
        A turn inside a turn is a part of it.

        Raises:
            TryAgain: another turn and this one waited for each other, or wrote the same row; nothing is written.
        """
        if self._turn.get() is not None:
            yield
            return
        async with self._engine.connect() as connection:
            turn = _Turn(connection)
            token = self._turn.set(turn)
            try:
                with _collisions_told():
                    yield
                    await self._end(turn, "COMMIT")
            finally:
                self._turn.reset(token)
                await self._end(turn, "ROLLBACK")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that sees what is committed, and what the turn has written."""
        turn = self._turn.get()
        if turn is not None:
            yield turn.connection
            return
        async with self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in a transaction, committed at the end, undone where anything is raised.

        Inside a turn it is a part of the turn's transaction, and undone only with it: a Refusal, after which the turn
        goes on, is raised before anything is written.

        On SQLite one writer at a time, in the order they came: its own busy handler makes some wait for 3 s, as
        measured with 50 writers. BEGIN IMMEDIATE keeps other processes out before anything is read.
        """
        turn = self._turn.get()
        if turn is None:
            async with self._engine.connect() as connection:
                alone = _Turn(connection)
                try:
                    await self._begin(alone)
                    yield connection
                    await self._end(alone, "COMMIT")
                finally:
                    await self._end(alone, "ROLLBACK")
            return
        await self._begin(turn)
        turn.memo.clear()
        yield turn.connection
        turn.memo.clear()

    async def once(self, key: str, read: Callable[[], Awaitable[_T]]) -> _T:
        """Return what read finds; inside a turn, until the next write, what it found before."""
        turn = self._turn.get()
        if turn is None:
            return await read()
        if key not in turn.memo:
            turn.memo[key] = await read()
        found: _T = turn.memo[key]
        return found

    async def _begin(self, turn: "_Turn") -> None:
        if turn.is_writing:
            return
        if self.is_sqlite:
            async with AsyncExitStack() as undone:
                await undone.enter_async_context(self._writer)
                await turn.connection.exec_driver_sql("BEGIN IMMEDIATE")
                undone.pop_all()  # begun: the end of the turn lets the next writer in
        elif not turn.connection.in_transaction():
            await turn.connection.begin()
        turn.is_writing = True

    async def _end(self, turn: "_Turn", how: str) -> None:
        """Commit or roll back, unless that is done."""
        if not turn.is_writing:
            return
        turn.is_writing = False
        try:
            if self.is_sqlite:
                await turn.connection.exec_driver_sql(how)
            elif how == "COMMIT":
                await turn.connection.commit()
            else:
                await turn.connection.rollback()
        finally:
            if self.is_sqlite:
                self._writer.release()

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


@dataclass
class _Turn:
    """A connection, and whether a transaction is open on it."""

    connection: AsyncConnection
    is_writing: bool = False
    memo: dict[str, Any] = field(default_factory=dict)  # what was read since the last write


@contextmanager
def _collisions_told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", "") in _TO_BE_REPEATED:
            raise TryAgain from error
        raise
