"""Telegram's channel with the inbox and the database behind it, in this process, so that time can be watched."""

import asyncio
import itertools
import json
import logging
import time
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from bot.channels.telegram import polling
from bot.channels.telegram.channel import Access, Telegram
from bot.channels.telegram.inbound import Conversation
from bot.inbox import TRIES, Inbox
from bot.pace import Pace
from bot.store import tables as t
from bot.store.whole import Store
from handlers.errors import Away
from handlers.model import Address, Choice, File, Reply
from tests.bot_api import FakeBotApi
from tests.fakes import Clock, EchoingLibrary
from tests.proxies import Proxy

TOKEN = "4242:AASecretSecretSecretSecretSecretSecret"


@pytest.fixture
async def api():
    async with FakeBotApi() as made:
        yield made


@pytest.fixture
def store(database):
    return Store(database, lambda texts: [[0.0] for _ in texts], Clock())


class Answering:
    """A conversation that repeats what is said, in its own time."""

    def __init__(self, reply=None, seconds=0.0):
        self.heard = []
        self._reply = reply or (lambda incoming: Reply(f"You said {incoming.text or incoming.pressed}."))
        self._seconds = seconds

    async def respond(self, incoming):
        self.heard.append(incoming)
        await asyncio.sleep(self._seconds)
        return self._reply(incoming)


@asynccontextmanager
async def running(api, store, respond, *, pause=0.01, **access):
    """Run the channel as the server does, and stop it in the same order."""
    inbox = Inbox(store.inbox, pause=pause)
    talk = Conversation(respond, EchoingLibrary(), store.conversations, store.facts, store.people, store.inbox)
    telegram = Telegram(Access(TOKEN, api.url, **access), talk, inbox, Pace())
    tasks = [asyncio.create_task(inbox.run()), asyncio.create_task(telegram.run())]
    try:
        yield SimpleNamespace(inbox=inbox, telegram=telegram)
        await inbox.stop(10)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await telegram.close()


async def until(is_so, patience=20):
    async with asyncio.timeout(patience):
        while not is_so():
            await asyncio.sleep(0.01)


def called(api, method):
    return [call for call in api.calls if call.method.lower() == method.lower()]


async def unreachable(store, chat):
    async with store.database.reading() as connection:
        at = (t.address.c.channel == "telegram", t.address.c.channel_id == str(chat))
        return await connection.scalar(t.address.select().with_only_columns(t.address.c.unreachable).where(*at))


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_updates_come_and_replies_go_through_a_proxy(api, store, kind):
    api.say(1, "hello")
    async with Proxy(kind) as proxy, running(api, store, Answering(), proxy=proxy.url):
        (sent,) = await api.wait_for(1)

    assert (sent.text, proxy.used > 0) == ("You said hello.", True)


async def test_a_proxy_that_is_down_is_told_without_its_password(api, store, caplog):
    async with running(api, store, Answering(), proxy="http://someone:pass-word@127.0.0.1:9") as desk:
        await until(lambda: "out of reach" in desk.telegram.problem)

    assert "pass-word" not in caplog.text + desk.telegram.problem


async def test_where_nothing_comes_any_more_the_connection_is_made_anew(api, store, monkeypatch, caplog):
    monkeypatch.setattr(polling, "SILENT_FOR", 0.9)
    async with running(api, store, Answering()) as desk:
        await until(lambda: called(api, "getUpdates"))
        api.fail_next(1, "timeout", method="getUpdates")
        await until(lambda: desk.telegram.silence > 0.3)
        api.say(1, "hello")
        (sent,) = await api.wait_for(1)
        await until(lambda: desk.telegram.silence < 0.9)

    assert sent.text == "You said hello."


@pytest.mark.parametrize(("seconds", "signs"), [(0.0, 0), (1.2, 1)])
async def test_typing_is_shown_only_while_an_answer_takes_longer_than_700_ms(api, store, seconds, signs):
    async with running(api, store, Answering(seconds=seconds)):
        api.say(1, "hello")
        (sent,) = await api.wait_for(1)
        asked = [call.time for call in called(api, "sendChatAction")]

    assert len(asked) == signs
    assert all(sent.time - at > 0.4 for at in asked)


async def test_a_button_is_answered_within_a_second_however_long_the_reply_takes(api, store):
    async with running(api, store, Answering(seconds=3)):
        pressed = time.monotonic()
        api.press(1, "1:topic:event.dates", 5)
        await until(lambda: api.answered)
        answered = time.monotonic() - pressed
        (sent,) = await api.wait_for(1)

    assert answered < 1
    assert sent.text == "You said topic:event.dates."


async def test_a_press_that_has_waited_too_long_still_does_its_work(api, store):
    api.press(1, "1:cancel:cruise", 5)
    api.stale |= set(api._queries)
    async with running(api, store, Answering()):
        (sent,) = await api.wait_for(1)

    assert (sent.text, api.answered) == ("You said cancel:cruise.", [])


