"""What the desk tells people on its own, as rows that are claimed, sent and settled."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox import LEASE, Delivery, Postponed, Refused, Sent, Unreachable
from bot.quiet import QuietHours
from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.routing import (
    FREE,
    WHY,
    is_at,
    is_new,
    is_nowhere,
    route,
    route_again,
    route_elsewhere,
)
from bot.together import Together, each
from handlers.model import Address, Notice

_Settled = tuple[Delivery, Sent | Unreachable | Refused]

_LOOKS = 5  # at what is due, before those behind it wait for the next claim
_TILL_MORNING = 500  # notices that are kept for it at a time
_CLAIMS = 0x5EED  # names the lock of PostgreSQL under which a channel's notices are claimed


class SqlNotices:
    """Hand out what is to be told, and keep what became of it."""

    def __init__(self, database: Database, now: Clock, quiet: QuietHours | None = None) -> None:
        """quiet: the hours in which only what is urgent is told, or what would not be worth telling after them."""
        self._database = database
        self._now = now
        self._quiet = quiet
        self._settle = Together(each(self._settle_all))

    async def claim(
        self, channel: str, *, most: int, lease: timedelta, gap: timedelta = timedelta(0)
    ) -> Sequence[Delivery]:
        """Return at most so many deliveries that are due on a channel, in order, and keep others off them.

        What was claimed and not settled when its lease ended is due again, and marked as one that may arrive twice.
        What has expired, and what is for a person whom nobody reaches, is settled so.
        gap: that lies between two to one address; while one is in hand for it, no other is. 0: there is none.
        """
        now = self._now()
        async with self._database.reading() as connection:
            if not await connection.scalar(select(_is_work(channel, now))):
                return []
        async with self._database.writing() as connection:
            await self._take_turns(connection, channel)
            await _expire(connection, now)
            conditions = [*await self._wait_for_morning(connection, channel, now), *_gap(now, gap)]
            for _ in range(_LOOKS):
                await route(connection, now)
                rows = await _due(connection, channel, now, conditions, most)
                await route_again(connection, [row.id for row in rows if not _is_reached(row)], now)
                claimed = _one_an_address([row for row in rows if _is_reached(row)], gap)
                if claimed or not rows:
                    await _lease(connection, [row.id for row in claimed], now + lease)
                    return [_delivery_of(row) for row in claimed]
        return []

    async def settle(self, delivery: Delivery, settled: Sent | Unreachable | Refused) -> None:
        """Keep what became of a delivery; it is not claimed again, unless its person may be reached elsewhere."""
        await self._settle((delivery, settled))

    async def put_off(self, delivery: Delivery, seconds: float, why: Postponed) -> None:
        """Let go of a delivery, and have it claimed again in so many seconds."""
        values: dict[str, object] = {
            "ready": self._now() + timedelta(seconds=seconds),
            "leased": None,
            "why": str(why)[:WHY],
        }
        if why.until_they_write:
            await self._keep_until_they_write(delivery, why)
            return
        if why.seconds is not None:
            values["tries"] = delivery.tries - 1  # it was not its turn
        if why.may_have_arrived:
            values["is_repeated"] = True
        async with self._database.writing() as connection:
            await _write(connection, delivery.id, done=why.done, **values)

    async def claimed(self, channel: str, notice: int) -> Delivery | None:
        """Return a delivery of a channel that somebody has in hand; None where nobody has, or it is settled."""
        in_hand = (t.notice.c.id == notice, t.notice.c.channel == channel, t.notice.c.leased.is_not(None), t.OPEN)
        at = select(t.notice, *_WHERETO).join(t.address, t.notice.c.goes_to_id == t.address.c.id)
        async with self._database.reading() as connection:
            row = (await connection.execute(at.where(*in_hand))).first()
        return None if row is None else _delivery_of(row)

    async def _keep_until_they_write(self, delivery: Delivery, why: Postponed) -> None:
        """Have a delivery go by another channel of its person; where there is none, it waits until they write."""
        now = self._now()
        waits = {"rank": t.UNTIL_THEY_WRITE, "ready": now, "leased": None, "why": str(why)[:WHY], "done": why.done}
        async with self._database.writing() as connection:
            if not await route_elsewhere(connection, delivery.id, delivery.address, now):
                await _write(connection, delivery.id, **waits)

    async def wake(self, address: Address) -> Sequence[int]:
        """Have what was put off for an address claimed at once; return the ids of those notices."""
        now = self._now()
        own = select(t.address.c.id).where(is_at(address)).scalar_subquery()
        waits = (t.notice.c.rank == t.UNTIL_THEY_WRITE) | (t.notice.c.ready > now) & (t.notice.c.why != "")
        put_off = FREE & (t.notice.c.goes_to_id == own) & waits & t.notice.c.leased.is_(None)
        async with self._database.reading() as connection:
            found = list(await connection.scalars(select(t.notice.c.id).where(put_off)))
        if found:
            async with self._database.writing() as connection:
                woken = update(t.notice).where(put_off, t.notice.c.id.in_(found))
                await connection.execute(woken.values(ready=t.notice.c.created, rank=_RANK))
        return found

    async def take_along(self, address: Address, *, most: int, lease: timedelta) -> Sequence[Delivery]:
        """Return what waits until somebody writes at an address, oldest first, and keep others off it."""
        now = self._now()
        own = select(t.address.c.id).where(is_at(address)).scalar_subquery()
        is_free = t.notice.c.leased.is_(None) | (t.notice.c.leased <= now)
        is_worth_telling = t.notice.c.expires.is_(None) | (t.notice.c.expires > now)
        waits = (FREE, t.notice.c.goes_to_id == own, t.notice.c.rank == t.UNTIL_THEY_WRITE, is_free, is_worth_telling)
        found = select(t.notice, *_WHERETO).join(t.address, t.notice.c.goes_to_id == t.address.c.id).where(*waits)
        async with self._database.reading() as connection:
            if await connection.scalar(select(t.notice.c.id).where(*waits).limit(1)) is None:
                return []
        async with self._database.writing() as connection:
            locked = found.order_by(t.notice.c.id).limit(most).with_for_update(skip_locked=True, of=t.notice)
            rows = (await connection.execute(locked)).all()
            await _lease(connection, [row.id for row in rows], now + lease)
        return [_delivery_of(row) for row in rows]

    async def are_due(self, notices: Sequence[int]) -> bool:
        """Tell whether any of these is still to be sent now."""
        is_due = t.OPEN & t.notice.c.id.in_(notices) & (t.notice.c.rank < t.UNTIL_THEY_WRITE)
        is_due = is_due & (t.notice.c.ready <= self._now() + LEASE)  # leased ones too
        async with self._database.reading() as connection:
            return await connection.scalar(select(t.notice.c.id).where(is_due).limit(1)) is not None

    async def _take_turns(self, connection: AsyncConnection, channel: str) -> None:
        """Have one process claim at a time on a channel, so that no two take notices for one address; SQLite does."""
        if not self._database.is_sqlite:
            await connection.execute(select(func.pg_advisory_xact_lock(_CLAIMS, func.hashtext(channel))))

    async def _wait_for_morning(
        self, connection: AsyncConnection, channel: str, now: datetime
    ) -> Sequence[ColumnElement[bool]]:
        """Keep for the end of the quiet hours what can wait; return what holds of what cannot."""
        until = self._quiet.until(now) if self._quiet else None
        if until is None:
            return ()
        cannot = or_(t.notice.c.is_urgent, t.notice.c.expires <= until)
        can = or_(t.notice.c.expires.is_(None), t.notice.c.expires > until) & t.notice.c.is_urgent.is_(False)
        due = select(t.notice.c.id).where(_is_due(channel, now), can).limit(_TILL_MORNING)
        await connection.execute(update(t.notice).where(t.notice.c.id.in_(due)).values(ready=until))
        return (cannot,)

    async def _settle_all(self, settled: Sequence[_Settled]) -> None:
        """Keep what became of deliveries, in one transaction."""
        now = self._now()
        async with self._database.writing() as connection:
            sent = [(one, outcome) for one, outcome in settled if isinstance(outcome, Sent)]
            if sent:
                rows = [{"this": one.id, "at": now, "by": outcome.message_id} for one, outcome in sent]
                await connection.execute(_SENT, rows)
            for delivery, outcome in settled:
                match outcome:
                    case Sent(_, moved_to) if moved_to:
                        await _move(connection, delivery.address, moved_to)
                    case Unreachable(why):
                        values = {"unreachable": now, "unreachable_why": why[:WHY]}
                        await connection.execute(update(t.address).where(is_at(delivery.address)).values(**values))
                        await route_again(connection, [delivery.id], now)
                    case Refused(why):
                        await _write(connection, delivery.id, failed=now, leased=None, why=why[:WHY])


_RANK = case((t.notice.c.is_urgent | t.notice.c.broadcast_id.is_(None), 0), else_=1)  # as routing has it
_SENT = (
    update(t.notice)
    .where(t.notice.c.id == bindparam("this"))
    .values(sent=bindparam("at"), message_id=bindparam("by"), leased=None, why="")
)


def _is_due(channel: str, now: datetime) -> ColumnElement[bool]:
    return FREE & (t.notice.c.channel == channel) & t.notice.c.rank.in_((0, 1)) & (t.notice.c.ready <= now)


def _is_mortal(now: datetime) -> ColumnElement[bool]:
    """Return what holds of what has expired, and is in nobody's hands."""
    leased = t.notice.c.leased
    return t.OPEN & (t.notice.c.expires <= now) & or_(leased.is_(None), leased <= now)


