"""What is remembered of each address: its language, its last questions, what the desk has asked back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import key_of
from handlers.model import Address, Memory

_KEPT = 5  # questions: a follow-up means one of the last


class SqlConversations:
    """Keep the state of conversations: any process can take the next message."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def recall(self, sender: Address) -> Memory:
        """Return what is remembered of sender; an empty memory for a stranger."""
        row = await self._row(sender)
        if row is None:
            return Memory()
        return Memory(row.language, row.is_language_chosen, tuple(row.recent), row.pending, row.has_consented)

    async def remember(self, sender: Address, question: str, language: str) -> None:
        """Keep a question of sender, and the language it was in, unless sender has chosen one."""
        async with self._database.writing() as connection:
            at = await address_id(connection, sender, self._now)
            row = (await connection.execute(select(t.address).where(t.address.c.id == at))).one()
            kept = {"recent": [*row.recent, question][-_KEPT:], "seen": self._now()}
            spoken = {} if row.is_language_chosen else {"language": language}
            await connection.execute(update(t.address).where(t.address.c.id == at).values(**kept, **spoken))

    async def choose_language(self, sender: Address, language: str) -> None:
        """Keep the language that sender wants to be answered in, whatever they write in."""
        await self._write(sender, language=language, is_language_chosen=True)

    async def ask_back(self, sender: Address, pending: Mapping[str, Any] | None, *, about: str = "") -> None:
        """Keep what the desk has just asked sender; None when that is settled. about: what was spoken of."""
        async with self._database.writing() as connection:
            at = await address_id(connection, sender, self._now)
            kept: dict[str, Any] = {"pending": dict(pending) if pending else None, "seen": self._now()}
            if about:
                recent = await connection.scalar(select(t.address.c.recent).where(t.address.c.id == at))
                kept["recent"] = [*(recent or ()), about][-_KEPT:]
            await connection.execute(update(t.address).where(t.address.c.id == at).values(**kept))

    async def consent(self, sender: Address) -> None:
        """Note that sender has now read what the desk keeps."""
        await self._write(sender, has_consented=True)

    async def _row(self, sender: Address) -> Any:  # noqa: ANN401 - a row of address
        at = (t.address.c.channel == sender.channel, t.address.c.channel_id == sender.id)
        async with self._database.reading() as connection:
            return (await connection.execute(select(t.address).where(*at))).one_or_none()

    async def _write(self, sender: Address, **values: Any) -> None:  # noqa: ANN401 - columns of address
        async with self._database.writing() as connection:
            at = await address_id(connection, sender, self._now)
            changed = update(t.address).where(t.address.c.id == at).values(**values, seen=self._now())
            await connection.execute(changed)


async def address_id(connection: AsyncConnection, sender: Address, now: Clock) -> int:
    """Return the id of an address, which is written where it is new."""
    at = (t.address.c.channel == sender.channel, t.address.c.channel_id == sender.id)
    known = await connection.scalar(select(t.address.c.id).where(*at))
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
