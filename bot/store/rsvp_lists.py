"""Counts and lists of RSVPs: one query each, however many there are."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.rows import rsvp_of
from handlers.model import Counts, Listed, Rsvp, Status

PROGRAMME = (t.activity.c.day, t.activity.c.start.is_(None), t.activity.c.start, t.activity.c.key)
ORDER = case({Status.CONFIRMED: 0, Status.OFFERED: 1}, value=t.rsvp.c.status, else_=2)


def _with_position() -> Any:  # noqa: ANN401 - a select
    """Return a select of RSVPs with their place on the waitlist."""
    ahead = t.rsvp.alias()
    position = (
        select(func.count())
        .where(
            ahead.c.activity == t.rsvp.c.activity,
            ahead.c.status == Status.WAITLISTED,
            ahead.c.queued <= t.rsvp.c.queued,
        )
        .scalar_subquery()
    )
    waits = t.rsvp.c.status == Status.WAITLISTED
    return select(t.rsvp, case((waits, position), else_=0).label("position")).join(t.activity)


WITH_POSITION: Final = _with_position()


async def counts(connection: AsyncConnection) -> Sequence[Counts]:
    """Return how every activity stands, in the order of the programme."""
    rows = (
        select(t.activity.c.key, t.tally, t.delegation.c.city)
        .select_from(
            t.activity.outerjoin(t.tally).outerjoin(t.delegation, t.delegation.c.id == t.tally.c.delegation_id)
        )
        .order_by(*PROGRAMME, t.delegation.c.city)
    )
    of_activity: dict[str, list[Row[Any]]] = {}
    for row in await connection.execute(rows):
        of_activity.setdefault(row.key, []).append(row)
    return [_counts(key, [row for row in found if row.activity]) for key, found in of_activity.items()]


async def listed(connection: AsyncConnection, activity: str) -> Sequence[Listed]:
    """Return who is confirmed, offered or waiting, in that order; those who wait in the order of the waitlist."""
    rows = (
        select(t.rsvp, t.person.c.name, t.person.c.is_verified, t.delegation.c.city)
        .select_from(t.rsvp.join(t.person).outerjoin(t.delegation))
        .where(t.rsvp.c.activity == activity, t.rsvp.c.status != Status.CANCELLED)
        .order_by(ORDER, t.rsvp.c.queued, t.delegation.c.city, t.person.c.name, t.rsvp.c.id)
    )
    found, waiting = [], 0
    for row in await connection.execute(rows):
        waiting += row.status == Status.WAITLISTED
        position = waiting if row.status == Status.WAITLISTED else 0
        found.append(Listed(row.name, row.city or "", rsvp_of(row, position), row.is_verified))
    return found


async def with_changes(connection: AsyncConnection, person: int) -> Sequence[tuple[Rsvp, int]]:
    """Return the RSVPs of a person, cancelled ones too, each with how often it or the agenda has changed."""
    changes = (
        select(t.history.c.activity, func.count().label("changes"))
        .where(t.history.c.person_id == person)
        .group_by(t.history.c.activity)
        .subquery()
    )
    editions = select(func.count()).select_from(t.edition).scalar_subquery()
    rows = (
        select(t.rsvp, func.coalesce(changes.c.changes, 0) + editions)
        .select_from(t.rsvp.join(t.activity).outerjoin(changes, changes.c.activity == t.rsvp.c.activity))
        .where(t.rsvp.c.person_id == person)
        .order_by(*PROGRAMME)
    )
    return [(rsvp_of(row), int(row[-1])) for row in await connection.execute(rows)]


def _counts(key: str, rows: Sequence[Row[Any]]) -> Counts:
    by_city: dict[str, int] = {}
    for row in rows:
        if row.confirmed:
            by_city[row.city or ""] = by_city.get(row.city or "", 0) + row.confirmed
    return Counts(
        activity=key,
        confirmed=sum(row.confirmed for row in rows),
        parties=sum(row.parties for row in rows),
        offered=sum(row.offered for row in rows),
        waitlisted=sum(row.waitlisted for row in rows),
        unverified=sum(row.confirmed for row in rows if not row.is_verified),
        by_city=by_city,
    )
