"""Webhooks: a call is committed with the change, signed, tried again, given up, and never made to an address inside."""

import asyncio
import base64
import hashlib
import hmac
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from sqlalchemy import insert

from bot.scopes import Event, Scope
from bot.store import tables as t
from bot.store.people import SqlPeople
from bot.store.questions import SqlQuestions
from bot.store.rsvps import SqlRsvps
from bot.store.webhooks import LEASE, SqlWebhooks
from bot.webhooks import PAUSES, BadAddress, Caller, checked, is_outside
from handlers.model import Act, Address, Reply, Wanted


class Listener:
    """Another program: it remembers what it was posted, and answers as it is told."""

    def __init__(self):
        self.heard, self.status, self.location = [], 204, ""

    async def hear(self, request):
        self.heard.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers={"Location": self.location} if self.location else {})


@pytest.fixture
async def listener():
    made, app = Listener(), web.Application()
    app.router.add_post("/hook", made.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/hook"
    yield made
    await runner.cleanup()


class Clock:
    def __init__(self):
        self.now = datetime(2026, 9, 5, 8, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def hooks(database, clock):
    return SqlWebhooks(database, clock)


@pytest.fixture
def caller(hooks, clock):
    return Caller(hooks, clock, may_call_inside=True)


@pytest.fixture
def sign_up(database, clock, cruise):
    rsvps = SqlRsvps(database, clock)
    people = SqlPeople(database, rsvps, clock)

    async def signed_up(name="Ana Ruiz", party=1):
        person = await people.introduce(Address("console", name), name=name, city="Bordeaux")
        return await rsvps.sign_up(Act(person.id, person.id, "a test"), Wanted(KEY, party))

    return signed_up


KEY = "cruise"


@pytest.fixture
async def cruise(database):
    values = {
        "key": KEY,
        "names": {"en": "Cruise"},
        "wording": "Cruise",
        "session": "Cruise",
        "kind": "session",
        "day": 2,
        "eligible": ["delegate"],
        "is_open": True,
    }
    async with database.writing() as connection:
        await connection.execute(insert(t.activity).values(**values))


@pytest.fixture
def ask(database, clock):
    questions = SqlQuestions(database, lambda _: None, clock)

    async def asked(text, **told):
        await questions.log(Address("console", "ana"), text, Reply("…", **told), [])

    return asked


def signature(secret, headers, body):
    """Return what https://www.standardwebhooks.com says that the signature has to be."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def test_a_changed_rsvp_is_told_signed_and_without_a_name(listener, hooks, caller, sign_up, clock):
    _, secret = await hooks.add(listener.url, [Event.RSVP_CHANGED], [])
    await sign_up(party=2)
    await caller.call_due()

    [(headers, body)] = listener.heard
    assert headers["webhook-signature"] == signature(secret, headers, body)
    assert int(headers["webhook-timestamp"]) == int(clock().timestamp())
    assert json.loads(body) == {
        "type": "rsvp.changed",
        "timestamp": "2026-09-05T08:00:00+00:00",
        "data": {
            "activity": KEY,
            "party": 2,
            "status": "confirmed",
            "before": {"party": 1, "status": "cancelled"},
        },
    }


async def test_a_name_is_told_where_the_scope_says_so(listener, hooks, caller, sign_up):
    await hooks.add(listener.url, [Event.RSVP_CHANGED], [Scope.PEOPLE])
    await sign_up()
    await caller.call_due()

    person = json.loads(listener.heard[0][1])["data"]["person"]
    assert (person["name"], person["city"]) == ("Ana Ruiz", "Bordeaux")


async def test_what_was_erased_before_the_call_is_not_told(listener, hooks, caller, sign_up, database, clock):
    await hooks.add(listener.url, [Event.RSVP_CHANGED], [Scope.PEOPLE])
    await sign_up()
    await SqlPeople(database, SqlRsvps(database, clock), clock).erase(Address("console", "Ana Ruiz"))
    await caller.call_due()

    assert len(listener.heard) == 2
    assert all(b"Ana" not in body for _, body in listener.heard)


@pytest.mark.parametrize("told", [([], None), ([Scope.QUESTIONS], "Is there WiFi?")])
async def test_an_unanswered_question_is_told_with_its_words_where_the_scope_says_so(
    listener, hooks, caller, ask, told
):
    scopes, words = told
    await hooks.add(listener.url, [Event.QUESTION_UNANSWERED], scopes)
    await ask("When does it begin?", is_answer=True, certainty="confirmed")
    await ask("Is there WiFi?", is_answer=False, certainty="not_stated")
    await caller.call_due()

    [data] = [json.loads(body)["data"] for _, body in listener.heard]
    assert (data["language"], data.get("text")) == ("en", words)


async def test_only_those_are_told_who_want_to_be(listener, hooks, caller, sign_up):
    await hooks.add(listener.url, [Event.QUESTION_UNANSWERED], [])
    number, _ = await hooks.add(listener.url, [Event.RSVP_CHANGED], [])
    await hooks.remove(number)
    await sign_up()
    await caller.call_due()

    assert listener.heard == []


async def test_a_change_that_is_not_kept_is_not_told(listener, hooks, caller, sign_up, database):
    await hooks.add(listener.url, [Event.RSVP_CHANGED], [])
    with suppress(ZeroDivisionError):
        async with database.turn():
            await sign_up()
            raise ZeroDivisionError
    await caller.call_due()

    assert listener.heard == []


@pytest.mark.parametrize("answer", [(500, ""), (404, ""), (302, "http://127.0.0.1:9/")])
async def test_a_call_that_is_not_taken_is_made_again_as_the_same_and_then_given_up(
    listener, hooks, caller, sign_up, answer
):
    listener.status, listener.location = answer
    status, clock = listener.status, hooks._now
    number, _ = await hooks.add(listener.url, [Event.RSVP_CHANGED], [])
    await sign_up()
    for pause in (timedelta(0), *PAUSES):
        clock.now += pause
        await caller.call_due()
        await caller.call_due()
    [listed] = await hooks.all()

    assert (len(listener.heard), listed.failed, listed.waiting) == (1 + len(PAUSES), 1, 0)
    assert len({headers["webhook-id"] for headers, _ in listener.heard}) == 1
    assert str(status) in listed.why
    listener.status = 200
    assert await hooks.again(number) == 1
    await caller.call_due()
    assert [(one.done, one.failed) for one in await hooks.all()] == [(1, 0)]


async def test_one_that_is_out_of_reach_keeps_nothing_from_the_others(listener, hooks, caller, sign_up):
    await hooks.add("http://127.0.0.1:9/hook", [Event.RSVP_CHANGED], [])
    await hooks.add(listener.url, [Event.RSVP_CHANGED], [])
    await sign_up()
    await caller.call_due()

    assert [(one.waiting, one.done, bool(one.why)) for one in await hooks.all()] == [(1, 0, True), (0, 1, False)]


async def test_two_processes_make_a_call_once_and_a_lost_one_is_taken_over(hooks, sign_up, clock):
    await hooks.add("https://example.org/hook", [Event.RSVP_CHANGED], [])
    await sign_up()
    first, second = await asyncio.gather(hooks.claim(10), hooks.claim(10))
    clock.now += LEASE
    third = await hooks.claim(10)

    assert (len(first) + len(second), [one.tries for one in third]) == (1, [2])


@pytest.mark.parametrize(
    "hook",
    [
        "http://example.org/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://user:word@example.org/",
        "ftp://example.org/",
        "https:///hook",
        "https://example.org:99999/",
        "nonsense",
    ],
)
def test_an_address_that_is_not_to_be_called_is_refused_at_once(hook):
    with pytest.raises(BadAddress):
        checked(hook, may_be_inside=False)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound to it
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::ffff:127.0.0.1", False),
    ],
)
def test_addresses_inside_are_known_however_they_are_written(address, expected):
    assert is_outside(address) is expected


async def test_a_name_that_leads_inside_is_not_called(listener, hooks, sign_up, clock):
    port = listener.url.rpartition(":")[2]
    await hooks.add(f"https://localhost:{port}", [Event.RSVP_CHANGED], [])
    await sign_up()
    await Caller(hooks, clock, may_call_inside=False).call_due()

    [listed] = await hooks.all()
    assert (listener.heard, "DESK_WEBHOOKS_INSIDE" in listed.why) == ([], True)
