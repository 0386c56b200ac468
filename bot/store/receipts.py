"""What became of a broadcast, person by person, and whom to call because nothing has reached them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from bot.outbox import DeliveryState
from bot.store import tables as t
from bot.store.audiences import places_of
from bot.store.database import Clock, Database
from bot.store.standing import state

NO_ADDRESS = "no address"


class SqlReceipts:
    """Tell what became of broadcasts."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def of(self, number: int) -> Sequence[Mapping[str, Any]]:
        """Return whom a broadcast was for, by city: whether each has been told, by which message, and why not.

        state: pending, sending, sent, read, unreachable, expired or cancelled. is_repeated: it may have arrived twice.
        """
        async with self._database.reading() as connection:
            return [self._receipt(row) for row in await connection.execute(_receipts(number, self._now()))]

    async def calls(self, number: int) -> Sequence[Mapping[str, Any]]:
        """Return who is to be told of a broadcast by somebody, because the desk cannot: by city, with its liaison."""
        receipts = await self.of(number)
        kept = ("city", "liaison", "name", "state", "why")
        unreached = [one for one in receipts if one["state"] in (DeliveryState.UNREACHABLE, DeliveryState.EXPIRED)]
        return [{name: one[name] for name in kept} for one in unreached]

    def _receipt(self, row: Row[Any]) -> Mapping[str, Any]:
        now_is = DeliveryState(row.state)
        if now_is == DeliveryState.PENDING and row.address_id is None:
            now_is = DeliveryState.UNREACHABLE  # as it will be found to be when its turn comes
        at = row.read or row.sent or row.failed or row.expired or row.cancelled
        return {
            "name": row.name,
            "city": row.city or "",
            "liaison": row.liaison or "",
            "channel": row.channel or "",
            "language": row.language or "",
            "state": now_is.value,
            "at": at.isoformat(timespec="seconds") if at else None,
            "message_id": row.message_id,
            "why": row.why or (NO_ADDRESS if now_is is DeliveryState.UNREACHABLE else ""),
            "is_repeated": row.is_repeated,
        }


def _receipts(number: int, now: datetime) -> Any:  # noqa: ANN401 - a select
    notice, places = t.notice.c, places_of().subquery()
    people = t.notice.join(t.person, t.person.c.id == notice.person_id)
    people = people.outerjoin(t.delegation, t.delegation.c.id == t.person.c.delegation_id)
    people = people.outerjoin(places, places.c.person_id == t.person.c.id)
    settled = (notice.sent, notice.message_id, notice.why, notice.is_repeated)
    kept = (*settled, notice.failed, notice.cancelled, notice.read, notice.expired, state(now).label("state"))
    found = select(t.person.c.name, t.delegation.c.city, t.delegation.c.liaison, places, *kept).select_from(people)
    return found.where(notice.broadcast_id == number).order_by(t.delegation.c.city, t.person.c.name)
