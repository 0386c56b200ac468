"""What people can do on Telegram, against a Bot API that is as strict as Telegram's."""

import asyncio
import signal

import pytest
from aiogram.methods import SetMyCommands

from bot.app import Desk
from bot.channels.telegram.menus import EVERYBODYS, OF_STAFF, settings
from bot.settings import Settings
from handlers.commands import COMMANDS
from handlers.model import Role
from knowledge import LANGUAGES
from tests.bot_api import FakeBotApi
from tests.serving import serving

GROUP = -100500
ME = "@desk_test_bot"


@pytest.fixture
async def api():
    async with FakeBotApi() as made:
        yield made


@pytest.fixture
async def desk(api, home):
    async with serving(home, api.url) as running:
        yield running


def said_in_group(api, text, **more):
    start = text.find(ME)
    entities = [{"type": "mention", "offset": start, "length": len(ME)}] if start >= 0 else []
    message = api.message(GROUP, user=5, chat_type="supergroup") | {"text": text, "entities": entities}
    api.update({"message": message | more})


async def test_a_sign_up_by_buttons_changes_the_message_and_is_acknowledged_at_once(api, desk):
    api.say(1, "Sign me up for the night cruise, two people, Duisburg")
    (signed_up,) = await api.wait_for(1)
    api.press(1, signed_up.buttons[0][0][1], signed_up.message_id)
    undone = (await api.wait_for(2))[1]

    assert (undone.method, undone.message_id) == ("editMessageText", signed_up.message_id)
    assert ("Cancelled" in undone.text, len(api.answered)) == (True, 1)


async def test_a_button_of_an_earlier_version_brings_the_menu(api, desk):
    api.say(1, "/start")
    (menu,) = await api.wait_for(1)
    api.press(1, "0:something", menu.message_id)
    api.press(1, menu.buttons[0][0][1], menu.message_id)
    sent = await api.wait_for(3)

    assert ("Ask me about" in sent[1].text, "Day 1" in sent[2].text) == (True, True)


async def test_in_a_group_only_who_addresses_the_desk_is_answered_and_nothing_personal_said(api, desk):
    said_in_group(api, "When is the night cruise?")
    said_in_group(api, f"{ME} when is the night cruise?")
    said_in_group(api, f"{ME} sign me up for the night cruise, two people")
    sent = await api.wait_for(2)

    assert ["19:00" in sent[0].text, "write to me privately" in sent[1].text] == [True, True]
    assert sent[1].buttons == ((("Write privately", "https://t.me/desk_test_bot"),),)


async def test_what_is_no_text_is_told_to_be_unread_in_the_persons_language(api, desk):
    voice = {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}}
    api.update({"message": api.message(1, language_code="de") | voice})
    (sent,) = await api.wait_for(1)

    assert sent.text.startswith("Ich lese nur Text.")


async def test_an_edited_message_is_answered_anew_if_it_says_something_else(api, desk):
    first = api.message(1)
    api.update({"message": first | {"text": "When is the night cruise?"}})
    await api.wait_for(1)
    api.update({"edited_message": first | {"text": "When is the night cruise?", "edit_date": 1}})
    api.update({"edited_message": first | {"text": "When is the opening?", "edit_date": 2}})
    sent = await api.wait_for(2)

    assert (len(sent), sent[1].text.startswith("You have changed your message."), "09:30" in sent[1].text) == (
        (2, True, True)
    )


async def test_a_message_that_was_changed_in_nothing_that_is_read_is_not_answered_again_after_a_restart(api, home):
    first = api.message(1) | {"text": "When is the night cruise?"}
    api.update({"message": first})
    async with serving(home, api.url) as desk:
        await api.wait_for(1)
        desk.signal(signal.SIGTERM)  # killed, it might not know any more that its reply was sent
        await desk.ended()
    api.update({"edited_message": first | {"edit_date": 1}})
    api.update({"edited_message": first | {"text": "When is the opening?", "edit_date": 2}})
    api.update({"edited_message": first | {"edit_date": 3}})
    async with serving(home, api.url):
        sent = await api.wait_for(3)

    assert ["19:00" in sent[0].text, "09:30" in sent[1].text, "19:00" in sent[2].text] == [True] * 3


