"""Editions of the agenda: published in one transaction with what people signed up for, and whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.activities import FIRST_DAY
from bot.store.database import Clock, Database
from bot.store.rows import upsert
from handlers.resizing import Resize
from knowledge.editions import Change, Difference, Edition
from knowledge.programme import Session


@dataclass(frozen=True, slots=True)
class Published:
    """One edition as it is kept: its own changes, when, and by whom."""

    number: int
    published: datetime
    by: int | None
    changes: tuple[Change, ...]
    resizes: tuple[Resize, ...] = ()  # of activities, that were made with them


class SqlEditions:
    """Keep editions. They are never changed, so what has been read once is right for ever."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now
        self._known = Edition()

    async def current(self) -> Edition:
        """Return the newest edition."""
        async with self._database.reading() as connection:
            return await self.newest(connection)

    async def newest(self, connection: AsyncConnection) -> Edition:
        """Return the newest edition that connection sees."""
        newest = await connection.scalar(_NEWEST) or 0
        if newest != self._known.number:
            changes = [change for one in await _all(connection) for change in one.changes]
            self._known = Edition(newest, tuple(changes))
        return self._known

    async def all(self) -> Sequence[Published]:
        """Return what has been published, oldest first."""
        async with self._database.reading() as connection:
            return await _all(connection)

    async def at(self, number: int) -> Edition | None:
        """Return the edition of a number, 0 for the agenda of the documents; None where there is none."""
        every = await self.all()
        if number < 0 or number > (every[-1].number if every else 0):
            return None
        return Edition(number, tuple(change for one in every if one.number <= number for change in one.changes))

    async def before_and_after(self, number: int) -> tuple[Edition, Sequence[Change], Sequence[Change]] | None:
        """Return the edition before one, its own changes and all later ones; None where there is none of that number.

        number: 0 for the newest.
        """
        every = await self.all()
        number = number or (every[-1].number if every else 0)
        own = next((one for one in every if one.number == number), None)
        if own is None:
            return None
        earlier = tuple(change for one in every if one.number < number for change in one.changes)
        later = [change for one in every if one.number > number for change in one.changes]
        return Edition(number - 1, earlier), own.changes, later

    async def resizes(self, number: int) -> Sequence[Resize]:
        """Return what an edition has changed of the places of activities; number: 0 for the newest."""
        every = await self.all()
        return next((one.resizes for one in reversed(every) if number in (0, one.number)), ())

    async def publish(
        self, changes: Sequence[Change], difference: Difference, *, by: int | None, resizes: Sequence[Resize] = ()
    ) -> int:
        """Publish changes as an edition, and change the activities of the sessions that they touch; return its number.

        difference: these sessions, before and after. resizes: that were made with them, to be kept with the edition.
        """
        async with self._database.writing() as connection:
            number = (await connection.scalar(select(func.max(t.edition.c.number))) or 0) + 1
            kept = [change.as_json() for change in changes]
            row = {"number": number, "published": self._now(), "by_id": by, "changes": kept}
            row["resizes"] = [one.as_json() for one in resizes]
            await connection.execute(insert(t.edition).values(**row))
            first = next((c.values["first_day"] for c in reversed(changes) if "first_day" in c.values), None)
            if first is None and any("first_day" in c.values for c in changes):
                await connection.execute(delete(t.event).where(t.event.c.key == FIRST_DAY))
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


_NEWEST = select(func.max(t.edition.c.number))


async def _all(connection: AsyncConnection) -> list[Published]:
    rows = await connection.execute(select(t.edition).order_by(t.edition.c.number))
    return [
        Published(
            row.number,
            row.published,
            row.by_id,
            tuple(map(Change.of_json, row.changes)),
            tuple(map(Resize.of_json, row.resizes)),
        )
        for row in rows
    ]
