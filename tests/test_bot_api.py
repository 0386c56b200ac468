import asyncio

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile
from aiohttp import web
from telegram.ext import ExtBot

from tests.bot_api import BOT, FakeBotApi
from tests.bot_api_rules import Upload

TOKEN = "42:TEST"
PICTURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def api():
    async with FakeBotApi() as made:
        yield made


@pytest.fixture
async def call(api):
    async with aiohttp.ClientSession() as session:

        async def made(method, token=TOKEN, **parameters):
            async with session.post(f"{api.url}/bot{token}/{method}", json=parameters) as response:
                return response.status, await response.json()

        yield made


async def refusal(call, method, **parameters):
    status, answer = await call(method, **parameters)
    assert not answer["ok"]
    return status, answer["description"]


async def test_an_update_is_served_until_a_later_offset_acknowledges_it(api, call):
    first, second = api.say(7, "when is the cruise?"), api.say(8, "/start")

    async def served(**parameters):
        _, answer = await call("getUpdates", **parameters)
        return [update["update_id"] for update in answer["result"]]

    assert await served() == [first, second]
    assert await served(limit=1) == [first]
    assert await served(offset=second) == [second]
    assert await served(offset=second + 1) == []
    assert api.queue == []


async def test_a_long_poll_returns_when_somebody_writes(api, call):
    polling = asyncio.create_task(call("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    update = api.say(7, "hello")

    status, answer = await polling

    assert (status, answer["result"][0]["update_id"]) == (200, update)


async def test_of_two_who_poll_the_earlier_is_sent_away(api, call):
    earlier = asyncio.create_task(refusal(call, "getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    later = asyncio.create_task(call("getUpdates", timeout=20))

    status, why = await earlier
    api.say(7, "hello")

    assert status == 409
    assert "terminated by other getUpdates request" in why
    assert len((await later)[1]["result"]) == 1


async def test_who_has_a_webhook_may_not_poll(api, call):
    await call("setWebhook", url="http://127.0.0.1:1/")

    status, why = await refusal(call, "getUpdates")
    await call("deleteWebhook")

    assert (status, why[:8]) == (409, "Conflict")
    assert (await call("getUpdates"))[0] == 200


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        (" ", "message text is empty"),
        ("<b></b>", "message text is empty"),
        ("<b>bold", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("<b><i>x</b></i>", 'can\'t parse entities: Unmatched end tag at byte offset 7, found "</b>"'),
        ("x</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
        ("é<br>", 'can\'t parse entities: Unsupported start tag "br" at byte offset 2'),
        ("5 < 6", "can't parse entities: Unclosed start tag at byte offset 2"),
    ],
)
async def test_a_text_that_telegram_does_not_take_is_refused(call, text, why):
    told = await refusal(call, "sendMessage", chat_id=7, text=text, parse_mode="HTML")

    assert told == (400, f"Bad Request: {why}")


async def test_lengths_are_counted_after_entities_are_parsed(api, call):
    text = f"<b>{'&amp;' * 4089}</b> 😀 A&B"

    status, _ = await call("sendMessage", chat_id=7, text=text, parse_mode="HTML")

    assert status == 200
    assert api.sent[0].text == f"{'&' * 4089} 😀 A&B"


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"text": "Yes", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "Yes", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "1"}, "must be non-empty"),
        ({"text": "Yes"}, "Text buttons are unallowed"),
    ],
)
async def test_a_button_that_telegram_does_not_show_is_refused(call, button, why):
    markup = {"inline_keyboard": [[button]]}

    status, told = await refusal(call, "sendMessage", chat_id=7, text="?", reply_markup=markup)

    assert status == 400
    assert why in told


async def test_who_cannot_be_reached_is_told_as_telegram_tells_it(api, call):
    api.unknown, api.blocked, api.migrated = {1}, {2}, {-3: -1003}

    assert await refusal(call, "sendMessage", chat_id=1, text="x") == (400, "Bad Request: chat not found")
    assert await refusal(call, "sendMessage", chat_id=2, text="x") == (403, "Forbidden: bot was blocked by the user")
    _, moved = await call("sendMessage", chat_id=-3, text="x")
    assert moved["parameters"] == {"migrate_to_chat_id": -1003}


async def test_a_revoked_token_and_an_unknown_method_are_refused(api, call):
    api.revoked.add("43:OLD")

    assert await refusal(call, "getMe", token="43:OLD") == (401, "Unauthorized")
    assert await refusal(call, "sendPigeon") == (404, "Not Found: method not found")


async def test_a_second_message_in_a_second_is_too_many_in_a_chat(api, call):
    api.limits = True
    await call("sendMessage", chat_id=7, text="x")

    status, answer = await call("sendMessage", chat_id=7, text="x")

    assert (status, answer["parameters"]) == (429, {"retry_after": 1})


async def test_of_many_messages_at_once_no_more_than_thirty_a_second_pass(api, call):
    api.limits = True

    await asyncio.gather(*(call("sendMessage", chat_id=1 + n, text="x") for n in range(60)))

    assert api.statuses[429] > 0
    times = [sent.time for sent in api.sent]
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[30:], strict=False))