async def test_a_menu_that_stays_the_same_is_no_failure_and_is_not_sent_again(api, store):
    menu = Reply("Menu", (Choice("One", "topic:one"),))
    async with running(api, store, Answering(lambda _: menu)) as desk:
        api.say(1, "/start")
        (first,) = await api.wait_for(1)
        for _ in range(2):
            api.press(1, "1:language:en", first.message_id)
        await until(lambda: desk.inbox.figures.handled == 3)

    assert (len(api.sent), desk.inbox.figures.failed) == (1, 0)
    assert [call.status for call in called(api, "editMessageText")] == [400, 400]


async def test_a_message_that_cannot_be_changed_any_more_is_sent_anew(api, store):
    async with running(api, store, Answering()):
        api.press(1, "1:language:de", 77)
        (sent,) = await api.wait_for(1)

    assert (sent.method, sent.text) == ("sendMessage", "You said language:de.")


async def test_files_come_with_the_text_as_their_caption(api, store):
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    files = {
        "ics": File("sign-ups.ics", "text/calendar", b"BEGIN:VCALENDAR"),
        "xlsx": File("list.xlsx", sheet, b"PK"),
        "png": File("chart.png", "image/png", b"\x89PNG"),
    }
    reply = lambda incoming: Reply(f"Here: <{incoming.text}>", files=(files[incoming.text],))  # noqa: E731
    async with running(api, store, Answering(reply)):
        for name in files:
            api.say(1, name)
        sent = await api.wait_for(3)

    assert [(s.method, s.text, s.file.name) for s in sent] == [
        ("sendDocument", "Here: <ics>", "sign-ups.ics"),
        ("sendDocument", "Here: <xlsx>", "list.xlsx"),
        ("sendPhoto", "Here: <png>", "chart.png"),
    ]


@pytest.mark.parametrize(
    "payload",
    ["A" * 64, "a-b_C-9", "..", "%2e%2e%2f", "' OR 1=1 --", "\u202eevil", "\x00", "é" * 40, "code with spaces", "<b>"],
)
async def test_what_stands_behind_start_reaches_the_conversation_as_it_is(api, store, payload):
    talk = Answering()
    async with running(api, store, talk):
        api.say(1, f"/start {payload}")
        await api.wait_for(1)

    assert [incoming.text for incoming in talk.heard] == [f"/start {payload}"]


async def test_halves_of_characters_are_answered(api, store):
    async with running(api, store, Answering()) as desk:
        api.say(1, "half \ud83d of a character")
        (sent,) = await api.wait_for(1)

    assert sent.text == "You said half \ufffd of a character."
    assert desk.inbox.figures.failed == 0


def member(api, chat, status):
    bot = {"id": 4242, "is_bot": True, "first_name": "Desk"}
    gone = {"user": bot, "status": "kicked", "until_date": 0}
    there = {"user": bot, "status": "member"}
    old, new = (gone, there) if status == "member" else (there, gone)
    told = api.message(chat) | {"old_chat_member": old, "new_chat_member": new}
    api.update({"my_chat_member": {key: value for key, value in told.items() if key != "message_id"}})


async def test_who_blocks_the_bot_is_out_of_reach_until_they_want_it_back(api, store):
    await store.conversations.remember(Address("telegram", "1"), "hello", "en")
    async with running(api, store, Answering()) as desk:
        member(api, 1, "kicked")
        await until(lambda: desk.inbox.figures.handled == 1)
        blocked = await unreachable(store, 1)
        member(api, 1, "member")
        await until(lambda: desk.inbox.figures.handled == 2)

    assert blocked is not None
    assert await unreachable(store, 1) is None


async def test_who_is_not_reached_is_noted_and_who_writes_again_is_reached(api, store):
    ana = Address("telegram", "1")
    await store.conversations.remember(ana, "hello", "en")
    api.blocked.add(1)
    async with running(api, store, Answering()) as desk:
        api.say(1, "hello")
        await until(lambda: desk.inbox.figures.handled == 1)
    blocked = await unreachable(store, 1)
    await store.conversations.remember(ana, "hello again", "en")

    assert blocked is not None
    assert await unreachable(store, 1) is None


async def test_a_group_that_has_moved_is_followed(api, store):
    api.migrated[-5] = -100500
    async with running(api, store, Answering()):
        api.say(-5, "/help", user=1, chat_type="group")
        (sent,) = await api.wait_for(1)

    assert (sent.chat_id, sent.text) == (-100500, "You said /help.")


