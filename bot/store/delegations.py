"""Delegations: the people of one city, and how many of them the organizer covers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Insert, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.log import Act
from bot.store.rows import key_of, person_of, upsert
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Delegation, Person, Role
from knowledge.folding import fold

QUOTA = 3  # delegates of a city whose expenses are covered: the invitation, section VII

_DEADLINE = "nomination_deadline"  # of the event


class NoSuchDelegation(ValueError):
    """There is no delegation of that city; str() says which there are."""


class SqlDelegations:
    """Keep how many of a city are covered, and until when they have to be named."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def of(self, city: str) -> Delegation:
        """Return the delegation of a city; an empty one with the usual quota where it is not known."""
        async with self._database.reading() as connection:
            return await delegation_of(connection, city)

    async def colleague(self, person: int, name: str) -> Person:
        """Return the person called name in the delegation of a person, made where there is none yet."""
        async with self._database.writing() as connection:
            own = await get_person(connection, person)
            return await get_person(connection, await self._colleague(connection, own, name))

    async def nominate(self, by: int, names: Sequence[str], *, instead: bool = False) -> Delegation:
        """Name people of the delegation of who acts as covered: further ones, or instead of those named before.

        Raises:
            Refusal: more than the quota would be named, the time for it is over, or it is not for who acts to name.
        """
        async with self._database.writing() as connection:
            own, delegation = await self._naming(connection, by)
            ids = [await self._colleague(connection, own, name) for name in names]
            kept = () if instead else delegation.covered_ids
            return await self._cover(connection, own, delegation, dict.fromkeys((*kept, *ids)))

    async def set_covered(self, by: int, people: Sequence[int]) -> Delegation:
        """Name exactly these people, of the delegation of who acts, as covered.

        Raises:
            Refusal: as for nominate.
        """
        async with self._database.writing() as connection:
            own, delegation = await self._naming(connection, by)
            return await self._cover(connection, own, delegation, people)

    async def _naming(self, connection: AsyncConnection, by: int) -> tuple[Person, Delegation]:
        """Return who acts and their delegation, if they may name now who is covered."""
        own = await get_person(connection, by)
        delegation = await delegation_of(connection, own.city)
        if not own.city or not own.is_verified:
            raise Refusal(texts.NOT_OF_A_DELEGATION)
        if delegation.head and not own.is_head and own.role is not Role.AIDE:
            raise Refusal(texts.NAMED_BY_HEAD, city=own.city, head=delegation.head)
        until = delegation.nominated_until
        if until is not None and self._now() > until:
            raise Refusal(texts.NOMINATION_IS_OVER, until=until)
        return own, delegation

    async def _cover(
        self, connection: AsyncConnection, own: Person, before: Delegation, people: Iterable[int]
    ) -> Delegation:
        """Write who is covered, with a line of history."""
        members = await _members(connection, own.city)
        ids = [person for person in people if person in members]
        if len(ids) > before.quota:
            raise Refusal(texts.MORE_THAN_COVERED, quota=before.quota, city=own.city)
        named = update(t.person).where(t.person.c.id.in_(members)).values(is_covered=t.person.c.id.in_(ids))
        await connection.execute(named)
        await connection.execute(
            insert(t.history).values(
                at=self._now(),
                activity="",
                person_id=own.id,
                by_id=own.id,
                before={"covered": list(before.covered_ids)},  # not their names: those may have to be forgotten
                after={"covered": ids},
                why="nominated",
            )
        )
        return await delegation_of(connection, own.city)

    async def _colleague(self, connection: AsyncConnection, own: Person, name: str) -> int:
        for known, called in (await _members(connection, own.city)).items() if own.city else ():
            if same_name(called, name):
                return known
        return await create_person(connection, Role.DELEGATE, name=name, city=own.city, now=self._now)

    async def all(self) -> Sequence[tuple[Delegation, int]]:
        """Return every delegation with how many people it has, by city."""
        people = select(t.delegation.c.city, func.count(t.person.c.id).label("people"))
        people = people.select_from(t.delegation.outerjoin(t.person)).group_by(t.delegation.c.city)
        async with self._database.reading() as connection:
            found = (await connection.execute(people.order_by(t.delegation.c.city))).all()
            return [(await delegation_of(connection, row.city), row.people) for row in found]

    async def set_head(self, city: str, name: str) -> None:
        """Set who leads the delegation of a city: they and its aides name who is covered.

        Raises:
            NoSuchDelegation: there is none of that city, or nobody of that name in it; str() says who is.
        """
        async with self._database.writing() as connection:
            members = await _members(connection, city)
            led = [person for person, called in members.items() if same_name(called, name)]
            if not led:
                known = ", ".join(filter(None, members.values())) or "nobody"
                raise NoSuchDelegation(f"{name}: nobody of that name is of {city} ({known})")
            changed = update(t.person).where(t.person.c.id.in_(members)).values(is_head=t.person.c.id == led[0])
            await connection.execute(changed)
            await connection.execute(self._noted({"head": led[0]}, Act.DELEGATION))

    async def set_quota(self, city: str, quota: int, *, by: int | None = None) -> None:
        """Set how many of a city are covered; nobody who is named already loses that. by: None for the command line.

        Raises:
            NoSuchDelegation: there is none of that city.
        """
        async with self._database.writing() as connection:
            own = t.delegation.c.folded == fold(city)[:200]
            before = await connection.scalar(select(t.delegation.c.quota).where(own))
            if before is not None:
                if before != quota:
                    await connection.execute(update(t.delegation).where(own).values(quota=quota))
                    await connection.execute(self._noted({"city": city, "quota": quota}, Act.DELEGATION, by))
                return
            known = [row.city for row in await connection.execute(select(t.delegation.c.city).order_by("city"))]
        raise NoSuchDelegation(f"{city}: no delegation of that city ({', '.join(known) or 'there are none yet'})")

    async def set_liaison(self, city: str, contact: str, *, by: int | None = None) -> bool:
        """Set who looks after the people of a city; return whether anybody is from there.

        by: None for the command line.
        """
        known = t.delegation.c.folded == fold(city)[:200]
        async with self._database.writing() as connection:
            before = (await connection.execute(select(t.delegation.c.liaison).where(known))).first()
            if before is not None and (before.liaison or "") != contact[:200]:
                await connection.execute(update(t.delegation).where(known).values(liaison=contact[:200]))
                await connection.execute(self._noted({"city": city, "liaison": contact[:200]}, Act.DELEGATION, by))
        return before is not None

    async def deadline(self) -> datetime | None:
        """Return until when delegations name who is covered; None where that is open."""
        async with self._database.reading() as connection:
            return await nominated_until(connection)

    async def set_deadline(self, until: datetime, *, by: int | None = None) -> None:
        """Set until when delegations name who is covered; until has a zone. by: None for the command line."""
        kept = until.astimezone(UTC).isoformat()
        async with self._database.writing() as connection:
            await connection.execute(upsert(connection, t.event, {"key": _DEADLINE}, {"value": kept}))
            await connection.execute(self._noted({_DEADLINE: kept}, Act.DEADLINE, by))

    def _noted(self, after: Mapping[str, Any], does: Act, by: int | None = None) -> Insert:
        """Return the line of history that tells of a change by staff, or on the command line."""
        return insert(t.history).values(
            at=self._now(),
            activity="",
            person_id=None,
            by_id=by,
            before=None,
            after=dict(after),
            why=Act.COMMAND_LINE if by is None else does,
        )


