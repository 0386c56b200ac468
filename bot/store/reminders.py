"""Reminders: the evening before, and an hour before, of what a person has a place in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.activities import SqlActivities
from bot.store.database import Clock, Database
from bot.store.rows import inserting
from handlers.model import Activity, Status
from handlers.speech import CONFERENCE_TIME

HOUR: Final = "hour"  # the kinds of reminders
EVENING: Final = "evening"
_AHEAD: Final = timedelta(hours=1)
_TOO_LATE: Final = timedelta(minutes=10)  # before the beginning: who is not there yet is on the way
_IN_THE_EVENING: Final = time(19)  # in Wuhan
_EVENING_LASTS: Final = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due, and of what. until: from then on it is not worth telling."""

    kind: str
    at: datetime
    until: datetime
    activities: Sequence[str]
    about: str = ""


class SqlReminders:
    """Write a notice for each person who is to be reminded."""

    def __init__(self, database: Database, activities: SqlActivities, now: Clock) -> None:
        self._database = database
        self._activities = activities
        self._now = now

    async def make_due(self) -> int:
        """Write what is due and not written yet; return how many notices. Nothing is due while the dates are open.

        Who has signed up, or changed something, after a reminder was due is not reminded: they know.
        """
        now = self._now()
        due = [one for one in _of(await self._activities.all()) if one.at <= now < one.until]
        if not due:
            return 0
        async with self._database.writing() as connection:
            return sum([await self._write(connection, one, now) for one in due])

    async def _write(self, connection: AsyncConnection, due: Due, now: datetime) -> int:
        people = (
            select(t.rsvp.c.person_id, t.rsvp.c.activity)
            .join(t.person)
            .where(
                t.rsvp.c.activity.in_(due.activities),
                t.rsvp.c.status == Status.CONFIRMED,
                t.rsvp.c.changed <= due.at,
                t.person.c.is_subscribed,
                t.person.c.has_reminders,
            )
            .order_by(t.rsvp.c.person_id)
        )
        own: dict[int, list[str]] = {}
        for row in await connection.execute(people):
            own.setdefault(row.person_id, []).append(row.activity)
        if not own:
            return 0
        keys = [{"person_id": person, "kind": due.kind, "at": due.at, "about": due.about} for person in own]
        kept = inserting(connection)(t.reminder).on_conflict_do_nothing()
        new = [row.person_id for row in await connection.execute(kept.returning(t.reminder.c.person_id), keys)]
        if new:
            shared = {"kind": due.kind, "created": now, "expires": due.until, "is_urgent": due.kind == HOUR}
            rows = [shared | {"person_id": person, "told": {"activities": own[person]}} for person in new]
            await connection.execute(insert(t.notice), rows)
        return len(new)


def _of(activities: Iterable[Activity]) -> list[Due]:
    """Return all reminders of a programme whose dates are known."""
    dated = [a for a in activities if a.on is not None and not a.is_cancelled]
    dated.sort(key=lambda a: (str(a.on), a.start or time.min))
    found = []
    for activity in dated:
        if activity.start is not None and activity.on is not None:
            starts = datetime.combine(activity.on, activity.start, CONFERENCE_TIME)
            found.append(Due(HOUR, starts - _AHEAD, starts - _TOO_LATE, [activity.key], activity.key))
    for on, of_day in groupby(dated, key=lambda a: a.on):
        if on is not None:
            evening = datetime.combine(on - timedelta(days=1), _IN_THE_EVENING, CONFERENCE_TIME)
            found.append(Due(EVENING, evening, evening + _EVENING_LASTS, [a.key for a in of_day]))
    return found
