"""Several changes within a quiet period: answers are right at once, and each person is told of all in one message."""

from datetime import datetime, timedelta

import pytest

from bot.app import Desk, conversation, publishing
from bot.settings import Settings
from bot.store.whole import Store
from handlers.publishing import Rules
from tests.fakes import Clock
from tests.journeys.test_signing_up import Talk

PERIOD = timedelta(minutes=2)
CRUISE = "Yangtze River Night Cruise"
RECEPTION = "Welcome Reception"


@pytest.fixture
async def talk(home):
    desk = Desk(Settings(home=home, _env_file=None))
    clock = Clock()
    await (await desk.store()).database.close()
    first = await desk.store()
    store = Store(first.database, desk.encoder.encode, clock)
    await desk.seed_activities(store)
    made = Talk(desk, store, desk.library)
    made.clock = clock
    made.over(conversation(desk.library, store, publishing(desk.library, store, Rules(quiet_period=PERIOD))))
    await made.staff()
    await made.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    await made.say("Sign me up for the welcome reception, Ben Oduya, Kyiv", "ben")
    yield made
    await store.database.close()


async def changed(talk, *orders):
    """Have staff publish changes, one after the other; return what they are told of the last."""
    for order in orders:
        await talk.say(f"/change {order}", "li")
        said = await talk.press("Send", "li")
    return said


async def after_the_period(talk):
    talk.clock.go_on(seconds=PERIOD.total_seconds())
    return sorted(await talk.told())


async def test_a_change_is_true_at_once_and_told_after_the_period(talk):
    shown = await talk.say("/change night cruise 19:30", "li")
    assert "as one message" in shown
    assert "Goes out:" in await talk.press("Send", "li")

    assert "19:30" in (await talk.say("When is the cruise?")).split("\n")[0]
    assert await talk.told() == []
    assert await after_the_period(talk) == [("ana", f"{CRUISE}: Day 2, 19:00 → Day 2, 19:30")]
    assert await after_the_period(talk) == []


async def test_two_moves_of_a_session_are_told_from_the_first_time_to_the_newest(talk):
    await changed(talk, "night cruise 19:30")
    assert "Not told of an earlier change yet: 1" in await talk.say("/change night cruise 20:00", "li")
    await talk.press("Send", "li")

    assert await after_the_period(talk) == [("ana", f"{CRUISE}: Day 2, 19:00 → Day 2, 20:00")]


async def test_all_that_has_changed_for_a_person_is_one_message_and_others_hear_only_of_theirs(talk):
    await talk.say("Sign me up for the welcome reception")
    await changed(talk, "night cruise 19:30", "welcome reception 12:30", "night cruise 19:45 @ Pier 3")

    told = dict(await after_the_period(talk))
    assert told["ana"].split("\n")[0] == f"{CRUISE}: Day 2, 19:00 → Day 2, 19:45"
    assert f"{CRUISE}, meeting point: Pier 3" in told["ana"]
    assert RECEPTION in told["ana"]
    assert CRUISE not in told["ben"]
    assert sorted(told) == ["ana", "ben"]


async def test_what_is_taken_back_in_time_is_told_to_nobody(talk):
    await changed(talk, "night cruise cancelled")
    await talk.say("/undo", "li")
    assert "nothing is left to tell" in await talk.press("Send", "li")

    assert await after_the_period(talk) == []
    assert "19:00" in await talk.say("When is the cruise?")
    receipts = await talk.store.receipts.of(2)
    assert [(one["state"], one["why"][:23]) for one in receipts] == [("cancelled", "nothing is left to tell")]


async def test_who_has_been_told_already_is_told_of_the_undoing(talk):
    await changed(talk, "night cruise cancelled")
    assert len(await after_the_period(talk)) == 1
    await talk.say("/undo", "li")
    await talk.press("Send", "li")

    assert await after_the_period(talk) == [("ana", f"{CRUISE} takes place after all: Day 2, 19:00")]


async def test_who_is_no_longer_signed_up_is_not_told_an_old_time(talk):
    await changed(talk, "night cruise 19:30")
    await talk.say("cancel the cruise")
    await changed(talk, "night cruise 20:00")

    assert await after_the_period(talk) == [("ana", f"{CRUISE}: Day 2, 19:00 → Day 2, 20:00")]


async def test_edits_that_never_end_are_told_after_four_periods(talk):
    for minute in range(8):
        await changed(talk, f"night cruise 19:{30 + minute}")
        talk.clock.go_on(seconds=0.6 * PERIOD.total_seconds())
        told = await talk.told()
        if told:
            break

    assert minute == 6
    assert told == [("ana", f"{CRUISE}: Day 2, 19:00 → Day 2, 19:36")]


async def test_a_change_of_what_starts_soon_waits_for_nobody_and_takes_the_others_along(talk):
    await talk.say("/dates 2026-09-14", "li")
    await talk.press("Send", "li")
    await after_the_period(talk)
    await talk.say("Sign me up for the welcome reception")
    await changed(talk, "welcome reception 12:40")
    talk.clock.moment = datetime.fromisoformat("2026-09-15T17:30+08:00")
    await changed(talk, "night cruise 19:30")

    told = dict(await talk.told())
    assert CRUISE in told["ana"]
    assert "as one message" not in await talk.say("/change night cruise 19:40", "li")


async def test_staff_send_at_once_what_waits(talk):
    await changed(talk, "night cruise 19:30")
    await talk.say("/broadcasts 1", "li")
    await talk.press("Send now", "li")

    assert [who for who, _ in await talk.told()] == ["ana"]


async def test_a_message_of_staff_with_a_change_takes_along_what_waits(talk):
    await changed(talk, "night cruise 19:30")
    await talk.say("/broadcast cruise: The night cruise now starts at 20:00, sorry", "li")
    await talk.press("Send", "li")

    [(who, text)] = await talk.told()
    assert (who, text.split("\n")[0]) == ("ana", f"{CRUISE}: Day 2, 19:00 → Day 2, 20:00")
    assert "sorry" in text
    assert await after_the_period(talk) == []


async def test_a_date_that_is_opened_again_in_time_is_told_to_nobody(talk):
    await talk.say("/dates 2026-09-14", "li")
    await talk.press("Send", "li")
    await talk.say("/undo", "li")
    await talk.press("Send", "li")

    assert await after_the_period(talk) == []
