"""What the desk tells people on its own, as rows that are claimed, sent and settled."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, ScalarSelect, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox import Delivery, Postponed, Refused, Sent, Unreachable
from bot.store import tables as t
from bot.store.database import Clock, Database
from handlers.model import Address, Notice

_WHY = 200  # letters that are kept of a reason


class SqlNotices:
    """Hand out what is to be told, and keep what became of it."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def claim(self, channel: str, *, most: int, lease: timedelta) -> Sequence[Delivery]:
        """Return at most so many deliveries that are due on a channel, oldest first, and keep others off them.

        What was claimed and not settled when its lease ended is due again, and marked as one that may arrive twice.
        What is for an address that nobody is reached at is settled so.
        """
        now, at = self._now(), _address_on(channel).label("at")
        due = select(t.notice.c.id, at).where(*_waits(now), at.is_not(None)).order_by(t.notice.c.id).limit(most)
        async with self._database.reading() as connection:
            if (await connection.execute(due.limit(1))).first() is None:
                return []
        async with self._database.writing() as connection:
            locked = due.with_for_update(skip_locked=True, of=t.notice)
            places = {row.id: row.at for row in await connection.execute(locked)}
            await self._lease(connection, list(places), now + lease)
            return await self._claimed(connection, places)

    async def settle(self, delivery: Delivery, settled: Sent | Unreachable | Refused) -> None:
        """Keep what became of a delivery; it is not claimed again."""
        async with self._database.writing() as connection:
            match settled:
                case Sent(message_id, moved_to):
                    await _write(connection, delivery.id, sent=self._now(), message_id=message_id, leased=None, why="")
                    if moved_to:
                        await _move(connection, delivery.address, moved_to)
                case Unreachable(why):
                    await self._fail(connection, delivery.id, why)
                    values = {"unreachable": self._now(), "unreachable_why": why[:_WHY]}
                    await connection.execute(update(t.address).where(*_is(delivery.address)).values(**values))
                case Refused(why):
                    await self._fail(connection, delivery.id, why)

    async def put_off(self, delivery: Delivery, seconds: float, why: Postponed) -> None:
        """Let go of a delivery, and have it claimed again in so many seconds."""
        values: dict[str, object] = {
            "due": self._now() + timedelta(seconds=seconds),
            "leased": None,
            "why": str(why)[:_WHY],
        }
        if why.seconds is not None:
            values["tries"] = delivery.tries - 1  # it was not its turn
        if why.may_have_arrived:
            values["is_repeated"] = True
        async with self._database.writing() as connection:
            await _write(connection, delivery.id, done=why.done, **values)

    async def _lease(self, connection: AsyncConnection, ids: list[int], until: datetime) -> None:
        was_lost = or_(t.notice.c.is_repeated, t.notice.c.leased.is_not(None))
        values = {"leased": until, "tries": t.notice.c.tries + 1, "is_repeated": was_lost}
        await connection.execute(update(t.notice).where(t.notice.c.id.in_(ids)).values(**values))

    async def _claimed(self, connection: AsyncConnection, places: dict[int, int]) -> list[Delivery]:
        ids = select(t.notice).where(t.notice.c.id.in_(places)).order_by(t.notice.c.id)
        rows = (await connection.execute(ids)).all()
        found = await connection.execute(select(t.address).where(t.address.c.id.in_(places.values())))
        addresses = {address.id: address for address in found}
        claimed = []
        for row in rows:
            address = addresses[places[row.id]]
            if address.unreachable is None:
                claimed.append(_delivery_of(row, Address(address.channel, address.channel_id)))
            else:
                await self._fail(connection, row.id, address.unreachable_why or "the person has blocked the bot")
        return claimed

    async def _fail(self, connection: AsyncConnection, notice: int, why: str) -> None:
        await _write(connection, notice, failed=self._now(), leased=None, why=why[:_WHY])


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of notices that are due and in nobody's hands."""
    due, leased = t.notice.c.due, t.notice.c.leased
    is_free = or_(leased.is_(None), leased <= now)
    return t.notice.c.sent.is_(None), t.notice.c.failed.is_(None), or_(due.is_(None), due <= now), is_free


def _address_on(channel: str) -> ColumnElement[int | None]:
    """Return where a notice goes on a channel: its own address, else the latest at which its person is reached."""
    return case((t.notice.c.address_id.is_not(None), _own(channel)), else_=_latest(channel))


def _own(channel: str) -> ScalarSelect[int]:
    own = select(t.address.c.id).where(t.address.c.id == t.notice.c.address_id, t.address.c.channel == channel)
    return own.correlate(t.notice).scalar_subquery()


def _latest(channel: str) -> ScalarSelect[int]:
    of_person = (t.address.c.person_id == t.notice.c.person_id, t.address.c.channel == channel)
    latest = select(t.address.c.id).where(*of_person)
    latest = latest.order_by(t.address.c.unreachable.is_not(None), t.address.c.id.desc()).limit(1)
    return latest.correlate(t.notice).scalar_subquery()


def _delivery_of(row: Row[tuple[object, ...]], address: Address) -> Delivery:
    notice = Notice(row.person_id or 0, row.kind, row.told)
    return Delivery(row.id, address, notice, row.created, row.tries, row.done)


async def _write(connection: AsyncConnection, notice: int, **values: object) -> None:
    await connection.execute(update(t.notice).where(t.notice.c.id == notice).values(**values))


async def _move(connection: AsyncConnection, address: Address, moved_to: str) -> None:
    """Keep the id by which an address is known from now on, unless it is known already."""
    new = Address(address.channel, moved_to)
    if await connection.scalar(select(t.address.c.id).where(*_is(new))) is None:
        await connection.execute(update(t.address).where(*_is(address)).values(channel_id=moved_to))


def _is(address: Address) -> tuple[ColumnElement[bool], ...]:
    return (t.address.c.channel == address.channel, t.address.c.channel_id == address.id)
