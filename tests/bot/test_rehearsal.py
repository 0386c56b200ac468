"""What a rehearsal shows is what the desk will do, and nothing of it happens."""

from datetime import date

import pytest
from sqlalchemy import func, select

from bot.app import Desk
from bot.registry import BadValue
from bot.rehearsal import Plan, rehearsed
from bot.settings import Settings
from bot.store import tables as t
from handlers.broadcasts import Audience, Dispatch, Draft, State, Timing
from handlers.model import Act, Address, Role, Wanted
from knowledge import Change
from knowledge.editions import EVENT

FIRST_DAY = date(2026, 9, 14)
CRUISE = "day-2-1900-yangtze-river-night-cruise"
FAST = 1_000_000.0
REMINDED = {"Ana": "Reminder", "Jean": "Rappel", "Mei": "提醒", "Karin": "Erinnerung"}
LANGUAGES = {"ana": "en", "jean": "fr", "mei": "zh", "karin": "de"}


@pytest.fixture
async def desk(home, url):
    made = Desk(Settings(home=home, database_url=url, now="2026-09-05T08:00+08:00", _env_file=None))
    store = await made.store()
    await made.seed_activities(store)
    for name, language in LANGUAGES.items():
        person = await store.people.introduce(Address("console", name), name=name.title(), city="Oita")
        await store.conversations.choose_language(Address("console", name), language)
        await store.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise"))
    unreached = await store.people.example("Nobody Near", "Oita", Role.DELEGATE)
    await store.rsvps.sign_up(Act(unreached, unreached, "said"), Wanted("cruise"))
    yield made, store
    await store.database.close()


async def rows(store):
    async with store.database.reading() as connection:
        return [await connection.scalar(select(func.count()).select_from(table)) for table in t.metadata.sorted_tables]


async def played(desk, **plan):
    lines = []
    await rehearsed(desk, Plan(FAST, **plan), lines.append)
    return lines


async def test_staff_see_every_reminder_and_planned_broadcast_and_nothing_happens(desk, home):
    made, store = desk
    dates = Change(EVENT, {"first_day": FIRST_DAY.isoformat()}, FIRST_DAY)
    later = Change(CRUISE, {"start": "19:30"}, FIRST_DAY)
    await store.editions.publish([dates, later], made.library.difference([later]), by=None)
    draft = Draft(
        "Bring a jacket", "en", audience=Audience(activities=("cruise",)), timing=Timing(session=CRUISE, minutes=-90)
    )
    await store.broadcasts.queue(draft, {}, Dispatch(State.PLANNED), by=None)
    before = await rows(store)

    lines = await played(made, day=2)

    told = [line.split(" → ", 1) for line in lines if " → " in line]
    assert sorted(line.partition(":")[0] for _, line in told) == sorted(
        2 * [f"{name.title()} (console)" for name in LANGUAGES]
    )
    assert [moment for moment, _ in told] == 4 * ["Day 2 18:00"] + 4 * ["Day 2 18:30"]
    assert all("Bring a jacket" in line for _, line in told[:4])
    shown = {line.partition(" (")[0]: line for _, line in told[4:]}
    assert all("19:30" in line for line in shown.values())
    assert all(word in shown[name] for name, word in REMINDED.items())
    assert lines[-2:] == ["8 messages to 4 people", "Not reached, 1 people: Nobody Near"]
    assert await rows(store) == before
    assert list(home.glob("rehearsal-*")) == []


async def test_what_cannot_be_played_is_said(desk):
    made, _ = desk
    with pytest.raises(BadValue, match="dates are open"):
        await played(made)
    with pytest.raises(BadValue, match="days 1 to 4"):
        await played(made, first_day=FIRST_DAY, day=9)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # what is tried is tried in the copy, which is the same
async def test_dates_that_are_only_tried_are_not_confirmed(desk):
    made, store = desk

    lines = await played(made, first_day=FIRST_DAY, day=3)

    assert lines[0].startswith("From Day 3 00:00 to Day 4 00:00, 2026-09-14")
    assert (await store.editions.current()).first_day is None


async def test_nobody_is_known_yet(home):
    with pytest.raises(BadValue, match="nobody is known"):
        await played(Desk(Settings(home=home, _env_file=None)))
