"""What is remembered of each address: its language, its last questions, what the desk has asked back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import key_of, person_of
from handlers.model import Address, Memory

_KEPT = 5  # questions: a follow-up means one of the last


class SqlConversations:
    """Keep the state of conversations: any process can take the next message."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def recall(self, sender: Address) -> Memory:
        """Return what is remembered of sender; an empty memory for a stranger."""
        known = (
            select(t.person, t.delegation.c.city, *(c.label(f"address_{c.name}") for c in t.address.c))
            .select_from(t.address.outerjoin(t.person).outerjoin(t.delegation))
            .where(*_is(sender))
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(known)).one_or_none()
        if row is None:
            return Memory()
        return Memory(
            language=row.address_language,
            is_chosen=row.address_is_language_chosen,
            recent=tuple(row.address_recent),
            pending=row.address_pending,
            has_consented=row.address_has_consented,
            person=person_of(row) if row.id is not None else None,
        )

    async def remember(self, sender: Address, question: str, language: str) -> None:
        """Keep a question of sender, and the language it was in, unless sender has chosen one."""
        async with self._database.writing() as connection:
            row = (await connection.execute(select(t.address).where(*_is(sender)))).one_or_none()
            kept: dict[str, Any] = {"recent": [*(row.recent if row else ()), question][-_KEPT:]}
            if row is None or not row.is_language_chosen:
                kept["language"] = language
            await self._write(connection, sender, kept)

    async def choose_language(self, sender: Address, language: str) -> None:
        """Keep the language that sender wants to be answered in, whatever they write in."""
        async with self._database.writing() as connection:
            await self._write(connection, sender, {"language": language, "is_language_chosen": True})

    async def ask_back(self, sender: Address, pending: Mapping[str, Any] | None, *, about: str = "") -> None:
        """Keep what the desk has just asked sender; None when that is settled. about: what was spoken of."""
        async with self._database.writing() as connection:
            kept: dict[str, Any] = {"pending": dict(pending) if pending else None}
            if about:
                recent = await connection.scalar(select(t.address.c.recent).where(*_is(sender)))
                kept["recent"] = [*(recent or ()), about][-_KEPT:]
            await self._write(connection, sender, kept)

    async def consent(self, sender: Address) -> None:
        """Note that sender has now read what the desk keeps."""
        async with self._database.writing() as connection:
            await self._write(connection, sender, {"has_consented": True})

    async def set_reachable(self, sender: Address, *, is_reachable: bool) -> None:
        """Note whether the channel delivers to an address; one that is not known stays unknown."""
        at = (*_is(sender), t.address.c.unreachable.is_not(None) if is_reachable else t.address.c.unreachable.is_(None))
        since = None if is_reachable else self._now()
        async with self._database.writing() as connection:
            await connection.execute(update(t.address).where(*at).values(unreachable=since))

    async def _write(self, connection: AsyncConnection, sender: Address, values: Mapping[str, Any]) -> None:
        changed = update(t.address).where(*_is(sender)).values(**values, seen=self._now())
        if not (await connection.execute(changed)).rowcount:
            await address_id(connection, sender, self._now)
            await connection.execute(changed)


def _is(sender: Address) -> tuple[ColumnElement[bool], ...]:
    return (t.address.c.channel == sender.channel, t.address.c.channel_id == sender.id)


async def address_id(connection: AsyncConnection, sender: Address, now: Clock) -> int:
    """Return the id of an address, which is written where it is new."""
    known = await connection.scalar(select(t.address.c.id).where(*_is(sender)))
    if known is None:
        made = await connection.execute(
            insert(t.address).values(
                channel=sender.channel,
                channel_id=sender.id,
                is_language_chosen=False,
                has_consented=False,
                recent=[],
                seen=now(),
            )
        )
        known = key_of(made)
    return int(known)
