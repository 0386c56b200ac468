"""What the command line does with people, activities, RSVPs and questions."""

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
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
        BadValue: there is no such role, or no name or city.
    """
    if role not in set(Role):
        raise BadValue(f"--role {role}: expected one of {', '.join(Role)}")
    if not (city.strip() and name.strip()):
        raise BadValue("--city and --name: expected who the code is for")
    async with desk.stored() as store:
        return await store.invites.create(role=Role(role), city=city.strip(), name=name.strip())


def link(code: str, bot: str) -> str | None:
    """Return a link that starts a conversation on Telegram with a code; None where the bot's name is not known."""
    return f"https://t.me/{bot}?start={code.replace('-', '')}" if bot else None


async def bot_name(desk: Desk) -> str:
    """Return what the bot is called on Telegram, as it was last heard; '' where that is not known."""
    async with desk.stored() as store:
        known = await store.facts.get("telegram_name")
        if known or not desk.settings.telegram_token.get_secret_value():
            return known or ""
        from bot.channels.telegram import channel  # noqa: PLC0415 - 1 s that only its users should pay

        with suppress(channel.BadToken, channel.OutOfReach):
            known = await channel.name_of(channel.access_of(desk.settings))
            await store.facts.keep(channel.NAME, known)
        return known or ""


async def dashboard_link(desk: Desk, name: str) -> str:
    """Return an address that signs somebody in to the dashboard once; name: '' for the first organizer.

    Raises:
        BadValue: nobody of that name may see the dashboard.
    """
    store = await desk.store()
    try:
        team = await store.people.team()
        person = next((one for one in team if not name or one.name == name), None)
        if person is None:
            known = ", ".join(one.name for one in team) or "nobody yet: desk invite --role organizer"
            raise BadValue(f"--name {name}: expected one of the team ({known})")
        return desk.site.url(f"/dashboard/sign-in/{await store.sign_ins.offer(person.id)}")
    finally:
        await store.database.close()


async def activities(desk: Desk, form: str) -> str | bytes:
    """Return all activities as a table, JSON, CSV or XLSX."""
    async with desk.stored() as store:
        found = await store.activities.all()
    if form == "json":
        return json.dumps([activity_as_json(activity) for activity in found], ensure_ascii=False, indent=2)
    rows: list[tuple[object, ...]] = [
        ("key", "name", "day", "start", "end", "capacity", "taken", "waitlisted", "deadline", "freeze", "for", "open")
    ]
    rows += [_row(activity) for activity in found]
    return formatted(rows, form)


async def delegations(desk: Desk, form: str) -> str | bytes:
    """Return all delegations as a table, JSON, CSV or XLSX."""
    rows: list[tuple[object, ...]] = [("city", "people", "named", "quota", "names", "until", "head")]
    async with desk.stored() as store:
        found = await store.delegations.all()
    for delegation, people in found:
        until = delegation.nominated_until.isoformat() if delegation.nominated_until else None
        names = "; ".join(delegation.covered)
        named, quota = len(delegation.covered), delegation.quota
        rows.append((delegation.city, people, named, quota, names, until, delegation.head))
    return formatted(rows, form)


async def set_delegation(desk: Desk, city: str, *, quota: int | None, until: str, head: str) -> str:
    """Set how many of a city are covered and who leads it, or until when all name them; return all delegations.

    Raises:
        BadValue: the time is none, or nothing is to be set, or what is of one city without it.
        NoSuchDelegation: there is none of that city, or nobody of that name in it.
    """
    is_of_one = quota is not None or bool(head)
    if is_of_one == bool(until) or is_of_one != bool(city):
        raise BadValue("expected a city with --quota or --head, or --nominate-until for all")
    async with desk.stored() as store:
        if head:
            await store.delegations.set_head(city, head)
        if quota is not None:
            await store.delegations.set_quota(city, quota)
        if until:
            await store.delegations.set_deadline(_moment("nominate-until", until))
    return str(await delegations(desk, "table"))


async def rsvps(desk: Desk, activity: str, form: str) -> str | bytes:
    """Return RSVPs as a table, JSON, CSV or XLSX."""
    rows: list[tuple[object, ...]] = [("activity", "name", "city", "party", "names", "status", "place", "verified")]
    async with desk.stored() as store:
        keys = [one.key for one in await store.activities.all()]
        if activity and activity not in keys:
            raise BadValue(f"--activity {activity}: expected one of {', '.join(keys)}")
        for key in [activity] if activity else keys:
            for listed in await store.rsvps.listed(key):
                r = listed.rsvp
                who = (key, listed.name, listed.city, r.party, "; ".join(r.names))
                rows.append((*who, r.status.value, r.position, listed.is_verified))
    return formatted(rows, form)


async def questions(desk: Desk, form: str, *, unanswered: bool) -> str | bytes:
    """Return what was asked as a table, JSON, CSV or XLSX."""
    async with desk.stored() as store:
        waiting = {question.id for question in await store.questions.open()}
        found = await store.questions.all()
    rows: list[tuple[object, ...]] = [("id", "asked", "language", "answered", "certainty", "question")]
    for row in found:
        if not unanswered or row.id in waiting:
            asked = row.asked.isoformat(timespec="seconds")
            rows.append((row.id, asked, row.language, row.is_answered, row.certainty, row.text))
    return formatted(rows, form)


async def exported(desk: Desk, address: str) -> str:
    """Return all that is kept about the person of an address, as JSON.

    Raises:
        BadValue: it is no address, or nothing is kept about it.
    """
    async with desk.stored() as store:
        kept = await store.people.export(_address(address))
    if not kept:
        raise BadValue(f"{address}: nothing is kept about it")
    return json.dumps(kept, ensure_ascii=False, indent=2, default=str)


async def erased(desk: Desk, address: str) -> str:
    """Erase all that is kept about the person of an address; return that it is done.

    Raises:
        BadValue: it is no address.
    """
    async with desk.stored() as store:
        await store.people.erase(_address(address))
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
        sheet.append([_legible(safe(cell)) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _legible(cell: object) -> object:
    """Return a cell without what a workbook cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    table = Table(*rows[0])
    for row in rows[1:]:
        table.add_row(*row)
    console = Console(file=io.StringIO(), width=160, markup=False, emoji=False, highlight=False)
    console.print(table)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text.rstrip()


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _row(activity: Activity) -> tuple[object, ...]:
    kept = activity_as_json(activity)
    kept["eligible"] = "all" if activity.eligible == frozenset(Role) else ", ".join(kept["eligible"])
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
        "freeze": activity.freeze.isoformat() if activity.freeze else None,
        "eligible": sorted(activity.eligible),
        "is_open": activity.is_open,
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
            values[name] = number_of_places(value, name)
        elif name in ("deadline", "freeze"):
            values[name] = _moment(name, value)
        elif name in ("start", "end"):
            values[name] = _time(name, value)
        elif name == "eligible":
            values[name] = _roles(value)
        elif name == "name":
            values["names"] = {"en": value}
        else:
            values[name] = value
    return values


def _roles(value: str) -> list[str]:
    roles = sorted({role.strip() for role in value.split(",")})
    if not set(roles) <= set(Role):
        raise BadValue(f"--eligible {value}: expected roles such as delegate,aide (of {', '.join(Role)})")
    return roles


def number_of_places(value: str, name: str = "places") -> int | None:
    """Return the number that is given; None for no limit."""
    if value != "none" and not (value.isdecimal() and len(value) <= 5):
        raise BadValue(f"--{name} {value}: expected a number of places, or none")
    return None if value == "none" else int(value)


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
