"""Whatever happens to the desk, to Telegram or to the way between them: every message is answered, and once."""

import asyncio
import signal
from collections import Counter

import pytest

from tests.bot_api import FakeBotApi
from tests.serving import SECRET, TOKEN, serving

PEOPLE = range(1, 221)
QUESTION = "When is the night cruise?"
FEW = 64  # replies may be under way at once; see bot.inbox.AT_ONCE
MODES = ["polling", "webhook"]


@pytest.fixture
async def api():
    async with FakeBotApi() as made:
        yield made


def ask(api, people=PEOPLE):
    for person in people:
        api.say(person, f"{QUESTION} {person}")


def answers(api):
    """Return how many answers to the question reached each person."""
    return Counter(sent.chat_id for sent in api.sent if "19:00" in sent.text)


async def delivered(api, desk, mode):
    """Have Telegram post what it has, until the desk has taken it; when it polls, it fetches by itself."""
    if mode == "webhook":
        api.webhook = {"secret_token": SECRET}
        await api.deliver(f"{desk.url}/telegram/webhook")


async def answered(api, people=PEOPLE, patience=60):
    async with asyncio.timeout(patience):
        while set(answers(api)) != set(people):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("mode", MODES)
async def test_killed_with_hundreds_of_messages_in_hand_it_loses_none(api, home, mode):
    async with serving(home, api.url, mode=mode) as desk:
        ask(api)
        taking = asyncio.create_task(delivered(api, desk, mode))
        await api.wait_for(10)
        desk.signal(signal.SIGKILL)
        await desk.ended()
        taking.cancel()
    before = len(api.sent)

    async with serving(home, api.url, mode=mode) as desk:
        await delivered(api, desk, mode)
        await answered(api)

    twice = sum(count - 1 for count in answers(api).values())
    assert 10 <= before < len(PEOPLE)
    assert twice <= FEW
    assert "messages from before are taken up" in desk.log


@pytest.mark.parametrize("mode", MODES)
async def test_told_to_stop_with_hundreds_of_messages_in_hand_it_loses_none_and_answers_none_twice(api, home, mode):
    async with serving(home, api.url, mode=mode) as desk:
        ask(api)
        taking = asyncio.create_task(delivered(api, desk, mode))
        await api.wait_for(10)
        desk.signal(signal.SIGTERM)
        code = await desk.ended()
        taking.cancel()
    before = len(api.sent)

    async with serving(home, api.url, mode=mode) as desk:
        await delivered(api, desk, mode)
        await answered(api)

    assert (code, set(answers(api).values())) == (0, {1})
    assert before < len(PEOPLE)


async def test_an_update_that_comes_again_and_out_of_order_is_answered_once(api, home):
    ask(api, range(1, 21))
    updates = list(reversed(api.queue))
    async with serving(home, api.url, mode="webhook") as desk:
        codes = await asyncio.gather(*(desk.post(update) for update in updates for _ in range(3)))
        await answered(api, range(1, 21))
        codes += [await desk.post(update) for update in updates]
        desk.signal(signal.SIGTERM)
        await desk.ended()

    assert (set(codes), set(answers(api).values())) == ({200}, {1})


@pytest.mark.parametrize("status", [429, 500, 502, "garbage", "reset"])
async def test_a_storm_of_failures_delays_answers_and_loses_none(api, home, status):
    async with serving(home, api.url) as desk:
        await desk.until_ready()
        api.fail_next(30, status, method="sendMessage")
        ask(api, range(1, 21))
        await answered(api, range(1, 21))

    assert set(answers(api).values()) == {1}


async def test_requests_for_updates_that_fail_are_made_again(api, home):
    async with serving(home, api.url) as desk:
        await desk.until_ready()
        for status in (500, "reset", "garbage", 429):
            api.fail_next(1, status, method="getUpdates")
        ask(api, [1])
        await answered(api, [1])


async def test_one_chat_that_stalls_holds_up_nobody(api, home):
    api.stall(1, 30)
    async with serving(home, api.url) as desk:
        await desk.until_ready()
        ask(api, range(1, 202))
        await answered(api, range(2, 202), patience=29)

    assert api.to(1) == []


async def test_messages_of_one_person_are_answered_in_their_order(api, home):
    questions = ["When is the night cruise?", "When is the opening?", "Who pays the hotel?"]
    async with serving(home, api.url) as desk:
        await desk.until_ready()
        for question in questions:
            api.say(7, question)
        sent = await api.wait_for(3)

    assert ["19:00" in sent[0].text, "09:30" in sent[1].text, "accommodation" in sent[2].text] == [True] * 3


async def test_a_post_without_the_secret_is_refused(api, home):
    api.say(1, QUESTION)
    async with serving(home, api.url, mode="webhook") as desk:
        codes = [await desk.post(api.queue[0], secret) for secret in ("", "wrong", "ключ")]
        codes += [await desk.post(nonsense) for nonsense in ([], "text", {"update_id": "1"})]

    assert codes == [401, 401, 401, 400, 400, 400]


async def test_a_token_that_is_refused_is_told_once_and_the_server_goes_on(api, home):
    api.revoked.add(TOKEN)
    async with serving(home, api.url) as desk:
        async with asyncio.timeout(30):
            while "refuses the token" not in desk.log:
                await asyncio.sleep(0.05)
        health, (status, parts) = await desk.get("/healthz"), await desk.get("/readyz")

    assert (health[0], status, "refuses the token" in parts) == (200, 503, True)
    assert desk.log.count("refuses the token") == 1
    assert TOKEN not in desk.log


async def test_the_token_is_in_no_log_whatever_fails(api, home):
    async with serving(home, "http://127.0.0.1:9", DESK_DEBUG="true") as desk:
        async with asyncio.timeout(30):
            while "out of reach" not in desk.log:
                await asyncio.sleep(0.05)

    assert TOKEN not in desk.log
    assert TOKEN.partition(":")[2] not in desk.log
