"""What is remembered of each address: its language, its last questions, what the desk has asked back."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database, Rows
from bot.store.rows import by_channel, key_of, person_of
from handlers.model import Address, Memory

_KEPT = 5  # questions: a follow-up means one of the last


class SqlConversations:
    """Keep the state of conversations: any process can take the next message."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def recall(self, sender: Address) -> Memory:
        """Return what is remembered of sender; an empty memory for a stranger."""
        async with self._database.reading() as connection:
            return (await memories(connection, [sender])).get(sender, Memory())

    async def remember(self, sender: Address, question: str, language: str) -> None:
        """Keep a question of sender, and the language it was in, unless sender has chosen one."""
        await self._database.keep(self._write_down, sender, {"question": question, "language": language})

    async def speaks(self, sender: Address, language: str) -> None:
        """Keep the language that sender was last answered in; of one who has been erased nothing is kept."""
        await self._database.keep(self._write_down, sender, {"language": language})

    async def choose_language(self, sender: Address, language: str) -> None:
        """Keep the language that sender wants to be answered in, whatever they write in."""
        async with self._database.writing() as connection:
            await self._write(connection, sender, {"language": language, "is_language_chosen": True})

    async def spoke(self, sender: Address, language: str) -> None:
        """Note the language that sender writes in, where sender is known and has not chosen one."""
        at = (*_is(sender), t.address.c.is_language_chosen.is_(False))
        async with self._database.writing() as connection:
            await connection.execute(update(t.address).where(*at).values(language=language))

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
        await self._database.keep(self._write_down, sender, {"has_consented": True})

    async def set_reachable(self, sender: Address, *, is_reachable: bool) -> None:
        """Note whether the channel delivers to an address; one that is not known stays unknown."""
        at = (*_is(sender), t.address.c.unreachable.is_not(None) if is_reachable else t.address.c.unreachable.is_(None))
        since = None if is_reachable else self._now()
        async with self._database.writing() as connection:
            await connection.execute(update(t.address).where(*at).values(unreachable=since))

    async def _write_down(self, connection: AsyncConnection, rows: Rows) -> None:
        """Keep what was asked, in which language, and that somebody has read what the desk keeps."""
        known = await _rows_of(connection, [sender for sender, _ in rows])
        new: dict[Address, dict[str, Any]] = {}
        for sender, said in rows:
            if sender not in known and sender not in new and said.keys() == {"language"}:
                continue  # erased in the same turn
            row = known.get(sender) or new.setdefault(sender, dict(_NEW))
            if "question" in said:
                row["recent"] = [*row["recent"], said["question"]][-_KEPT:]
            if not row["is_language_chosen"]:
                row["language"] = said.get("language", row["language"])
            row["has_consented"] = row["has_consented"] or said.get("has_consented", False)
        seen = self._now()
        if known:
            kept = ("at", "recent", "language", "has_consented")
            await connection.execute(
                _CHANGED,
                [{key: row[key] for key in kept} | {"seen": seen, "unreachable": None} for row in known.values()],
            )
        if new:
            added = [{"channel": s.channel, "channel_id": s.id, **row, "seen": seen} for s, row in new.items()]
            await connection.execute(insert(t.address), added)

    async def _write(self, connection: AsyncConnection, sender: Address, values: Mapping[str, Any]) -> None:
        changed = update(t.address).where(*_is(sender)).values(**values, seen=self._now(), unreachable=None)
        if not (await connection.execute(changed)).rowcount:
            await address_id(connection, sender, self._now)
            await connection.execute(changed)


_NEW: Mapping[str, Any] = {"recent": [], "language": "", "is_language_chosen": False, "has_consented": False}
_CHANGED = update(t.address).where(t.address.c.id == bindparam("at"))


async def memories(connection: AsyncConnection, senders: Iterable[Address]) -> dict[Address, Memory]:
    """Return what is remembered of those senders who are known."""
    found = {}
    for channel, ids in by_channel((sender.channel, sender.id) for sender in senders):
        known = _WITH_PERSON.where(t.address.c.channel == channel, t.address.c.channel_id.in_(ids))
        for row in await connection.execute(known):
            found[Address(channel, row.address_channel_id)] = Memory(
                language=row.address_language,
                is_chosen=row.address_is_language_chosen,
                recent=tuple(row.address_recent),
                pending=row.address_pending,
                has_consented=row.address_has_consented,
                person=person_of(row) if row.id is not None else None,
            )
    return found


_WITH_PERSON = select(
    t.person, t.delegation.c.city, *(column.label(f"address_{column.name}") for column in t.address.c)
).select_from(t.address.outerjoin(t.person).outerjoin(t.delegation))


async def _rows_of(connection: AsyncConnection, senders: Iterable[Address]) -> dict[Address, dict[str, Any]]:
    """Return what may change of those senders who are known; nobody else changes it before the transaction ends."""
    found = {}
    of_address = (t.address.c.id.label("at"), t.address.c.channel_id, *(t.address.c[name] for name in _NEW))
    for channel, ids in by_channel((sender.channel, sender.id) for sender in senders):
        known = select(*of_address).where(t.address.c.channel == channel, t.address.c.channel_id.in_(ids))
        for row in await connection.execute(known.order_by(t.address.c.id).with_for_update()):
            found[Address(channel, row.channel_id)] = dict(row._mapping)  # noqa: SLF001 - public in spite of its name
    return found


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


async def bind(connection: AsyncConnection, at: int, person: int) -> None:
    """Make an address a person's: they are answered there in the language that they have chosen elsewhere.

    What waited at another of their addresses until they write may now go by this one.
    """
    a, n = t.address.c, t.notice.c
    chosen = select(a.language).where(a.person_id == person, a.id != at, a.is_language_chosen).order_by(a.seen.desc())
    language = await connection.scalar(chosen.limit(1))
    here = update(t.address).where(a.id == at)
    await connection.execute(here.values(person_id=person))
    if language:
        unchosen = here.where(a.is_language_chosen.is_(False))
        await connection.execute(unchosen.values(language=language, is_language_chosen=True))
    waits = update(t.notice).where(t.OPEN, n.person_id == person, n.rank == t.UNTIL_THEY_WRITE)
    await connection.execute(waits.values(ready=None))