async def nominated_until(connection: AsyncConnection) -> datetime | None:
    """Return until when delegations name who is covered; None where that is open."""
    until = await connection.scalar(select(t.event.c.value).where(t.event.c.key == _DEADLINE))
    return datetime.fromisoformat(until) if until else None


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
    until = await nominated_until(connection)
    if row is None:
        return Delegation(city, QUOTA, (), until)
    of_note = select(t.person.c.id, t.person.c.name, t.person.c.is_covered, t.person.c.is_head)
    of_note = of_note.where(t.person.c.delegation_id == row.id, t.person.c.is_covered | t.person.c.is_head)
    found = (await connection.execute(of_note.order_by(t.person.c.name, t.person.c.id))).all()
    covered = [person for person in found if person.is_covered]
    names, ids = tuple(person.name for person in covered), tuple(person.id for person in covered)
    head = next((person.name or "–" for person in found if person.is_head), "")
    return Delegation(row.city, row.quota, names, until, ids, head)


async def _members(connection: AsyncConnection, city: str) -> dict[int, str]:
    """Return the names of the people of a city, by id."""
    of_city = t.delegation.c.folded == fold(city)[:200]
    people = select(t.person.c.id, t.person.c.name).join(t.delegation).where(of_city).order_by(t.person.c.id)
    return {row.id: row.name for row in await connection.execute(people)}


def people_rows() -> Select[Any]:
    """Return a select of people with their city."""
    return select(t.person, t.delegation.c.city).select_from(t.person.outerjoin(t.delegation))


async def get_person(connection: AsyncConnection, person: int) -> Person:
    """Return the person of that id.

    Raises:
        KeyError: there is none.
    """
    row = (await connection.execute(people_rows().where(t.person.c.id == person))).one_or_none()
    if row is None:
        raise KeyError(person)
    return person_of(row)
