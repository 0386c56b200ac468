from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.store import tables as t
from bot.store.database import Database
from bot.store.facts import SqlFacts
from bot.store.people import SqlPeople
from bot.store.reminders import SqlReminders
from bot.store.rsvps import SqlRsvps
from handlers.model import Act, Wanted

FIRST_DAY = date(2026, 9, 14)  # the cruise is on day 2, at 19:00 in Wuhan: 11:00 UTC
AN_HOUR_BEFORE = datetime(2026, 9, 15, 10, tzinfo=UTC)
EVENING_BEFORE = datetime(2026, 9, 14, 11, tzinfo=UTC)


@pytest.fixture
async def reminders(kept, database):
    await kept.activities.change("cruise", {"start": time(19)})
    await SqlFacts(database).keep("first_day", FIRST_DAY.isoformat())
    return SqlReminders(database, kept.activities, kept.now)


async def signed_up(kept, name):
    person = await kept.person(name)
    await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise"))
    return person


async def told(database):
    async with database.reading() as connection:
        rows = await connection.execute(select(t.notice).order_by(t.notice.c.id))
        return [(row.kind, row.person_id, row.told["activities"]) for row in rows]


async def test_people_are_reminded_in_the_evening_and_an_hour_before_once(kept, database, clock, reminders):
    ana = await signed_up(kept, "Ana")
    for moment in (EVENING_BEFORE, AN_HOUR_BEFORE):
        clock.moment = moment - timedelta(seconds=1)
        assert await reminders.make_due() == 0
        clock.moment = moment
        assert await reminders.make_due() == 1
        clock.go_on(minutes=5)
        assert await reminders.make_due() == 0

    assert await told(database) == [("evening", ana.id, ["cruise"]), ("hour", ana.id, ["cruise"])]


async def test_two_processes_remind_once(kept, database, clock, reminders, url):
    await signed_up(kept, "Ana")
    clock.moment = AN_HOUR_BEFORE
    another = Database(url)
    again = SqlReminders(another, type(kept.activities)(another, SqlRsvps(another, clock), clock), clock)

    assert sorted([await reminders.make_due(), await again.make_due()]) == [0, 1]
    await another.close()


async def test_who_signs_up_late_is_not_reminded_of_what_is_past(kept, clock, reminders):
    clock.moment = AN_HOUR_BEFORE + timedelta(minutes=1)
    await signed_up(kept, "Ana")

    assert await reminders.make_due() == 0


async def test_a_session_that_has_moved_is_reminded_of_when_it_is_now(kept, clock, reminders):
    await signed_up(kept, "Ana")
    await kept.activities.change("cruise", {"start": time(19, 30)})
    clock.moment = AN_HOUR_BEFORE
    assert await reminders.make_due() == 0

    clock.go_on(minutes=30)
    assert await reminders.make_due() == 1


@pytest.mark.parametrize("why", ["cancelled", "no reminders", "stopped", "session cancelled", "too late"])
async def test_who_need_not_know_is_not_reminded(kept, database, clock, reminders, why):
    ana = await signed_up(kept, "Ana")
    people = SqlPeople(database, kept.rsvps, clock)
    clock.moment = AN_HOUR_BEFORE
    match why:
        case "cancelled":
            await kept.rsvps.cancel(Act(ana.id, ana.id, "said"), "cruise")
        case "no reminders":
            assert not await people.want(ana.id, "reminders", is_wanted=None)
        case "stopped":
            await people.subscribe(ana.id, is_subscribed=False)
        case "session cancelled":
            await kept.activities.change("cruise", {"is_cancelled": True})
        case "too late":
            clock.go_on(minutes=50)

    assert await reminders.make_due() == 0


async def test_nothing_is_due_while_the_dates_are_open(kept, database, clock):
    await signed_up(kept, "Ana")
    clock.moment = AN_HOUR_BEFORE

    assert await SqlReminders(database, kept.activities, clock).make_due() == 0
