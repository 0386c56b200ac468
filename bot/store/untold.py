"""Changes that somebody has not been told of yet: a newer change takes them up, so that one message tells all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from handlers.combining import combined, of_the_same, tells_nothing

NOTHING_LEFT: Final = "nothing is left to tell: it was taken back before"


class Untold:
    """The notices of earlier changes that are in nobody's hands, by person; oldest first."""

    def __init__(self, rows: Sequence[Row[Any]], now: datetime) -> None:
        self._now = now
        self._by_person: dict[int, list[Row[Any]]] = defaultdict(list)
        self._taken: list[Mapping[str, Any]] = []
        for row in rows:
            self._by_person[row.person_id].append(row)

    @classmethod
    async def of(cls, connection: AsyncConnection, now: datetime) -> "Untold":
        """Return them, kept from being claimed until the transaction ends."""
        return cls((await connection.execute(_untold(now).with_for_update(of=t.notice))).all(), now)

    def with_earlier(self, notice: Mapping[str, Any]) -> dict[str, Any]:
        """Return the notice of a change to a person with all that they have not been told of before.

        The earlier ones are taken up by it; where nothing is left to tell, it is cancelled.
        """
        own = self._by_person[notice["person_id"]]
        taken_up = [row for row in own if not row.told.get("text")]
        self._by_person[notice["person_id"]] = [row for row in own if row.told.get("text")]
        told = combined([*(row.told for row in taken_up), notice["told"]])
        why = f"told with broadcast {notice['broadcast_id']}"
        self._taken += [{"this": row.id, "new_told": row.told, "new_why": why, "off": self._now} for row in taken_up]
        lasts = [notice["expires"], *(row.expires for row in taken_up)]
        known = [moment for moment in lasts if moment is not None]
        made = {**notice, "told": told, "expires": max(known) if len(known) == len(lasts) else None}
        return made | ({"cancelled": self._now, "why": NOTHING_LEFT} if tells_nothing(told) else {})

    async def keep(self, connection: AsyncConnection, later: Mapping[str, Any]) -> None:
        """Write what was taken up, and bring up to date what tells others of the same that later changes."""
        rows = list(self._taken)
        for row in (row for own in self._by_person.values() for row in own):
            same = of_the_same(row.told, later)
            if not tells_nothing(same):
                told = combined([row.told, {**row.told, "sessions": [], **same}])
                is_off = tells_nothing(told)
                off = {"new_why": NOTHING_LEFT if is_off else row.why, "off": self._now if is_off else None}
                rows.append({"this": row.id, "new_told": told, **off})
        if rows:
            await connection.execute(_CHANGE, rows)


def count_untold(people: Select[tuple[int]], now: datetime) -> Select[tuple[int]]:
    """Return a select of how many of people have not been told yet of a change."""
    found = _untold(now).where(t.notice.c.person_id.in_(people)).subquery()
    return select(func.count(found.c.person_id.distinct()))


_CHANGE = (
    update(t.notice)
    .where(t.notice.c.id == bindparam("this"))
    .values(told=bindparam("new_told"), why=bindparam("new_why"), cancelled=bindparam("off"))
)


def _untold(now: datetime) -> Select[Any]:
    columns = (t.notice.c.id, t.notice.c.person_id, t.notice.c.told, t.notice.c.expires, t.notice.c.why)
    found = select(*columns).join(t.broadcast, t.broadcast.c.id == t.notice.c.broadcast_id)
    is_free = or_(t.notice.c.leased.is_(None), t.notice.c.leased <= now)
    return found.where(t.OPEN, is_free, t.broadcast.c.edition.is_not(None)).order_by(t.notice.c.id)
