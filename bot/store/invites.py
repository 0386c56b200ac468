"""Invite codes: one-time, expiring, kept only as digests, and not to be guessed."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.delegations import create_person
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Address, Role

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 letters that nobody mistakes for others
LENGTH = 16  # 80 bits
VALID = timedelta(days=120)
SOON = timedelta(hours=1)  # for a code by which a person is known on another channel too
GUESSES = 5  # wrong codes of one address,
GUESSES_OF_ALL = 100  # and of all, within:
WITHIN = timedelta(minutes=10)


class SqlInvites:
    """Make invite codes."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def create(self, *, role: Role, city: str, name: str, expires: datetime | None = None) -> str:
        """Make a person and a code for them; return the code, which is kept only as a digest."""
        async with self._database.writing() as connection:
            person = await create_person(connection, role, name=name, city=city, now=self._now, is_verified=True)
            return await _written(connection, person, expires or self._now() + VALID)


async def connecting_code(connection: AsyncConnection, person: int, moment: datetime) -> str:
    """Return a code by which a person is known at another address too, within SOON; those before it end."""
    await connection.execute(
        delete(t.invite).where(t.invite.c.person_id == person, t.invite.c.expires <= moment + SOON)
    )
    return await _written(connection, person, moment + SOON)


async def _written(connection: AsyncConnection, person: int, until: datetime) -> str:
    """Return a new code, of which the digest is kept."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    await connection.execute(insert(t.invite).values(digest=_digest(code), person_id=person, expires=until))
    return f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}"


async def redeemed(connection: AsyncConnection, sender: Address, code: str, moment: datetime) -> int | None:
    """Use up a code; return its person, None where the code is wrong, used or expired.

    Raises:
        Refusal: sender, or everybody together, has tried too many wrong ones lately.
    """
    lately = t.guess.c.at > moment - WITHIN
    own = (t.guess.c.channel == sender.channel, t.guess.c.channel_id == sender.id)
    count = select(func.count()).select_from(t.guess)
    of_sender = await connection.scalar(count.where(lately, *own))
    of_all = await connection.scalar(count.where(lately))
    if (of_sender or 0) >= GUESSES or (of_all or 0) >= GUESSES_OF_ALL:
        raise Refusal(texts.TOO_MANY_CODES)
    valid = (t.invite.c.digest == _digest(code), t.invite.c.used.is_(None), t.invite.c.expires > moment)
    person = await connection.scalar(select(t.invite.c.person_id).where(*valid))
    used = await connection.execute(update(t.invite).where(*valid).values(used=moment))
    if person is not None and used.rowcount == 1:
        return int(person)
    await connection.execute(insert(t.guess).values(channel=sender.channel, channel_id=sender.id, at=moment))
    await connection.execute(delete(t.guess).where(t.guess.c.at < moment - WITHIN))
    return None


def _bare(code: str) -> str:
    return "".join(character for character in code.upper() if character.isalnum())


def _digest(code: str) -> str:
    return hashlib.sha256(_bare(code).encode()).hexdigest()
