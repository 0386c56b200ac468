"""RSVPs: one capacity formula, checked in the transaction that uses it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.scopes import Event
from bot.store import tables as t
from bot.store import tallies
from bot.store.database import Clock, Database
from bot.store.rows import activity_of, rsvp_as_json, rsvp_of, upsert
from bot.store.rsvp_lists import PROGRAMME, WITH_POSITION, counts, listed, with_changes
from bot.store.webhooks import announce
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Act, Activity, Counts, Listed, Outcome, Role, Rsvp, Status, Wanted

OFFER_HOLDS = timedelta(hours=2)  # how long a freed place waits for the answer of who was offered it
LARGEST_PARTY = 50
_HOLDS = (Status.CONFIRMED, Status.OFFERED)  # what counts against the capacity


class SqlRsvps:
    """Keep RSVPs.

    taken of an activity is the sum of its confirmed and offered parties. It grows only by an UPDATE that holds the
    capacity as its condition, and whose row count decides; so no reading before it can be out of date.
    """

    def __init__(self, database: Database, now: Clock, *, is_guarded: bool = True) -> None:
        """is_guarded: off only to show what happens without the condition and the lock."""
        self._database = database
        self._now = now
        self._is_guarded = is_guarded

    async def of(self, person: int) -> Sequence[Rsvp]:
        """Return the RSVPs of a person that are not cancelled, in the order of the programme."""
        wanted = and_(t.rsvp.c.person_id == person, t.rsvp.c.status != Status.CANCELLED)
        async with self._database.reading() as connection:
            rows = await connection.execute(WITH_POSITION.where(wanted).order_by(*PROGRAMME))
            return [rsvp_of(row, row.position) for row in rows]

    async def with_changes(self, person: int) -> Sequence[tuple[Rsvp, int]]:
        """Return the RSVPs of a person, cancelled ones too, each with how often it or its activity has changed."""
        async with self._database.reading() as connection:
            return await with_changes(connection, person)

    async def sign_up(self, act: Act, wanted: Wanted) -> Outcome:
        """Give a person's party a place, or one on the waitlist; another number changes the same RSVP.

        Raises:
            Refusal: the activity is closed, past its deadline, not for this role, or has no room for a larger party.
        """
        async with self._database.writing() as connection:
            offers = await self._lock(connection, wanted.activity, wanted.instead_of)
            activity = await _activity(connection, wanted.activity)
            before = await _rsvp(connection, wanted.activity, act.person)
            await self._check(connection, activity, before, act, wanted)
            given_up = await self._given_up(connection, act, wanted)
            after = await self._placed(connection, activity, before, wanted)
            await self._keep(connection, act, before, after)
            offers += await self._released(connection, activity, _held(before) - _held(after))
            if given_up is not None and after.status is Status.CONFIRMED:
                offers += (await self._cancelled(connection, act, given_up, is_frozen_too=True)).offers
            if after.status is Status.WAITLISTED:  # its place is known only now
                after = await _rsvp(connection, wanted.activity, act.person)
            return Outcome(before, after, offers)

    async def cancel(self, act: Act, activity: str, *, is_frozen_too: bool = False) -> Outcome:
        """Take back an RSVP, and offer its places to who waits; is_frozen_too: also from a list that is frozen.

        Raises:
            Refusal: the list is frozen.
        """
        async with self._database.writing() as connection:
            await self._lock(connection, activity)
            found = await _activity(connection, activity)
            return await self._cancelled(connection, act, found, is_frozen_too=is_frozen_too)

    async def resize(self, activity: str, capacity: int | None) -> int:
        """Set the places of an activity; return how many offers this makes."""
        async with self._database.writing() as connection:
            await self._lock(connection, activity)
            await connection.execute(update(t.activity).where(t.activity.c.key == activity).values(capacity=capacity))
            return await self._promoted(connection, activity)

    async def expire(self) -> int:
        """End the offers that nobody has taken in time; return how many new ones this makes."""
        async with self._database.reading() as connection:
            late = select(t.rsvp.c.activity).where(_is_late(self._now())).distinct()
            activities = [row.activity for row in await connection.execute(late)]
        made = 0
        for activity in activities:
            async with self._database.writing() as connection:
                made += await self._lock(connection, activity)
        return made

    async def counts(self) -> Sequence[Counts]:
        """Return how every activity stands, in the order of the programme."""
        async with self._database.reading() as connection:
            return await counts(connection)

    async def listed(self, activity: str) -> Sequence[Listed]:
        """Return who is confirmed, offered or waiting, in that order; those who wait in the order of the waitlist."""
        async with self._database.reading() as connection:
            return await listed(connection, activity)

    async def _lock(self, connection: AsyncConnection, *activities: str) -> int:
        """Keep other writers away from activities, in one order for all; end their late offers. Return new offers."""
        offers = 0
        for activity in sorted(filter(None, set(activities))):
            if self._is_guarded and not self._database.is_sqlite:  # which locks all of it
                locked = select(t.activity.c.key).where(t.activity.c.key == activity).with_for_update()
                await connection.execute(locked)
            late = await connection.execute(select(t.rsvp).where(t.rsvp.c.activity == activity, _is_late(self._now())))
            for row in late.all():
                offers += await self._lapsed(connection, rsvp_of(row))
        return offers

    async def _lapsed(self, connection: AsyncConnection, offer: Rsvp) -> int:
        act = Act(offer.person, offer.person, "offer lapsed")
        await self._keep(connection, act, offer, replace(offer, status=Status.CANCELLED, offered_until=None))
        await _tell(connection, offer, "lapsed", self._now)
        return await self._released(connection, await _activity(connection, offer.activity), offer.party)

    async def _check(
        self, connection: AsyncConnection, activity: Activity, before: Rsvp, act: Act, wanted: Wanted
    ) -> None:
        """Raise a Refusal where a rule stops act; a smaller party and an offer that is taken are always welcome."""
        if not 1 <= wanted.party <= LARGEST_PARTY:
            raise Refusal(texts.PARTY_OUT_OF_RANGE, most=activity.party_limit or LARGEST_PARTY)
        if wanted.party <= _held(before):
            return
        if activity.eligible != frozenset(Role):
            role = await connection.scalar(select(t.person.c.role).where(t.person.c.id == act.person))
            if Role(str(role)) not in activity.eligible:
                raise Refusal(texts.NOT_ELIGIBLE, activity=activity)
        if not activity.is_open:
            raise Refusal(texts.CLOSED, activity=activity)
        if activity.deadline is not None and activity.deadline < self._now():
            raise Refusal(texts.DEADLINE_PASSED, activity=activity, deadline=activity.deadline)
        if activity.party_limit is not None and wanted.party > activity.party_limit:
            raise Refusal(texts.PARTY_OUT_OF_RANGE, most=activity.party_limit)

    async def _given_up(self, connection: AsyncConnection, act: Act, wanted: Wanted) -> Activity | None:
        """Return the activity that is given up for the wanted one; raise a Refusal where its list is final."""
        if not wanted.instead_of:
            return None
        activity = await _activity(connection, wanted.instead_of)
        if (await _rsvp(connection, activity.key, act.person)).status is not Status.CANCELLED:
            self._check_frozen(activity)
        return activity

    def _check_frozen(self, activity: Activity) -> None:
        if activity.freeze is not None and activity.freeze < self._now():
            raise Refusal(texts.FROZEN, activity=activity)

    async def _placed(self, connection: AsyncConnection, activity: Activity, before: Rsvp, wanted: Wanted) -> Rsvp:
        """Take the places that wanted needs beyond those held; return the RSVP as it is then."""
        held = _held(before)
        asked = replace(before, party=wanted.party, names=wanted.names or before.names, position=0, offered_until=None)
        if await self._take(connection, activity, wanted.party - held):
            return replace(asked, status=Status.CONFIRMED)
        if wanted.takes_what_is_free and activity.free and await self._take(connection, activity, activity.free):
            return replace(asked, party=held + activity.free, status=Status.CONFIRMED)
        if held:
            raise Refusal(texts.NO_ROOM_FOR_MORE, activity=activity, free=activity.free or 0, party=before.party)
        return replace(asked, status=Status.WAITLISTED)

    async def _take(self, connection: AsyncConnection, activity: Activity, places: int) -> bool:
        """Take places of an activity, as far as it has them; return whether it has."""
        if places <= 0:
            return True
        grown = t.activity.c.taken + places
        fits = or_(t.activity.c.capacity.is_(None), grown <= t.activity.c.capacity)
        if not self._is_guarded:  # what a reading before it says
            if activity.free is not None and places > activity.free:
                return False
            fits = t.activity.c.key == activity.key
        done = await connection.execute(
            update(t.activity).where(t.activity.c.key == activity.key, fits).values(taken=grown)
        )
        return done.rowcount == 1

    async def _cancelled(
        self, connection: AsyncConnection, act: Act, activity: Activity, *, is_frozen_too: bool
    ) -> Outcome:
        before = await _rsvp(connection, activity.key, act.person)
        if before.status is Status.CANCELLED:
            return Outcome(before, before)
        if not is_frozen_too:
            self._check_frozen(activity)
        after = replace(before, status=Status.CANCELLED, position=0, offered_until=None)
        await self._keep(connection, act, before, after)
        return Outcome(before, after, await self._released(connection, activity, _held(before)))

    async def _released(self, connection: AsyncConnection, activity: Activity, places: int) -> int:
        """Give places back, and offer what is free to who waits; return how many offers that makes."""
        if places <= 0:
            return 0
        fewer = update(t.activity).where(t.activity.c.key == activity.key).values(taken=t.activity.c.taken - places)
        await connection.execute(fewer)
        return await self._promoted(connection, activity.key)

    async def _promoted(self, connection: AsyncConnection, key: str) -> int:
        """Offer free places to those on the waitlist, in order: each time to the first party that fits in whole."""
        made = 0
        while True:
            activity = await _activity(connection, key)
            waiting = select(t.rsvp).where(t.rsvp.c.activity == key, t.rsvp.c.status == Status.WAITLISTED)
            if activity.free is not None:
                waiting = waiting.where(t.rsvp.c.party <= activity.free)
            row = (await connection.execute(waiting.order_by(t.rsvp.c.queued).limit(1))).one_or_none()
            if row is None or not await self._take(connection, activity, row.party):
                return made
            offered = replace(rsvp_of(row), status=Status.OFFERED, offered_until=self._now() + OFFER_HOLDS)
            await self._keep(connection, Act(row.person_id, row.person_id, "promoted"), rsvp_of(row), offered)
            await _tell(connection, offered, "offer", self._now)
            made += 1

    async def _keep(self, connection: AsyncConnection, act: Act, before: Rsvp, after: Rsvp) -> None:
        """Write an RSVP and the line of history that tells why; nothing where nothing has changed."""
        if (before.party, before.names, before.status) == (after.party, after.names, after.status):
            return
        moment = self._now()
        values: dict[str, Any] = {
            "party": after.party,
            "names": list(after.names),
            "status": after.status,
            "offered_until": after.offered_until,
            "changed": moment,
        }
        if after.status is Status.WAITLISTED and before.status is not Status.WAITLISTED:
            last = select(func.coalesce(func.max(t.rsvp.c.queued), 0) + 1).where(t.rsvp.c.activity == after.activity)
            values["queued"] = last.scalar_subquery()
        keys = {"activity": after.activity, "person_id": after.person}
        await connection.execute(upsert(connection, t.rsvp, keys, values))
        await tallies.moved(connection, before, after)
        await connection.execute(
            insert(t.history).values(
                at=moment,
                activity=after.activity,
                person_id=act.person,
                by_id=act.by,
                before=rsvp_as_json(before),
                after=rsvp_as_json(after),
                why=act.why,
            )
        )
        told = {"activity": after.activity, "person": after.person, "party": after.party, "status": after.status.value}
        held = {"party": before.party, "status": before.status.value}
        await announce(connection, Event.RSVP_CHANGED, told | {"before": held}, moment)


async def _activity(connection: AsyncConnection, key: str) -> Activity:
    row = (await connection.execute(select(t.activity).where(t.activity.c.key == key))).one_or_none()
    if row is None:
        raise Refusal(texts.NO_SUCH_ACTIVITY)
    return activity_of(row)


async def _rsvp(connection: AsyncConnection, activity: str, person: int) -> Rsvp:
    """Return a person's RSVP; a cancelled one where they have none."""
    where = and_(t.rsvp.c.activity == activity, t.rsvp.c.person_id == person)
    row = (await connection.execute(WITH_POSITION.where(where))).one_or_none()
    return rsvp_of(row, row.position) if row else Rsvp(activity, person, 1, Status.CANCELLED)


async def _tell(connection: AsyncConnection, rsvp: Rsvp, kind: str, now: Clock) -> None:
    """Queue what a person is to be told of their RSVP, in the transaction that makes it so."""
    until = rsvp.offered_until.isoformat() if rsvp.offered_until else None
    told = {"activity": rsvp.activity, "party": rsvp.party, "until": until}
    await connection.execute(insert(t.notice).values(person_id=rsvp.person, kind=kind, told=told, created=now()))


def _is_late(moment: Any) -> Any:  # noqa: ANN401 - a condition on rsvp
    return and_(t.rsvp.c.status == Status.OFFERED, t.rsvp.c.offered_until < moment)


def _held(rsvp: Rsvp) -> int:
    """Return how many places an RSVP holds."""
    return rsvp.party if rsvp.status in _HOLDS else 0
