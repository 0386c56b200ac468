"""Editions of the agenda: what the organizers have published after the documents were written, laid over them.

The documents stay as they are. An edition is a list of changes, oldest first; a library with an edition answers with
the changed sessions, and says what they were before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any, Final

from knowledge.programme import Certainty, Changed, Programme, Session

EVENT: Final = ""  # in place of a session's key: the event as a whole
_SLUG: Final = 40  # letters of a new session's title in its key


Difference = Sequence[tuple[Session | None, Session]]  # sessions before a change, None for one that is added, and after


class UnknownSession(ValueError):
    """A change is of a session that the agenda does not have; str() names it."""


class ChangedSince(ValueError):
    """What is to be undone has been changed again; str() is the key of the session."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was set of one session, or of the event, and on which day.

    values: of a session "day", "start", "end" ("HH:MM" or None), "name", "place", "cancelled" (true or false), "title"
    (of one that is added); of the event "first_day" (an ISO date).
    """

    session: str
    values: Mapping[str, Any]
    made: date

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return {"session": self.session, "values": dict(self.values), "made": self.made.isoformat()}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Change":
        """Return the change that was kept."""
        return cls(kept["session"], kept["values"], date.fromisoformat(kept["made"]))


@dataclass(frozen=True)
class Edition:
    """All that is published, by its number; 0 is the agenda of the documents."""

    number: int = 0
    changes: tuple[Change, ...] = field(default=())

    @property
    def first_day(self) -> date | None:
        """The confirmed date of day 1; None while the dates are open."""
        set_to = [c.values["first_day"] for c in self.changes if c.session == EVENT and "first_day" in c.values]
        return date.fromisoformat(set_to[-1]) if set_to and set_to[-1] else None

    @property
    def dates_set(self) -> date | None:
        """When the dates were confirmed."""
        return next((c.made for c in reversed(self.changes) if "first_day" in c.values), None)

    @property
    def names(self) -> dict[str, str]:
        """The new names of renamed sessions, by key."""
        return {c.session: str(c.values["name"]) for c in self.changes if c.values.get("name")}

    @property
    def changes_sessions(self) -> bool:
        """Whether any session is not as the documents have it."""
        return any(change.session != EVENT for change in self.changes)


def amended(programme: Programme, edition: Edition) -> Programme:
    """Return a programme with the changes of an edition. What changes a session that is gone by now is left out."""
    sessions = {session.key: session for session in programme.sessions}
    for change in edition.changes:
        if change.session in sessions:
            sessions[change.session] = _changed(sessions[change.session], change)
        elif "title" in change.values:
            sessions[change.session] = _added(change)
    ordered = sorted(sessions.values(), key=_place_in_time) if edition.changes_sessions else sessions.values()
    days = tuple(sorted({session.day for session in sessions.values()}))
    return Programme(tuple(ordered), days, programme.certainty)


def difference(programme: Programme, changes: Iterable[Change]) -> Difference:
    """Return each session that changes touch, as it is in programme and as it would be.

    Raises:
        UnknownSession: a change is of a session that programme does not have.
    """
    listed = tuple(changes)
    known = {session.key: session for session in programme.sessions}
    for change in listed:
        if change.session not in known and change.session != EVENT and "title" not in change.values:
            raise UnknownSession(f"{change.session}: no such session ({', '.join(known)})")
    after = {session.key: session for session in amended(programme, Edition(1, listed)).sessions}
    touched = dict.fromkeys(change.session for change in listed if change.session != EVENT)
    return [(known.get(key), after[key]) for key in touched]


def undoing(
    own: Sequence[Change], earlier: Edition, later: Iterable[Change], before: Mapping[str, Session], made: date
) -> tuple[Change, ...]:
    """Return the changes that bring back what own has changed; a session that own has added is cancelled.

    earlier: what was published before own; later: what was after; before: the sessions as they were, by key.

    Raises:
        ChangedSince: a later change is of the same.
    """
    newer = {(change.session, name) for change in later for name in change.values}
    changes = []
    for change in own:
        if any((change.session, name) in newer for name in change.values):
            raise ChangedSince(change.session)
        values = _values_before(change, earlier, before.get(change.session))
        changes.append(Change(change.session, values, made))
    return tuple(changes)


def _values_before(change: Change, earlier: Edition, session: Session | None) -> dict[str, Any]:
    if change.session == EVENT:
        return {"first_day": earlier.first_day.isoformat() if earlier.first_day else None}
    if session is None:
        return {"cancelled": True}
    times = {name: moment.strftime("%H:%M") if moment else None for name, moment in _times(session)}
    was = {"day": session.day, "place": session.place, "cancelled": session.is_cancelled, **times}
    was["name"] = earlier.names.get(session.key, session.title)
    return {name: was[name] for name in change.values if name in was}


def _times(session: Session) -> tuple[tuple[str, time | None], ...]:
    return ("start", session.start), ("end", session.end)


def key_of_new(title: str, day: int, sessions: Sequence[Session]) -> str:
    """Return a key for a session that is added."""
    slug = re.sub(r"[^\w]+", "-", title.lower()).strip("-")[:_SLUG]
    taken = {session.key for session in sessions}
    return next(key for n in range(1, 1000) if (key := f"day-{day}-{slug}" + (f"-{n}" if n > 1 else "")) not in taken)


def _changed(session: Session, change: Change) -> Session:
    values = change.values
    moved: dict[str, Any] = {}
    if "day" in values:
        moved["day"] = int(values["day"])
    moved |= {name: _time(values[name]) for name in ("start", "end") if name in values}
    if "place" in values:
        moved["place"] = str(values["place"] or "")
    if "cancelled" in values:
        moved["is_cancelled"] = bool(values["cancelled"])
    after = replace(session, **moved)
    if _when(after) == _when(session):
        return after
    return replace(after, changed=Changed(change.made, session.day, session.start, session.end))


def _added(change: Change) -> Session:
    values = change.values
    return Session(
        key=change.session,
        day=int(values.get("day", 1)),
        start=_time(values.get("start")),
        end=_time(values.get("end")),
        title=str(values["title"]),
        items=(),
        routes=(),
        note="",
        certainty=Certainty.CONFIRMED,
        place=str(values.get("place") or ""),
    )


def _when(session: Session) -> tuple[int, time | None, time | None, bool]:
    return session.day, session.start, session.end, session.is_cancelled


def _time(written: str | None) -> time | None:
    return time.fromisoformat(written) if written else None


def _place_in_time(session: Session) -> tuple[int, time]:
    """Return where a session stands; one without a time stands last on its day, as agendas have it."""
    return session.day, session.start or time.max
