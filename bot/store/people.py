"""Who is who: people, their addresses, their delegations."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store import tallies
from bot.store.addresses import address_id, bind
from bot.store.database import Clock, Database
from bot.store.delegations import create_person, delegation_id, get_person, people_rows
from bot.store.invites import connecting_code, redeemed
from bot.store.rows import person_of
from bot.store.rsvps import SqlRsvps
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Act, Address, Person, Role, Status


class SqlPeople:
    """Keep people."""

    def __init__(self, database: Database, rsvps: SqlRsvps, now: Clock) -> None:
        self._database = database
        self._rsvps = rsvps
        self._now = now

    async def find(self, sender: Address) -> Person | None:
        """Return the person who writes from sender; None for a stranger."""
        at = (t.address.c.channel == sender.channel, t.address.c.channel_id == sender.id)
        async with self._database.reading() as connection:
            row = (await connection.execute(people_rows().join(t.address).where(*at))).one_or_none()
        return person_of(row) if row else None

    async def get(self, person: int) -> Person:
        """Return the person of that id.

        Raises:
            KeyError: there is none.
        """
        async with self._database.reading() as connection:
            return await get_person(connection, person)

    async def count(self) -> int:
        """Return how many people are known."""
        async with self._database.reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(t.person)) or 0)

    async def team(self) -> Sequence[Person]:
        """Return who may see the dashboard: organizers first, then staff, then viewers."""
        order = [Role.ORGANIZER, Role.STAFF, Role.VIEWER]
        of_team = people_rows().where(t.person.c.role.in_(order), t.person.c.is_verified).order_by(t.person.c.id)
        async with self._database.reading() as connection:
            found = [person_of(row) for row in await connection.execute(of_team)]
        return sorted(found, key=lambda person: order.index(person.role))

    async def has_examples(self) -> bool:
        """Return whether any invented people are known."""
        async with self._database.reading() as connection:
            return await connection.scalar(select(t.person.c.id).where(t.person.c.is_example).limit(1)) is not None

    async def example(self, name: str, city: str, role: Role) -> int:
        """Write an invented person, marked as an example; return their id."""
        async with self._database.writing() as connection:
            made = await create_person(connection, role, name=name, city=city, now=self._now, is_verified=True)
            await connection.execute(update(t.person).where(t.person.c.id == made).values(is_example=True))
        return made

    async def introduce(self, sender: Address, *, name: str, city: str) -> Person:
        """Keep what sender says of themselves, as far as it is said; a stranger becomes a delegate to be verified.

        What the organizers know of a person already, nobody changes by saying something else.
        """
        async with self._database.turn(), self._database.writing() as connection:
            at = await address_id(connection, sender, self._now)
            known = await connection.scalar(select(t.address.c.person_id).where(t.address.c.id == at))
            if known is None:
                known = await create_person(connection, Role.DELEGATE, name=name, city=city, now=self._now)
                await connection.execute(update(t.address).where(t.address.c.id == at).values(person_id=known))
                return await get_person(connection, known)
            person = await get_person(connection, known)
            if not person.is_verified:
                place = await delegation_id(connection, city) if city else None
                said = {"name": name or person.name} | ({"delegation_id": place} if place else {})
                rsvps = await self._rsvps.of(known)
                await tallies.taken_out(connection, rsvps)
                await connection.execute(update(t.person).where(t.person.c.id == known).values(**said))
                await tallies.put_in(connection, rsvps)
            return await get_person(connection, known)

    async def redeem(self, sender: Address, code: str) -> Person:
        """Bind sender to the person that an invite code was made for; what sender was signed up for stays.

        Raises:
            Refusal: the code is wrong, used or expired (which of them is not told), or too many were tried.
        """
        async with self._database.turn(), self._database.writing() as connection:
            person = await redeemed(connection, sender, code, self._now())
            if person is not None:
                before = await self.find(sender)
                at = await address_id(connection, sender, self._now)
                await bind(connection, at, person)
                if before is not None and not before.is_verified:
                    await self._merge(before.id, person)
                return await get_person(connection, person)
        raise Refusal(texts.WRONG_CODE)  # outside: the guess stays written

    async def connecting_code(self, sender: Address) -> str:
        """Return a one-time code for the person who writes from sender, a stranger too; the last one ends."""
        async with self._database.turn(), self._database.writing() as connection:
            person = await self.find(sender) or await self.introduce(sender, name="", city="")
            return await connecting_code(connection, person.id, self._now())

    async def _merge(self, old: int, new: int) -> None:
        """Hand all that somebody did before they were known on to who they are."""
        known = {rsvp.activity for rsvp in await self._rsvps.of(new)}
        for rsvp in await self._rsvps.of(old):
            if rsvp.activity in known:
                await self._rsvps.cancel(Act(old, new, "merged"), rsvp.activity, is_frozen_too=True)
        moving = await self._rsvps.of(old)
        async with self._database.writing() as connection:
            await tallies.taken_out(connection, moving)
            again = and_(t.rsvp.c.person_id == new, t.rsvp.c.activity.in_([rsvp.activity for rsvp in moving]))
            await connection.execute(delete(t.rsvp).where(again))  # cancelled ones: the history keeps them
            live = and_(t.rsvp.c.person_id == old, t.rsvp.c.status != Status.CANCELLED)
            await connection.execute(update(t.rsvp).where(live).values(person_id=new))
            await tallies.put_in(connection, [replace(rsvp, person=new) for rsvp in moving])
            await _tell_once(connection, old, new)
            for column in (t.history.c.person_id, t.history.c.by_id, t.notice.c.person_id, t.address.c.person_id):
                await connection.execute(update(column.table).where(column == old).values({column: new}))
            await connection.execute(delete(t.rsvp).where(t.rsvp.c.person_id == old))
            await connection.execute(delete(t.person).where(t.person.c.id == old))

    async def subscribe(self, person: int, *, is_subscribed: bool) -> None:
        """Set whether a person wants broadcasts and reminders."""
        async with self._database.writing() as connection:
            changed = update(t.person).where(t.person.c.id == person).values(is_subscribed=is_subscribed)
            await connection.execute(changed)

    async def want(self, person: int, what: str, *, is_wanted: bool | None) -> bool:
        """Set whether a person wants "reminders", or the "digest"; None: the other way round. Return what is so now."""
        column = t.person.c[f"has_{what}"]
        now = ~column if is_wanted is None else is_wanted
        async with self._database.writing() as connection:
            await connection.execute(update(t.person).where(t.person.c.id == person).values({column: now}))
            return bool(await connection.scalar(select(column).where(t.person.c.id == person)))

    async def export(self, sender: Address) -> Mapping[str, Any]:
        """Return all that is kept about sender."""
        person = await self.find(sender)
        async with self._database.reading() as connection:
            at = await _row_of(connection, sender)
            if at is None:
                return {}
            asked = select(t.question).where(t.question.c.address_id == at.id).order_by(t.question.c.id)
            questions = [{"asked": row.asked.isoformat(), "text": row.text} for row in await connection.execute(asked)]
            about: dict[str, Any] = {
                "address": {"channel": sender.channel, "id": sender.id, "language": at.language},
                "last_questions": at.recent,
                "questions": questions,
            }
            shown = select(t.web_line).where(t.web_line.c.session == sender.id).order_by(t.web_line.c.number)
            lines = [
                {"at": row.at.isoformat(), "by": "you" if row.is_own else "the desk", "text": row.content["text"]}
                for row in (await connection.execute(shown) if sender.channel == "web" else ())
            ]
            about |= {"conversation": lines} if lines else {}
            if person is None:
                return about
            changes = select(t.history).where(t.history.c.person_id == person.id).order_by(t.history.c.id)
            about["history"] = [
                {"at": row.at.isoformat(), "activity": row.activity, "why": row.why, "after": row.after}
                for row in await connection.execute(changes)
            ]
            wants = select(t.person.c.has_reminders, t.person.c.has_digest).where(t.person.c.id == person.id)
            wanted = (await connection.execute(wants)).one()
        about["person"] = {
            "name": person.name,
            "city": person.city,
            "role": person.role.value,
            "is_verified": person.is_verified,
            "is_covered": person.is_covered,
            "is_subscribed": person.is_subscribed,
            "has_reminders": wanted.has_reminders,
            "has_digest": wanted.has_digest,
        }
        about["rsvps"] = [
            {"activity": r.activity, "party": r.party, "names": list(r.names), "status": r.status.value}
            for r in await self._rsvps.of(person.id)
        ]
        return about

    async def erase(self, sender: Address) -> None:
        """Erase all that is kept about the person behind sender; places that this frees are offered to others.

        The history keeps numbers without a person: what was taken and given back still adds up.
        """
        async with self._database.turn():
            person = await self.find(sender)
            for rsvp in await self._rsvps.of(person.id) if person else ():
                await self._rsvps.cancel(Act(rsvp.person, rsvp.person, "erased"), rsvp.activity, is_frozen_too=True)
            await self._erase(sender, person)

    async def _erase(self, sender: Address, person: Person | None) -> None:
        async with self._database.writing() as connection:
            at = await _row_of(connection, sender)
            own, sessions = ([at.id] if at else []), [sender.id]
            if person is not None:
                everywhere = select(t.address.c.id, t.address.c.channel_id).where(t.address.c.person_id == person.id)
                for row in await connection.execute(everywhere):
                    own.append(row.id)
                    sessions.append(row.channel_id)
                nameless = {"before": _NAMELESS, "after": _NAMELESS}
                mine = t.history.c.person_id == person.id
                await connection.execute(update(t.history).where(mine).values(person_id=None, **nameless))
                await connection.execute(update(t.history).where(t.history.c.by_id == person.id).values(by_id=None))
                await connection.execute(update(t.faq).where(t.faq.c.owner_id == person.id).values(owner_id=None))
            for table, column in ((t.question, t.question.c.address_id), (t.address, t.address.c.id)):
                await connection.execute(delete(table).where(column.in_(own)))
            await connection.execute(delete(t.web_line).where(t.web_line.c.session.in_(sessions)))
            for of_channel in (t.seen, t.guess):
                await connection.execute(delete(of_channel).where(*_from(of_channel, sender)))
            is_done = t.inbox.c.handled.is_not(None) | t.inbox.c.parked.is_not(None)
            await connection.execute(delete(t.inbox).where(*_from(t.inbox, sender), is_done))
            if person is not None:
                for table in (t.notice, t.invite, t.rsvp):
                    await connection.execute(delete(table).where(table.c.person_id == person.id))
                await connection.execute(delete(t.person).where(t.person.c.id == person.id))


_NAMELESS: dict[str, Any] = {}


async def _tell_once(connection: AsyncConnection, old: int, new: int) -> None:
    """Of a broadcast that is for two people who are one, leave the notice that has been sent, else the second's."""
    for kept, dropped, condition in ((old, new, t.notice.c.sent.is_not(None)), (new, old, true())):
        told = select(t.notice.c.broadcast_id).where(t.notice.c.person_id == kept, condition)
        again = and_(t.notice.c.person_id == dropped, t.notice.c.broadcast_id.in_(told))
        await connection.execute(delete(t.notice).where(again))


def _from(table: Any, sender: Address) -> list[Any]:  # noqa: ANN401 - seen and guess name the sender differently
    if table is t.guess:
        return [table.c.channel == sender.channel, table.c.channel_id == sender.id]
    return [table.c.channel == sender.channel, table.c.sender == sender.id]


async def _row_of(connection: AsyncConnection, sender: Address) -> Any:  # noqa: ANN401 - a row of address
    at = (t.address.c.channel == sender.channel, t.address.c.channel_id == sender.id)
    return (await connection.execute(select(t.address).where(*at))).one_or_none()
