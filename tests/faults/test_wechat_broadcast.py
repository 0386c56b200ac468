"""WeChat refuses some messages in the middle of a broadcast: everybody else is told, and of those it is known why."""

import asyncio
import shutil
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.app import Desk
from bot.channels.wechat.api import Account, WeChatApi
from bot.channels.wechat.outbound import OfficialAccountSender
from bot.outbox import NoticeDelivery, Sent
from bot.settings import Settings
from bot.store import tables as t
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.notices import SqlNotices
from bot.store.platforms import SqlAccess, SqlShown, SqlWindows
from bot.store.receipts import SqlReceipts
from handlers.model import Address, Reply, Role
from tests.fakes import Clock
from tests.judges.wechat import OWNER, WeChat
from tests.serving import serving
from tests.wechat_api import FakeWeChatApi
from tests.wechat_settings import ACCOUNTS

PEOPLE = 40
CLOSED = {15: 45015, 16: 45047, 17: 48001}  # by person, what WeChat says to each message
PASSING = {18: 40001, 19: 42001, 20: -1}  # what it says once
WITH_TELEGRAM = 16
_PATIENCE = 60


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def database(tmp_path, clock):
    """People who follow the account, one of whom is on Telegram too, and a broadcast for all of them."""
    address = f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    await migrate(address)
    made, moment = Database(address), clock()
    person = {"role": "delegate", "is_verified": True, "is_covered": False, "is_subscribed": True, "created": moment}
    at = {"is_language_chosen": False, "has_consented": True, "recent": [], "seen": moment}
    people = range(1, PEOPLE + 1)
    telegram = at | {"channel": "telegram", "channel_id": "16", "person_id": WITH_TELEGRAM}
    async with made.writing() as connection:
        await connection.execute(insert(t.person), [person | {"name": f"P{one}"} for one in people])
        rows = [at | {"channel": "wechat", "channel_id": f"o{one}", "person_id": one} for one in people]
        await connection.execute(insert(t.address), [telegram | {"seen": moment - timedelta(days=1)}, *rows])
        await connection.execute(insert(t.broadcast).values(created=moment, text="19:30", language="en"))
        told = {"broadcast_id": 1, "kind": "broadcast", "told": {"text": "19:30"}, "created": moment}
        await connection.execute(insert(t.notice), [told | {"person_id": one} for one in people])
    yield made
    await made.close()


class Broadcasting:
    """An account that tells people."""

    def __init__(self, api, database, clock):
        self.api, self.clock = api, clock
        self.notices, self.windows = SqlNotices(database, clock), SqlWindows(database, clock)
        self.receipts = SqlReceipts(database, clock)
        self.own = WeChatApi(Account(api.url, OWNER, "s3cret"), SqlAccess(database, clock), clock)
        self.sender = OfficialAccountSender(self.own, self.windows, SqlShown(database))
        self.delivery = NoticeDelivery("wechat", self.notices, self.worded, self.sender, clock)

    async def worded(self, notice):
        return Reply(notice.told["text"])

    async def writes(self, person):
        """Have a person write to the account."""
        at = Address("wechat", f"o{person}")
        self.api.budget[at.id] = 5
        await self.windows.open(at, "message", lasts=timedelta(hours=48), messages=5)
        return await self.notices.wake(at)

    async def tell(self):
        """Tell all that is due, and again what is soon."""
        for _ in range(3):
            await self.delivery.once()
            self.clock.go_on(seconds=30)


@pytest.fixture
async def broadcasting(database, clock):
    async with FakeWeChatApi() as api:
        made = Broadcasting(api, database, clock)
        async with made.own:
            for one in range(1, PEOPLE + 1):
                await made.writes(one)
            api.always |= {f"o{person}": code for person, code in CLOSED.items()}
            api.once |= {f"o{person}": code for person, code in PASSING.items()}
            yield made


async def test_who_cannot_be_told_is_on_the_list_of_calls_with_the_reason_and_everybody_else_is_told(broadcasting):
    await broadcasting.tell()

    told = sorted(int(message.to[1:]) for message in broadcasting.api.sent)
    calls = {one["name"]: (one["state"], one["why"]) for one in await broadcasting.receipts.calls(1)}
    assert told == [one for one in range(1, PEOPLE + 1) if one not in CLOSED]
    assert set(calls) == {"P15", "P17"}
    assert {state for state, _ in calls.values()} == {"unreachable"}
    assert "until this person writes" in calls["P15"][1]
    assert "48001" in calls["P17"][1]


