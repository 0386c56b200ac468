"""Staff change the places of an activity as a part of a change: shown first, told to those who get an offer, undone."""

import pytest
from sqlalchemy import select

from bot.app import Desk, conversation, publishing
from bot.settings import Settings
from bot.store.tables import history
from handlers.model import Address, Incoming, Status
from handlers.publishing import Rules
from tests.journeys.test_signing_up import Talk

CRUISE = "Yangtze River Night Cruise"
LINE = f"{CRUISE}, places: 2 → 5. Parties of the waitlist that get an offer: 2"


@pytest.fixture
async def talk(home):
    """A cruise of two places that are taken, and two parties that wait: one of two, one alone."""
    desk = Desk(Settings(home=home, now="2026-09-05T08:00+00:00", _env_file=None))
    store = await desk.store()
    await desk.seed_activities(store)
    await store.rsvps.resize("cruise", 2)
    made = Talk(desk, store, desk.library)
    await made.staff()
    await made.say("Sign me up for the night cruise, 2 people, Ana Ruiz, Bordeaux")
    await made.say("Sign me up for the night cruise, 2 people, Ben Oduya, Kyiv", "ben")
    await made.say("Sign me up for the night cruise, one person, Cem Kaya, Izmir", "cem")
    await made.say("Sign me up for the welcome reception, Dan Ito, Oita", "dan")
    yield made
    await store.database.close()


async def capacity(talk):
    return next(one.capacity for one in await talk.store.activities.all() if one.key == "cruise")


async def lines_of_the_log(talk):
    async with talk.store.database.reading() as connection:
        rows = await connection.execute(select(history).where(history.c.person_id.is_(None)))
        return [(row.activity, row.after, row.why) for row in rows]


@pytest.mark.parametrize(
    "order",
    ["night cruise 5 places", "Flussfahrt 5 Plätze", "croisière de nuit 5 places", "夜游 5个名额", "круиз 5 мест"],
)
async def test_a_change_of_places_is_shown_first_and_told_to_those_who_get_an_offer(talk, order):
    shown = await talk.say(f"/change {order}", "li")
    assert "2 → 5" in shown
    assert (await capacity(talk), await talk.told()) == (2, [])

    await talk.reply(Incoming(Address("console", "li"), pressed=talk.choices["li"][0].payload))
    assert await capacity(talk) == 5
    assert sorted(who for who, _ in await talk.told()) == ["ben", "cem"]
    assert await talk.rsvps() == {"cruise": (Status.CONFIRMED, 2)}


async def test_what_is_shown_is_what_is_done_and_nothing_of_it_is_in_the_list_of_messages(talk):
    assert LINE in await talk.say("/change night cruise 5 places", "li")
    assert await talk.press("Yes", "li") == LINE

    assert await talk.rsvps("ben") == {"cruise": (Status.OFFERED, 2)}
    assert "no broadcasts" in await talk.say("/broadcasts", "li")
    assert await lines_of_the_log(talk) == [("cruise", {"capacity": 5}, "resized an activity")]


async def test_a_time_and_places_are_one_change_that_tells_everybody_only_of_the_time(talk):
    shown = await talk.say("/change night cruise 19:30, 5 places", "li")
    assert f"{CRUISE}: Day 2, 19:00 → Day 2, 19:30" in shown
    assert LINE in shown

    await talk.press("Send", "li")
    told = await talk.told()
    moved = f"{CRUISE}: Day 2, 19:00 → Day 2, 19:30"
    assert [who for who, text in told if text == moved] == ["ana", "ben", "cem"]
    assert sorted(who for who, text in told if "has become free" in text) == ["ben", "cem"]
    assert len(told) == 5


async def test_a_move_with_places_in_plain_words_is_one_change(talk):
    shown = await talk.say("set the capacity of the cruise to 5 and start it at 19:30", "li")

    assert "19:30" in shown
    assert "2 → 5" in shown


async def test_the_number_is_asked_for_where_there_is_none(talk):
    assert "how many places" in await talk.say("/change night cruise capacity", "li")
    assert "5 after it" in await talk.say("5", "li")
    await talk.say("yes", "li")

    assert await capacity(talk) == 5


async def test_places_are_taken_back_by_another_change_and_nobody_loses_one(talk):
    await talk.say("/change night cruise 5 places", "li")
    await talk.press("Yes", "li")
    await talk.told()
    assert f"{CRUISE}, places: 5 → 2" in await talk.say("/undo", "li")
    await talk.press("Yes", "li")

    assert (await capacity(talk), await talk.told()) == (2, [])
    assert await talk.rsvps("ben") == {"cruise": (Status.OFFERED, 2)}
    assert "2 → 5" in await talk.say("/undo", "li")


async def test_a_resize_in_plain_words_is_a_change_that_can_be_taken_back(talk):
    await talk.say("set the capacity of the cruise to 5", "li")
    assert "has 5 places now. Offers made to the waitlist: 2." in await talk.say("yes", "li")

    assert "5 → 2" in await talk.say("/undo 1", "li")


async def test_places_that_were_changed_again_since_are_not_taken_back(talk):
    for number in (5, 6):
        await talk.say(f"/change night cruise {number} places", "li")
        await talk.press("Yes", "li")

    assert "changed again since" in await talk.say("/undo 1", "li")
    assert await capacity(talk) == 6


async def test_a_change_and_its_places_are_undone_together(talk):
    await talk.say("/change night cruise 19:30, 5 places", "li")
    await talk.press("Send", "li")
    await talk.say("/undo", "li")
    await talk.press("Send", "li")

    assert await capacity(talk) == 2
    assert "19:00" in (await talk.say("When is the cruise?")).split("\n")[0]


async def test_places_wait_for_a_second_member_of_staff_who_sees_them(talk):
    talk.over(conversation(talk.library, talk.store, publishing(talk.library, talk.store, Rules(needs_approval=True))))
    await talk.staff("wu")
    await talk.say("/change night cruise 5 places", "li")
    assert "waits for approval" in await talk.press("Yes", "li")
    [(who, asked)] = await talk.told()
    assert (who, LINE in asked, await capacity(talk)) == ("wu", True, 2)

    done = await talk.reply(Incoming(Address("console", "wu"), pressed="broadcast:approve:1"))
    assert (done.text, await capacity(talk)) == (LINE, 5)
    assert sorted(who for who, _ in await talk.told()) == ["ben", "cem", "li"]


async def test_a_session_that_nobody_signs_up_for_gets_no_places(talk):
    assert "I see no change in that" in await talk.say("/change opening ceremony 120 places", "li")


async def test_a_delegate_changes_no_places(talk):
    await talk.say("/change night cruise 5 places", "ana")
    await talk.say("set the capacity of the cruise to 5", "ana")
    await talk.say("yes", "ana")

    assert await capacity(talk) == 2
