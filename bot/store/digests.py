"""The daily report to staff: what has come in since yesterday morning, and what waits for them."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.broadcasts import ORGANIZERS
from bot.store.database import Clock, Database
from bot.store.questions import OPEN_QUESTION
from bot.store.rows import inserting
from handlers.model import Status
from handlers.speech import CONFERENCE_TIME

DIGEST: Final = "digest"
_IN_THE_MORNING: Final = time(8)  # in Wuhan
_WORTH_TELLING: Final = timedelta(hours=12)
_DAY: Final = timedelta(days=1)


class SqlDigests:
    """Write a notice for each member of staff who wants the report."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def make_due(self) -> int:
        """Write today's report where it is due and not written yet; return how many notices. Where it is empty: none.

        A row for each person and day says that it was, whichever process looks.
        """
        now = self._now()
        at = datetime.combine(now.astimezone(CONFERENCE_TIME).date(), _IN_THE_MORNING, CONFERENCE_TIME)
        if not at <= now < at + _WORTH_TELLING:
            return 0
        is_written = select(t.reminder.c.person_id).where(t.reminder.c.kind == DIGEST, t.reminder.c.at == at)
        wants = (t.person.c.is_verified, t.person.c.is_subscribed, t.person.c.has_digest)
        whom = select(t.person.c.id).where(t.person.c.role.in_(ORGANIZERS), *wants, t.person.c.id.not_in(is_written))
        async with self._database.reading() as connection:
            people = list(await connection.scalars(whom.order_by(t.person.c.id)))
        if not people:
            return 0
        async with self._database.writing() as connection:
            keys = [{"person_id": person, "kind": DIGEST, "at": at, "about": ""} for person in people]
            kept = inserting(connection)(t.reminder).on_conflict_do_nothing()
            new = [row.person_id for row in await connection.execute(kept.returning(t.reminder.c.person_id), keys)]
            told = await _told(connection, at - _DAY, at)
            if not new or not any(told.values()):
                return 0
            shared = {"kind": DIGEST, "told": told, "created": now, "expires": at + _WORTH_TELLING}
            await connection.execute(insert(t.notice), [shared | {"person_id": person} for person in new])
        return len(new)


async def _told(connection: AsyncConnection, since: datetime, until: datetime) -> Mapping[str, Any]:
    """Return what a report tells of the time from since until until."""
    is_lost = or_(t.notice.c.failed.between(since, until), t.notice.c.expired.between(since, until))
    lost = select(func.count()).select_from(t.notice).where(is_lost, t.notice.c.sent.is_(None))
    live = select(t.rsvp.c.person_id).where(t.rsvp.c.status != Status.CANCELLED)
    unknown = select(func.count()).where(t.person.c.is_verified.is_(False), t.person.c.id.in_(live))
    return {
        "activities": await _activities(connection, since, until),
        "questions": await connection.scalar(select(func.count()).select_from(t.question).where(*OPEN_QUESTION)) or 0,
        "not_reached": await connection.scalar(lost) or 0,
        "unverified": await connection.scalar(unknown) or 0,
    }


async def _activities(connection: AsyncConnection, since: datetime, until: datetime) -> list[Mapping[str, Any]]:
    """Return each activity of which there is news: people more or less, how many there are, how many wait."""
    more: dict[str, int] = {}
    acts = select(t.history.c.activity, t.history.c.before, t.history.c.after)
    for act in await connection.execute(acts.where(t.history.c.at >= since, t.history.c.at < until)):
        more[act.activity] = more.get(act.activity, 0) + _people(act.after) - _people(act.before)
    sums = [func.coalesce(func.sum(t.tally.c[name]), 0).label(name) for name in ("confirmed", "waitlisted")]
    standing = select(t.activity.c.key, *sums).select_from(t.activity.outerjoin(t.tally)).group_by(t.activity.c.key)
    ordered = standing.order_by(t.activity.c.day, t.activity.c.start, t.activity.c.key)
    found = [
        {"key": row.key, "more": more.get(row.key, 0), "confirmed": row.confirmed, "waitlisted": row.waitlisted}
        for row in await connection.execute(ordered)
    ]
    return [one for one in found if one["more"] or one["waitlisted"]]


def _people(rsvp: Mapping[str, Any] | None) -> int:
    """Return how many people had a place by what the history keeps of an RSVP."""
    return int(rsvp["party"]) if rsvp and rsvp.get("status") == Status.CONFIRMED else 0