def _is_work(channel: str, now: datetime) -> ColumnElement[bool]:
    conditions = (_is_due(channel, now), is_new(now), is_nowhere(now), _is_mortal(now))
    return or_(*(exists(select(t.notice.c.id).where(condition)) for condition in conditions))


def _gap(now: datetime, gap: timedelta) -> Sequence[ColumnElement[bool]]:
    """Return what holds of notices to whose address nothing is on its way, and has not been within a gap."""
    if not gap:
        return ()
    other = t.notice.alias()
    is_told = or_(other.c.leased > now, other.c.sent > now - gap)
    return (~exists(select(other.c.id).where(other.c.goes_to_id == t.notice.c.goes_to_id, is_told)),)


async def _expire(connection: AsyncConnection, now: datetime) -> None:
    """Settle what is not worth telling any more; what was in hand when a process died may have arrived."""
    was_lost = or_(t.notice.c.is_repeated, t.notice.c.leased.is_not(None))
    values = {"expired": now, "leased": None, "is_repeated": was_lost}
    await connection.execute(update(t.notice).where(_is_mortal(now)).values(**values))


async def _due(
    connection: AsyncConnection, channel: str, now: datetime, conditions: Sequence[ColumnElement[bool]], most: int
) -> list[Row[Any]]:
    """Return what is due, with where it goes: what is for one person or urgent, then the rest; each by its time."""
    rows: list[Row[Any]] = []
    for rank in (0, 1):
        is_due = FREE & (t.notice.c.channel == channel) & (t.notice.c.rank == rank) & (t.notice.c.ready <= now)
        due = select(t.notice, *_WHERETO).outerjoin_from(t.notice, t.address, t.notice.c.goes_to_id == t.address.c.id)
        due = due.where(is_due, *conditions).order_by(t.notice.c.ready, t.notice.c.id).limit(most - len(rows))
        rows += await connection.execute(due.with_for_update(skip_locked=True, of=t.notice))
        if len(rows) == most:
            break
    return rows


