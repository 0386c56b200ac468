"""Rows to the conversation's words, and back."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CursorResult, Insert, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.model import Activity, Choice, File, Person, Reply, Role, Rsvp, Status


def person_of(row: Row[Any]) -> Person:
    """Return the person of a row of person with its delegation's city."""
    return Person(
        id=row.id,
        name=row.name,
        city=row.city or "",
        role=Role(row.role),
        is_verified=row.is_verified,
        is_covered=row.is_covered,
        is_subscribed=row.is_subscribed,
        is_head=row.is_head,
    )


def activity_of(row: Row[Any], waitlisted: int | None = None) -> Activity:
    """Return the activity of a row; waitlisted: how many wait, where that is known."""
    return Activity(
        key=row.key,
        names=row.names,
        wording=row.wording,
        session=row.session,
        kind=row.kind,
        day=row.day,
        start=row.start,
        end=row.end,
        capacity=row.capacity,
        party_limit=row.party_limit,
        deadline=row.deadline,
        freeze=row.freeze,
        eligible=frozenset(map(Role, row.eligible)),
        is_open=row.is_open,
        taken=row.taken,
        waitlisted=waitlisted or 0,
        place=row.place,
        is_cancelled=row.is_cancelled,
    )


def rsvp_of(row: Row[Any], position: int = 0) -> Rsvp:
    """Return the RSVP of a row; position: on the waitlist."""
    return Rsvp(
        activity=row.activity,
        person=row.person_id,
        party=row.party,
        status=Status(row.status),
        names=tuple(row.names),
        position=position,
        offered_until=row.offered_until,
    )


def rsvp_as_json(rsvp: Rsvp | None) -> dict[str, Any] | None:
    """Return what the history keeps of an RSVP."""
    if rsvp is None:
        return None
    return {"party": rsvp.party, "names": list(rsvp.names), "status": rsvp.status.value}


def reply_as_json(reply: Reply) -> dict[str, Any]:
    """Return what is kept of a reply."""
    choices = [[choice.label, choice.payload] for choice in reply.choices]
    kept: dict[str, Any] = {"text": reply.text, "choices": choices, "language": reply.language}
    if reply.is_for_one_alone:
        kept["is_for_one_alone"] = True
    if reply.files:
        kept["files"] = [_file_as_json(file) for file in reply.files]
    return kept


def _file_as_json(file: File) -> list[Any]:
    """Return what is kept of a file: its content, or, where that is kept for all its readers, under which id."""
    if file.attachment:
        return [file.name, file.media_type, "", file.attachment]
    return [file.name, file.media_type, b64encode(file.content).decode()]


def reply_of(kept: Mapping[str, Any]) -> Reply:
    """Return a reply from what was kept of it."""
    choices = tuple(Choice(label, payload) for label, payload in kept["choices"])
    files = tuple(File(name, kind, b64decode(content), *of) for name, kind, content, *of in kept.get("files", ()))
    is_for_one_alone = bool(kept.get("is_for_one_alone"))
    return Reply(kept["text"], choices, kept["language"], files=files, is_for_one_alone=is_for_one_alone)


def by_channel(keys: Iterable[tuple[str, str]]) -> Iterable[tuple[str, list[str]]]:
    """Return pairs of a channel and an id of it as channels, each with its ids, each id once."""
    found: dict[str, dict[str, None]] = {}
    for channel, identity in keys:
        found.setdefault(channel, {})[identity] = None
    return [(channel, list(ids)) for channel, ids in found.items()]


def upsert(connection: AsyncConnection, table: Table, keys: Mapping[str, Any], values: Mapping[str, Any]) -> Insert:
    """Return the statement that writes a row, or changes values of the one with those keys."""
    made: Insert = (
        inserting(connection)(table)
        .values(**keys, **values)
        .on_conflict_do_update(index_elements=list(keys), set_=dict(values))
    )
    return made


def inserting(connection: AsyncConnection) -> Any:  # noqa: ANN401 - the two have no common type
    """Return the insert of this database that knows what to do on a conflict."""
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert


def key_of(inserted: CursorResult[Any]) -> int:
    """Return the id of the row that was just written."""
    return int(inserted.inserted_primary_key[0])  # type: ignore[index]
