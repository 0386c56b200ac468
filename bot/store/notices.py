"""What the desk tells people on its own, as rows."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from bot.store import tables as t
from bot.store.database import Clock, Database
from handlers.model import Address, Notice


class SqlNotices:
    """Hand out what is to be told."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def drain(self, channel: str) -> Sequence[tuple[Address, Notice]]:
        """Return what is to be told to people on a channel, in order, and mark it as sent."""
        latest = (
            select(t.address.c.person_id, func.max(t.address.c.id).label("at"))
            .where(t.address.c.channel == channel)
            .group_by(t.address.c.person_id)
            .subquery()
        )
        rows = (
            select(t.notice, t.address.c.channel_id)
            .outerjoin(latest, latest.c.person_id == t.notice.c.person_id)
            .join(t.address, t.address.c.id == func.coalesce(t.notice.c.address_id, latest.c.at))
            .where(t.notice.c.sent.is_(None), t.address.c.channel == channel)
            .order_by(t.notice.c.id)
        )
        async with self._database.reading() as connection:
            if (await connection.execute(rows.limit(1))).first() is None:
                return []
        async with self._database.writing() as connection:
            found = (await connection.execute(rows)).all()
            ids = [row.id for row in found]
            await connection.execute(update(t.notice).where(t.notice.c.id.in_(ids)).values(sent=self._now()))
        return [(Address(channel, row.channel_id), Notice(row.person_id or 0, row.kind, row.told)) for row in found]
