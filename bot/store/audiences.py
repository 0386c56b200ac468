"""Who an audience is: as a select of people, and as what staff are shown of it."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from bot.store import tables as t
from bot.store.database import Database
from handlers.broadcasts import Audience, Resolved, Unreached
from handlers.model import Status
from knowledge.folding import fold, has_spaces_between_words

_SAMPLE = 5  # names
_UNREACHED = 20  # people
_NO_WORD = re.compile(r"\W+")


class SqlAudiences:
    """Tell who an audience is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def resolved(self, audience: Audience) -> Resolved:
        """Return who an audience is now."""
        whom = whom_of(audience).subquery()
        places = places_of(audience.channels).subquery()
        people = select(t.person.c.id, t.person.c.name, t.delegation.c.city, places).select_from(
            t.person.join(whom, whom.c.id == t.person.c.id)
            .outerjoin(t.delegation, t.delegation.c.id == t.person.c.delegation_id)
            .outerjoin(places, places.c.person_id == t.person.c.id)
        )
        reached = people.subquery()
        people_in = func.count().label("people")
        is_out_of_reach = reached.c.unreachable.is_not(None) | reached.c.address_id.is_(None)
        groups = select(reached.c.channel, reached.c.language, is_out_of_reach.label("is_out"), people_in)
        groups = groups.group_by(reached.c.channel, reached.c.language, is_out_of_reach)
        out = select(reached).where(is_out_of_reach).order_by(reached.c.city, reached.c.name).limit(_UNREACHED)
        refusing = select(func.count()).select_from(whom_of(audience, is_subscribed=False).subquery())
        async with self._database.reading() as connection:
            found = (await connection.execute(groups)).all()
            sample = (await connection.execute(select(reached).order_by(reached.c.id).limit(_SAMPLE))).all()
            unreached = (await connection.execute(out)).all()
            opted_out = await connection.scalar(refusing)
        return Resolved(
            count=sum(row.people for row in found),
            sample=tuple(_named(row) for row in sample),
            by_channel=_summed([(row.channel, row.people) for row in found if not row.is_out]),
            by_language=_summed([(row.language or "en", row.people) for row in found if not row.is_out]),
            unreachable=sum(row.people for row in found if row.is_out),
            unreached=tuple(Unreached(row.name, row.city or "", row.unreachable_why or "") for row in unreached),
            opted_out=opted_out or 0,
        )

    async def cities(self) -> Sequence[str]:
        """Return the cities that people are from."""
        async with self._database.reading() as connection:
            return list(await connection.scalars(select(t.delegation.c.city).order_by(t.delegation.c.city)))

    async def named(self, text: str) -> Sequence[tuple[int, str]]:
        """Return the id and name of each person whose whole name text holds."""
        folded = f" {_NO_WORD.sub(' ', fold(text))} "
        named = select(t.person.c.id, t.person.c.name).where(t.person.c.name != "").order_by(t.person.c.id)
        async with self._database.reading() as connection:
            return [(row.id, row.name) for row in await connection.execute(named) if _is_in(row.name, folded)]


def whom_of(audience: Audience, *, is_subscribed: bool = True) -> Select[tuple[int]]:
    """Return a select of the ids of an audience, of those who want messages, or of those who do not."""
    person = t.person.c
    whom = select(person.id).where(person.is_subscribed.is_(is_subscribed))
    if audience.sessions or audience.activities or audience.statuses:
        whom = whom.where(person.id.in_(_signed_up(audience)))
    if audience.cities:
        folded = [fold(city) for city in audience.cities]
        of_city = select(t.delegation.c.id).where(t.delegation.c.folded.in_(folded))
        whom = whom.where(person.delegation_id.in_(of_city))
    if audience.roles:
        whom = whom.where(person.role.in_(audience.roles))
    if audience.people:
        whom = whom.where(person.id.in_(audience.people))
    if audience.told_of:
        told = select(t.notice.c.person_id).where(t.notice.c.broadcast_id == audience.told_of)
        whom = whom.where(person.id.in_(told))
    return _by_address(whom, audience)


def places_of(channels: Sequence[str] = ()) -> Select[Any]:
    """Return a select of where each person is told things: the latest address at which they are reached."""
    address = t.address.c
    order = func.row_number().over(
        partition_by=address.person_id, order_by=(address.unreachable.is_not(None), address.id.desc())
    )
    ranked = select(t.address, order.label("rank")).where(address.person_id.is_not(None))
    if channels:
        ranked = ranked.where(address.channel.in_(channels))
    of = ranked.subquery()
    kept = (of.c.person_id, of.c.id.label("address_id"), of.c.channel, of.c.language)
    return select(*kept, of.c.unreachable, of.c.unreachable_why).where(of.c.rank == 1)


def _signed_up(audience: Audience) -> Select[tuple[int]]:
    live = t.rsvp.c.status.in_(audience.statuses) if audience.statuses else t.rsvp.c.status != Status.CANCELLED
    found = select(t.rsvp.c.person_id).join(t.activity).where(live)
    if audience.sessions or audience.activities:
        chosen = t.activity.c.session.in_(audience.sessions) | t.activity.c.key.in_(audience.activities)
        found = found.where(chosen)
    return found


def _by_address(whom: Select[tuple[int]], audience: Audience) -> Select[tuple[int]]:
    places = places_of(audience.channels).subquery()
    if audience.channels:
        whom = whom.where(t.person.c.id.in_(select(places.c.person_id)))
    if audience.languages:
        spoken = select(places.c.person_id).where(func.coalesce(places.c.language, "").in_(_spoken(audience.languages)))
        whom = whom.where(t.person.c.id.in_(spoken))
    if audience.is_reachable is not None:
        reached = t.person.c.id.in_(select(places.c.person_id).where(places.c.unreachable.is_(None)))
        whom = whom.where(reached if audience.is_reachable else ~reached)
    return whom


def _spoken(languages: Sequence[str]) -> list[str]:
    """Return languages as addresses have them: one that is not known yet is told things in English."""
    return [*languages, ""] if "en" in languages else list(languages)


def _summed(pairs: Sequence[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, count in pairs:
        sums[key] = sums.get(key, 0) + count
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def _named(row: Any) -> str:  # noqa: ANN401 - a row of people
    return ", ".join(filter(None, (row.name or "–", row.city)))


def _is_in(name: str, folded: str) -> bool:
    bare = _NO_WORD.sub(" ", fold(name)).strip()
    return f" {bare} " in folded if has_spaces_between_words(bare) else bare in folded
