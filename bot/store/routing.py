"""By which channel a notice goes: decided when it is due, and again where nobody is reached there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox import TOO_OLD
from bot.store import tables as t
from handlers.model import Address

NOWHERE: Final = ""  # the channel of what has none
FREE: Final = t.OPEN & t.notice.c.is_held.is_(False)
WHY: Final = 200  # letters that are kept of a reason

_AT_A_TIME = 200  # notices
_AGAIN = timedelta(hours=1)  # before somebody without an address is looked for again
_BY_THEMSELVES = ("console", "web")  # channels on which people read when they come; those that reach out go before
_BLOCKED = "the person has blocked the bot"
_DECIDED = ("id", "person_id", "address_id", "broadcast_id", "is_urgent", "created", "due")


def is_new(now: datetime) -> Any:  # noqa: ANN401 - a condition
    """Return what holds of notices that are due, and of which nothing is decided."""
    return FREE & t.notice.c.ready.is_(None) & or_(t.notice.c.due.is_(None), t.notice.c.due <= now)


def is_nowhere(now: datetime) -> Any:  # noqa: ANN401 - a condition
    """Return what holds of those whose people have had no address; they may have one by now."""
    return FREE & (t.notice.c.channel == NOWHERE) & (t.notice.c.rank == 1) & (t.notice.c.ready <= now)


async def route(connection: AsyncConnection, now: datetime) -> None:
    """Decide where the next notices go that are due."""
    for condition in (is_new(now), is_nowhere(now)):
        found = _columns().where(condition).limit(_AT_A_TIME).with_for_update(skip_locked=True)
        await _decide(connection, (await connection.execute(found)).all(), now)


async def route_elsewhere(connection: AsyncConnection, notice: int, but: Address, now: datetime) -> bool:
    """Decide again where a notice goes that waits for its person to write, where another channel reaches them now."""
    other = t.address.alias()
    reached = (other.c.unreachable.is_(None), other.c.channel.not_in((*_BY_THEMSELVES, but.channel)))
    found = _columns().where(t.notice.c.id == notice, t.notice.c.address_id.is_(None))
    found = found.where(exists(select(other.c.id).where(other.c.person_id == t.notice.c.person_id, *reached)))
    rows = (await connection.execute(found)).all()
    await _decide(connection, rows, now, without=but.channel)
    return bool(rows)


async def route_again(connection: AsyncConnection, notices: Iterable[int], now: datetime) -> None:
    """Decide again where notices go, from whose address nobody is reached any more."""
    found = await connection.execute(_columns().where(t.notice.c.id.in_(notices)))
    await _decide(connection, found.all(), now)


def is_at(address: Address) -> Any:  # noqa: ANN401 - a condition
    """Return what holds of the row of an address."""
    return (t.address.c.channel == address.channel) & (t.address.c.channel_id == address.id)


def _columns() -> Select[Any]:
    return select(*(t.notice.c[name] for name in _DECIDED))


async def _decide(
    connection: AsyncConnection, notices: Sequence[Row[Any]], now: datetime, *, without: str | None = None
) -> None:
    """Decide where notices go. without: the channel that they cannot go by."""
    if not notices:
        return
    people = {row.person_id for row in notices if row.person_id is not None}
    own = {row.address_id for row in notices if row.address_id is not None}
    whose = or_(t.address.c.person_id.in_(people), t.address.c.id.in_(own))
    by_id, by_person = {}, defaultdict(list)
    for address in await connection.execute(select(t.address).where(whose)):
        by_id[address.id] = address
        if address.channel != without:
            by_person[address.person_id].append(address)
    decided = []
    for row in notices:
        at = by_person[row.person_id] if row.address_id is None else [by_id[row.address_id]]
        decided.append({"this": row.id, **_decided(row, at, now)})
    await connection.execute(_DECISION, decided)


_SET = ("channel", "goes_to_id", "rank", "ready", "why", "failed")
_DECISION = (
    update(t.notice)
    .where(t.notice.c.id == bindparam("this"))
    .values({**{name: bindparam(f"new_{name}") for name in _SET}, "leased": None, "tries": 0, "done": 0})
)


def _decided(notice: Row[Any], addresses: Sequence[Row[Any]], now: datetime) -> Mapping[str, Any]:
    reached = [address for address in addresses if address.unreachable is None]
    rank = 0 if notice.is_urgent or notice.broadcast_id is None else 1
    if reached:
        best = max(reached, key=lambda one: (one.channel not in _BY_THEMSELVES, one.seen, one.id))
        return _values(channel=best.channel, goes_to_id=best.id, rank=rank, ready=notice.due or notice.created)
    if addresses:
        last = max(addresses, key=lambda one: one.unreachable)
        return _values(channel=NOWHERE, ready=now, failed=now, why=last.unreachable_why or _BLOCKED)
    is_old = now - notice.created > TOO_OLD
    return _values(channel=NOWHERE, ready=now + _AGAIN, failed=now if is_old else None, why="no address")


def _values(**values: Any) -> Mapping[str, Any]:  # noqa: ANN401 - of any column
    blank = {"goes_to_id": None, "rank": 1, "why": "", "failed": None}
    return {f"new_{name}": value for name, value in (blank | values).items()}
