"""Staff change the programme and tell people; from then on everything the desk says goes by it."""

import re

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Address, Incoming
from tests.journeys.test_signing_up import Talk


@pytest.fixture
async def talk(home):
    desk = Desk(Settings(home=home, now="2026-09-05T08:00+00:00", _env_file=None))
    store = await desk.store()
    await desk.seed_activities(store)
    made = Talk(desk, store, desk.library)
    await made.staff()
    yield made
    await store.database.close()


CHANGES = [
    (
        "en",
        "Broadcast to everybody: the cruise starts at 19:30 instead of 19:00",
        "yes, send it",
        "When is the cruise?",
    ),
    ("de", "Rundnachricht an alle: Die Flussfahrt beginnt erst um 19:30 Uhr", "ja, senden", "Wann ist die Flussfahrt?"),
    (
        "fr",
        "Annonce à tous : la croisière de nuit est reportée à 19h30",
        "oui, envoyez",
        "La croisière est à quelle heure ?",
    ),
    ("zh", "群发通知所有代表：长江夜游改到19:30开始", "是的，发送", "夜游几点开始？"),
]


@pytest.mark.parametrize(("language", "order", "yes", "question"), CHANGES, ids=[one[0] for one in CHANGES])
async def test_a_change_is_shown_first_and_true_for_everybody_once_it_is_sent(talk, language, order, yes, question):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    shown = await talk.say(order, "li")
    assert "19:30" in shown
    assert await talk.told() == []
    assert "19:30" not in await talk.say(question)

    await talk.say(yes, "li")

    assert {who: "19:30" in text for who, text in await talk.told()} == {"ana": True, "li": True}
    assert re.search(r"19:30.*\n.*19:00", await talk.say(question))
    assert "19:30" in await talk.say("what am I signed up for?")


async def test_nothing_is_sent_that_staff_do_not_confirm(talk):
    await talk.say("When is the cruise?")
    await talk.say("Broadcast: the night cruise is cancelled", "li")
    await talk.say("no", "li")
    await talk.say("yes", "li")

    assert await talk.told() == []
    assert "19:00" in await talk.say("When is the cruise?")


async def test_a_change_of_a_session_is_told_to_those_who_are_signed_up_for_it(talk):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    await talk.say("Sign me up for the welcome reception, Ben Oduya, Kyiv", "ben")

    await talk.say("/change night cruise cancelled", "li")
    await talk.press("Send", "li")

    assert [who for who, _ in await talk.told()] == ["ana"]
    assert "cancelled" in await talk.say("When is the cruise?")
    assert "closed" in await talk.say("Sign me up for the night cruise", "ben")


async def test_delegates_cannot_announce_or_change_anything(talk):
    for order in ("Broadcast to all: the cruise is cancelled", "/change night cruise 20:00", "/dates 2026-09-14"):
        assert "staff" in await talk.say(order)
    await talk.say("yes")

    assert await talk.told() == []
    assert "19:00" in await talk.say("When is the cruise?")


async def test_once_the_dates_are_confirmed_there_are_dates_a_calendar_and_a_next_item(talk):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    assert "no calendar file yet" in await talk.say("/calendar")

    await talk.say("/dates 2026-09-14", "li")
    await talk.press("Send", "li")

    assert "14 September 2026 – 17 September 2026" in await talk.say("What are the dates of the conference?")
    mine = await talk.say("/mine")
    assert "15 Sept 2026" in mine
    assert "Next: Yangtze River Night Cruise" in mine
    reply = await talk.reply(Incoming(Address("console", "ana"), "/calendar"))
    assert [file.name for file in reply.files] == ["programme.ics"]


async def test_the_text_is_asked_for_where_there_is_none(talk):
    assert "What is the text" in await talk.say("broadcast", "li")
    assert "preview" in await talk.say("Please bring your badges.", "li")
    assert "Recipients: 1" in await talk.press("Send", "li")
    assert await talk.told() == [("li", "Message of the organizers:\nPlease bring your badges.")]
    assert "sent to 1 of 1" in await talk.say("/broadcasts", "li")


async def test_a_yes_to_something_else_sends_nothing_and_the_button_still_does(talk):
    await talk.say("Broadcast: please bring your badges.", "li")
    send = talk.choices["li"][0].payload
    await talk.say("When is the opening?", "li")
    await talk.say("yes", "li")
    assert await talk.told() == []

    await talk.reply(Incoming(Address("console", "li"), pressed=send))
    assert [who for who, _ in await talk.told()] == ["li"]


