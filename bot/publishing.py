"""What the command line does with the agenda and broadcasts: look, and publish as one act."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, time
from typing import Any

from bot.app import Desk
from bot.registry import BadValue, activity_as_json, activity_values, formatted, number_of_places
from bot.store.editions import Published
from bot.store.whole import Store
from handlers.broadcasts import Broadcast, State
from handlers.errors import Refusal
from handlers.model import Activity
from handlers.resizing import Resize
from handlers.speech import Speech
from knowledge import Change
from knowledge.editions import EVENT, Edition
from knowledge.programme import Session

_COMPARED = ("name", "day", "start", "end", "place", "cancelled", "is there")  # of a session


@asynccontextmanager
async def opened(desk: Desk) -> AsyncIterator[Store]:
    """Yield the store, with the library turned to the newest edition."""
    async with desk.stored() as store:
        desk.library.turn_to(await store.editions.current())
        yield store


async def agenda(desk: Desk, form: str, number: int | None = None) -> str | bytes:
    """Return the sessions as they are now, or as the edition of a number had them.

    Raises:
        BadValue: there is no edition of that number.
    """
    async with opened(desk) as store:
        rows: list[tuple[object, ...]] = [("key", "title", "day", "start", "end", "place", "cancelled", "changed")]
        sessions = desk.library.sessions()
        if number is not None:
            sessions = desk.library.sessions_at(await _edition(store, number))
        for one in sessions:
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
    places = [values.pop("places")] if "places" in values else []
    async with opened(desk) as store:
        activities = await store.activities.all()
        key = next((_session_of(one, desk) for one in activities if one.key == session), session)
        resizes = [Resize(_of_session(session, key, activities, desk), None, number_of_places(one)) for one in places]
        changes = [Change(key, values, desk.settings.clock().date())] if values else []
        return _said(await publish(desk, store, changes, resizes))


def _session_of(activity: Activity, desk: Desk) -> str:
    """Return the key of an activity's session; its own where no document knows it."""
    return next((one.key for one in desk.library.sessions() if one.title == activity.session), activity.key)


def _of_session(given: str, session: str, activities: Sequence[Activity], desk: Desk) -> str:
    """Return the key of the activity that is given by its own or by that of its session."""
    own = [one.key for one in activities if given in (one.key, session) and _session_of(one, desk) == session]
    own = [given] if given in own else own
    if len(own) != 1:
        raise BadValue(f"--places {given}: expected an activity ({', '.join(own or [one.key for one in activities])})")
    return own[0]


async def set_activity(desk: Desk, key: str, given: Mapping[str, Any]) -> str:
    """Set what is given of an activity; return how it stands then.

    Another day or time is a change of the agenda: answers go by it, and those who are signed up are told. Other places
    of what is known are a part of it.

    Raises:
        BadValue: a value is no number, time or moment.
        bot.store.activities.NoSuchActivity: it is new, and no day is given.
    """
    values = activity_values(given)
    async with opened(desk) as store:
        known = {activity.key: activity for activity in await store.activities.all()}
        session = next((s for s in desk.library.sessions() if key in known and s.title == known[key].session), None)
        moved: dict[str, Any] = {}
        if session is not None:  # an activity that no document knows has its own times
            moved = {name: values.pop(name) for name in ("day", "start", "end") if name in values}
        resizes = [Resize(key, None, values.pop("capacity"))] if key in known and "capacity" in values else []
        if values or key not in known:
            await store.activities.change(key, values)
        written = {name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in moved.items()}
        changes = [Change(session.key, written, desk.settings.clock().date())] if session and written else []
        if changes or resizes:
            await publish(desk, store, changes, resizes)
        activity = next(one for one in await store.activities.all() if one.key == key)
    return json.dumps(activity_as_json(activity), ensure_ascii=False)


async def dated(desk: Desk, first_day: str) -> str:
    """Confirm the date of day 1; return how many are told.

    Raises:
        BadValue: it is no date.
    """
    first = date_of(first_day)
    change = Change(EVENT, {"first_day": first.isoformat()}, desk.settings.clock().date())
    async with opened(desk) as store:
        return _said(await publish(desk, store, [change]))


def date_of(given: str) -> date:
    """Return the date that is given.

    Raises:
        BadValue: it is none.
    """
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise BadValue(f"{given}: expected a date such as 2026-09-14") from error


