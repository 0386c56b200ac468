"""Who has changed what, and when: lines of the history that are of no RSVP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select

from bot.store import tables as t
from bot.store.database import Clock, Database

_ABOUT = 64  # letters, as the column of activities has them


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. about: the activity, or what else it was of; by: '' for the command line."""

    at: datetime
    by: str
    what: str
    about: str
    after: Any


class Act(StrEnum):
    """What the store itself writes into the log, with the values that were set."""

    OPENING = "opened or closed an activity"
    PLACES = "resized an activity"
    DELEGATION = "set a delegation"
    DEADLINE = "set until when covered delegates are named"
    COMMAND_LINE = "command line"  # whatever was set there: nobody is known by name


class SqlLog:
    """Keep what people of the organizer do."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def note(self, what: str, about: str, *, by: int) -> None:
        """Write down a change, in the transaction that makes it."""
        row = {"at": self._now(), "activity": about[:_ABOUT], "person_id": None, "by_id": by, "why": what}
        async with self._database.writing() as connection:
            await connection.execute(insert(t.history).values(before=None, after=None, **row))

    async def latest(self, most: int) -> Sequence[Entry]:
        """Return the latest changes that are of no single person's RSVP, newest first."""
        rows = select(t.history, t.person.c.name).outerjoin(t.person, t.person.c.id == t.history.c.by_id)
        rows = rows.where(t.history.c.person_id.is_(None)).order_by(t.history.c.id.desc()).limit(most)
        async with self._database.reading() as connection:
            found = await connection.execute(rows)
            return [Entry(row.at, row.name or "", row.why, row.activity, row.after) for row in found]