async def test_cards_come_for_any_conversation(api, desk):
    person = {"id": 9, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    for number, query in enumerate(("", "When is the night cruise?")):
        api.update({"inline_query": {"id": str(number), "from": person, "query": query, "offset": ""}})
    async with asyncio.timeout(30):
        while len(api.answered) < 2:
            await asyncio.sleep(0.02)

    assert ["Programme" in api.answered[0]["results"], "19:00" in api.answered[1]["results"]] == [True, True]


async def test_menus_are_set_in_every_language(api, desk):
    await desk.until_ready()

    languages = {key.split()[-1] for key in api.settings if key.startswith("setMyDescription")}
    assert {"de", "zh", "ar"} <= languages


async def test_staff_see_their_own_menu_once_their_code_is_known(api, desk, home):
    store = await Desk(Settings(home=home, _env_file=None)).store()
    code = await store.invites.create(role=Role.STAFF, city="Wuhan", name="Li")
    await store.database.close()
    api.say(1, "/start")
    api.say(2, f"/start {code.replace('-', '')}")
    await api.wait_for(2)
    async with asyncio.timeout(30):
        while not (own := [key for key in api.settings if '"chat_id": 2' in key or "'chat_id': 2" in key]):
            await asyncio.sleep(0.02)

    assert [name for name in OF_STAFF if f'"{name}"' not in str(api.settings[own[0]])] == []
    assert not [key for key in api.settings if "chat_id" in key and key not in own]


def test_a_menu_lists_every_command_that_says_what_it_does_and_staff_see_all_of_them():
    languages = [language for language in LANGUAGES if "-" not in language]
    menus = {(s.language_code or "en", s.scope.type): s for s in settings() if isinstance(s, SetMyCommands)}
    listed = {name for name, command in COMMANDS.items() if command.text}

    assert set(menus) == {(lang, f"all_{kind}_chats") for lang in languages for kind in ("private", "group")}
    assert {entry.command for entry in menus["de", "all_private_chats"].commands} == set(EVERYBODYS)
    assert set(OF_STAFF) == listed
    assert listed - set(EVERYBODYS) == {name for name in listed if COMMANDS[name].is_for_staff}
    assert {"change", "announce", "dates", "broadcasts", "answer"} <= listed
    assert [name for name, command in COMMANDS.items() if command.is_for_groups and command.is_for_staff] == []


async def staff_of(home):
    store = await Desk(Settings(home=home, _env_file=None)).store()
    code = await store.invites.create(role=Role.STAFF, city="Wuhan", name="Li")
    await store.database.close()
    return code


async def pressed(api, sent, label):
    payload = next(payload for row in sent.buttons for said, payload in row if said == label)
    api.press(sent.chat_id, payload, sent.message_id)


async def test_a_file_that_staff_send_goes_with_their_message_and_is_uploaded_once(api, desk, home):
    api.say(1, f"/start {await staff_of(home)}")
    for chat in (2, 3, 4):
        api.say(chat, "Sign me up for the night cruise, one person, Bordeaux")
    await api.wait_for(4)
    api.attach(1, "../Map of the pier.pdf", b"%PDF map", caption="/announce Here is the map.")
    shown = (await api.wait_for(5))[4]
    await pressed(api, shown, "Send")
    await api.wait_for(10)

    assert "Files: Map of the pier.pdf (1 KB)" in shown.text
    got = [sent for sent in api.sent if sent.method == "sendDocument"]
    assert {sent.chat_id for sent in got} >= {2, 3, 4}
    assert {(sent.file.name, sent.file.content) for sent in got} == {("Map of the pier.pdf", b"%PDF map")}


async def test_a_file_can_follow_its_message_and_one_that_is_too_large_is_said(api, desk, home):
    api.say(1, f"/start {await staff_of(home)}")
    api.say(1, "/announce Here is the map.")
    await api.wait_for(2)
    api.attach(1, "film.mp4", b"x" * (5 * 2**20 + 1))
    refused = (await api.wait_for(3))[2]
    api.attach(1, "list.csv", b"a,b")
    shown = (await api.wait_for(4))[3]

    assert "film.mp4 cannot go with a message" in refused.text
    assert "Files: list.csv (1 KB)" in shown.text


async def test_a_file_of_a_delegate_is_not_even_fetched(api, desk):
    api.attach(1, "thing.pdf", b"%PDF")
    (sent,) = await api.wait_for(1)

    assert sent.text.startswith("I read text only.")
    assert "getFile" not in {call.method for call in api.calls}


async def test_a_file_is_fetched_again_where_telegram_was_out_of_reach(api, desk, home):
    api.say(1, f"/start {await staff_of(home)}")
    await api.wait_for(1)
    api.fail_next(1, 502, method="getFile")
    api.attach(1, "map.pdf", b"%PDF", caption="/announce Here is the map.")
    shown = (await api.wait_for(2, 60))[1]

    assert "Files: map.pdf (1 KB)" in shown.text
