"""A person's sign-ups as an iCalendar file (RFC 5545): read in again, it moves and removes what has changed since."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from handlers.model import Activity, CalendarEntry, File, Status
from handlers.speech import CONFERENCE_TIME

MEDIA_TYPE = "text/calendar"
_STATUS = {Status.CONFIRMED: "CONFIRMED", Status.CANCELLED: "CANCELLED"}


def calendar_file(entries: Sequence[CalendarEntry], language: str, now: datetime) -> File:
    """Return the file of entries, each with a date; UID stays and SEQUENCE grows with every change of an entry."""
    calendar = Calendar()
    calendar.add("prodid", "-//Delegate Desk//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, language, now))
    return File("programme.ics", MEDIA_TYPE, calendar.to_ical())


def _event(entry: CalendarEntry, language: str, now: datetime) -> Event:
    event = Event()
    activity = entry.activity
    event.add("uid", f"{activity.key}-{entry.rsvp.person}@delegate-desk")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("summary", activity.name(language))
    is_off = activity.is_cancelled or entry.rsvp.status is Status.CANCELLED
    event.add("status", "CANCELLED" if is_off else _STATUS.get(entry.rsvp.status, "TENTATIVE"))
    if activity.place:
        event.add("location", activity.place)
    _add_times(event, activity)
    return event


def _add_times(event: Event, activity: Activity) -> None:
    """Add start and end, as far as they are known; a day without times is a whole day."""
    if activity.on is None:
        raise ValueError(f"{activity.key}: no date is confirmed")
    if activity.start is None:
        event.add("dtstart", activity.on)
        event.add("dtend", activity.on + timedelta(days=1))
        return
    event.add("dtstart", datetime.combine(activity.on, activity.start, CONFERENCE_TIME).astimezone(UTC))
    if activity.end is not None:
        event.add("dtend", datetime.combine(activity.on, activity.end, CONFERENCE_TIME).astimezone(UTC))
