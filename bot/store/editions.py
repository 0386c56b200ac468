"""Editions of the agenda: published in one transaction with what people signed up for, and whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.activities import FIRST_DAY
from bot.store.database import Clock, Database
from bot.store.rows import upsert
from knowledge.editions import Change, Difference, Edition
from knowledge.programme import Session


@dataclass(frozen=True, slots=True)
class Published:
    """One edition as it is kept: its own changes, when, and by whom."""

    number: int
    published: datetime
    by: int | None
    changes: tuple[Change, ...]


class SqlEditions:
    """Keep editions. They are never changed, so what has been read once is right for ever."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now
        self._known = Edition()

    async def current(self) -> Edition:
        """Return the newest edition."""
        async with self._database.reading() as connection:
            newest = await connection.scalar(select(func.max(t.edition.c.number))) or 0
            if newest != self._known.number:
                changes = [change for one in await _all(connection) for change in one.changes]
                self._known = Edition(newest, tuple(changes))
            return self._known

    async def all(self) -> Sequence[Published]:
        """Return what has been published, oldest first."""
        async with self._database.reading() as connection:
            return await _all(connection)

    async def publish(self, changes: Sequence[Change], difference: Difference, *, by: int | None) -> int:
        """Publish changes as an edition, and change the activities of the sessions that they touch; return its number.

        difference: these sessions, before and after.
        """
        async with self._database.writing() as connection:
            number = (await connection.scalar(select(func.max(t.edition.c.number))) or 0) + 1
            kept = [change.as_json() for change in changes]
            row = {"number": number, "published": self._now(), "by_id": by, "changes": kept}
            await connection.execute(insert(t.edition).values(**row))
            first = next((c.values["first_day"] for c in reversed(changes) if "first_day" in c.values), None)
            if first:
                await connection.execute(upsert(connection, t.event, {"key": FIRST_DAY}, {"value": first}))
            for before, after in difference:
                await self._change_activities(connection, before, after, changes)
        return number

    async def _change_activities(
        self, connection: AsyncConnection, before: Session | None, after: Session, changes: Sequence[Change]
    ) -> None:
        title = before.title if before else after.title
        values: dict[str, Any] = {"day": after.day, "start": after.start, "end": after.end}
        values |= {"place": after.place, "is_cancelled": after.is_cancelled}
        if after.is_cancelled or (before and before.is_cancelled):
            values["is_open"] = not after.is_cancelled
        own = t.activity.c.session == title
        await connection.execute(update(t.activity).where(own).values(**values))
        name = next((c.values["name"] for c in changes if c.session == after.key and c.values.get("name")), None)
        if name:
            named = t.activity.c.kind == "session"
            await connection.execute(update(t.activity).where(own, named).values(names={"en": name}))


async def _all(connection: AsyncConnection) -> list[Published]:
    rows = await connection.execute(select(t.edition).order_by(t.edition.c.number))
    return [Published(r.number, r.published, r.by_id, tuple(map(Change.of_json, r.changes))) for r in rows]
