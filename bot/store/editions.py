"""Editions of the agenda: published in one transaction with what people signed up for, and whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database
from handlers.model import Status
from knowledge.editions import EVENT, Change, Difference, Edition
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
        """Publish changes; return how many people are to be told of them.

        difference: the sessions that they touch, before and after. The activities of these sessions change, and those
        who are signed up for one, or wait for it, are to be told; of a session without sign-up everybody is.
        """
        async with self._database.writing() as connection:
            number = (await connection.scalar(select(func.max(t.edition.c.number))) or 0) + 1
            kept = [change.as_json() for change in changes]
            row = {"number": number, "published": self._now(), "by_id": by, "changes": kept}
            await connection.execute(insert(t.edition).values(**row))
            for before, after in difference:
                await self._change_activities(connection, before, after, changes)
            return await self._tell(connection, number, difference, changes)

    async def _change_activities(
        self, connection: AsyncConnection, before: Session | None, after: Session, changes: Sequence[Change]
    ) -> None:
        title = before.title if before else after.title
        values: dict[str, Any] = {"day": after.day, "start": after.start, "end": after.end}
        if after.is_cancelled or (before and before.is_cancelled):
            values["is_open"] = not after.is_cancelled
        own = t.activity.c.session == title
        await connection.execute(update(t.activity).where(own).values(**values))
        name = next((c.values["name"] for c in changes if c.session == after.key and c.values.get("name")), None)
        if name:
            named = t.activity.c.kind == "session"
            await connection.execute(update(t.activity).where(own, named).values(names={"en": name}))

    async def _tell(
        self, connection: AsyncConnection, number: int, difference: Difference, changes: Sequence[Change]
    ) -> int:
        """Queue a notice for each person whom the changes concern; return how many."""
        titles = [before.title if before else after.title for before, after in difference]
        rows = await connection.execute(select(t.activity.c.session).where(t.activity.c.session.in_(titles)))
        signable = {row.session for row in rows}
        to_all = set(titles) > signable or any(change.session == EVENT for change in changes)
        live = t.rsvp.c.status != Status.CANCELLED
        signed_up = select(t.rsvp.c.person_id).join(t.activity).where(live, t.activity.c.session.in_(titles))
        whom = select(t.person.c.id).where(t.person.c.is_subscribed)
        whom = whom if to_all else whom.where(t.person.c.id.in_(signed_up))
        people = [row.id for row in await connection.execute(whom.order_by(t.person.c.id))]
        told = {"edition": number}
        notices = [{"person_id": one, "kind": "change", "told": told, "created": self._now()} for one in people]
        if notices:
            await connection.execute(insert(t.notice), notices)
        return len(people)


async def _all(connection: AsyncConnection) -> list[Published]:
    rows = await connection.execute(select(t.edition).order_by(t.edition.c.number))
    return [Published(r.number, r.published, r.by_id, tuple(map(Change.of_json, r.changes))) for r in rows]
