"""Staff choose whom a message is for, see it as each reader will, send it, and look after it."""

import pytest

from bot.app import Desk, conversation, publishing
from bot.settings import Settings
from handlers.model import Address, Incoming, Role
from handlers.publishing import Rules
from tests.journeys.test_signing_up import Talk


class Clock:
    def __init__(self, desk):
        self._now = desk.settings.clock()

    def __call__(self):
        return self._now

    def set(self, moment):
        self._now = type(self._now).fromisoformat(moment)


@pytest.fixture
async def talk(home):
    desk = Desk(Settings(home=home, now="2026-09-05T08:00+08:00", _env_file=None))
    store = await desk.store()
    await desk.seed_activities(store)
    made = Talk(desk, store, desk.library)
    await made.staff()
    for who, role, city in (("ana", Role.DELEGATE, "Bordeaux"), ("jean", Role.AIDE, "Bordeaux")):
        code = await store.invites.create(role=role, city=city, name=who.title())
        await made.say(f"/start {code}", who)
    await made.say("Inscrivez-moi à la croisière de nuit, une personne", "jean")
    yield made
    await store.database.close()


ORDERS = [
    ("en", "Broadcast to aides from Bordeaux: bring a jacket", "yes, send it", ["jean"]),
    ("en", "/broadcast cruise: bring a jacket", "yes", ["jean"]),
    ("fr", "Annonce aux délégués de Bordeaux : prenez une veste", "oui, envoyez", ["ana"]),
    ("zh", "群发给助理：请带外套", "是的，发送", ["jean"]),
    ("es", "Anuncio a todos: traigan una chaqueta", "sí, envíalo", ["ana", "jean", "li"]),
    ("de", "Rundnachricht an die Assistenten: bitte Jacken mitbringen", "ja, senden", ["jean"]),
]


async def test_a_long_message_arrives_whole(talk):
    text = "Please bring a warm jacket to the pier. " * 100
    shown = await talk.say(f"/broadcast {text}", "li")
    await talk.say("yes", "li")

    assert text.strip() in shown
    assert any(text.strip() in told for _, told in await talk.told())


@pytest.mark.parametrize(("language", "order", "yes", "readers"), ORDERS, ids=[f"{one[0]}-{one[3]}" for one in ORDERS])
async def test_plain_words_choose_the_readers_and_nothing_goes_out_before_a_yes(talk, language, order, yes, readers):
    shown = await talk.say(order, "li")
    assert order.split(":")[-1].split("：")[-1].strip() in shown
    assert str(len(readers)) in shown
    assert await talk.told() == []

    await talk.say(yes, "li")

    assert sorted(who for who, _ in await talk.told()) == readers


async def test_what_is_shown_is_word_for_word_what_arrives_in_each_language(talk):
    await talk.say("/broadcast en: Bring a jacket\nfr: Prenez une veste", "li")
    shown = await talk.press("As others read it", "li")
    await talk.press("Send", "li")

    told = dict(await talk.told())
    assert told["jean"] == "Message des organisateurs :\nPrenez une veste"
    assert told["ana"] == "Message of the organizers:\nBring a jacket"
    assert told["jean"] in shown
    assert told["ana"] in shown


async def test_readers_of_a_language_without_a_text_are_told_of_in_the_preview(talk):
    shown = await talk.say("/broadcast Bring a jacket", "li")
    assert "No text of their own: Français. They read: English." in shown

    await talk.press("Add a language", "li")
    assert "Français" in await talk.press("Français", "li")
    shown = await talk.say("Prenez une veste", "li")
    assert "No text of their own" not in shown
    await talk.press("Send", "li")

    assert dict(await talk.told())["jean"].endswith("Prenez une veste")


async def test_buttons_choose_the_readers_too(talk):
    await talk.say("/broadcast Bring a jacket", "li")
    for label in ("Recipients", "Role", "Aides"):
        shown = await talk.press(label, "li")
    assert "For: Aides\nJean, Bordeaux" in shown

    for label in ("Recipients", "Activity", "Yangtze River Night Cruise"):
        shown = await talk.press(label, "li")
    assert "For: Aides · Yangtze River Night Cruise" in shown
    await talk.press("Recipients", "li")
    assert "For: Everybody" in await talk.press("Everybody", "li")
    await talk.press("Recipients", "li")
    assert "For: Bordeaux · Waitlist" in await talk.say("those from Bordeaux on the waitlist", "li")


async def test_a_text_that_names_a_new_time_can_go_out_without_a_change(talk):
    assert "19:00 → Day 2, 19:30" in await talk.say("/broadcast The cruise bus leaves for the cruise at 19:30", "li")
    assert "→" not in await talk.press("Only the text, no change", "li")
    await talk.press("Send", "li")

    assert len(await talk.told()) == 3
    assert "19:30" not in await talk.say("When is the cruise?")


