"""Conversations in browsers as rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.lines import Line, NewLine
from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import reply_as_json, reply_of
from bot.together import Together
from handlers.model import File

CHANNEL = "web"
_KEPT = timedelta(days=30)
_AT_ONCE = 200  # lines that are read for one page
_WRITES = 0x11E5  # names the lock of PostgreSQL under which lines are written


class SqlWebLines:
    """Keep what pages show.

    The number of a line is the time in milliseconds, or the next one where that is taken: so it grows in the order in
    which lines are committed, and goes on growing where all earlier lines have been erased.
    """

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now
        self._add = Together(self._add_all)

    async def add(self, lines: Sequence[NewLine]) -> Sequence[Line]:
        """Keep lines of one session that are new, in order; return all of them as they are kept.

        What an address has said of which nothing is kept any more, since it was just erased, is left out.
        """
        return await self._add(lines)

    async def after(self, session: str, number: int) -> Sequence[Line]:
        """Return the first lines beyond a number, in order."""
        found = _shown(session).where(t.web_line.c.number > number).order_by(t.web_line.c.number).limit(_AT_ONCE)
        async with self._database.reading() as connection:
            return [_line_of(row) for row in await connection.execute(found)]

    async def newest(self, session: str) -> Sequence[Line]:
        """Return the last lines, in order."""
        found = _shown(session).order_by(t.web_line.c.number.desc()).limit(_AT_ONCE)
        async with self._database.reading() as connection:
            return [_line_of(row) for row in await connection.execute(found)][::-1]

    async def last_numbers(self, sessions: Iterable[str]) -> Mapping[str, int]:
        """Return the number of the last line of those sessions that have one."""
        last = func.max(t.web_line.c.number).label("number")
        found = select(t.web_line.c.session, last).where(t.web_line.c.session.in_(list(sessions)))
        async with self._database.reading() as connection:
            rows = await connection.execute(found.group_by(t.web_line.c.session))
            return {row.session: row.number for row in rows}

    async def has(self, session: str, key: str) -> bool:
        """Tell whether there is a line of a key."""
        found = select(t.web_line.c.number).where(t.web_line.c.session == session, t.web_line.c.key == key)
        async with self._database.reading() as connection:
            return await connection.scalar(found) is not None

    async def file(self, session: str, number: int, place: int) -> File | None:
        """Return a file of a line; None where there is none."""
        found = _shown(session).where(t.web_line.c.number == number)
        async with self._database.reading() as connection:
            row = (await connection.execute(found)).one_or_none()
            files = reply_of(row.content).files if row else ()
            if not 0 <= place < len(files):
                return None
            if not files[place].attachment:
                return files[place]
            content = select(t.attachment.c.content).where(t.attachment.c.id == files[place].attachment)
            kept = await connection.scalar(content)
        return replace(files[place], content=kept) if kept is not None else None

    async def is_taken(self, session: str, number: int) -> bool:
        """Tell whether a page has said that it shows a line."""
        found = select(t.web_line.c.taken).where(t.web_line.c.session == session, t.web_line.c.number == number)
        async with self._database.reading() as connection:
            return await connection.scalar(found) is not None

    async def take(self, session: str, number: int) -> bool:
        """Note that a page shows the notices up to a number; return whether any of them is new to it."""
        line = t.web_line.c
        new = (line.session == session, line.number <= number, line.notice_id.is_not(None), line.taken.is_(None))
        async with self._database.reading() as connection:
            if await connection.scalar(select(line.number).where(*new).limit(1)) is None:
                return False
        async with self._database.writing() as connection:
            await connection.execute(update(t.web_line).where(*new).values(taken=self._now()))
        return True

    async def forget_old(self) -> None:
        """Forget what was said long ago."""
        async with self._database.writing() as connection:
            await connection.execute(delete(t.web_line).where(t.web_line.c.at < self._now() - _KEPT))

    async def _add_all(self, batches: Sequence[Sequence[NewLine]]) -> Sequence[Sequence[Line]]:
        lines = [line for batch in batches for line in batch]
        now = self._now()
        async with self._database.writing() as connection:
            if not self._database.is_sqlite:  # or a line with a lower number could be committed after one with a higher
                await connection.execute(select(func.pg_advisory_xact_lock(_WRITES)))
            await _write(connection, lines, now)
            kept = await _kept(connection, lines)
        return [[kept[key] for line in batch if (key := (line.session, line.key)) in kept] for batch in batches]


async def _write(connection: AsyncConnection, lines: Sequence[NewLine], now: datetime) -> None:
    there = await _kept(connection, lines)
    sessions = {line.session for line in lines}
    last = select(t.web_line.c.session, func.max(t.web_line.c.number).label("number"))
    last = last.where(t.web_line.c.session.in_(sessions)).group_by(t.web_line.c.session)
    numbers = {row.session: row.number for row in await connection.execute(last)}
    known = select(t.address.c.channel_id).where(t.address.c.channel == CHANNEL, t.address.c.channel_id.in_(sessions))
    remembered = {row.channel_id for row in await connection.execute(known)}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        key = (line.session, line.key)
        if key in there or key in rows or (line.is_own and line.session not in remembered):
            continue
        numbers[line.session] = max(numbers.get(line.session, 0) + 1, int(now.timestamp() * 1000))
        rows[key] = {
            "session": line.session,
            "number": numbers[line.session],
            "key": line.key,
            "at": now,
            "is_own": line.is_own,
            "content": reply_as_json(line.reply),
            "notice_id": line.notice or None,
        }
    if rows:
        await connection.execute(insert(t.web_line), list(rows.values()))


async def _kept(connection: AsyncConnection, lines: Sequence[NewLine]) -> dict[tuple[str, str], Line]:
    sessions, keys = {line.session for line in lines}, {line.key for line in lines}
    found = select(t.web_line).where(t.web_line.c.session.in_(sessions), t.web_line.c.key.in_(keys))
    return {(row.session, row.key): _line_of(row) for row in await connection.execute(found)}


def _shown(session: str) -> Any:  # noqa: ANN401 - a select
    """Return a select of the lines of a session, without notices that nobody has seen in time."""
    return select(t.web_line).where(t.web_line.c.session == session, _is_worth_showing())


def _is_worth_showing() -> ColumnElement[bool]:
    line = t.web_line.c
    is_open = exists(select(t.notice.c.id).where(t.notice.c.id == line.notice_id, t.OPEN))
    return line.notice_id.is_(None) | line.taken.is_not(None) | is_open


def _line_of(row: Row[Any]) -> Line:
    return Line(
        number=row.number,
        key=row.key,
        at=row.at,
        reply=reply_of(row.content),
        is_own=row.is_own,
        is_notice=row.notice_id is not None,
        is_taken=row.taken is not None,
    )
