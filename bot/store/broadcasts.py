"""Broadcasts: one row for what was said, a notice for each person who is to be told, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Update, and_, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.audiences import SqlAudiences, places_of, whom_of
from bot.store.database import Clock, Database
from bot.store.rows import key_of
from bot.store.untold import Untold, count_untold
from handlers.broadcasts import Audience, Broadcast, Dispatch, Draft, State
from handlers.model import Role

_AT_ONCE = 5_000  # rows of one insert
ORGANIZERS = tuple(role for role in Role if role.is_of_the_organizer)


class SqlBroadcasts(SqlAudiences):
    """Keep broadcasts."""

    def __init__(self, database: Database, now: Clock) -> None:
        super().__init__(database)
        self._now = now

    async def queue(self, draft: Draft, told: Mapping[str, Any], dispatch: Dispatch, *, by: int | None) -> Broadcast:
        """Write a broadcast, and a notice for each of its audience, which is frozen by that.

        told: what beside the text they are told.
        """
        async with self._database.writing() as connection:
            values = {
                "created": self._now(),
                "by_id": by,
                "text": draft.text,
                "language": draft.language,
                "edition": told.get("edition"),
                "bodies": dict(draft.bodies),
                "state": dispatch.state,
                "plan": draft.as_json(),
                "due": dispatch.due,
                "asks_reading": draft.asks_reading,
                "corrects_id": draft.corrects or None,
            }
            number = key_of(await connection.execute(insert(t.broadcast).values(**values)))
            if draft.files:
                own = t.attachment.c.broadcast_id.is_(None) & t.attachment.c.id.in_([one.id for one in draft.files])
                await connection.execute(update(t.attachment).where(own).values(broadcast_id=number))
            if dispatch.state is not State.APPROVAL:
                await self._tell(connection, number, draft, told, dispatch)
            return await self._one(connection, number)

    async def approve(
        self, number: int, draft: Draft, told: Mapping[str, Any], dispatch: Dispatch, *, by: int
    ) -> Broadcast:
        """Freeze the audience of a broadcast that waited for approval, and let it start."""
        async with self._database.writing() as connection:
            values = {"approved_by_id": by, "state": dispatch.state, "due": dispatch.due, "plan": draft.as_json()}
            await _write(connection, number, **values, edition=told.get("edition"))
            await self._tell(connection, number, draft, told, dispatch)
            return await self._one(connection, number)

    async def ask_approval(self, number: int, told: Mapping[str, Any], *, by: int | None) -> int:
        """Queue a question to all other staff whether a broadcast may go out; return how many are asked."""
        others = select(t.person.c.id).where(t.person.c.is_verified, t.person.c.role.in_([*ORGANIZERS]))
        others = others.where(t.person.c.id != (by or 0)).order_by(t.person.c.id)
        async with self._database.writing() as connection:
            asked = list(await connection.scalars(others))
            content = {**told, "number": number}
            rows = [{"person_id": one, "kind": "approval", "told": content, "created": self._now()} for one in asked]
            if rows:
                await connection.execute(insert(t.notice), rows)
        return len(asked)

    async def tell(self, person: int, kind: str, told: Mapping[str, Any]) -> None:
        """Queue a notice for one person."""
        row = {"person_id": person, "kind": kind, "told": dict(told), "created": self._now()}
        async with self._database.writing() as connection:
            await connection.execute(insert(t.notice).values(**row))

    async def has_files(self, draft: Draft) -> bool:
        """Tell whether all files of a draft are kept."""
        ids = [one.id for one in draft.files]
        found = select(func.count()).select_from(t.attachment).where(t.attachment.c.id.in_(ids))
        async with self._database.reading() as connection:
            return await connection.scalar(found) == len(ids)

    async def get(self, number: int) -> Broadcast | None:
        """Return a broadcast and how far it has got; None where there is none of that number."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_counted([number]))).first()
            return _broadcast_of(row) if row else None

    async def all(self) -> Sequence[Broadcast]:
        """Return the broadcasts with how many were to be told, and how many have been; newest first."""
        async with self._database.reading() as connection:
            return [_broadcast_of(row) for row in await connection.execute(_counted())]

    async def planned(self) -> Sequence[Broadcast]:
        """Return those that are to start by themselves, oldest first."""
        planned = select(t.broadcast.c.id).where(t.broadcast.c.state == State.PLANNED).order_by(t.broadcast.c.id)
        async with self._database.reading() as connection:
            numbers = list(await connection.scalars(planned))
            rows = await connection.execute(_counted(numbers)) if numbers else ()
            return [_broadcast_of(row) for row in rows][::-1]

    async def put_off(self, numbers: Sequence[int], due: datetime) -> None:
        """Have broadcasts that are to start by themselves do so at a moment."""
        async with self._database.writing() as connection:
            planned = t.broadcast.c.id.in_(numbers) & (t.broadcast.c.state == State.PLANNED)
            await connection.execute(update(t.broadcast).where(planned).values(due=due))

    async def untold(self, audience: Audience) -> int:
        """Return how many of an audience have not been told yet of a change that was published."""
        async with self._database.reading() as connection:
            return await connection.scalar(count_untold(whom_of(audience), self._now())) or 0

    async def start(self, number: int) -> None:
        """Begin to send a broadcast, or go on with one that was paused."""
        async with self._database.writing() as connection:
            await _write(connection, number, state=State.SENDING, due=None)
            await connection.execute(_of(number).values(is_held=False))

    async def pause(self, number: int) -> None:
        """Send no more of a broadcast until it is started again; what is in hand at this moment still arrives."""
        async with self._database.writing() as connection:
            await _write(connection, number, state=State.PAUSED)
            await connection.execute(_of(number).where(t.OPEN).values(is_held=True))

    async def cancel(self, number: int) -> None:
        """Never send what has not been sent of a broadcast; what is in hand at this moment still arrives."""
        async with self._database.writing() as connection:
            await _write(connection, number, state=State.CANCELLED, due=None)
            await connection.execute(_of(number).where(t.OPEN).values(cancelled=self._now(), is_held=False))

    async def read(self, number: int, person: int) -> bool:
        """Note that a person has read a broadcast; return whether it was for them."""
        async with self._database.writing() as connection:
            own = _of(number).where(t.notice.c.person_id == person)
            found = await connection.execute(own.values(read=func.coalesce(t.notice.c.read, self._now())))
            return found.rowcount > 0

    async def _tell(
        self, connection: AsyncConnection, number: int, draft: Draft, told: Mapping[str, Any], dispatch: Dispatch
    ) -> None:
        """Write a notice for each of an audience, where there is anything to tell."""
        if not draft.tells:
            return
        content = {**told, "text": draft.text, "language": draft.language, "bodies": dict(draft.bodies)}
        content |= {"files": [one.as_json() for one in draft.files]} if draft.files else {}
        if draft.asks_reading:
            content["reads"] = number
        earlier = await self._corrected(connection, draft.corrects)
        untold = await Untold.of(connection, self._now()) if draft.changes else None
        people = (await connection.execute(_recipients(draft))).all()
        for first in range(0, len(people), _AT_ONCE):
            rows = [
                {
                    "person_id": row.id,
                    "address_id": row.address_id,
                    "broadcast_id": number,
                    "kind": "broadcast",
                    "told": content | ({"corrects": earlier[row.id]} if row.id in earlier else {}),
                    "created": self._now(),
                    "is_held": dispatch.state is not State.SENDING,
                    "is_urgent": dispatch.is_urgent,
                    "expires": dispatch.expires,
                    "cancelled": None,
                    "why": "",
                }
                for row in people[first : first + _AT_ONCE]
            ]
            await connection.execute(insert(t.notice), [untold.with_earlier(row) for row in rows] if untold else rows)
        if untold:
            await untold.keep(connection, content)

    async def _corrected(self, connection: AsyncConnection, number: int) -> dict[int, dict[str, str]]:
        """Return by which message each reader of a broadcast has got it; who has not got it yet never will."""
        if not number:
            return {}
        await connection.execute(_of(number).where(t.OPEN).values(cancelled=self._now(), is_held=False))
        sent = (
            select(t.notice.c.person_id, t.notice.c.message_id, t.address.c.channel, t.address.c.channel_id)
            .outerjoin(t.address, t.address.c.id == t.notice.c.goes_to_id)
            .where(t.notice.c.broadcast_id == number, t.notice.c.sent.is_not(None))
        )
        return {
            row.person_id: {"channel": row.channel or "", "to": row.channel_id or "", "message": row.message_id or ""}
            for row in await connection.execute(sent)
        }

    async def _one(self, connection: AsyncConnection, number: int) -> Broadcast:
        return _broadcast_of((await connection.execute(_counted([number]))).one())


