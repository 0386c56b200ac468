from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar

from bot.calendar_file import calendar_file
from handlers.model import Activity, CalendarEntry, Rsvp, Status

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
CRUISE = {"key": "cruise", "names": {"en": "Night Cruise"}, "wording": "", "session": "", "kind": "session", "day": 2}


def event(status=Status.CONFIRMED, sequence=1, **activity):
    entry = CalendarEntry(Activity(**CRUISE, **activity), Rsvp("cruise", 7, 2, status), sequence)
    made = calendar_file([entry], "en", NOW)
    (found,) = Calendar.from_ical(made.content).walk("VEVENT")
    return found


def test_a_sign_up_is_an_event_of_conference_time():
    made = event(on=date(2026, 9, 15), start=time(19), end=time(21), place="Pier 3")

    assert (made["SUMMARY"], made["STATUS"], made["LOCATION"]) == ("Night Cruise", "CONFIRMED", "Pier 3")
    assert made.decoded("DTSTART") == datetime(2026, 9, 15, 11, tzinfo=UTC)
    assert made.decoded("DTEND") == datetime(2026, 9, 15, 13, tzinfo=UTC)


def test_an_end_that_is_not_stated_is_not_made_up():
    assert "DTEND" not in event(on=date(2026, 9, 15), start=time(19))


def test_a_day_without_times_is_a_whole_day():
    made = event(on=date(2026, 9, 15))

    assert (made.decoded("DTSTART"), made.decoded("DTEND")) == (date(2026, 9, 15), date(2026, 9, 16))


@pytest.mark.parametrize(
    ("status", "activity", "told"),
    [
        (Status.CANCELLED, {}, "CANCELLED"),
        (Status.CONFIRMED, {"is_cancelled": True}, "CANCELLED"),
        (Status.WAITLISTED, {}, "TENTATIVE"),
    ],
)
def test_what_is_off_says_so_and_keeps_its_uid(status, activity, told):
    on = date(2026, 9, 15)
    before, after = event(on=on), event(status, sequence=2, on=on, **activity)

    assert (after["STATUS"], after["UID"], after["SEQUENCE"] > before["SEQUENCE"]) == (told, before["UID"], True)
