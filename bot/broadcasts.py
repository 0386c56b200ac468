"""What the command line does with broadcasts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.app import Desk
from bot.publishing import opened
from bot.registry import BadValue, formatted
from bot.store.whole import Store
from handlers.attachments import Attachment, check, named
from handlers.audience_choice import FIELDS
from handlers.broadcasting import ALLOWED
from handlers.broadcasts import Audience, Broadcast, Draft, State, Timing
from handlers.errors import Refusal
from handlers.model import File, Role, Status
from handlers.preview import Preview
from handlers.speech import Speech
from knowledge import LANGUAGES

_RECEIPT: Final = (
    "name", "city", "liaison", "channel", "language", "state", "at", "message_id", "why", "is_repeated"
)  # fmt: skip
_CALL: Final = ("city", "liaison", "name", "state", "why")
_LIST: Final = ("number", "created", "state", "language", "recipients", "sent", "read", "failed", "cancelled", "text")
_KINDS: Final = {**FIELDS, "person": "people"}


@dataclass(frozen=True, slots=True)
class Given:
    """The options of a broadcast, as they are written."""

    text: str
    language: str = "en"
    also: Sequence[str] = ()
    to: Sequence[str] = ()
    at: str = ""
    asks_reading: bool = False
    corrects: int = 0
    files: Sequence[Path] = ()


async def prepared(desk: Desk, given: Given, *, is_sent: bool) -> str:
    """Return a preview of a broadcast; where is_sent, queue it and return how many are told.

    Raises:
        BadValue: an option cannot be used.
    """
    files = _files(given.files)
    async with opened(desk) as store:
        draft = await _draft(store, given)
        publisher = desk.publisher(store)
        if draft.timing.session and draft.timing.session not in {one.key for one in desk.library.sessions()}:
            raise BadValue(f"--at {given.at}: no such session, see `desk agenda`")
        if not is_sent:
            draft = replace(draft, files=tuple(Attachment(0, f.name, f.media_type, len(f.content)) for f in files))
            preview = Preview(desk.library, publisher, store.broadcasts, store.activities)
            return "\n".join(filter(None, await preview.lines(draft, Speech(given.language))))
        async with store.database.turn():
            draft = replace(draft, files=tuple(await store.attachments.keep(files)) if files else ())
            made = await publisher.publish(draft, None)
    if made.state is State.APPROVAL:
        return f"broadcast {made.number} waits for approval by staff"
    how = "planned" if made.state is State.PLANNED else "queued"
    return f"broadcast {made.number} is {how} for {made.recipients} people, see `desk broadcasts {made.number}`"


async def reported(desk: Desk, number: int | None, form: str, *, calls: bool = False) -> str | bytes:
    """Return all broadcasts; of one, whom it was for and what became of it, or who is to be called.

    Raises:
        BadValue: there is no broadcast of that number.
    """
    async with opened(desk) as store:
        if number is None:
            return formatted([_LIST, *map(_listed, await store.broadcasts.all())], form)
        await _known(store, number)
        found = await (store.receipts.calls(number) if calls else store.receipts.of(number))
        columns = _CALL if calls else _RECEIPT
        return formatted([columns, *(tuple(one[name] for name in columns) for one in found)], form)


async def done(desk: Desk, number: int, what: str) -> str:
    """Pause, go on with, cancel or start a broadcast; return how it stands then.

    Raises:
        BadValue: there is no such broadcast, or that cannot be done to it, or not here: two people approve in chat.
    """
    if what not in ("pause", "go", "cancel", "now"):
        raise BadValue(f"--do {what}: expected pause, go, cancel or now")
    async with opened(desk) as store:
        made = await _known(store, number)
        if made.state not in ALLOWED[what] or made.is_done:
            raise BadValue(f"--do {what}: broadcast {number} is {'done' if made.is_done else made.state.value}")
        change = {"pause": store.broadcasts.pause, "cancel": store.broadcasts.cancel}
        async with store.database.turn():
            await change.get(what, store.broadcasts.start)(number)
        made = await _known(store, number)
    return f"broadcast {number} is {made.state.value}; sent to {made.sent} of {made.recipients}"


async def liaison_set(desk: Desk, city: str, contact: str) -> str:
    """Set who looks after the people of a city.

    Raises:
        BadValue: nobody is from there.
    """
    async with opened(desk) as store:
        if not await store.delegations.set_liaison(city, contact):
            raise BadValue(f"{city}: nobody is from there")
    return f"{city}: {contact}"


def _files(paths: Sequence[Path]) -> list[File]:
    try:
        files = [named(path.name, path.read_bytes()) for path in paths]
        check(files)
    except OSError as error:
        raise BadValue(f"--file {error.filename}: {error.strerror}") from None
    except Refusal as refusal:
        raise BadValue(Speech("en").refused(refusal).text) from None
    return files


def _listed(one: Broadcast) -> tuple[object, ...]:
    created, state = one.created.isoformat(timespec="seconds"), "done" if one.is_done else one.state.value
    counts = (one.recipients, one.sent, one.read, one.failed, one.cancelled)
    return (one.number, created, state, one.language, *counts, one.text)


async def _draft(store: Store, given: Given) -> Draft:
    bodies = dict(_pair("--also", one) for one in given.also)
    for language in (given.language, *bodies):
        if language not in LANGUAGES:
            raise BadValue(f"{language}: expected one of {', '.join(LANGUAGES)}")
    audience = await _audience(store, given.to)
    if given.corrects:
        await _known(store, given.corrects)
        audience = replace(audience, told_of=given.corrects)
    draft = Draft(given.text, given.language, audience=audience, bodies=bodies, timing=_timing(given.at))
    return replace(draft, asks_reading=given.asks_reading, corrects=given.corrects)


async def _audience(store: Store, to: Sequence[str]) -> Audience:
    values: dict[str, list[Any]] = {}
    is_reachable: bool | None = None
    for one in to:
        kind, value = _pair("--to", one)
        if kind == "reachable" and value in ("yes", "no"):
            is_reachable = value == "yes"
        elif kind in _KINDS:
            values.setdefault(_KINDS[kind], []).extend(await _checked(store, kind, value))
        else:
            raise BadValue(f"--to {one}: expected one of {', '.join(_KINDS)}, or reachable=yes or no")
    told: dict[str, Any] = {name: tuple(found) for name, found in values.items()}
    return Audience(**told, is_reachable=is_reachable)


async def _checked(store: Store, kind: str, value: str) -> list[Any]:
    found: Sequence[Any]
    match kind:
        case "person":
            found = [number for number, _ in await store.broadcasts.named(value)]
        case "role":
            found = [role for role in Role if role == value]
        case "status":
            both = [Status.WAITLISTED, Status.OFFERED]
            found = both if value == "waitlisted" else [one for one in (Status.CONFIRMED,) if one == value]
        case "activity":
            found = [one.key for one in await store.activities.all() if one.key == value]
        case "language":
            found = [tag for tag in LANGUAGES if tag == value]
        case _:
            found = [value]
    if not found:
        raise BadValue(f"--to {kind}={value}: there is none")
    return list(found)


def _timing(at: str) -> Timing:
    minutes, is_anchored, session = at.partition("@")
    try:
        if is_anchored:
            return Timing(session=session, minutes=int(minutes))
        moment = datetime.fromisoformat(at) if at else None
    except ValueError as error:
        raise BadValue(f"--at {at}: expected 2026-09-15T08:00+08:00, or -60@KEY") from error
    return Timing(at=moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None)


async def _known(store: Store, number: int) -> Broadcast:
    made = await store.broadcasts.get(number)
    if made is None:
        raise BadValue(f"{number}: there is no such broadcast")
    return made


def _pair(option: str, given: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not sign or not value:
        raise BadValue(f"{option} {given}: expected a name, = and a value")
    return name.strip(), value.strip()
