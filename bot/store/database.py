"""One database: SQLite below the data folder by default, PostgreSQL when one machine is outgrown."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.failures import FAILURES, collisions_told, connecting, outages_told
from bot.together import Together
from handlers.errors import TryAgain

_T = TypeVar("_T")
Clock = Callable[[], datetime]  # what time it is, with its zone
Rows = Sequence[tuple[Any, Mapping[str, Any]]]  # a key, and what is to be written under it
Write = Callable[[AsyncConnection, Rows], Awaitable[None]]
_Kept = dict[Write, dict[Hashable, dict[str, Any]]]

_PATIENCE = timedelta(seconds=30)  # how long a write waits for the one before it
_LOGGED = 10_000  # pages of 4 KB in SQLite's log before a writer has to move them by itself
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


class _TakenBack(Exception):
    """What was tried is undone."""


class Database:
    """Connections to one database: reading() for looks, writing() for what changes rows, turn() for a message.

    keep() is for what every message ends with: written together with that of others, where there is nothing else.
    """

    def __init__(self, url: str) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self._engine = self._made()
        self._writer = asyncio.Lock()
        self._turn: ContextVar[_Turn | None] = ContextVar(f"turn-{id(self)}", default=None)
        self._keep_together = Together(self._keep_all)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Make one transaction of all that is read and written inside, by this task: kept whole or not at all.

        The transaction begins with the first write, so that others need not wait while a message is being understood.
        A turn inside a turn is a part of it.

        Raises:
            TryAgain: another turn and this one waited for each other, or wrote the same row; nothing is written.
            Away: the database does not answer, or takes nothing, for now.
        """
        if self._turn.get() is not None:
            yield
            return
        async with AsyncExitStack() as connections:
            turn = _Turn(connections)
            token = self._turn.set(turn)
            with collisions_told():
                try:
                    yield
                    await self._end_well(turn)
                finally:
                    self._turn.reset(token)
                    await self._end(turn, "ROLLBACK")

    @asynccontextmanager
    async def tried(self) -> AsyncIterator[None]:
        """Let something be written, read what would be then, and take all of it back: a look ahead by real rules."""
        outer = self._turn.get()
        if outer is not None and outer.is_writing:
            async with self._taken_back(outer):
                yield
            return
        with suppress(_TakenBack):
            async with self._apart():
                yield
                raise _TakenBack

    @asynccontextmanager
    async def _taken_back(self, turn: "_Turn") -> AsyncIterator[None]:
        """Take back what is written inside, and leave what the turn has written before."""
        kept = {write: {key: dict(values) for key, values in rows.items()} for write, rows in turn.kept.items()}
        await turn.connection.exec_driver_sql("SAVEPOINT tried")
        try:
            yield
        finally:
            await turn.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT tried")
            await turn.connection.exec_driver_sql("RELEASE SAVEPOINT tried")
            turn.kept = kept
            turn.memo.clear()

    @asynccontextmanager
    async def _apart(self) -> AsyncIterator[None]:
        """Begin a turn, though one may be under way that has not written yet."""
        token = self._turn.set(None)
        try:
            async with self.turn():
                yield
        finally:
            self._turn.reset(token)

    async def _end_well(self, turn: "_Turn") -> None:
        """Write what was kept for the end, and commit; what nothing else was written with, with that of other turns."""
        if not turn.is_writing:
            if turn.kept:
                await turn.connections.aclose()
                await self._keep_now(turn.kept)
            return
        await _write_kept(turn.connection, [turn.kept])
        await self._end(turn, "COMMIT")

    async def keep(self, write: Write, key: Hashable, values: Mapping[str, Any]) -> None:
        """Have write called at the end of the turn, with all that was kept for it; outside a turn, now.

        What a turn keeps under the same key is one row. Writers are called in the order in which they were first named;
        one call may hold rows of several turns.
        """
        turn = self._turn.get()
        if turn is None:
            await self._keep_now({write: {key: dict(values)}})
            return
        turn.kept.setdefault(write, {}).setdefault(key, {}).update(values)

    async def _keep_now(self, kept: _Kept) -> None:
        failed = await self._keep_together(kept)
        if failed is not None:
            raise failed

    async def _keep_all(self, batch: Sequence[_Kept]) -> Sequence[Exception | None]:
        """Write what turns have kept in one transaction; where that fails, each in its own. Return what failed."""
        try:
            with collisions_told():
                async with self.writing() as connection:
                    await _write_kept(connection, batch)
        except (TryAgain, *FAILURES) as error:
            if len(batch) == 1:
                return [error]
            return [failed for kept in batch for failed in await self._keep_all([kept])]
        return [None] * len(batch)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that sees what is committed, and what the turn has written."""
        turn = self._turn.get()
        if turn is not None:
            yield await self._connected(turn)
            return
        with outages_told():
            async with AsyncExitStack() as connections:
                yield await self._connect(connections)

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
            with outages_told():
                async with AsyncExitStack() as connections:
                    alone = _Turn(connections)
                    try:
                        await self._begin(alone)
                        yield alone.connection
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

    async def _connected(self, turn: "_Turn") -> AsyncConnection:
        """Return the turn's connection; a turn that neither reads nor writes needs none."""
        if not turn.is_connected:
            turn.connection = await self._connect(turn.connections)
            turn.is_connected = True
        return turn.connection

    async def _connect(self, connections: AsyncExitStack) -> AsyncConnection:
        with connecting():
            return await connections.enter_async_context(self._engine.connect())

    async def _begin(self, turn: "_Turn") -> None:
        if turn.is_writing:
            return
        await self._connected(turn)
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

    async def checkpoint(self) -> None:
        """Move what SQLite's log holds into its file, beside those who write: one of them would wait 0.2 s for it."""
        if self.is_sqlite:
            async with self._engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

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
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"wal_autocheckpoint = {_LOGGED}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@dataclass
class _Turn:
    """A connection, where there is need of one, and whether a transaction is open on it."""

    connections: AsyncExitStack
    connection: AsyncConnection = field(init=False)
    is_connected: bool = False
    is_writing: bool = False
    memo: dict[str, Any] = field(default_factory=dict)  # what was read since the last write
    kept: _Kept = field(default_factory=dict)  # what is written at the end


async def _write_kept(connection: AsyncConnection, batch: Sequence[_Kept]) -> None:
    """Write what turns have kept; each writer is called once, with the rows of all of them."""
    for write in dict.fromkeys(write for kept in batch for write in kept):
        await write(connection, [row for kept in batch for row in kept.get(write, {}).items()])
