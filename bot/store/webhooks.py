"""Webhooks, and what they are told: rows that are committed with the change, and made into calls afterwards."""

import base64
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Row,
    String,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.scopes import Event, Listed, Scope, Webhook
from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import key_of
from bot.store.tables import UtcDateTime

LEASE: Final = timedelta(seconds=60)  # after which another process takes a call over; making it takes less
_KEPT: Final = timedelta(days=30)
_WHY: Final = 200  # letters that are kept of a reason
_BYTES: Final = 24  # of a secret, as https://www.standardwebhooks.com asks: 24 to 64
_COLUMNS = ["webhook_id", "event", "about", "created", "ready"]


@dataclass(frozen=True, slots=True)
class Call:
    """What a webhook is to be told, claimed until the lease ends. tries: this one counted."""

    id: int
    url: str
    secret: str
    event: Event
    content: Mapping[str, Any]  # as far as the webhook's scopes go
    created: datetime
    tries: int


class SqlWebhooks:
    """Keep webhooks and their calls."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def add(self, url: str, events: Iterable[Event], scopes: Iterable[Scope]) -> tuple[int, str]:
        """Have an address told of events from now on; return the webhook's number, and the secret that signs."""
        secret = f"whsec_{base64.b64encode(secrets.token_bytes(_BYTES)).decode()}"
        kept = {"url": url, "secret": secret, "events": sorted(events), "scopes": sorted(scopes)}
        async with self._database.writing() as connection:
            made = await connection.execute(insert(t.webhook).values(**kept, created=self._now()))
            return key_of(made), secret

    async def all(self) -> Sequence[Listed]:
        """Return webhooks that are told, oldest first, with how their calls stand."""
        call = t.call.c
        counted = select(
            call.webhook_id,
            func.count(call.done).label("done"),
            func.count(call.failed).label("failed"),
            func.count().label("every"),
            func.max(call.id).filter(call.done.is_(None), call.why != "").label("last"),
        ).group_by(call.webhook_id)
        of, last = counted.subquery(), t.call.alias()
        columns = (t.webhook, of.c.done, of.c.failed, of.c.every, last.c.why)
        joined = t.webhook.outerjoin(of, of.c.webhook_id == t.webhook.c.id).outerjoin(last, last.c.id == of.c.last)
        found = select(*columns).select_from(joined).where(t.webhook.c.removed.is_(None)).order_by(t.webhook.c.id)
        async with self._database.reading() as connection:
            return [_listed(row) for row in await connection.execute(found)]

    async def remove(self, number: int) -> bool:
        """Tell a webhook nothing more; return whether it was told."""
        now = self._now()
        told = (t.webhook.c.id == number, t.webhook.c.removed.is_(None))
        async with self._database.writing() as connection:
            changed = await connection.execute(update(t.webhook).where(*told).values(removed=now))
            waiting = (t.call.c.webhook_id == number, t.OPEN_CALL)
            await connection.execute(update(t.call).where(*waiting).values(failed=now, why="the webhook was removed"))
        return changed.rowcount > 0

    async def again(self, number: int) -> int:
        """Make the calls of a webhook again that were given up; return how many those are."""
        given_up = (t.call.c.webhook_id == number, t.call.c.failed.is_not(None))
        values = {"failed": None, "tries": 0, "ready": self._now(), "leased": None}
        async with self._database.writing() as connection:
            return (await connection.execute(update(t.call).where(*given_up).values(**values))).rowcount

    async def claim(self, most: int) -> Sequence[Call]:
        """Return at most so many calls that are due, in order, and keep others off them."""
        now = self._now()
        is_free = or_(t.call.c.leased.is_(None), t.call.c.leased <= now)
        due = select(t.call, t.webhook.c.url, t.webhook.c.secret, t.webhook.c.scopes).join(t.webhook)
        due = due.where(t.OPEN_CALL, t.call.c.ready <= now, is_free).order_by(t.call.c.ready, t.call.c.id).limit(most)
        async with self._database.reading() as connection:
            if (await connection.execute(due)).first() is None:
                return []
        async with self._database.writing() as connection:
            rows = (await connection.execute(due.with_for_update(skip_locked=True, of=t.call))).all()
            ids = [row.id for row in rows]
            taken = {"leased": now + LEASE, "tries": t.call.c.tries + 1}
            await connection.execute(update(t.call).where(t.call.c.id.in_(ids)).values(**taken))
            return [await _call_of(connection, row) for row in rows]

    async def settle(self, call: int) -> None:
        """Note that a call was taken."""
        async with self._database.writing() as connection:
            await _write(connection, call, done=self._now(), leased=None, why="")

    async def put_off(self, call: int, why: str, pause: timedelta | None) -> None:
        """Note that a call was not taken; make it again after a pause, or (None) give it up."""
        now = self._now()
        later = {"failed": now} if pause is None else {"ready": now + pause}
        async with self._database.writing() as connection:
            await _write(connection, call, leased=None, why=why[:_WHY], **later)

    async def forget_old(self) -> None:
        """Forget calls of long ago."""
        async with self._database.writing() as connection:
            await connection.execute(delete(t.call).where(t.call.c.created < self._now() - _KEPT))