async def test_a_text_before_a_colon_stays_a_part_of_it_unless_it_says_whom_it_is_for(talk):
    await talk.say("/broadcast Reminder: bring your badge", "li")
    await talk.press("Send", "li")

    assert {text for _, text in await talk.told()} >= {"Message of the organizers:\nReminder: bring your badge"}


async def test_who_has_read_it_is_counted(talk):
    await talk.say("/broadcast to aides: The bus leaves from gate 2", "li")
    await talk.press("Ask who has read it", "li")
    await talk.press("Send", "li")
    await talk.told()
    assert "read by 0" in await talk.say("/broadcasts 1", "li")

    await talk.reply(Incoming(Address("console", "jean"), pressed="read:1"))
    await talk.reply(Incoming(Address("console", "jean"), pressed="read:1"))
    await talk.reply(Incoming(Address("console", "ana"), pressed="read:1"))

    assert "read by 1" in await talk.say("/broadcasts 1", "li")


async def test_a_broadcast_is_paused_and_goes_on_and_stops_by_button(talk):
    await talk.say("/broadcast Bring a jacket", "li")
    await talk.press("Send", "li")
    await talk.say("/broadcasts 1", "li")
    assert "paused" in await talk.press("Pause", "li")
    assert await talk.told() == []
    await talk.press("Go on", "li")
    await talk.press("Pause", "li")
    assert "cancelled" in await talk.press("Stop", "li")
    assert await talk.told() == []


async def test_a_delegate_can_neither_pause_nor_approve_nor_send(talk):
    await talk.say("/broadcast Bring a jacket", "li")
    send = talk.choices["li"][0].payload
    for pressed in (send, "broadcast:cancel:1", "broadcast:approve:1", "announce:whom:x"):
        await talk.reply(Incoming(Address("console", "ana"), pressed=pressed))
    assert "staff" in await talk.say("/correct 1 nonsense")
    assert await talk.told() == []


async def test_a_correction_goes_to_the_readers_of_the_earlier_message(talk):
    await talk.say("/broadcast to aides: The bus leaves from gate 2", "li")
    await talk.press("Send", "li")
    await talk.told()

    assert "Correction" in await talk.say("/correct 1 The bus leaves from gate 3", "li")
    await talk.press("Send", "li")

    assert await talk.told() == [("jean", "Rectification des organisateurs :\nThe bus leaves from gate 3")]


async def test_a_broadcast_waits_for_its_time_and_moves_with_its_session(talk):
    await talk.say("/dates 2026-09-14", "li")
    await talk.press("Send", "li")
    await talk.told()
    clock = Clock(talk.desk)
    for part in (talk.store, talk.store.notices, talk.store.broadcasts):
        name = "now" if part is talk.store else "_now"
        setattr(part, name, clock)
    talk.over(conversation(talk.library, talk.store))
    await talk.say("/broadcast cruise: Bring a jacket", "li")
    await talk.press("Time", "li")
    shown = await talk.say("60 minutes before the night cruise", "li")
    assert "15 September 2026, 18:00" in shown
    await talk.press("Send", "li")
    assert await talk.told() == []

    await talk.say("/change night cruise 20:00", "li")
    await talk.press("Send", "li")
    await talk.told()
    clock.set("2026-09-15T18:59+08:00")
    assert await talk.told() == []
    clock.set("2026-09-15T19:00+08:00")
    assert [who for who, _ in await talk.told()] == ["jean"]


async def test_a_second_member_of_staff_must_approve_where_that_is_set(talk):
    talk.over(conversation(talk.library, talk.store, publishing(talk.library, talk.store, Rules(needs_approval=True))))
    await talk.staff("wu")
    await talk.say("/change night cruise 20:00", "li")
    assert "waits for approval" in await talk.press("Send", "li")
    assert "19:00" in await talk.say("When is the cruise?")
    [(who, asked)] = await talk.told()
    assert who == "wu"
    assert "20:00" in asked

    await talk.reply(Incoming(Address("console", "li"), pressed="broadcast:approve:1"))
    assert "19:00" in await talk.say("When is the cruise?")
    await talk.reply(Incoming(Address("console", "wu"), pressed="broadcast:approve:1"))

    assert "20:00" in await talk.say("When is the cruise?")
    told = dict(await talk.told())
    assert sorted(told) == ["jean", "li"]
    assert "approved" in told["li"]


async def test_what_is_rejected_changes_nothing(talk):
    talk.over(conversation(talk.library, talk.store, publishing(talk.library, talk.store, Rules(needs_approval=True))))
    await talk.staff("wu")
    await talk.say("/change night cruise 20:00", "li")
    await talk.press("Send", "li")
    await talk.told()
    await talk.reply(Incoming(Address("console", "wu"), pressed="broadcast:reject:1"))

    assert [who for who, _ in await talk.told()] == ["li"]
    assert "19:00" in await talk.say("When is the cruise?")
