"""The door for a bridge, on a desk that serves: who may come in, and what comes of it."""

import asyncio
import base64
import shutil

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.app import Desk
from bot.settings import Settings
from bot.store import tables
from handlers.model import Role
from tests.bridge import BRIDGE_SECRET as SECRET
from tests.bridge import Bridge, BridgeWebhook, signed
from tests.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOBODY = "http://127.0.0.1:9"
ON = {"DESK_TELEGRAM_TOKEN": "", "DESK_BRIDGE_SECRET": SECRET}
HELLO = b'{"from": "ana", "say": "When is the night cruise?"}'
_PATIENCE = 40


@pytest.fixture(scope="module")
def folder(ingested, tmp_path_factory):
    made = tmp_path_factory.mktemp("bridge") / "home"
    return shutil.copytree(ingested, made, ignore=shutil.ignore_patterns("desk.sqlite3*"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(folder):
    async with serving(folder, NOBODY, **ON) as served:
        yield served


@pytest.fixture(scope="module")
def bridge(desk):
    return Bridge(desk.url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store(desk, folder):
    opened = await Desk(Settings(home=folder, _env_file=None)).store()
    yield opened
    await opened.database.close()


async def staff(bridge, store, who):
    """Make somebody staff."""
    await bridge.say(who, f"/start {await store.invites.create(role=Role.STAFF, city='Wuhan', name='Li')}")


async def notices(store):
    """Return what the desk tells on its own, with what has become of it."""
    async with store.database.reading() as connection:
        return list(await connection.execute(select(tables.notice)))


async def fetched(bridge, count):
    """Return what the desk says on its own, once there is so much of it."""
    found = []
    async with asyncio.timeout(_PATIENCE):
        while len(found) < count:
            found += await bridge.fetch()
            await asyncio.sleep(0.1)
    return found


async def test_people_ask_and_sign_up_and_press_over_a_bridge(bridge):
    [asked] = await bridge.say("ana", "长江夜游几点开始？")
    [signed_up] = await bridge.say("ana", "我想报名长江夜游，两个人，来自大分市")
    [undone] = await bridge.press("ana", signed_up["buttons"][0]["payload"])

    assert (asked["to"], "19:00" in asked["text"]) == ("ana", True)
    assert "人数：2" in signed_up["text"]
    assert "已取消" in undone["text"]


async def test_a_repeated_message_is_handled_once_and_gets_the_same_answer(bridge):
    wish = "sign me up for the night cruise, Bo Li, Oita"

    first, *again = await asyncio.gather(*(bridge.say("bo", wish, id="7") for _ in range(4)))
    [listed] = await bridge.say("bo", "what am I signed up for?")

    assert again == [first] * 3
    assert listed["text"].count("Night Cruise") == 1


async def test_one_id_of_two_people_or_of_two_texts_is_two_messages(bridge):
    [ana] = await bridge.say("cy", "When is the night cruise?", id="1")
    [ben] = await bridge.say("di", "Wann ist das Mittagessen?", id="1")
    [other] = await bridge.say("cy", "When is lunch?", id="1")

    assert ["19:00" in ana["text"], "12:15" in ben["text"], "12:15" in other["text"]] == [True] * 3


@pytest.mark.parametrize(
    ("why", "headers"),
    [
        ("expected the headers", dict),
        ("expected the headers", lambda: signed(HELLO) | {"X-Desk-Signature": ""}),
        ("signature", lambda: signed(HELLO, secret="another")),
        ("signature", lambda: signed(b"another body")),
        ("signature", lambda: signed(HELLO) | {"X-Desk-Nonce": "another"}),
        ("time", lambda: signed(HELLO, age=3600)),
        ("time", lambda: signed(HELLO, age=-3600)),
        ("nonce", lambda: signed(HELLO, nonce="n" * 201)),
    ],
)
async def test_what_cannot_come_from_the_bridge_is_refused_and_told_why(bridge, why, headers):
    status, [told] = await bridge.request("POST", "messages", HELLO, headers())

    assert (status, why in told["error"]) == (401, True), told


async def test_the_signature_of_one_who_writes_the_time_in_digits_of_another_script_is_refused(bridge):
    headers = signed(HELLO) | {"X-Desk-Timestamp": "1e9"}

    assert (await bridge.request("POST", "messages", HELLO, headers))[0] == 401


async def test_a_request_is_taken_once_by_whichever_process_and_after_a_restart(folder, bridge):
    headers = signed(HELLO)

    statuses = [
        s for s, _ in await asyncio.gather(*(bridge.request("POST", "messages", HELLO, headers) for _ in range(5)))
    ]
    async with serving(folder, NOBODY, **ON) as other:
        statuses.append((await Bridge(other.url).request("POST", "messages", HELLO, headers))[0])

    assert sorted(statuses) == [200, 401, 401, 401, 401, 401]


ODD = {
    "empty": b"",
    "no JSON": b"hello",
    "no object": b"[1]",
    "nobody": b'{"say": "hi"}',
    "a number": b'{"from": 5, "say": "hi"}',
    "an empty sender": b'{"from": " ", "say": "hi"}',
    "a long sender": b'{"from": "' + b"x" * 201 + b'", "say": "hi"}',
    "half a character": b'{"from": "\\ud800", "say": "hi"}',
    "a control character": b'{"from": "a\\u0000", "say": "hi"}',
    "nothing said": b'{"from": "ana"}',
    "both": b'{"from": "ana", "say": "a", "press": "b"}',
    "two": b'{"from": "ana", "say": "a"}\n{"from": "ana", "say": "b"}',
    "depth": b"[" * 60_000,
    "digits": b"1" * 60_000,
    "bytes": b'{"from": "ana", "say": "\xff"}',
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
async def test_odd_bodies_are_refused_and_told_what_was_expected(bridge, body):
    status, [told] = await bridge.request("POST", "messages", body)

    assert (status, bool(told["error"])) == (400, True)


async def test_what_is_too_long_is_refused_and_the_next_message_is_answered(bridge):
    status, _ = await bridge.request("POST", "messages", b'{"from": "ana", "say": "' + b"x" * 10_000_000 + b'"}')

    assert status == 413
    assert (await bridge.say("ana", "half a \ud800 character, and a \0"))[0]["text"]


async def test_without_a_secret_the_door_is_closed_and_says_so(home):
    async with serving(home, NOBODY, DESK_TELEGRAM_TOKEN="") as served:
        closed = Bridge(served.url)
        answers = [await closed.request(*one) for one in (("POST", "messages", HELLO), ("GET", "messages"))]

    assert [status for status, _ in answers] == [404, 404]
    assert all("DESK_BRIDGE_SECRET" in told["error"] for _, [told] in answers)


async def test_what_the_desk_says_on_its_own_is_fetched_and_told_again_until_it_is_acknowledged(bridge, store):
    await staff(bridge, store, "li")
    await bridge.say("eve", "Melden Sie mich zur Flussfahrt an, Eve Roth, Duisburg")
    await bridge.say("li", "Broadcast to everybody: the cruise starts at 19:30 instead of 19:00")
    await bridge.say("li", "yes, send it")

    told = {one["to"]: one for one in await fetched(bridge, 1)}
    eve = told["eve"]
    taken = await bridge.acknowledge(eve["delivery"], id="wx-1")
    again = await bridge.acknowledge(eve["delivery"], id="wx-2")

    assert "19:30" in eve["text"]
    assert (taken, again) == (True, False)
    assert [row.message_id for row in await notices(store) if row.id == eve["delivery"]] == ["wx-1"]


@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"delivery": 1}', b'{"delivery": "1", "id": "a"}', b'{"delivery": true, "id": "a"}', b"x",
     b'{"delivery": 1, "id": ""}', b'{"delivery": 1, "id": true}', b'{"delivery": 99999999999999999999, "id": "a"}'],
)  # fmt: skip
async def test_acknowledgements_that_say_nothing_are_refused(bridge, body):
    assert (await bridge.request("POST", "acknowledgements", body))[0] == 400


async def test_files_come_over_the_bridge(bridge, store):
    await staff(bridge, store, "mo")
    await bridge.say("zoe", "Sign me up for the night cruise, Zoe Roth, Duisburg")
    [reply] = await bridge.say("mo", "export the RSVP list for me")

    [file] = reply["files"]
    assert (file["name"].endswith(".csv"), "Zoe Roth" in base64.b64decode(file["content"]).decode()) == (True, True)


async def test_what_the_desk_says_on_its_own_is_posted_until_the_bridge_gives_an_id(home):
    answers = [(503, {}), (200, "no JSON"), (200, {"ok": True})]
    async with BridgeWebhook(*answers) as webhook, serving(home, NOBODY, **ON, DESK_BRIDGE_WEBHOOK=webhook.url) as desk:
        bridge = Bridge(desk.url)
        store = await Desk(Settings(home=home, _env_file=None)).store()
        await staff(bridge, store, "li")
        await bridge.say("eve", "Sign me up for the night cruise, Eve Roth, Duisburg")
        await bridge.say("li", "/change night cruise cancelled")
        await bridge.say("li", "yes, send it")
        async with asyncio.timeout(_PATIENCE):
            while not (sent := [row for row in await notices(store) if row.message_id]):
                await asyncio.sleep(0.1)
        fetched_here = await bridge.request("GET", "messages")
        await store.database.close()

    assert {one["delivery"] for one in webhook.posted} == {sent[0].id}
    assert [sent[0].message_id, len(webhook.posted), sent[0].is_repeated] == ["m-4", 4, True]
    assert fetched_here[0] == 400
