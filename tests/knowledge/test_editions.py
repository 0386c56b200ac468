from datetime import date, time

import pytest

from knowledge.editions import EVENT, Change, Edition, UnknownSession, amended, difference, key_of_new
from knowledge.programme import Certainty, Programme, Session

MADE = date(2026, 9, 5)


def session(key, start, end=None, day=2):
    return Session(key, day, start, end, key.title(), (), (), "", Certainty.DRAFT)


CRUISE, TEA = session("cruise", time(19)), session("tea", time(10), time(11))
AGENDA = Programme((TEA, CRUISE), (2,), Certainty.DRAFT)


def of(*changes):
    return Edition(1, tuple(Change(key, values, MADE) for key, values in changes))


def by_key(programme):
    return {one.key: one for one in programme.sessions}


def test_a_session_that_is_moved_knows_when_it_was():
    moved = by_key(amended(AGENDA, of(("cruise", {"start": "19:30"}))))["cruise"]

    assert (moved.start, moved.changed.start, moved.changed.made) == (time(19, 30), time(19), MADE)


def test_of_two_changes_the_last_counts_and_tells_of_the_one_before():
    twice = of(("cruise", {"start": "19:30"}), ("cruise", {"start": "20:00", "end": "21:00"}))
    moved = by_key(amended(AGENDA, twice))["cruise"]

    assert (moved.start, moved.end, moved.changed.start) == (time(20), time(21), time(19, 30))


def test_a_cancelled_session_stays_listed_and_takes_up_no_time():
    after = amended(AGENDA, of(("cruise", {"cancelled": True})))

    assert by_key(after)["cruise"].is_cancelled
    assert [one.key for one in after.timed] == ["tea"]


def test_sessions_stand_in_the_order_of_their_new_times():
    after = amended(AGENDA, of(("tea", {"start": "20:00", "end": None, "day": 2})))

    assert [one.key for one in after.sessions] == ["cruise", "tea"]


def test_a_session_is_added_with_a_key_of_its_own():
    key = key_of_new("Tree Planting", 3, AGENDA.sessions)
    after = amended(AGENDA, of((key, {"title": "Tree Planting", "day": 3, "start": "08:00", "place": "East Lake"})))

    assert (key, after.days) == ("day-3-tree-planting", (2, 3))
    assert (by_key(after)[key].start, by_key(after)[key].place) == (time(8), "East Lake")


def test_a_meeting_point_is_no_change_of_time():
    after = by_key(amended(AGENDA, of(("cruise", {"place": "Pier 3"}))))["cruise"]

    assert (after.place, after.changed) == ("Pier 3", None)


def test_the_confirmed_first_day_is_the_last_one_told():
    edition = of((EVENT, {"first_day": "2026-09-14"}), (EVENT, {"first_day": "2026-09-15"}))

    assert (edition.first_day, Edition().first_day) == (date(2026, 9, 15), None)


def test_a_difference_shows_each_session_before_and_after():
    ((before, after),) = difference(AGENDA, of(("cruise", {"start": "19:30"})).changes)

    assert (before.start, after.start) == (time(19), time(19, 30))


def test_a_session_that_there_is_not_is_named():
    with pytest.raises(UnknownSession, match="boat: no such session"):
        difference(AGENDA, of(("boat", {"start": "19:30"})).changes)


def test_a_change_survives_being_kept():
    change = Change("cruise", {"start": "19:30", "end": None}, MADE)

    assert Change.of_json(change.as_json()) == change
