"""Counts and lists of RSVPs: one query each, however many there are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.rows import rsvp_of
from handlers.model import Counts, Listed, Status

PROGRAMME = (t.activity.c.day, t.activity.c.start.is_(None), t.activity.c.start, t.activity.c.key)
_ORDER = case({Status.CONFIRMED: 0, Status.OFFERED: 1}, value=t.rsvp.c.status, else_=2)


async def counts(connection: AsyncConnection) -> Sequence[Counts]:
    """Return how every activity stands, in the order of the programme."""
    people, where = t.rsvp.c.party, t.rsvp.c.status
    confirmed = where == Status.CONFIRMED
    sums = (
        select(
            t.activity.c.key,
            func.coalesce(func.sum(people).filter(confirmed), 0).label("confirmed"),
            func.count().filter(confirmed).label("parties"),
            func.coalesce(func.sum(people).filter(where == Status.OFFERED), 0).label("offered"),
            func.coalesce(func.sum(people).filter(where == Status.WAITLISTED), 0).label("waitlisted"),
            func.coalesce(func.sum(people).filter(confirmed, ~t.person.c.is_verified), 0).label("unverified"),
        )
        .select_from(t.activity.outerjoin(t.rsvp).outerjoin(t.person, t.person.c.id == t.rsvp.c.person_id))
        .group_by(t.activity.c.key, t.activity.c.day, t.activity.c.start)
        .order_by(*PROGRAMME)
    )
    by_city = (
        select(t.rsvp.c.activity, t.delegation.c.city, func.sum(people).label("people"))
        .select_from(t.rsvp.join(t.person).outerjoin(t.delegation))
        .where(confirmed)
        .group_by(t.rsvp.c.activity, t.delegation.c.city)
        .order_by(t.delegation.c.city)
    )
    cities: dict[str, dict[str, int]] = {}
    for row in await connection.execute(by_city):
        cities.setdefault(row.activity, {})[row.city or ""] = row.people
    return [_counts(row, cities.get(row.key, {})) for row in await connection.execute(sums)]


async def listed(connection: AsyncConnection, activity: str) -> Sequence[Listed]:
    """Return who is confirmed, offered or waiting, in that order; those who wait in the order of the waitlist."""
    rows = (
        select(t.rsvp, t.person.c.name, t.person.c.is_verified, t.delegation.c.city)
        .select_from(t.rsvp.join(t.person).outerjoin(t.delegation))
        .where(t.rsvp.c.activity == activity, t.rsvp.c.status != Status.CANCELLED)
        .order_by(_ORDER, t.rsvp.c.queued, t.delegation.c.city, t.person.c.name, t.rsvp.c.id)
    )
    found, waiting = [], 0
    for row in await connection.execute(rows):
        waiting += row.status == Status.WAITLISTED
        position = waiting if row.status == Status.WAITLISTED else 0
        found.append(Listed(row.name, row.city or "", rsvp_of(row, position), row.is_verified))
    return found


def _counts(row: Row[Any], by_city: dict[str, int]) -> Counts:
    return Counts(row.key, row.confirmed, row.parties, row.offered, row.waitlisted, row.unverified, by_city)
