"""What people can do on Telegram, against a Bot API that is as strict as Telegram's."""

import asyncio

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Role
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

    assert "counts" in str(api.settings[own[0]])
    assert not [key for key in api.settings if "chat_id" in key and key not in own]