async def test_the_button_of_an_earlier_preview_does_not_send_a_later_one(talk):
    await talk.say("Broadcast: please bring your badges.", "li")
    send = talk.choices["li"][0].payload
    await talk.say("Broadcast: the buses leave now.", "li")

    await talk.reply(Incoming(Address("console", "li"), pressed=send))
    assert await talk.told() == []


async def test_a_change_that_could_not_be_kept_is_answered_by_nobody(talk, monkeypatch):
    async def broken(*_, **__):
        raise ZeroDivisionError("broken on purpose")

    await talk.say("/change night cruise 19:30", "li")
    send = talk.choices["li"][0].payload
    with monkeypatch.context() as patched:
        patched.setattr(talk.store.broadcasts, "queue", broken)
        assert "went wrong" in (await talk.reply(Incoming(Address("console", "li"), pressed=send))).text
    assert "19:00" in await talk.say("When is the cruise?")

    await talk.reply(Incoming(Address("console", "li"), pressed=send))
    assert "19:30" in await talk.say("When is the cruise?")


async def test_a_published_change_is_taken_back_by_another_one(talk):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    await talk.say("/change night cruise cancelled", "li")
    await talk.press("Send", "li")
    await talk.told()

    assert "takes place after all: Day 2, 19:00" in await talk.say("/undo", "li")
    assert "cancelled" in await talk.say("When is the cruise?")
    await talk.press("Send", "li")

    assert await talk.told() == [("ana", "Yangtze River Night Cruise takes place after all: Day 2, 19:00")]
    answer = await talk.say("When is the cruise?")
    assert "19:00" in answer
    assert "is cancelled" not in answer


async def test_only_the_last_change_of_a_session_is_taken_back(talk):
    for moment in ("19:30", "20:00"):
        await talk.say(f"/change night cruise {moment}", "li")
        await talk.press("Send", "li")
    assert "changed again since" in await talk.say("/undo 1", "li")
    assert "20:00 → Day 2, 19:30" in await talk.say("/undo 2", "li")
    assert "no change 7" in await talk.say("/undo 7", "li")


async def test_dates_that_were_confirmed_can_be_opened_again(talk):
    await talk.say("/dates 2026-09-14", "li")
    await talk.press("Send", "li")
    await talk.say("/undo", "li")
    await talk.press("Send", "li")

    assert "14 September" not in await talk.say("What are the dates of the conference?")
    assert "no calendar file yet" in await talk.say("/calendar")


async def test_a_delegate_takes_nothing_back(talk):
    await talk.say("/change night cruise 19:30", "li")
    await talk.press("Send", "li")
    assert "staff" in await talk.say("/undo 1")


@pytest.mark.parametrize(
    ("order", "yes", "back"),
    [
        ("move the night cruise to 19:30", "yes", "undo that"),
        ("please shift the night cruise to 19:30", "yes", "undo"),
        ("verschiebe die Flussfahrt auf 19:30 Uhr", "ja", "rückgängig"),
        ("déplacez la croisière à 19h30", "oui", "annule ça"),
        ("把夜游改到19:30", "是", "撤销"),
        ("перенесите ночной круиз на 19:30", "да", "верни как было"),
    ],
)
async def test_an_order_in_plain_words_is_told_as_the_change_alone_and_can_be_taken_back(talk, order, yes, back):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    await talk.say(order, "li")
    await talk.say(yes, "li")
    [(who, told)] = await talk.told()
    assert (who, "19:00 → Day 2, 19:30" in told) == ("ana", True)
    assert order not in told

    assert "19:00" in await talk.say(back, "li")
    await talk.say(yes, "li")
    assert "19:30" not in (await talk.say("When is the cruise?")).splitlines()[0]


async def test_what_an_order_says_beside_the_change_is_told_too(talk):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    shown = await talk.say("The night cruise starts at 19:30 because of fog, bring a jacket", "li")

    assert "19:00 → Day 2, 19:30" in shown
    assert "because of fog, bring a jacket" in shown


async def test_what_is_to_be_moved_to_when_is_asked_and_a_delegate_moves_nothing(talk):
    assert "/change night cruise 19:30" in await talk.say("reschedule the night cruise", "li")
    assert "only for staff" in await talk.say("move the night cruise to 19:30")
    assert await talk.told() == []


async def test_where_nothing_was_changed_there_is_nothing_to_undo(talk):
    for said in ("undo that", "/undo"):
        assert await talk.say(said, "li") == "There is nothing to undo any more."