def _is_reached(row: Row[Any]) -> bool:
    return row.channel_id is not None and row.unreachable is None


def _one_an_address(rows: Sequence[Row[Any]], gap: timedelta) -> Sequence[Row[Any]]:
    """Return rows; where there is a gap, the first for each address."""
    return rows if not gap else list({row.goes_to_id: row for row in reversed(rows)}.values())[::-1]


async def _lease(connection: AsyncConnection, ids: list[int], until: datetime) -> None:
    was_lost = or_(t.notice.c.is_repeated, t.notice.c.leased.is_not(None))
    values = {"leased": until, "ready": until, "tries": t.notice.c.tries + 1, "is_repeated": was_lost}
    if ids:
        await connection.execute(update(t.notice).where(t.notice.c.id.in_(ids)).values(**values))


# What _delivery_of and _is_reached read beside a notice.
_WHERETO: Final = (t.address.c.channel_id, t.address.c.unreachable, t.address.c.language)


def _delivery_of(row: Row[Any]) -> Delivery:
    notice = Notice(row.person_id or 0, row.kind, row.told, row.language or "")
    return Delivery(row.id, Address(row.channel, row.channel_id), notice, row.created, row.tries + 1, row.done)


async def _write(connection: AsyncConnection, notice: int, **values: object) -> None:
    await connection.execute(update(t.notice).where(t.notice.c.id == notice).values(**values))


async def _move(connection: AsyncConnection, address: Address, moved_to: str) -> None:
    """Keep the id by which an address is known from now on, unless it is known already."""
    new = Address(address.channel, moved_to)
    if await connection.scalar(select(t.address.c.id).where(is_at(new))) is None:
        await connection.execute(update(t.address).where(is_at(address)).values(channel_id=moved_to))