async def undone(desk: Desk, number: int) -> str:
    """Take a published change back by another one; return how many are told.

    Raises:
        BadValue: there is none of that number, or it has been changed again.
    """
    async with opened(desk) as store:
        publisher = desk.publisher(store)
        try:
            async with store.database.turn():
                made = await publisher.publish(await publisher.undoing(number, "en"), None)
        except Refusal as refusal:
            raise BadValue(Speech("en").refused(refusal).text) from None
    return _said(made, "undone")


async def editions(desk: Desk, form: str) -> str | bytes:
    """Return each published change."""
    async with opened(desk) as store:
        rows: list[tuple[object, ...]] = [("edition", "published", "by", "session", "change")]
        for one in await store.editions.all():
            for change in one.changes:
                told = ", ".join(f"{name}: {value}" for name, value in change.values.items())
                rows.append((one.number, one.published.isoformat(), one.by, change.session, told))
            for resize in one.resizes:
                told = f"places: {_places(resize.before)} -> {_places(resize.after)}, offers: {resize.offers}"
                rows.append((one.number, one.published.isoformat(), one.by, resize.activity, told))
        return formatted(rows, form)


async def compared(desk: Desk, earlier: int, later: int, form: str) -> str | bytes:
    """Return what is different between two editions, a line for each value of a session.

    Raises:
        BadValue: there is no edition of one of the numbers.
    """
    async with opened(desk) as store:
        numbers = sorted((earlier, later))
        both = [await _edition(store, number) for number in numbers]
        before, after = [{one.key: one for one in desk.library.sessions_at(edition)} for edition in both]
        rows: list[tuple[object, ...]] = [("session", "title", "what", *(f"edition {number}" for number in numbers))]
        for key in dict.fromkeys((*before, *after)):
            title = desk.library.named((after.get(key) or before[key]).title, "en")
            values = [
                _values(one, edition) if (one := of.get(key)) else {}
                for of, edition in zip((before, after), both, strict=True)
            ]
            for name in _COMPARED:
                was, now = (value.get(name) for value in values)
                if was != now:
                    rows.append((key, title, name, was, now))
        rows += _places_compared(await store.editions.all(), *numbers)
        first_days = [edition.first_day for edition in both]
        if first_days[0] != first_days[1]:
            rows.append(("", "", "first day", *(day.isoformat() if day else None for day in first_days)))
    return formatted(rows, form)


def _places_compared(every: Sequence[Published], earlier: int, later: int) -> list[tuple[object, ...]]:
    """Return a line for each activity that has other places in a later edition."""
    resizes = [resize for one in every if earlier < one.number <= later for resize in one.resizes]
    ends: dict[str, tuple[int | None, int | None]] = {}
    for one in resizes:
        ends[one.activity] = (ends.get(one.activity, (one.before,))[0], one.after)
    return [(key, "", "places", _places(was), _places(now)) for key, (was, now) in ends.items() if was != now]


async def _edition(store: Store, number: int) -> Edition:
    edition = await store.editions.at(number)
    if edition is None:
        newest = (await store.editions.current()).number
        raise BadValue(f"edition {number}: there is none of that number (0 to {newest}; 0 is what the documents say)")
    return edition


def _values(session: Session, edition: Edition) -> dict[str, object]:
    times = [f"{moment:%H:%M}" if moment else None for moment in (session.start, session.end)]
    name = edition.names.get(session.key, session.title)
    return dict(zip(_COMPARED, (name, session.day, *times, session.place, session.is_cancelled, True), strict=True))


async def publish(desk: Desk, store: Store, changes: Sequence[Change], resizes: Sequence[Resize] = ()) -> Broadcast:
    """Publish changes and resizes, and queue what tells of the changes, as one transaction."""
    publisher = desk.publisher(store)
    async with store.database.turn():
        return await publisher.publish(publisher.drafted(changes, resizes, "en"), None)


def _said(made: Broadcast, done: str = "published") -> str:
    """Return what has become of what was published."""
    if made.state is State.APPROVAL:
        return f"broadcast {made.number} waits for approval by staff, see `desk broadcasts`"
    places = [
        f"{one.activity}: places {_places(one.before)} -> {_places(one.after)}, offers to the waitlist: {one.offers}"
        for one in made.resizes
    ]
    told = [f"queued for {made.recipients} people, see `desk broadcasts`"] if made.number else []
    return "; ".join([done, *places, *told])


def _places(number: int | None) -> str:
    return "no limit" if number is None else str(number)


def _time(name: str, value: str) -> str:
    try:
        return f"{time.fromisoformat(value):%H:%M}"
    except ValueError as error:
        raise BadValue(f"--{name} {value}: expected a time such as 19:00, or none") from error
