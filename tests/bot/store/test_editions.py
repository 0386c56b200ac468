from datetime import time

import pytest

from bot.store.editions import SqlEditions
from handlers.model import Act, Activity, Wanted
from knowledge.editions import Change, Edition, difference
from knowledge.programme import Certainty, Programme, Session

CRUISE = Session("day-2-cruise", 2, time(19), None, "Night Cruise", (), (), "", Certainty.DRAFT)
OPENING = Session("day-2-opening", 2, time(9), None, "Opening", (), (), "", Certainty.DRAFT)
AGENDA = Programme((OPENING, CRUISE), (2,), Certainty.DRAFT)


@pytest.fixture
def editions(database, clock):
    return SqlEditions(database, clock)


async def published(editions, clock, key, **values):
    changes = [Change(key, values, clock().date())]
    return await editions.publish(changes, difference(AGENDA, changes), by=None)


async def test_what_people_sign_up_for_changes_with_the_agenda(kept, editions, clock):
    await published(editions, clock, "day-2-cruise", start="19:30", end="21:00")

    (cruise,) = await kept.activities.all()
    assert (cruise.start, cruise.end) == (time(19, 30), time(21))


async def test_those_who_are_signed_up_are_told_and_nobody_else(kept, editions, clock):
    ana, _, cai = [await kept.person(name) for name in ("Ana", "Ben", "Cai")]
    for person in (ana, cai):
        await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise"))
    await kept.rsvps.cancel(Act(cai.id, cai.id, "said"), "cruise")

    assert await published(editions, clock, "day-2-cruise", start="19:30") == 1
    assert [notice.person for _, notice in await kept.notices.drain("console")] == [ana.id]


async def test_everybody_is_told_of_a_session_without_sign_up_but_who_said_stop(kept, editions, clock):
    ana, ben = [await kept.person(name) for name in ("Ana", "Ben")]
    await kept.people.subscribe(ben.id, is_subscribed=False)

    assert await published(editions, clock, "day-2-opening", start="09:15") == 1
    assert [notice.person for _, notice in await kept.notices.drain("console")] == [ana.id]


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