async def test_messages_are_changed_and_deleted_only_where_they_are(api, call):
    _, answer = await call("sendMessage", chat_id=7, text="first")
    at = {"chat_id": 7, "message_id": answer["result"]["message_id"]}

    assert (await call("editMessageText", text="second", **at))[0] == 200
    assert "not modified" in (await refusal(call, "editMessageText", text="second", **at))[1]
    assert (await call("deleteMessage", **at))[0] == 200
    assert "not found" in (await refusal(call, "editMessageText", text="third", **at))[1]
    assert [(sent.method, sent.text) for sent in api.sent] == [("sendMessage", "first"), ("editMessageText", "second")]


async def test_a_press_is_answered_while_it_is_fresh(api, call):
    api.press(7, "1:yes", 5)
    query = api.queue[0]["callback_query"]["id"]

    assert (await call("answerCallbackQuery", callback_query_id=query))[0] == 200
    api.stale.add(query)
    assert "query is too old" in (await refusal(call, "answerCallbackQuery", callback_query_id=query))[1]
    assert "query is too old" in (await refusal(call, "answerCallbackQuery", callback_query_id="another"))[1]


async def test_menus_are_kept_by_language_and_scope(call):
    menu = [{"command": "agenda", "description": "The programme"}]
    await call("setMyCommands", commands=menu, language_code="de")

    assert (await call("getMyCommands", language_code="de"))[1]["result"] == menu
    assert (await call("getMyCommands"))[1]["result"] == []
    wrong = [{"command": "Agenda!", "description": "x"}]
    assert await refusal(call, "setMyCommands", commands=wrong) == (400, "Bad Request: BOT_COMMAND_INVALID")


async def test_results_of_an_inline_query_need_ids_of_their_own(call):
    twice = [{"type": "article", "id": "1", "title": "x", "input_message_content": {"message_text": "x"}}] * 2

    assert await refusal(call, "answerInlineQuery", results=twice) == (400, "Bad Request: RESULT_ID_INVALID")


async def test_a_fault_meets_the_calls_it_is_for(api, call):
    api.fail_next(1, 429, retry_after=9, chat_id=8)
    api.fail_next(1, 401, method="getMe")

    assert (await call("sendMessage", chat_id=7, text="x"))[0] == 200
    assert (await call("sendMessage", chat_id=8, text="x"))[1]["parameters"] == {"retry_after": 9}
    assert (await call("sendMessage", chat_id=8, text="x"))[0] == 200
    assert await refusal(call, "getMe") == (401, "Unauthorized")
    assert (await call("getMe"))[0] == 200


@pytest.mark.parametrize("fault", [502, "garbage"])
async def test_some_answers_are_no_json(api, call, fault):
    api.fail_next(1, fault)

    with pytest.raises((ValueError, aiohttp.ContentTypeError)):
        await call("sendMessage", chat_id=7, text="x")

    assert api.sent == []


@pytest.mark.parametrize(("fault", "arrived"), [("reset", 0), ("lost", 1)])
async def test_a_broken_connection_breaks_before_or_after_all_is_done(api, call, fault, arrived):
    api.fail_next(1, fault)

    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=7, text="x")

    assert len(api.sent) == arrived


async def test_a_fault_without_an_answer_lasts_until_the_bot_gives_up(api, call):
    api.fail_next(1, "timeout")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await call("sendMessage", chat_id=7, text="x")

    assert (await call("sendMessage", chat_id=7, text="x"))[0] == 200


async def test_a_stalled_chat_holds_up_no_other(api, call):
    api.stall(7, 60)
    stalled = asyncio.create_task(call("sendMessage", chat_id=7, text="x"))

    assert (await call("sendMessage", chat_id=8, text="x"))[0] == 200

    assert not stalled.done()
    stalled.cancel()


async def test_a_webhook_gets_an_update_again_until_it_says_200(api, call):
    got = []

    async def receive(request):
        update = await request.json()
        got.append((update["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=200 if len(got) > 2 else 500)

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await call("setWebhook", url=f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s")
    first, second = api.say(7, "one"), api.say(7, "two")
    await api.deliver()
    await runner.cleanup()

    assert got == [(first, "s"), (first, "s"), (first, "s"), (second, "s")]
    assert api.queue == []


async def test_aiogram_speaks_with_it(api):
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api.url)))
    api.say(7, "/start", language_code="de")
    api.press(7, "1:yes", 5)

    me, updates = await bot.get_me(), await bot.get_updates()
    sent = await bot.send_photo(7, BufferedInputFile(PICTURE, "chart.png"), caption="places")
    await bot.answer_callback_query(updates[1].callback_query.id)
    await bot.session.close()

    assert (me.username, updates[0].message.from_user.language_code) == (BOT["username"], "de")
    assert (sent.caption, api.sent[0].file) == ("places", Upload("chart.png", PICTURE))


async def test_python_telegram_bot_speaks_with_it(api):
    async with ExtBot(TOKEN, base_url=f"{api.url}/bot") as bot:
        api.say(7, "hello")
        updates = await bot.get_updates()
        sent = await bot.send_document(
            7, b"BEGIN:VCALENDAR", filename="agenda.ics", caption="<b>yours</b>", parse_mode="HTML"
        )

    assert updates[0].message.text == "hello"
    assert (sent.document.file_name, sent.caption) == ("agenda.ics", "yours")
    assert api.sent[0].file == Upload("agenda.ics", b"BEGIN:VCALENDAR")
