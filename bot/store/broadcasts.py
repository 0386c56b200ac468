"""Broadcasts: one row for what was said, a notice for each person who is to be told, in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, insert, select

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import key_of
from handlers.model import Audience, Broadcast, Status
from knowledge.folding import fold


class SqlBroadcasts:
    """Keep broadcasts."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def count(self, audience: Audience) -> tuple[int, int]:
        """Return how many people an audience is, and how many of them have no address to be reached at."""
        whom = _whom(audience).subquery()
        has_address = select(t.address.c.id).where(t.address.c.person_id == whom.c.id).exists()
        async with self._database.reading() as connection:
            everybody = await connection.scalar(select(func.count()).select_from(whom))
            unreachable = await connection.scalar(select(func.count()).select_from(whom).where(~has_address))
        return int(everybody or 0), int(unreachable or 0)

    async def queue(
        self, text: str, language: str, audience: Audience, told: Mapping[str, Any], *, by: int | None
    ) -> Broadcast:
        """Write a broadcast and a notice for each of its audience; told: what beside the text they are told."""
        async with self._database.writing() as connection:
            people = [row.id for row in await connection.execute(_whom(audience).order_by(t.person.c.id))]
            moment = self._now()
            made = await connection.execute(
                insert(t.broadcast).values(
                    created=moment, by_id=by, text=text, language=language, edition=told.get("edition")
                )
            )
            number = key_of(made)
            content = {**told, "text": text, "language": language}
            rows = [
                {"person_id": one, "broadcast_id": number, "kind": "broadcast", "told": content, "created": moment}
                for one in people
            ]
            if rows:
                await connection.execute(insert(t.notice), rows)
        return Broadcast(number, moment, text, language, len(people), 0)

    async def all(self) -> Sequence[Broadcast]:
        """Return the broadcasts with how many were to be told, and how many have been; newest first."""
        notices = (
            select(
                t.notice.c.broadcast_id,
                func.count().label("recipients"),
                func.count(t.notice.c.sent).label("sent"),
            )
            .group_by(t.notice.c.broadcast_id)
            .subquery()
        )
        rows = (
            select(t.broadcast, notices.c.recipients, notices.c.sent)
            .outerjoin(notices, notices.c.broadcast_id == t.broadcast.c.id)
            .order_by(t.broadcast.c.id.desc())
        )
        async with self._database.reading() as connection:
            return [
                Broadcast(row.id, row.created, row.text, row.language, row.recipients or 0, row.sent or 0)
                for row in await connection.execute(rows)
            ]

    async def deliveries(self, number: int) -> Sequence[Mapping[str, Any]]:
        """Return whom a broadcast was for, whether they have been told, by which message, and why not.

        is_repeated: it may have arrived twice.
        """
        kept = (t.notice.c.sent, t.notice.c.message_id, t.notice.c.why, t.notice.c.is_repeated)
        rows = (
            select(t.person.c.name, t.delegation.c.city, *kept)
            .select_from(t.notice.join(t.person, t.person.c.id == t.notice.c.person_id).outerjoin(t.delegation))
            .where(t.notice.c.broadcast_id == number)
            .order_by(t.delegation.c.city, t.person.c.name)
        )
        async with self._database.reading() as connection:
            return [
                {
                    "name": row.name,
                    "city": row.city or "",
                    "sent": row.sent.isoformat() if row.sent else None,
                    "message_id": row.message_id,
                    "why": row.why,
                    "is_repeated": row.is_repeated,
                }
                for row in await connection.execute(rows)
            ]


def _whom(audience: Audience) -> Any:  # noqa: ANN401 - a select of people
    """Return a select of the ids of an audience: those who want messages, and are signed up or of the city."""
    whom = select(t.person.c.id).where(t.person.c.is_subscribed)
    if audience.sessions or audience.activities:
        chosen = t.activity.c.session.in_(audience.sessions) | t.activity.c.key.in_(audience.activities)
        live = and_(chosen, t.rsvp.c.status != Status.CANCELLED)
        whom = whom.where(t.person.c.id.in_(select(t.rsvp.c.person_id).join(t.activity).where(live)))
    if audience.city:
        of_city = select(t.delegation.c.id).where(t.delegation.c.folded == fold(audience.city))
        whom = whom.where(t.person.c.delegation_id.in_(of_city))
    return whom
