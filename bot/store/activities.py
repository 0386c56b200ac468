"""Activities: what people sign up for, with places and deadlines that staff set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Insert, func, insert, select, update

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.log import Act
from bot.store.rows import activity_of
from bot.store.rsvp_lists import PROGRAMME
from bot.store.rsvps import SqlRsvps
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Activity, Role
from handlers.resizing import Resize

FIRST_DAY = "first_day"  # the key of the confirmed date of day 1, of the event


class NoSuchActivity(ValueError):
    """There is no activity of that key, and not enough is said to make one; str() says what is known."""


class SqlActivities:
    """Keep activities."""

    def __init__(self, database: Database, rsvps: SqlRsvps, now: Clock) -> None:
        self._database = database
        self._rsvps = rsvps
        self._now = now

    async def all(self) -> Sequence[Activity]:
        """Return every activity, in the order of the programme."""
        return await self._database.once("activities", self._all)

    async def _all(self) -> Sequence[Activity]:
        waiting = (
            select(t.tally.c.activity, func.sum(t.tally.c.waitlisted).label("waitlisted"))
            .group_by(t.tally.c.activity)
            .subquery()
        )
        first_day = select(t.event.c.value).where(t.event.c.key == FIRST_DAY).scalar_subquery().label("first_day")
        rows = select(t.activity, waiting.c.waitlisted, first_day)
        rows = rows.outerjoin(waiting, waiting.c.activity == t.activity.c.key)
        async with self._database.reading() as connection:
            found = await connection.execute(rows.order_by(*PROGRAMME))
            return [replace(activity_of(row, row.waitlisted), on=_date(row.first_day, row.day)) for row in found]

    async def set_open(self, key: str, *, is_open: bool, by: int) -> None:
        """Open or close an activity for new RSVPs."""
        async with self._database.writing() as connection:
            changed = update(t.activity).where(t.activity.c.key == key).values(is_open=is_open)
            await connection.execute(changed)
            await connection.execute(self._noted(key, by, {"is_open": is_open}, Act.OPENING))

    async def resize(self, key: str, capacity: int | None, *, by: int | None) -> Resize:
        """Set the places of an activity; return what that has changed. Nobody confirmed loses a place.

        by: None for the command line.

        Raises:
            Refusal: there is no such activity.
        """
        own = select(t.activity.c.capacity).where(t.activity.c.key == key).with_for_update()
        async with self._database.turn(), self._database.writing() as connection:
            before = (await connection.execute(own)).one_or_none()
            if before is None:
                raise Refusal(texts.NO_SUCH_ACTIVITY)
            why = Act.COMMAND_LINE if by is None else Act.PLACES
            await connection.execute(self._noted(key, by, {"capacity": capacity}, why))
            return Resize(key, before.capacity, capacity, await self._rsvps.resize(key, capacity))

    async def resized(self, key: str, capacity: int | None) -> Resize:
        """Return what setting the places of an activity would change: it is tried by the real rules, and taken back."""
        async with self._database.tried():
            return await self.resize(key, capacity, by=None)

    async def add_new(self, activities: Iterable[Activity]) -> int:
        """Write those activities that are not known yet; return how many."""
        added = 0
        async with self._database.writing() as connection:
            known = {row.key for row in await connection.execute(select(t.activity.c.key))}
            for activity in activities:
                if activity.key not in known:
                    await connection.execute(insert(t.activity).values(**_values(activity)))
                    added += 1
        return added

    async def change(self, key: str, values: Mapping[str, Any]) -> Activity:
        """Set columns of an activity; one that is new needs a day.

        Raises:
            NoSuchActivity: there is none of that key, and values hold no day.
        """
        capacity = {"capacity": values["capacity"]} if "capacity" in values else {}
        others = {name: value for name, value in values.items() if name != "capacity"}
        async with self._database.writing() as connection:
            known = [row.key for row in await connection.execute(select(t.activity.c.key))]
            if key not in known:
                if "day" not in values:
                    raise NoSuchActivity(f"{key}: no such activity ({', '.join(known)}); a new one needs --day")
                made = Activity(key, {"en": key}, key, key, "session", values["day"])
                await connection.execute(insert(t.activity).values(**_values(made)))
            if others:
                await connection.execute(update(t.activity).where(t.activity.c.key == key).values(**others))
            await connection.execute(self._noted(key, None, _as_json(values), Act.COMMAND_LINE))
        if capacity:
            await self._rsvps.resize(key, values["capacity"])
        return next(activity for activity in await self.all() if activity.key == key)

    def _noted(self, key: str, by: int | None, after: Mapping[str, Any], why: str) -> Insert:
        """Return the line of history that tells of a change by staff, or on the command line."""
        return insert(t.history).values(
            at=self._now(), activity=key, person_id=None, by_id=by, before=None, after=dict(after), why=why
        )


def _date(first_day: str | None, day: int) -> date | None:
    """Return the date of a day of the programme; None while the dates are open."""
    return date.fromisoformat(first_day) + timedelta(days=day - 1) if first_day else None


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date | time) else value for name, value in values.items()}


def _values(activity: Activity) -> dict[str, Any]:
    eligible = sorted(role.value for role in activity.eligible or frozenset(Role))
    return {
        "key": activity.key,
        "names": dict(activity.names),
        "wording": activity.wording,
        "session": activity.session,
        "kind": activity.kind,
        "day": activity.day,
        "start": activity.start,
        "end": activity.end,
        "capacity": activity.capacity,
        "party_limit": activity.party_limit,
        "deadline": activity.deadline,
        "freeze": activity.freeze,
        "eligible": eligible,
        "is_open": activity.is_open,
    }
