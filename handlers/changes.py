"""Word a change of the agenda, in anybody's language: what a session was, and what it is now."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from handlers import texts
from handlers.ports import Library
from handlers.speech import Speech
from knowledge import Change, Difference, Session
from knowledge.editions import EVENT


def as_told(changes: Sequence[Change], difference: Difference, days: int) -> dict[str, Any]:
    """Return what a notice keeps of changes, to be worded for each of its readers; days: of the programme."""
    told: dict[str, Any] = {"sessions": [_kept(before, after) for before, after in difference]}
    names = {change.session: change.values.get("name") for change in changes}
    for (_, after), kept in zip(difference, told["sessions"], strict=True):
        kept["name"] = names.get(after.key)
    first = next((c.values["first_day"] for c in reversed(changes) if c.session == EVENT), None)
    return told | ({"first_day": first, "days": days} if first else {})


def lines_of(told: Mapping[str, Any], library: Library, speech: Speech) -> list[str]:
    """Return a line for each change that is told."""
    lines = [line for kept in told.get("sessions", ()) for line in _lines_of_session(kept, library, speech)]
    if told.get("first_day"):
        first = date.fromisoformat(told["first_day"])
        last = first + timedelta(days=told["days"] - 1)
        lines.append(speech.say(texts.DATES_CONFIRMED, first=first, last=last))
    return lines


def _kept(before: Session | None, after: Session) -> dict[str, Any]:
    return {
        "title": (before or after).title,
        "before": _when(before) if before else None,
        "after": _when(after),
        "is_cancelled": after.is_cancelled,
        "place": after.place if before is None or before.place != after.place else "",
    }


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
