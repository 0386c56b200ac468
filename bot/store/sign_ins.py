"""Signing in to the dashboard: links that work once, and who is signed in."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import person_of
from handlers.dashboard import LINK_HOLDS
from handlers.model import Person

STAYS = timedelta(days=7)  # signed in: the conference and the days before it; organizers can end it at any time
_BYTES = 32  # of a link or a cookie: not to be guessed


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in; digest: by which it can be ended, and which opens nothing."""

    person: Person
    digest: str
    since: datetime
    expires: datetime


class SqlSignIns:
    """Keep links and who is signed in, both as digests."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def offer(self, person: int) -> str:
        """Return the secret of a link that signs a person in once."""
        secret = secrets.token_urlsafe(_BYTES)
        values = {"digest": digest_of(secret), "person_id": person, "expires": self._now() + LINK_HOLDS}
        async with self._database.writing() as connection:
            await connection.execute(insert(t.sign_in_link).values(**values))
        return secret

    async def whose(self, secret: str) -> Person | None:
        """Return whom a link signs in; None where it is wrong, used or expired. It is not used up by that."""
        valid = select(t.sign_in_link.c.person_id).where(*self._valid(secret)).scalar_subquery()
        async with self._database.reading() as connection:
            row = (await connection.execute(_PEOPLE.where(t.person.c.id == valid))).one_or_none()
        return person_of(row) if row else None

    async def use(self, secret: str) -> str | None:
        """Use a link up; return the secret of the cookie of who is signed in by it, None where it works no more."""
        moment, cookie = self._now(), secrets.token_urlsafe(_BYTES)
        async with self._database.writing() as connection:
            valid = self._valid(secret)
            person = await connection.scalar(select(t.sign_in_link.c.person_id).where(*valid))
            used = await connection.execute(update(t.sign_in_link).where(*valid).values(used=moment))
            if person is None or used.rowcount != 1:
                return None
            times = {"since": moment, "expires": moment + STAYS}
            made = insert(t.signed_in).values(digest=digest_of(cookie), person_id=person, **times)
            await connection.execute(made)
        return cookie

    async def by(self, cookie: str) -> SignedIn | None:
        """Return who is signed in by a cookie; None where nobody is any more."""
        found = await self._signed_in(t.signed_in.c.digest == digest_of(cookie))
        return found[0] if found else None

    async def all(self) -> Sequence[SignedIn]:
        """Return everybody who is signed in, latest first."""
        return await self._signed_in()

    async def end(self, digest: str) -> bool:
        """Sign somebody out; return whether they were signed in."""
        live = update(t.signed_in).where(t.signed_in.c.digest == digest, t.signed_in.c.ended.is_(None))
        async with self._database.writing() as connection:
            return (await connection.execute(live.values(ended=self._now()))).rowcount > 0

    async def forget_old(self) -> None:
        """Forget links and cookies that work no more."""
        now = self._now()
        async with self._database.writing() as connection:
            await connection.execute(delete(t.sign_in_link).where(t.sign_in_link.c.expires < now))
            over = or_(t.signed_in.c.expires < now, t.signed_in.c.ended.is_not(None))
            await connection.execute(delete(t.signed_in).where(over))

    async def _signed_in(self, *which: ColumnElement[bool]) -> list[SignedIn]:
        live = (t.signed_in.c.ended.is_(None), t.signed_in.c.expires > self._now(), *which)
        columns = (t.signed_in.c.digest, t.signed_in.c.since, t.signed_in.c.expires)
        rows = _PEOPLE.add_columns(*columns).join(t.signed_in, t.signed_in.c.person_id == t.person.c.id)
        async with self._database.reading() as connection:
            found = await connection.execute(rows.where(*live).order_by(t.signed_in.c.since.desc()))
            people = [SignedIn(person_of(row), row.digest, row.since, row.expires) for row in found]
        return [one for one in people if one.person.role.sees_the_dashboard]

    def _valid(self, secret: str) -> tuple[ColumnElement[bool], ...]:
        link = t.sign_in_link.c
        return (link.digest == digest_of(secret), link.used.is_(None), link.expires > self._now())


_PEOPLE = select(t.person, t.delegation.c.city).select_from(
    t.person.outerjoin(t.delegation, t.delegation.c.id == t.person.c.delegation_id)
)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
