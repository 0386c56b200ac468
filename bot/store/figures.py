"""What the dashboard counts: sums that the database makes, so a page costs the same however many people there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, case, cast, func, select

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rsvp_lists import PROGRAMME
from handlers.model import Status
from handlers.speech import CONFERENCE_TIME

_RECENT = 5_000  # questions that topics are counted in


@dataclass(frozen=True, slots=True)
class Standing:
    """How an activity stands, in people; moved: how many more are confirmed than a day ago."""

    activity: str
    confirmed: int
    offered: int
    waitlisted: int
    unverified: int
    moved: int


@dataclass(frozen=True, slots=True)
class Covered:
    """A delegation in figures: its people, and how many of them are named as covered."""

    city: str
    people: int
    named: int
    quota: int
    liaison: str


@dataclass(frozen=True, slots=True)
class Asked:
    """How many questions there were on a day in a language, and how many of them were answered."""

    day: date
    language: str
    count: int
    answered: int


class SqlFigures:
    """Count."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def activities(self) -> Sequence[Standing]:
        """Return how every activity stands, in the order of the programme."""
        tally = t.tally.c
        names = ("confirmed", "offered", "waitlisted")
        sums = [func.coalesce(func.sum(tally[name]), 0).label(name) for name in names]
        unverified = func.coalesce(func.sum(case((tally.is_verified, 0), else_=tally.confirmed)), 0)
        rows = select(t.activity.c.key, *sums, unverified.label("unverified")).outerjoin(t.tally)
        rows = rows.group_by(*t.activity.primary_key, t.activity.c.day, t.activity.c.start).order_by(*PROGRAMME)
        async with self._database.reading() as connection:
            moved = {row.activity: row.moved for row in await connection.execute(_moved(self._now()))}
            found = await connection.execute(rows)
            return [
                Standing(r.key, r.confirmed, r.offered, r.waitlisted, r.unverified, int(moved.get(r.key) or 0))
                for r in found
            ]

    async def delegations(self) -> Sequence[Covered]:
        """Return every delegation, by city."""
        place = t.delegation.c
        named = func.count(case((t.person.c.is_covered, 1))).label("named")
        rows = select(place.city, place.quota, place.liaison, func.count(t.person.c.id).label("people"), named)
        rows = rows.select_from(t.delegation.outerjoin(t.person)).group_by(place.id).order_by(place.city)
        async with self._database.reading() as connection:
            return [Covered(r.city, r.people, r.named, r.quota, r.liaison) for r in await connection.execute(rows)]

    async def questions(self, days: int) -> Sequence[Asked]:
        """Return the questions of the last days, today's last, by day of the conference's time and by language."""
        today = self._now().astimezone(CONFERENCE_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
        since = today - timedelta(days=days - 1)
        day = self._day(since)
        answered = func.count(case((t.question.c.is_answered | t.question.c.faq_id.is_not(None), 1)))
        rows = select(day.label("day"), t.question.c.language, func.count().label("count"), answered.label("answered"))
        rows = rows.where(t.question.c.asked >= since).group_by(day, t.question.c.language).order_by(day)
        async with self._database.reading() as connection:
            found = await connection.execute(rows)
            return [
                Asked((since + timedelta(days=int(r.day))).date(), r.language, r._mapping["count"], r.answered)  # noqa: SLF001 - `count` is a method of rows
                for r in found
            ]

    async def topics(self, most: int) -> Sequence[tuple[str, int]]:
        """Return the topics that the latest questions were about, the most frequent first."""
        rows = select(t.question.c.topics).order_by(t.question.c.id.desc()).limit(_RECENT)
        counted: Counter[str] = Counter()
        async with self._database.reading() as connection:
            for row in await connection.execute(rows):
                counted.update(row.topics)
        return counted.most_common(most)

    async def people(self) -> Mapping[str, int]:
        """Return how many people are known, by role."""
        rows = select(t.person.c.role, func.count().label("people")).group_by(t.person.c.role)
        async with self._database.reading() as connection:
            return {row.role: row.people for row in await connection.execute(rows)}

    async def version(self) -> tuple[object, ...]:
        """Return what differs as soon as a page of the dashboard would show something else."""
        notice = t.notice.c
        settled = (notice.sent, notice.read, notice.failed, notice.cancelled, notice.expired)
        counts = select(*(func.count(one) for one in settled)).where(notice.broadcast_id.is_not(None))
        states = select(t.broadcast.c.id, t.broadcast.c.state).order_by(t.broadcast.c.id.desc()).limit(20)
        latest = [select(func.max(one)) for one in (t.history.c.id, t.question.c.id, t.faq.c.id, t.edition.c.number)]
        latest.append(select(func.count()).where(t.question.c.certainty == "asked"))
        async with self._database.reading() as connection:
            found: list[object] = [await connection.scalar(one) for one in latest]
            found += (await connection.execute(counts)).one()
            found += [tuple(row) for row in await connection.execute(states)]
        return tuple(found)

    def _day(self, since: datetime) -> Any:  # noqa: ANN401 - an expression of either database
        """Return how many days after since a question was asked."""
        asked = t.question.c.asked
        if self._database.is_sqlite:
            return cast(func.julianday(asked) - func.julianday(_utc(since)), Integer)
        return func.floor(func.extract("epoch", asked - since) / 86400)


def _moved(now: datetime) -> Any:  # noqa: ANN401 - a select
    """Return a select of how many people more, or less, were confirmed in the last day, by activity."""
    history = t.history.c

    def confirmed(kept: Any) -> Any:  # noqa: ANN401 - a column of JSON
        return case((kept["status"].as_string() == Status.CONFIRMED.value, kept["party"].as_integer()), else_=0)

    moved = func.sum(confirmed(history.after) - confirmed(history.before)).label("moved")
    is_of_somebody = history.person_id.is_not(None)
    return (
        select(history.activity, moved)
        .where(history.at > now - timedelta(days=1), is_of_somebody)
        .group_by(history.activity)
    )


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
