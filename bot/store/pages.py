"""Lists a page at a time, for programs that read all of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from bot.store import tables as t
from bot.store.database import Database
from bot.store.questions import OPEN_QUESTION
from bot.store.rsvp_lists import ORDER, PROGRAMME
from handlers.model import Status

Found = tuple[Sequence[Row[Any]], int]  # rows of a page, and how many there are in all


class SqlPages:
    """Read a page of a list; each comes with the number of all its rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rsvps(self, activity: str, *, first: int, most: int) -> Found:
        """Return RSVPs that are not cancelled, of one activity or ('') of all, as the command line lists them.

        ahead: how many wait before it.
        """
        rsvp, other = t.rsvp.c, t.rsvp.alias()
        waits = (other.c.activity == rsvp.activity, other.c.status == Status.WAITLISTED, other.c.queued <= rsvp.queued)
        position = select(func.count()).where(*waits).scalar_subquery().label("position")
        joined = t.rsvp.join(t.activity, t.activity.c.key == rsvp.activity).join(t.person).outerjoin(t.delegation)
        columns = (t.rsvp, t.person.c.name, t.person.c.is_verified, t.delegation.c.city, position)
        found = select(*columns).select_from(joined).where(rsvp.status != Status.CANCELLED)
        found = found.where(rsvp.activity == activity) if activity else found
        names = (t.delegation.c.city, t.person.c.name, rsvp.id)
        return await self._page(found.order_by(*PROGRAMME, ORDER, rsvp.queued, *names), rsvp.id, first, most)

    async def people(self, *, first: int, most: int) -> Found:
        """Return people with their city, in the order in which they became known."""
        found = select(t.person, t.delegation.c.city).select_from(t.person.outerjoin(t.delegation))
        return await self._page(found.order_by(t.person.c.id), t.person.c.id, first, most)

    async def questions(self, *, unanswered: bool, first: int, most: int) -> Found:
        """Return questions, newest first; unanswered: only those that wait for an answer."""
        found = select(t.question)
        found = found.where(*OPEN_QUESTION) if unanswered else found
        return await self._page(found.order_by(t.question.c.id.desc()), t.question.c.id, first, most)

    async def _page(self, found: Select[Any], key: ColumnElement[Any], first: int, most: int) -> Found:
        every = found.with_only_columns(key).order_by(None).subquery()
        async with self._database.reading() as connection:
            total = await connection.scalar(select(func.count()).select_from(every))
            return (await connection.execute(found.limit(most).offset(first))).all(), int(total or 0)
