"""Delegations: the people of one city, and how many of them the organizer covers."""

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock
from bot.store.rows import key_of
from handlers.model import Delegation, Role
from knowledge.folding import fold

QUOTA = 3  # delegates of a city whose expenses are covered: the invitation, section VII


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are the same, whatever the order of their words, accents and capitals."""
    return sorted(fold(one).split()) == sorted(fold(other).split())


async def create_person(
    connection: AsyncConnection, role: Role, *, name: str, city: str, now: Clock, is_verified: bool = False
) -> int:
    """Write a new person; return their id."""
    place = await delegation_id(connection, city) if city else None
    made = await connection.execute(
        insert(t.person).values(
            name=name[:200],
            role=role,
            delegation_id=place,
            is_verified=is_verified,
            is_covered=False,
            is_subscribed=True,
            created=now(),
        )
    )
    return key_of(made)


async def delegation_id(connection: AsyncConnection, city: str) -> int:
    """Return the id of a city's delegation, which is made where there is none."""
    folded = fold(city)[:200]
    known = await connection.scalar(select(t.delegation.c.id).where(t.delegation.c.folded == folded))
    if known is None:
        made = await connection.execute(insert(t.delegation).values(city=city[:200], folded=folded, quota=QUOTA))
        known = key_of(made)
    return int(known)


async def delegation_of(connection: AsyncConnection, city: str) -> Delegation:
    """Return the delegation of a city; an empty one with the usual quota where it is not known."""
    folded = fold(city)[:200]
    row = (await connection.execute(select(t.delegation).where(t.delegation.c.folded == folded))).one_or_none()
    if row is None:
        return Delegation(city, QUOTA, ())
    named = select(t.person.c.name).where(t.person.c.delegation_id == row.id, t.person.c.is_covered)
    covered = tuple(found.name for found in await connection.execute(named.order_by(t.person.c.name)))
    return Delegation(row.city, row.quota, covered)
