"""Word a change of the agenda, in anybody's language: what a session was, and what it is now."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from handlers import texts
from handlers.ports import Library
from handlers.speech import Speech
from knowledge import Change, Difference, Edition, Session
from knowledge.editions import EVENT


def as_told(changes: Sequence[Change], difference: Difference, earlier: Edition, days: int) -> dict[str, Any]:
    """Return what a notice keeps of changes, to be worded for each of its readers.

    earlier: the edition before them; days: of the programme.
    """
    new_names = {change.session: change.values.get("name") for change in changes}
    sessions = []
    for before, after in difference:
        was_called = earlier.names.get(after.key, after.title)
        sessions.append(_kept(before, after) | _renamed(was_called, new_names.get(after.key)))
    told: dict[str, Any] = {"sessions": sessions}
    dates = [c.values.get("first_day") for c in changes if c.session == EVENT]
    if not dates:
        return told
    told["dates"] = [earlier.first_day.isoformat() if earlier.first_day else None, dates[-1]]
    return told | ({"first_day": dates[-1], "days": days} if dates[-1] else {"is_dates_open": True})


def lines_of(told: Mapping[str, Any], library: Library, speech: Speech) -> list[str]:
    """Return a line for each change that is told."""
    lines = [line for kept in told.get("sessions", ()) for line in _lines_of_session(kept, library, speech)]
    if told.get("first_day"):
        first = date.fromisoformat(told["first_day"])
        last = first + timedelta(days=told["days"] - 1)
        lines.append(speech.say(texts.DATES_CONFIRMED, first=first, last=last))
    if told.get("is_dates_open"):
        lines.append(speech.say(texts.DATES_OPEN))
    return lines


def _kept(before: Session | None, after: Session) -> dict[str, Any]:
    places = [before.place if before else "", after.place]
    was_cancelled = before is not None and before.is_cancelled
    return {
        "title": (before or after).title,
        "before": _when(before) if before else None,
        "after": _when(after),
        "was_cancelled": was_cancelled,
        "is_cancelled": after.is_cancelled,
        "is_back": was_cancelled and not after.is_cancelled,
        "places": places,
        "place": places[1] if places[0] != places[1] else "",
    }


def _renamed(before: str, name: str | None) -> dict[str, Any]:
    return {"names": [before, name or before], "name": name}


def _when(session: Session) -> list[Any]:
    times = [moment.strftime("%H:%M") if moment else None for moment in (session.start, session.end)]
    return [session.day, *times]


def _lines_of_session(kept: Mapping[str, Any], library: Library, speech: Speech) -> list[str]:
    title = library.named(kept["title"], speech.language)
    after = _said(kept["after"], speech)
    if kept["before"] is None:
        lines = [speech.say(texts.CHANGE_ADDED, title=title, after=after)]
    elif kept["is_cancelled"]:
        return [speech.say(texts.CHANGE_CANCELLED, title=title, before=_said(kept["before"], speech))]
    elif kept.get("is_back"):
        lines = [speech.say(texts.CHANGE_BACK_ON, title=title, after=after)]
    elif kept["before"] != kept["after"]:
        lines = [speech.say(texts.CHANGE_MOVED, title=title, before=_said(kept["before"], speech), after=after)]
    else:
        lines = []
    if kept.get("name"):
        lines.append(speech.say(texts.CHANGE_RENAMED, title=title, name=kept["name"]))
    if kept.get("place"):
        lines.append(speech.say(texts.CHANGE_PLACE, title=title, place=kept["place"]))
    return lines


def _said(when: Sequence[Any], speech: Speech) -> str:
    day, start, end = when
    return speech.at(day, *(time.fromisoformat(moment) if moment else None for moment in (start, end)))
