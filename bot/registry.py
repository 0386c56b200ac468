"""What the command line does with people, activities, RSVPs and questions."""

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time
from typing import Any

from openpyxl import Workbook
from rich.console import Console
from rich.table import Table

from bot.app import Desk
from handlers.model import Activity, Address, Role
from handlers.tables import as_csv, safe


class BadValue(ValueError):
    """A value of the command line cannot be used; str() says which and why."""


async def invited(desk: Desk, *, role: str, city: str, name: str) -> str:
    """Make an invite code for a new person.

    Raises:
        BadValue: there is no such role.
    """
    if role not in set(Role):
        raise BadValue(f"--role {role}: expected one of {', '.join(Role)}")
    store = await desk.store()
    try:
        return await store.invites.create(role=Role(role), city=city, name=name)
    finally:
        await store.database.close()


def link(code: str, bot: str) -> str:
    """Return a link that starts a conversation with a code; bot: its name on Telegram, as far as it is known."""
    return f"https://t.me/{bot}?start={code.replace('-', '')}"


async def bot_name(desk: Desk) -> str:
    """Return what the bot is called on Telegram, as it was last heard; '' where that is not known."""
    store = await desk.store()
    try:
        known = await store.facts.get("telegram_name")
        if known or not desk.settings.telegram_token.get_secret_value():
            return known or ""
        from bot.channels.telegram import channel  # noqa: PLC0415 - 1 s that only its users should pay

        with suppress(channel.BadToken, channel.OutOfReach):
            known = await channel.name_of(channel.access_of(desk.settings))
            await store.facts.keep(channel.NAME, known)
        return known or ""
    finally:
        await store.database.close()


async def activities(desk: Desk, form: str) -> str:
    """Return all activities as a table or as JSON."""
    store = await desk.store()
    await desk.seed_activities(store)
    found = await store.activities.all()
    await store.database.close()
    if form == "json":
        return json.dumps([activity_as_json(activity) for activity in found], ensure_ascii=False, indent=2)
    rows: list[tuple[str, ...]] = [
        ("key", "name", "day", "start", "end", "capacity", "taken", "waitlisted", "deadline")
    ]
    rows += [tuple(_shown(value) for value in _row(activity)) for activity in found]
    return _table(rows)


async def rsvps(desk: Desk, activity: str, form: str) -> str | bytes:
    """Return RSVPs as a table, JSON, CSV or XLSX."""
    store = await desk.store()
    await desk.seed_activities(store)
    rows: list[tuple[object, ...]] = [("activity", "name", "city", "party", "names", "status", "place", "verified")]
    for one in await store.activities.all():
        if activity in ("", one.key):
            for listed in await store.rsvps.listed(one.key):
                r = listed.rsvp
                names = "; ".join(r.names)
                rows.append(
                    (one.key, listed.name, listed.city, r.party, names, r.status.value, r.position, listed.is_verified)
                )
    await store.database.close()
    return formatted(rows, form)


async def questions(desk: Desk, form: str, *, unanswered: bool) -> str | bytes:
    """Return what was asked as a table, JSON, CSV or XLSX."""
    store = await desk.store()
    waiting = {question.id for question in await store.questions.open()}
    rows: list[tuple[object, ...]] = [("id", "asked", "language", "answered", "certainty", "question")]
    for row in await store.questions.all():
        if not unanswered or row.id in waiting:
            asked = row.asked.isoformat(timespec="seconds")
            rows.append((row.id, asked, row.language, row.is_answered, row.certainty, row.text))
    await store.database.close()
    return formatted(rows, form)


async def exported(desk: Desk, address: str) -> str:
    """Return all that is kept about the person of an address, as JSON.

    Raises:
        BadValue: it is no address, or nothing is kept about it.
    """
    store = await desk.store()
    try:
        kept = await store.people.export(_address(address))
    finally:
        await store.database.close()
    if not kept:
        raise BadValue(f"{address}: nothing is kept about it")
    return json.dumps(kept, ensure_ascii=False, indent=2, default=str)


async def erased(desk: Desk, address: str) -> str:
    """Erase all that is kept about the person of an address; return that it is done.

    Raises:
        BadValue: it is no address.
    """
    store = await desk.store()
    try:
        await store.people.erase(_address(address))
    finally:
        await store.database.close()
    return f"{address}: nothing is kept about it any more"


def _address(text: str) -> Address:
    channel, colon, identity = text.partition(":")
    if not (channel and colon and identity):
        raise BadValue(f"{text}: expected channel:id, such as console:ana")
    return Address(channel, identity)


def formatted(rows: Sequence[tuple[object, ...]], form: str) -> str | bytes:
    """Return rows, the first of which names the columns, as a table, JSON, CSV or XLSX."""
    match form:
        case "json":
            listed = [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
            return json.dumps(listed, ensure_ascii=False, indent=2)
        case "csv":
            return as_csv(rows)
        case "xlsx":
            return _as_xlsx(rows)
        case "table":
            return _table([tuple(map(_shown, row)) for row in rows])
        case _:
            raise BadValue(f"--format {form}: expected table, json, csv or xlsx")


def _as_xlsx(rows: Sequence[tuple[object, ...]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("list")
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    table = Table(*rows[0])
    for row in rows[1:]:
        table.add_row(*row)
    console = Console(file=io.StringIO(), width=160)
    console.print(table)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text.rstrip()


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _row(activity: Activity) -> tuple[object, ...]:
    kept = activity_as_json(activity)
    return (activity.key, activity.name("en"), *(kept[key] for key in list(kept)[2:]))


def activity_as_json(activity: Activity) -> dict[str, Any]:
    """Return what is printed of an activity."""
    return {
        "key": activity.key,
        "names": dict(activity.names),
        "day": activity.day,
        "start": f"{activity.start:%H:%M}" if activity.start else None,
        "end": f"{activity.end:%H:%M}" if activity.end else None,
        "capacity": activity.capacity,
        "taken": activity.taken,
        "waitlisted": activity.waitlisted,
        "deadline": activity.deadline.isoformat() if activity.deadline else None,
    }


def activity_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that the given options set.

    Raises:
        BadValue: a value is no number, time or moment.
    """
    values: dict[str, Any] = {}
    for name, value in given.items():
        if value in ("", None):
            continue
        if name == "capacity":
            values[name] = None if value == "none" else _number(name, value)
        elif name in ("deadline", "freeze"):
            values[name] = _moment(name, value)
        elif name in ("start", "end"):
            values[name] = _time(name, value)
        elif name == "name":
            values["names"] = {"en": value}
        else:
            values[name] = value
    return values


def _number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise BadValue(f"--{name} {value}: expected a number of places, or none")
    return int(value)


def _moment(name: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadValue(f"--{name} {value}: expected a time such as 2026-09-10T18:00+08:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _time(name: str, value: str) -> time:
    try:
        return time.fromisoformat(value)
    except ValueError as error:
        raise BadValue(f"--{name} {value}: expected a time such as 19:00") from error