async def test_who_is_on_another_channel_is_told_there(broadcasting, clock):
    await broadcasting.tell()

    found = await broadcasting.notices.claim("telegram", most=10, lease=timedelta(seconds=15))

    assert [one.address for one in found] == [Address("telegram", "16")]
    await broadcasting.notices.settle(found[0], Sent("1"))
    assert "P16" not in {one["name"] for one in await broadcasting.receipts.calls(1)}


async def test_what_has_waited_is_told_when_its_reader_writes_and_not_before(broadcasting):
    await broadcasting.tell()
    broadcasting.clock.go_on(hours=30)
    await broadcasting.tell()
    before = [message.to for message in broadcasting.api.sent]
    del broadcasting.api.always["o15"]

    woken = await broadcasting.writes(15)
    was_due = await broadcasting.notices.are_due(woken)
    await broadcasting.tell()

    assert "o15" not in before
    assert (len(woken), was_due, await broadcasting.notices.are_due(woken)) == (1, True, False)
    assert [message.to for message in broadcasting.api.sent] == [*before, "o15"]
    assert {one["name"] for one in await broadcasting.receipts.calls(1)} == {"P17"}


async def until(looked, patience=_PATIENCE):
    """Return what a look finds, once it finds something."""
    async with asyncio.timeout(patience):
        while not (found := await looked()):
            await asyncio.sleep(0.1)
    return found


@asynccontextmanager
async def announced(ingested, tmp_path, refusing=()):
    """Serve an account on which staff have told everybody of a change; yield its people, API and store.

    refusing: whom the API refuses every message, for the account may only answer.
    """
    home = shutil.copytree(ingested, tmp_path / "home", ignore=shutil.ignore_patterns("desk.sqlite3*"))
    store = await Desk(Settings(home=home, _env_file=None)).store()
    code = await store.invites.create(role=Role.STAFF, city="Wuhan", name="Li")
    async with FakeWeChatApi() as api:
        api.always |= dict.fromkeys(refusing, 48001)
        api.budget |= dict.fromkeys(refusing, 5)
        settings = ACCOUNTS["wechat"] | {"DESK_WECHAT_AES_KEY": "", "DESK_WECHAT_API_URL": api.url}
        async with serving(home, "http://127.0.0.1:9", **settings) as desk:
            wechat = WeChat(f"{desk.url}/wechat")
            await wechat.say("eve", "Melden Sie mich zur Flussfahrt an, Eve Roth, Duisburg")
            await wechat.say("li", f"/start {code}")
            await wechat.say("li", "Broadcast to everybody: the cruise starts at 19:30 instead of 19:00")
            await wechat.say("li", "yes, send it")
            yield wechat, api, store
    await store.database.close()


async def of_eve(rows):
    return [one for one in await rows(1) if one["name"] == "Eve Roth"]


async def test_on_an_account_that_may_only_answer_the_answer_tells_first_what_has_waited(ingested, tmp_path):
    async with announced(ingested, tmp_path, refusing=("eve", "li")) as (wechat, api, store):
        [call] = await until(lambda: of_eve(store.receipts.calls))
        request = wechat.message("eve", Content="Wann ist das Mittagessen?")
        answers = [await wechat.post(request) for _ in range(2)]

        async def told():
            return [one for one in await of_eve(store.receipts.of) if one["message_id"]]

        [receipt] = await until(told)
        later = await wechat.say("eve", "Wann ist das Mittagessen?")

    assert "48001" in call["why"]
    assert {text for _, text in answers} == {answers[0][1]}  # also where WeChat asks again
    assert answers[0][1].index("19:30") < answers[0][1].index("12:15")
    assert (receipt["state"], "19:30" in later, api.sent) == ("sent", False, [])


async def test_a_change_is_the_first_that_its_reader_sees_who_writes_again(ingested, tmp_path):
    async with announced(ingested, tmp_path) as (wechat, api, store):
        [call] = await until(lambda: of_eve(store.receipts.calls))
        api.budget["eve"] = 5
        await wechat.say("eve", "Wann ist das Mittagessen?")
        told = [message.text for message in api.sent if message.to == "eve"]

    assert call["state"] == "unreachable"
    assert len(told) == 1  # when the answer is there
    assert "19:30" in told[0]
