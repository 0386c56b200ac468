"""The sums of RSVPs: changed with every RSVP, in its transaction, so that counts read a few rows and not all."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.rows import inserting
from handlers.model import Rsvp, Status

_PEOPLE = {Status.CONFIRMED: "confirmed", Status.OFFERED: "offered", Status.WAITLISTED: "waitlisted"}
_SUMS = ("parties", *_PEOPLE.values())


async def moved(connection: AsyncConnection, before: Rsvp, after: Rsvp) -> None:
    """Add to the sums what an RSVP is more or less than it was; its person stands where they stand."""
    one, other = _counted(before), _counted(after)
    await _add(connection, after, {name: other[name] - one[name] for name in _SUMS})


async def taken_out(connection: AsyncConnection, rsvps: Sequence[Rsvp]) -> None:
    """Take a person's RSVPs out of the sums, before the person changes city or becomes verified."""
    for rsvp in rsvps:
        await _add(connection, rsvp, {name: -number for name, number in _counted(rsvp).items()})


async def put_in(connection: AsyncConnection, rsvps: Sequence[Rsvp]) -> None:
    """Put a person's RSVPs into the sums, after the change."""
    for rsvp in rsvps:
        await _add(connection, rsvp, _counted(rsvp))


def _counted(rsvp: Rsvp) -> dict[str, int]:
    own = _PEOPLE.get(rsvp.status)
    sums = {name: rsvp.party if name == own else 0 for name in _PEOPLE.values()}
    return {"parties": int(rsvp.status is Status.CONFIRMED), **sums}


async def _add(connection: AsyncConnection, rsvp: Rsvp, more: Mapping[str, int]) -> None:
    if not any(more.values()):
        return
    place = func.coalesce(t.person.c.delegation_id, 0)
    row: list[Any] = [literal(rsvp.activity), place, t.person.c.is_verified, *(literal(more[name]) for name in _SUMS)]
    added = inserting(connection)(t.tally).from_select(
        ["activity", "delegation_id", "is_verified", *_SUMS], select(*row).where(t.person.c.id == rsvp.person)
    )
    sums = {name: t.tally.c[name] + added.excluded[name] for name in _SUMS}
    keys = ["activity", "delegation_id", "is_verified"]
    await connection.execute(added.on_conflict_do_update(index_elements=keys, set_=sums))
