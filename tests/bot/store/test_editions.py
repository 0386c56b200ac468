from datetime import date, time

import pytest

from bot.store.editions import SqlEditions
from handlers.errors import Refusal
from handlers.model import Act, Activity, Status, Wanted
from handlers.resizing import Resize
from knowledge.editions import EVENT, Change, Edition, difference
from knowledge.programme import Certainty, Programme, Session

CRUISE = Session("day-2-cruise", 2, time(19), None, "Night Cruise", (), (), "", Certainty.DRAFT)
OPENING = Session("day-2-opening", 2, time(9), None, "Opening", (), (), "", Certainty.DRAFT)
AGENDA = Programme((OPENING, CRUISE), (2,), Certainty.DRAFT)


@pytest.fixture
def editions(database, clock):
    return SqlEditions(database, clock)


async def published(editions, clock, key, **values):
    changes = [Change(key, values, clock().date())]
    await editions.publish(changes, difference(AGENDA, changes), by=None)


async def test_what_people_sign_up_for_changes_with_the_agenda(kept, editions, clock):
    await published(editions, clock, "day-2-cruise", start="19:30", end="21:00")

    (cruise,) = await kept.activities.all()
    assert (cruise.start, cruise.end) == (time(19, 30), time(21))


async def test_nobody_signs_up_for_what_is_cancelled(kept, editions, clock):
    await published(editions, clock, "day-2-cruise", cancelled=True)
    assert not (await kept.activities.all())[0].is_open

    await published(editions, clock, "day-2-cruise", cancelled=False)


async def test_other_processes_see_a_new_edition(database, editions, clock):
    other = SqlEditions(database, clock)
    assert await other.current() == Edition()

    await published(editions, clock, "day-2-cruise", start="19:30")
    await published(editions, clock, "day-2-cruise", start="20:00")

    assert (await other.current()).number == 2
    assert [change.values["start"] for change in (await other.current()).changes] == ["19:30", "20:00"]
    assert [one.number for one in await editions.all()] == [1, 2]


async def test_a_route_keeps_its_own_name_when_its_visit_is_renamed(kept, editions, clock):
    await kept.activities.add_new([Activity("route", {"en": "Eco"}, "Eco", "Night Cruise", "route", 2)])

    await published(editions, clock, "day-2-cruise", name="Evening Cruise")

    assert {a.key: a.name("en") for a in await kept.activities.all()} == {"cruise": "Evening Cruise", "route": "Eco"}


async def test_once_the_first_day_is_confirmed_activities_have_dates(kept, editions, clock):
    assert (await kept.activities.all())[0].on is None

    await published(editions, clock, EVENT, first_day="2026-09-14")

    assert (await kept.activities.all())[0].on == date(2026, 9, 15)


async def test_an_edition_keeps_what_it_has_changed_of_places_and_a_look_ahead_changes_nothing(kept, clock):
    editions = SqlEditions(kept.database, clock)
    await kept.rsvps.resize("cruise", 1)
    for name in ("Ana", "Ben"):
        person = await kept.person(name)
        await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise"))
    ahead = await kept.activities.resized("cruise", 3)
    before = [one.rsvp.status for one in await kept.rsvps.listed("cruise")]
    async with kept.database.turn():
        made = await kept.activities.resize("cruise", 3, by=None)
        await editions.publish([], [], by=None, resizes=[made])

    assert ahead == made == Resize("cruise", 1, 3, offers=1)
    assert before == [Status.CONFIRMED, Status.WAITLISTED]
    assert [one.rsvp.status for one in await kept.rsvps.listed("cruise")] == [Status.CONFIRMED, Status.OFFERED]
    assert [await editions.resizes(number) for number in (0, 1, 2)] == [(made,), (made,), ()]
    with pytest.raises(Refusal):
        await kept.activities.resize("nothing", 3, by=None)