async def test_a_message_waits_for_the_database_as_long_as_that_is_away(api, store):
    tries = iter(range(TRIES * 2))

    def reply(incoming):
        if next(tries, None) is not None:
            raise Away("database or disk is full")
        return Reply(f"You said {incoming.text}.")

    api.say(1, "hello")
    async with running(api, store, Answering(reply)) as desk:
        (sent,) = await api.wait_for(1)
        await until(lambda: desk.inbox.figures.handled == 1)

    assert sent.text == "You said hello."
    assert (desk.inbox.figures.parked, desk.inbox.figures.failed) == (0, 0)


async def test_a_message_that_cannot_be_answered_is_parked_and_holds_up_nobody(api, store, caplog):
    def reply(incoming):
        if incoming.text == "poison":
            raise RuntimeError
        return Reply(f"You said {incoming.text}.")

    talk = Answering(reply)
    async with running(api, store, talk) as desk:
        api.say(1, "poison")
        api.say(1, "hello")
        api.say(2, "hello")
        sent = await api.wait_for(2)
        await until(lambda: (desk.inbox.figures.parked, desk.inbox.figures.handled) == (1, 2))
        waiting = await store.inbox.count_waiting()

    assert {s.chat_id for s in sent} == {1, 2}
    assert [incoming.text for incoming in talk.heard].count("poison") == TRIES + 1
    assert (waiting, "was parked" in caplog.text) == (0, True)
    async with running(api, store, Answering()) as desk:
        api.say(1, "and now?")
        await api.wait_for(3)
    assert api.sent[-1].text == "You said and now?."  # what is parked stays parked


async def test_what_is_more_than_memory_holds_waits_in_the_database(api, store, monkeypatch):
    monkeypatch.setattr("bot.inbox.IN_HAND", 20)
    for person in range(1, 121):
        api.say(person, "hello")
    most = 0
    async with running(api, store, Answering(seconds=0.01)) as desk:
        async with asyncio.timeout(60):
            while len(api.sent) < 120:
                most = max(most, desk.inbox.in_hand)
                await asyncio.sleep(0.005)

    assert most <= 20
    assert sorted(sent.chat_id for sent in api.sent) == list(range(1, 121))


async def test_photos_voices_and_stickers_are_no_text_and_news_of_a_group_is_nothing_said(api, store):
    talk = Answering(lambda incoming: Reply(f"{incoming.is_readable} {incoming.text}"))
    size = {"file_id": "a", "file_unique_id": "b"}
    photo = {"photo": [size | {"width": 1, "height": 1}]}
    sticker = {"sticker": size | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}}
    contents = [photo, {"voice": size | {"duration": 1}}, sticker, photo | {"caption": "what is this?"}]
    async with running(api, store, talk) as desk:
        for content in contents:
            api.update({"message": api.message(1) | content})
        api.update({"message": api.message(-7, user=1, chat_type="group") | {"new_chat_title": "Delegation"}})
        await api.wait_for(4)
        await until(lambda: desk.inbox.figures.handled == 5)

    assert [sent.text for sent in api.sent] == ["False", "False", "False", "True what is this?"]


async def test_an_update_of_a_kind_that_is_not_known_holds_up_nothing(api, store):
    async with running(api, store, Answering()) as desk:
        api.update({"message_of_tomorrow": {"from": {"id": 1}}})
        api.say(1, "hello")
        (sent,) = await api.wait_for(1)
        await until(lambda: desk.inbox.figures.handled == 2)

    assert sent.text == "You said hello."


async def test_a_token_that_is_revoked_later_is_told_once_and_nothing_goes_on_asking(api, store, caplog):
    caplog.set_level(logging.WARNING)
    async with running(api, store, Answering()) as desk:
        api.say(1, "hello")
        await api.wait_for(1)
        api.revoked.add(TOKEN)
        api.update({"message_of_tomorrow": {}})  # ends the request that waits
        await until(lambda: desk.telegram.problem)
        asked = len(called(api, "getUpdates"))

    told = [line for line in caplog.messages if "refuses the token" in line]
    assert (len(told), len(called(api, "getUpdates"))) == (1, asked)
    assert "AASecret" not in caplog.text


@pytest.mark.parametrize("seed", range(3))
async def test_updates_that_come_many_times_at_once_are_answered_once(api, store, seed):
    for person in range(1, 31):
        api.say(person, "hello")
    updates = [dict(update) for update in api.queue]
    api.queue.clear()
    order = list(itertools.chain(updates[seed:], reversed(updates), updates))
    async with running(api, store, Answering(), is_webhook=True, secret="x", public_url="http://desk") as desk:
        bodies = [json.dumps(update).encode() for update in order]
        await asyncio.gather(*(desk.telegram.take(body) for body in bodies))
        await until(lambda: desk.inbox.figures.handled == 30)

    assert sorted(sent.chat_id for sent in api.sent) == list(range(1, 31))
    assert desk.inbox.figures.repeated == len(order) - 30