def _recipients(draft: Draft) -> Select[Any]:
    """Return a select of the people of an audience; where it is of channels, with their address there."""
    whom = whom_of(draft.audience).subquery()
    if not draft.audience.channels:
        nowhere: Any = case((whom.c.id.is_(None), whom.c.id))  # NULL of the type of an id
        return select(whom.c.id, nowhere.label("address_id")).order_by(whom.c.id)
    places = places_of(draft.audience.channels).subquery()
    joined = whom.join(places, places.c.person_id == whom.c.id)
    return select(whom.c.id, places.c.address_id).select_from(joined).order_by(whom.c.id)


def _counted(numbers: Collection[int] | None = None) -> Select[Any]:
    """Return a select of broadcasts, newest first, with how many notices of each stand how."""
    notice = t.notice.c
    is_lost = and_(notice.failed.is_not(None) | notice.expired.is_not(None), notice.sent.is_(None))
    is_off = and_(notice.cancelled.is_not(None), notice.sent.is_(None), ~is_lost)
    counts = select(
        notice.broadcast_id,
        func.count().label("recipients"),
        func.count(notice.sent).label("sent"),
        func.count(notice.read).label("read"),
        func.count(case((is_lost, 1))).label("failed"),
        func.count(case((is_off, 1))).label("cancelled"),
    ).group_by(notice.broadcast_id)
    found = select(t.broadcast)
    if numbers is not None:
        counts = counts.where(notice.broadcast_id.in_(numbers))
        found = found.where(t.broadcast.c.id.in_(numbers))
    of = counts.subquery()
    columns = (of.c.recipients, of.c.sent, of.c.read, of.c.failed, of.c.cancelled)
    found = found.add_columns(*columns).outerjoin(of, of.c.broadcast_id == t.broadcast.c.id)
    return found.order_by(t.broadcast.c.id.desc())


def _broadcast_of(row: Any) -> Broadcast:  # noqa: ANN401 - a row of _counted
    return Broadcast(
        number=row.id,
        created=row.created,
        text=row.text,
        language=row.language,
        recipients=row.recipients or 0,
        sent=row.sent or 0,
        state=State(row.state),
        read=row.read or 0,
        failed=row.failed or 0,
        cancelled=row.cancelled or 0,
        due=row.due,
        by=row.by_id,
        asks_reading=row.asks_reading,
        plan=row.plan,
    )


def _of(number: int) -> Update:
    return update(t.notice).where(t.notice.c.broadcast_id == number)


async def _write(connection: AsyncConnection, number: int, **values: object) -> None:
    await connection.execute(update(t.broadcast).where(t.broadcast.c.id == number).values(**values))
