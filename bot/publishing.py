"""What the command line does with the agenda and broadcasts: look, and publish as one act."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, time
from typing import Any

from bot.app import Desk, Store
from bot.registry import BadValue, activity_as_json, activity_values, formatted
from handlers.publishing import Publishing
from knowledge import Change
from knowledge.editions import EVENT


@asynccontextmanager
async def _opened(desk: Desk) -> AsyncIterator[Store]:
    """Yield the store, with the library turned to the newest edition."""
    store = await desk.store()
    try:
        await desk.seed_activities(store)
        desk.library.turn_to(await store.editions.current())
        yield store
    finally:
        await store.database.close()


async def agenda(desk: Desk, form: str) -> str | bytes:
    """Return the sessions as they are now."""
    async with _opened(desk):
        rows: list[tuple[object, ...]] = [("key", "title", "day", "start", "end", "place", "cancelled", "changed")]
        for one in desk.library.sessions():
            times = [f"{moment:%H:%M}" if moment else None for moment in (one.start, one.end)]
            changed = one.changed.made.isoformat() if one.changed else None
            rows.append((one.key, one.title, one.day, *times, one.place, one.is_cancelled, changed))
        return formatted(rows, form)


async def changed(desk: Desk, session: str, given: Mapping[str, Any]) -> str:
    """Publish a change of a session; return how many are told.

    Raises:
        BadValue: a time is none, or nothing is to be changed.
        knowledge.editions.UnknownSession: there is no such session.
    """
    values = {name: value for name, value in given.items() if value not in ("", None)}
    for name in ("start", "end"):
        if values.get(name) == "none":
            values[name] = None
        elif name in values:
            values[name] = _time(name, values[name])
    if not values:
        raise BadValue("nothing to change; see: desk change --help")
    return await _published(desk, Change(session, values, desk.settings.clock().date()))


async def set_activity(desk: Desk, key: str, given: Mapping[str, Any]) -> str:
    """Set what is given of an activity; return how it stands then.

    Another day or time is a change of the agenda: answers go by it, and those who are signed up are told.

    Raises:
        BadValue: a value is no number, time or moment.
        bot.store.activities.NoSuchActivity: it is new, and no day is given.
    """
    values = activity_values(given)
    async with _opened(desk) as store:
        known = {activity.key: activity for activity in await store.activities.all()}
        session = next((s for s in desk.library.sessions() if key in known and s.title == known[key].session), None)
        moved: dict[str, Any] = {}
        if session is not None:  # an activity that no document knows has its own times
            moved = {name: values.pop(name) for name in ("day", "start", "end") if name in values}
        if values or key not in known:
            await store.activities.change(key, values)
        if session is not None and moved:
            written = {name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in moved.items()}
            await publish(desk, store, Change(session.key, written, desk.settings.clock().date()))
        activity = next(one for one in await store.activities.all() if one.key == key)
    return json.dumps(activity_as_json(activity), ensure_ascii=False)


async def dated(desk: Desk, first_day: str) -> str:
    """Confirm the date of day 1; return how many are told.

    Raises:
        BadValue: it is no date.
    """
    try:
        first = date.fromisoformat(first_day)
    except ValueError as error:
        raise BadValue(f"{first_day}: expected a date such as 2026-09-14") from error
    return await _published(desk, Change(EVENT, {"first_day": first.isoformat()}, desk.settings.clock().date()))


async def editions(desk: Desk, form: str) -> str | bytes:
    """Return each published change."""
    async with _opened(desk) as store:
        rows: list[tuple[object, ...]] = [("edition", "published", "by", "session", "change")]
        for one in await store.editions.all():
            for change in one.changes:
                told = ", ".join(f"{name}: {value}" for name, value in change.values.items())
                rows.append((one.number, one.published.isoformat(), one.by, change.session, told))
        return formatted(rows, form)


async def broadcasts(desk: Desk, number: int | None, form: str) -> str | bytes:
    """Return all broadcasts; of one, whom it was for and who has been told."""
    async with _opened(desk) as store:
        rows: list[tuple[object, ...]] = [("number", "created", "language", "recipients", "sent", "text")]
        if number is None:
            for one in await store.broadcasts.all():
                created = one.created.isoformat(timespec="seconds")
                rows.append((one.number, created, one.language, one.recipients, one.sent, one.text))
            return formatted(rows, form)
        found = await store.broadcasts.deliveries(number)
        if not found:
            raise BadValue(f"{number}: there is no such broadcast")
        return formatted([tuple(found[0]), *(tuple(one.values()) for one in found)], form)


async def publish(desk: Desk, store: Store, change: Change) -> int:
    """Publish a change and queue what tells of it, as one transaction; return for how many people."""
    publishing = Publishing(desk.library, store.editions, store.broadcasts)
    async with store.database.turn():
        audience = publishing.concerned([change])
        return (await publishing.publish([change], "", "en", audience, by=None)).recipients


async def _published(desk: Desk, change: Change) -> str:
    async with _opened(desk) as store:
        count = await publish(desk, store, change)
    return f"published; queued for {count} people, see `desk broadcasts`"


def _time(name: str, value: str) -> str:
    try:
        return f"{time.fromisoformat(value):%H:%M}"
    except ValueError as error:
        raise BadValue(f"--{name} {value}: expected a time such as 19:00, or none") from error