def _is_told(event: Event) -> ColumnElement[bool]:
    return t.webhook.c.removed.is_(None) & cast(t.webhook.c.events, String).contains(f'"{event}"')


async def is_anybody_told(connection: AsyncConnection, event: Event) -> bool:
    """Tell whether any webhook is told of an event."""
    return bool(await connection.scalar(select(exists().where(_is_told(event)))))


async def announce(connection: AsyncConnection, event: Event, about: Mapping[str, Any], now: datetime) -> None:
    """Write, in the transaction of a change, a call for each webhook that is told of it.

    about: numbers and states; names and words are read when the call is made, so what was erased by then is not told.
    """
    values = (literal(event.value), literal(dict(about), JSON), literal(now, UtcDateTime), literal(now, UtcDateTime))
    await connection.execute(
        insert(t.call).from_select(_COLUMNS, select(t.webhook.c.id, *values).where(_is_told(event)))
    )


async def _call_of(connection: AsyncConnection, row: Row[Any]) -> Call:
    scopes, event = frozenset(map(Scope, row.scopes)), Event(row.event)
    worded = {Event.RSVP_CHANGED: _rsvp, Event.QUESTION_UNANSWERED: _question}
    content = await worded[event](connection, row.about, scopes)
    return Call(row.id, row.url, row.secret, event, content, row.created, row.tries + 1)


async def _rsvp(connection: AsyncConnection, about: Mapping[str, Any], scopes: frozenset[Scope]) -> Mapping[str, Any]:
    told = {name: about[name] for name in ("activity", "party", "status", "before")}
    if Scope.PEOPLE not in scopes:
        return told
    of_person = select(t.person.c.name, t.delegation.c.city).select_from(t.person.outerjoin(t.delegation))
    found = (await connection.execute(of_person.where(t.person.c.id == about["person"]))).one_or_none()
    person = {"id": about["person"], "name": found.name, "city": found.city or ""} if found else None
    return told | {"person": person}


async def _question(
    connection: AsyncConnection, about: Mapping[str, Any], scopes: frozenset[Scope]
) -> Mapping[str, Any]:
    told = dict(about)
    if Scope.QUESTIONS not in scopes:
        return told
    return told | {"text": await connection.scalar(select(t.question.c.text).where(t.question.c.id == about["id"]))}


def _listed(row: Row[Any]) -> Listed:
    webhook = Webhook(
        row.id, row.url, frozenset(map(Event, row.events)), frozenset(map(Scope, row.scopes)), row.created
    )
    every, done, failed = row.every or 0, row.done or 0, row.failed or 0
    return Listed(webhook, every - done - failed, done, failed, row.why or "")


async def _write(connection: AsyncConnection, call: int, **values: object) -> None:
    await connection.execute(update(t.call).where(t.call.c.id == call, t.OPEN_CALL).values(**values))
