"""What platforms demand to be remembered, as rows that all processes share."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t
from bot.store.database import Clock, Database, Rows
from bot.store.keeping import keeping
from bot.store.rows import by_channel, inserting, upsert
from bot.together import Together
from handlers.model import Address, Choice

_KEPT = timedelta(minutes=15)  # nonces; requests that are five minutes old are refused
_AGAIN = timedelta(seconds=20)  # a platform repeats a request three times, 5 s apart

_Request = tuple[str, str, str]  # channel, nonce, digest


class SqlNonces:
    """Keep the nonces of requests."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now
        self._take = Together(self._take_all)

    async def is_new(self, channel: str, nonce: str, body: bytes) -> bool:
        """Tell whether a nonce comes for the first time, or again with the same body, as when a platform repeats it."""
        return await self._take((channel, nonce[:200], hashlib.sha256(body).hexdigest()))

    async def is_unused(self, channel: str, nonce: str) -> bool:
        """Tell whether a nonce comes for the first time, whatever it comes with."""
        return await self._take((channel, nonce[:200], secrets.token_hex(32)))

    async def _take_all(self, requests: Sequence[_Request]) -> Sequence[bool]:
        now = self._now()
        new: dict[tuple[str, str], str] = {}
        for channel, nonce, digest in requests:
            new.setdefault((channel, nonce), digest)
        rows = [{"channel": c, "nonce": n, "digest": digest, "at": now} for (c, n), digest in sorted(new.items())]
        async with keeping("nonces"), self._database.writing() as connection:
            kept = inserting(connection)(t.nonce).on_conflict_do_nothing(index_elements=["channel", "nonce"])
            await connection.execute(kept, rows)
            first: dict[tuple[str, str], tuple[str, datetime]] = {}
            for channel, nonces in by_channel(new):
                of_channel = (t.nonce.c.channel == channel, t.nonce.c.nonce.in_(nonces))
                for row in await connection.execute(select(t.nonce).where(*of_channel)):
                    first[channel, row.nonce] = row.digest, row.at
        return [_is_the_first(first[channel, nonce], digest, now) for channel, nonce, digest in requests]

    async def forget_old(self) -> None:
        """Forget nonces of requests that would be too old by now."""
        async with self._database.writing() as connection:
            await connection.execute(delete(t.nonce).where(t.nonce.c.at < self._now() - _KEPT))


def _is_the_first(first: tuple[str, datetime], digest: str, now: datetime) -> bool:
    """Tell whether a request is the one that has brought its nonce, or a repeat of it."""
    return first[0] == digest and now - first[1] <= _AGAIN


class SqlShown:
    """Keep the choices below the last reply at an address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choices(self, address: Address) -> list[Choice]:
        """Return the choices that were shown last; none where none were."""
        at = (t.shown.c.channel == address.channel, t.shown.c.channel_id == address.id)
        async with self._database.reading() as connection:
            kept = await connection.scalar(select(t.shown.c.choices).where(*at))
        return [Choice(label, payload) for label, payload in kept or ()]

    async def keep(self, address: Address, choices: Sequence[Choice]) -> None:
        """Keep the choices that are shown now."""
        listed = [[choice.label, choice.payload] for choice in choices]
        await self._database.keep(_write_choices, address, {"choices": listed})


async def _write_choices(connection: AsyncConnection, rows: Rows) -> None:
    for address, values in rows:
        keys = {"channel": address.channel, "channel_id": address.id}
        await connection.execute(upsert(connection, t.shown, keys, values))


class SqlWindows:
    """Keep how long, and how often, people may be written to: each opening by its kind."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def open(self, address: Address, kind: str, *, lasts: timedelta, messages: int) -> None:
        """Note that a person has done what opens a window, for so many messages."""
        values = {"until": self._now() + lasts, "left_over": messages}
        await self._database.keep(_write_windows, (address, kind), values)

    async def spend(self, address: Address) -> bool:
        """Take one message of the window that closes first; return whether one was open."""
        of_address = (t.reply_window.c.channel == address.channel, t.reply_window.c.channel_id == address.id)
        is_open = (*of_address, t.reply_window.c.until > self._now(), t.reply_window.c.left_over > 0)
        async with self._database.writing() as connection:
            kinds = select(t.reply_window.c.kind).where(*is_open).order_by(t.reply_window.c.until)
            kind = await connection.scalar(kinds.limit(1))
            taken = update(t.reply_window).where(*is_open, t.reply_window.c.kind == kind)
            done = await connection.execute(taken.values(left_over=t.reply_window.c.left_over - 1))
        return bool(done.rowcount)

    async def close(self, address: Address) -> None:
        """Note that the platform says that no window is open."""
        of_address = (t.reply_window.c.channel == address.channel, t.reply_window.c.channel_id == address.id)
        async with self._database.writing() as connection:
            await connection.execute(delete(t.reply_window).where(*of_address))


async def _write_windows(connection: AsyncConnection, rows: Rows) -> None:
    for (address, kind), values in rows:
        keys = {"channel": address.channel, "channel_id": address.id, "kind": kind}
        await connection.execute(upsert(connection, t.reply_window, keys, values))


class SqlAccess:
    """Keep access tokens; one process fetches a new one, the others wait for it."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def token(self, name: str, *, spare: timedelta) -> str:
        """Return a token that holds for longer than spare; '' where there is none."""
        is_good = (t.access.c.name == name, t.access.c.expires > self._now() + spare)
        async with self._database.reading() as connection:
            return await connection.scalar(select(t.access.c.token).where(*is_good)) or ""

    async def lease(self, name: str, lasts: timedelta, *, spare: timedelta, refused: str = "") -> bool:
        """Tell whether the caller is to fetch a new token; nobody else is for that long.

        Not where one that holds for longer than spare has come meanwhile, unless it is the one that was refused.
        """
        now = self._now()
        async with self._database.writing() as connection:
            empty = {"name": name, "token": "", "expires": now, "leased": None}
            made = inserting(connection)(t.access).on_conflict_do_nothing(index_elements=["name"])
            await connection.execute(made, [empty])
            is_free = (t.access.c.name == name, or_(t.access.c.leased.is_(None), t.access.c.leased <= now))
            is_needed = or_(t.access.c.expires <= now + spare, t.access.c.token == refused)
            taken = await connection.execute(update(t.access).where(*is_free, is_needed).values(leased=now + lasts))
        return bool(taken.rowcount)

    async def keep(self, name: str, token: str, expires: datetime) -> None:
        """Keep a new token; '' gives the lease back."""
        values = {"token": token, "expires": expires, "leased": None}
        async with self._database.writing() as connection:
            await connection.execute(update(t.access).where(t.access.c.name == name).values(**values))
