"""Read what an organizer announces: which session is changed, and how."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.folding import alternation, fold
from knowledge.places_told import without_places
from knowledge.programme import Session
from knowledge.slots import read_slots
from knowledge.yaml_files import read_yaml

_FOLDER = Path(__file__).parent / "catalogue"
_HEAD = re.compile(r"^[^:：\n]{2,80}?[:：]\s*(?=\S)")
_CLOCK_BEHIND = re.compile(r"\d[:：]$")
_HOURS = (
    "h|hours?|stunden?|heures?|horas?|ore|ora|uur|uren|godzin\\w*|час\\w*|saat|ساع\\w*|ชั่วโมง|个?小时|個?小時|時間|시간"
)
_SPAN = re.compile(rf"(?<![\d:])(\d{{1,4}})\s*(?:({_HOURS})(?![a-z])|\b|\D)")
_PLACE = re.compile(r"@\s*(\S[^\n@]{1,80})$")


def head_and_body(text: str) -> tuple[str, str]:
    """Split "broadcast to everybody: the cruise sails later" at its colon; a colon of "19:30" is none of these."""
    found = _HEAD.match(text)
    if found is None or _CLOCK_BEHIND.search(found.group().rstrip()):
        return "", text.strip()
    return found.group().strip(), text[found.end() :].strip()


def change_told(text: str, language: str, session: Session) -> dict[str, Any]:
    """Return what text says to be different of a session that it names, as the values of a change; {} where nothing.

    Of the times in text those that the session has already are the old ones ("instead of 12:15"). Where only a new
    start is told, the session keeps its length. "@ Pier 3" at the end is the meeting point.
    """
    text = without_places(text)
    place = _PLACE.search(text)
    values: dict[str, Any] = {"place": place[1].strip(" ,;，、")} if place else {}
    bare = text[: place.start()] if place else text
    if re.search(_called_off(), fold(bare)):
        return {"cancelled": True}
    slots = read_slots(bare, language)
    values |= _times_told(slots.times, session)
    if slots.day is not None and slots.day > 0 and slots.day != session.day:
        values["day"] = slots.day
    return values


def start_told(text: str, language: str, now: datetime, first_day: date | None, zone: tzinfo) -> datetime | int | None:
    """Return when text says that something is to go out: a moment, or so many minutes before what it names.

    "2026-09-15 08:00", "18:30" (the next), "day 2 08:00" (where the first day is known) are moments, in zone;
    "60 minutes before the cruise" and "2 hours" are minutes. None where it says neither.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        pass
    else:
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    slots = read_slots(text, language)
    if slots.times:
        return _moment(slots.times[0], slots.day, now.astimezone(zone), first_day)
    found = _SPAN.search(fold(text))
    return int(found[1]) * (60 if found[2] else 1) if found else None


def _moment(at: time, day: int | None, now: datetime, first_day: date | None) -> datetime | None:
    if day is not None and day > 0:
        return datetime.combine(first_day + timedelta(days=day - 1), at, now.tzinfo) if first_day else None
    today = datetime.combine(now.date(), at, now.tzinfo)
    return today if today > now else today + timedelta(days=1)


def _times_told(times: Sequence[time], session: Session) -> dict[str, Any]:
    told = list(dict.fromkeys(times))
    new = [moment for moment in told if moment not in (session.start, session.end)]
    if not new:
        return {}
    if len(new) == 1 and session.end in told and session.start not in told:
        return {"end": f"{new[0]:%H:%M}"}  # "until 14:00 instead of 13:30"
    start = new[0]
    end = next((moment for moment in told[told.index(start) + 1 :] if moment > start and moment != session.start), None)
    if end is None and session.start and session.end:
        end = _later(start, _minutes(session.end) - _minutes(session.start))
    return {"start": f"{start:%H:%M}"} | ({"end": f"{end:%H:%M}"} if end else {})


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _later(moment: time, minutes: int) -> time | None:
    """Return the moment so many minutes later on the same day; None where that is another day."""
    later = datetime.combine(date.min, moment) + timedelta(minutes=minutes)
    return later.time() if later.date() == date.min else None


@cache
def _called_off() -> str:
    words: dict[str, list[str]] = read_yaml(_FOLDER / "called_off.yaml")
    return alternation(word for of_language in words.values() for word in of_language)
