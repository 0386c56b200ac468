"""Tokens of the API: only their digests are kept."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, insert, select, update

from bot.scopes import Scope, Token
from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import key_of

PREFIX: Final = "desk_"  # by which scanners for leaked secrets know it
_BYTES: Final = 32
_NOTED: Final = timedelta(hours=1)  # a use within it is not noted again


class SqlTokens:
    """Keep who may read what."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def create(self, name: str, scopes: Iterable[Scope]) -> tuple[int, str]:
        """Make a token for an integration; return its number and the token, which is never told again."""
        token = f"{PREFIX}{secrets.token_urlsafe(_BYTES)}"
        kept = {"name": name[:200], "digest": _digest(token), "scopes": sorted(scopes), "created": self._now()}
        async with self._database.writing() as connection:
            return key_of(await connection.execute(insert(t.api_token).values(**kept))), token

    async def find(self, token: str) -> Token | None:
        """Return what a token allows; None where it is none, or was revoked."""
        of_token = (t.api_token.c.digest == _digest(token), t.api_token.c.revoked.is_(None))
        async with self._database.reading() as connection:
            row = (await connection.execute(select(t.api_token).where(*of_token))).one_or_none()
        if row is None:
            return None
        if row.used is None or self._now() - row.used > _NOTED:
            async with self._database.writing() as connection:
                await connection.execute(update(t.api_token).where(*of_token).values(used=self._now()))
        return _token_of(row)

    async def all(self) -> Sequence[Token]:
        """Return every token, oldest first."""
        async with self._database.reading() as connection:
            return [_token_of(row) for row in await connection.execute(select(t.api_token).order_by(t.api_token.c.id))]

    async def revoke(self, number: int) -> bool:
        """Let a token be refused from now on; return whether it was valid."""
        valid = (t.api_token.c.id == number, t.api_token.c.revoked.is_(None))
        async with self._database.writing() as connection:
            changed = await connection.execute(update(t.api_token).where(*valid).values(revoked=self._now()))
        return changed.rowcount > 0


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _token_of(row: Row[Any]) -> Token:
    return Token(row.id, row.name, frozenset(map(Scope, row.scopes)), row.created, row.used, row.revoked)
