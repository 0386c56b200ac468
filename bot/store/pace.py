"""How fast a channel speaks, as one row that all processes share."""

import asyncio
import time
from typing import Any

from sqlalchemy import ColumnElement, Float, Row, Update, case, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.places import CREDIT, NotReserved, Reserved
from bot.store import tables as t
from bot.store.database import Database
from bot.store.failures import FAILURES, said

_FAR = 60.0  # seconds; places beyond are a mistake, such as of a clock that was set back


class SqlPlaces:
    """The places of one channel. Moments are by the clock of PostgreSQL; on SQLite by the machine's own."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._is_there = False

    async def reserve(self, seconds: float, *, is_own: bool) -> Reserved:
        """Reserve the next so many seconds; 0 only looks. is_own: for what the desk says on its own.

        Raises:
            NotReserved: the database does not answer.
        """
        try:
            if not seconds:
                return await self._looked()
            async with self._database.writing() as connection:
                await self._make(connection)
                began = asyncio.get_running_loop().time()
                row = await self._reserved(connection, seconds, is_own=is_own)
        except FAILURES as error:
            raise NotReserved(said(error)) from error
        return _reserved(row, seconds, began)

    async def hold(self, seconds: float) -> None:
        """Keep all processes from saying anything on their own for so long.

        Raises:
            NotReserved: the database does not answer.
        """
        try:
            async with self._database.writing() as connection:
                await self._make(connection)
                until = self._moment() + seconds
                held = case((t.pace.c.held > until, t.pace.c.held), else_=until)
                await connection.execute(self._change.values(held=held))
        except FAILURES as error:
            raise NotReserved(said(error)) from error

    async def _looked(self) -> Reserved:
        began = asyncio.get_running_loop().time()
        looked = select(t.pace, self._moment().label("moment")).where(t.pace.c.channel == self._channel)
        async with self._database.reading() as connection:
            row = (await connection.execute(looked)).first()
        return _reserved(row, 0, began) if row else Reserved(0, float("-inf"), float("-inf"))

    async def _reserved(self, connection: AsyncConnection, seconds: float, *, is_own: bool) -> Row[Any]:
        moment = self._moment()
        is_ahead = t.pace.c.free.between(moment - CREDIT, moment + _FAR)
        free = case((is_ahead, t.pace.c.free), else_=moment) + seconds
        values = {"free": free, "told": free} if is_own else {"free": free}
        changed = self._change.values(**values)
        columns = (t.pace.c.free, t.pace.c.told, t.pace.c.held, moment.label("moment"))
        return (await connection.execute(changed.returning(*columns))).one()

    async def _make(self, connection: AsyncConnection) -> None:
        if self._is_there:
            return
        insert = insert_sqlite if self._database.is_sqlite else insert_postgresql
        await connection.execute(insert(t.pace).values(channel=self._channel).on_conflict_do_nothing())
        self._is_there = True

    def _moment(self) -> ColumnElement[float]:
        """Return the time as the statement sees it, in seconds since 1970."""
        if self._database.is_sqlite:
            return literal(time.time(), Float(53))
        return cast(func.extract("epoch", func.statement_timestamp()), Float(53))

    @property
    def _change(self) -> Update:
        return update(t.pace).where(t.pace.c.channel == self._channel)


def _reserved(row: Row[Any], seconds: float, began: float) -> Reserved:
    """Return what a row says; began: when the statement was made, by the clock of the loop."""
    begins = row.free - seconds - row.moment
    ago = asyncio.get_running_loop().time() - began
    return Reserved(begins, row.told - row.moment, row.held - row.moment, ago)
