"""The database is locked, restarted or full for a while: everybody is answered once it is back, and once."""

import asyncio
import json
import sqlite3
from collections import Counter
from contextlib import closing

import asyncpg
import pytest

from tests.bot.conftest import url
from tests.bot_api import FakeBotApi
from tests.judges.wechat import LIBRARIES, WeChat, judge
from tests.serving import serving
from tests.wechat_api import FakeWeChatApi
from tests.wechat_settings import ACCOUNTS

__all__ = ["url"]  # the fixture: an empty database of each kind

PEOPLE = range(1, 41)
LOCKED = 3  # seconds
SIGN_UP = "I am Ana Silva-{} from Porto, sign me up for the night cruise"
RESTARTS, APART = 12, 0.25  # times, seconds
AGAIN = 2  # seconds; WeChat waits for 5


@pytest.fixture
async def api():
    async with FakeBotApi() as made:
        yield made


def sign_up(api, people):
    for person in people:
        api.say(person, SIGN_UP.format(person))


def told(api):
    """Return how often each person was told to be signed up."""
    return Counter(sent.chat_id for sent in api.sent if sent.text.startswith("You are signed up"))


async def all_told(api, people=PEOPLE):
    async with asyncio.timeout(90):
        while set(told(api)) != set(people):
            await asyncio.sleep(0.05)


def signed_up(home):
    with closing(sqlite3.connect(home / "desk.sqlite3")) as database:
        return database.execute("SELECT count(*) FROM rsvp WHERE status = 'confirmed'").fetchone()[0]


async def test_while_another_process_holds_the_database_nothing_is_lost(api, home):
    async with serving(home, api.url) as desk:
        await desk.until_ready()
        with closing(sqlite3.connect(home / "desk.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            sign_up(api, PEOPLE)
            await asyncio.sleep(LOCKED)
            before = len(api.sent)
            other.execute("ROLLBACK")
        await all_told(api)

    assert before == 0
    assert set(told(api).values()) == {1}
    assert signed_up(home) == len(PEOPLE)


async def test_on_a_full_disk_nothing_is_lost_and_the_readiness_says_what_is_wrong(api, home):
    async with serving(home, api.url) as desk:
        await desk.until_ready()
        sign_up(api, PEOPLE[:10])
        await all_told(api, PEOPLE[:10])
        with desk.disk_full():
            sign_up(api, PEOPLE[10:])
            await asyncio.sleep(LOCKED)
            before, (_, readiness) = len(told(api)), await desk.get("/readyz")
        await all_told(api)
        await desk.until_ready()

    assert before == 10
    assert "disk" in json.loads(readiness)["parts"]["database"]
    assert set(told(api).values()) == {1}
    assert signed_up(home) == len(PEOPLE)


async def cut_again_and_again(url):
    """End all connections of others to a database of PostgreSQL, as its restart does."""
    server = await asyncpg.connect(url)
    for _ in range(RESTARTS):
        await asyncio.sleep(APART)
        await server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await server.close()


async def confirmed(url):
    server = await asyncpg.connect(url)
    count = await server.fetchval("SELECT count(*) FROM rsvp WHERE status = 'confirmed'")
    await server.close()
    return count


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_server_that_ends_every_connection_again_and_again_loses_nothing(api, home, url):
    async with serving(home, api.url, DESK_DATABASE_URL=url) as desk:
        await desk.until_ready()
        sign_up(api, PEOPLE)
        await cut_again_and_again(url)
        await all_told(api)

    assert set(told(api).values()) == {1}
    assert await confirmed(url) == len(PEOPLE)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_on_wechat_too_where_a_request_that_fails_is_made_again(home, url):
    async with FakeWeChatApi() as api:
        names = ACCOUNTS["wechat"] | {"DESK_WECHAT_API_URL": api.url}
        async with serving(home, "http://127.0.0.1:9", DESK_DATABASE_URL=url, **names) as desk:
            with judge(LIBRARIES[0]) as own:
                wechat = WeChat(f"{desk.url}/wechat", own)
                cutting = asyncio.create_task(cut_again_and_again(url))
                read = dict(zip(PEOPLE, await asyncio.gather(*(said(wechat, n) for n in PEOPLE)), strict=True))
                await cutting
            async with asyncio.timeout(60):
                while "" in (read := read | {int(sent.to): sent.text for sent in api.sent}).values():
                    await asyncio.sleep(0.05)

    assert all(text.startswith("You are signed up") for text in read.values())
    assert await confirmed(url) == len(PEOPLE)


async def said(wechat, person):
    """Return what somebody reads in the response to a message, which WeChat posts up to three times."""
    request = wechat.message(str(person), Content=SIGN_UP.format(person))
    for _ in range(3):
        status, text = await wechat.post(request)
        if status == 200:
            return text
        await asyncio.sleep(AGAIN)
    return ""
