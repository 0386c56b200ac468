"""The daily report: once a morning for each of the staff, however many processes look."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.store import tables as t
from bot.store.digests import SqlDigests
from handlers.model import Act, Role, Wanted

MORNING = datetime.fromisoformat("2026-09-02T08:00+08:00")


@pytest.fixture
def digests(database, clock):
    return SqlDigests(database, clock)


@pytest.fixture
async def li(kept):
    li = await kept.person("Li", city="Wuhan")
    async with kept.database.writing() as connection:
        of_staff = update(t.person).where(t.person.c.id == li.id)
        await connection.execute(of_staff.values(role=Role.STAFF, is_verified=True))
    return li


async def signed_up(kept, name, party=1):
    person = await kept.person(name)
    await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise", party))
    return person


async def reports(kept):
    async with kept.database.reading() as connection:
        found = select(t.notice.c.person_id, t.notice.c.told).where(t.notice.c.kind == "digest")
        return [(row.person_id, row.told) for row in await connection.execute(found)]


async def test_what_came_in_since_yesterday_morning_is_told_to_staff_alone(kept, digests, clock, li):
    clock.moment = MORNING - timedelta(hours=30)
    await signed_up(kept, "Ana", 2)
    clock.moment = MORNING - timedelta(hours=3)
    await signed_up(kept, "Ben", 3)
    gone = await signed_up(kept, "Cai", 1)
    await kept.rsvps.cancel(Act(gone.id, gone.id, "said"), "cruise")
    async with kept.database.writing() as connection:
        lost = {"person_id": gone.id, "kind": "offer", "told": {}, "created": clock(), "failed": clock()}
        await connection.execute(insert(t.notice).values(**lost))
    clock.moment = MORNING

    assert await digests.make_due() == 1

    of_cruise = {"key": "cruise", "more": 3, "confirmed": 5, "waitlisted": 0}
    told = {"activities": [of_cruise], "questions": 0, "not_reached": 1, "unverified": 2}
    assert await reports(kept) == [(li.id, told)]


async def test_it_is_told_once_a_day_however_many_look_and_whatever_ends(kept, digests, clock, li):
    await signed_up(kept, "Ana")
    clock.moment = MORNING - timedelta(minutes=1)
    assert await digests.make_due() == 0
    clock.moment = MORNING

    made = await asyncio.gather(*(SqlDigests(kept.database, clock).make_due() for _ in range(5)))
    assert sum(made) == 1
    clock.moment = MORNING + timedelta(hours=1)
    assert await digests.make_due() == 0
    clock.moment = MORNING + timedelta(days=1)
    assert await digests.make_due() == 1


async def test_who_wants_none_gets_none_and_an_empty_one_is_not_told(kept, digests, clock, li):
    clock.moment = MORNING
    assert await digests.make_due() == 0
    await signed_up(kept, "Ana")
    clock.moment = MORNING + timedelta(days=1)
    assert not await kept.people.want(li.id, "digest", is_wanted=None)
    assert await digests.make_due() == 0


async def test_in_the_evening_it_is_not_made_up_for(kept, digests, clock, li):
    await signed_up(kept, "Ana")
    clock.moment = MORNING + timedelta(hours=13)
    assert await digests.make_due() == 0
