"""What the desk says on its own on WeChat: windows, budgets, tokens, error codes; and answers that take their time."""

import asyncio
from datetime import timedelta

import pytest

from bot.arrivals import NotKept
from bot.channels.wechat import callback as callbacks
from bot.channels.wechat.accounts import OFFICIAL_ACCOUNT, WECOM
from bot.channels.wechat.api import Account, WeChatApi
from bot.channels.wechat.callback import Callback, Remembered
from bot.channels.wechat.envelope import Envelope
from bot.channels.wechat.menu import set_menu
from bot.channels.wechat.outbound import OfficialAccountSender, Template, WeComSender, WindowIsClosed
from bot.inbox import Inbox
from bot.outbox import ChannelClosed, Postponed, Refused, Sent, Unreachable
from bot.store.addresses import SqlConversations
from bot.store.database import Database
from bot.store.inbox import SqlEntries
from bot.store.migrate import migrate
from bot.store.notices import SqlNotices
from bot.store.platforms import SqlAccess, SqlNonces, SqlShown, SqlWindows
from handlers.attachments import WITHOUT_FILES
from handlers.errors import Away
from handlers.model import Address, Choice, File, Reply
from knowledge import LANGUAGES
from tests.fakes import Clock
from tests.judges.wechat import OWNER, TOKEN, WeChat, plain_signature
from tests.wechat_api import FakeWeChatApi

ANA = Address("wechat", "ana")
HELLO = Reply("Hello")
LONGEST_NAME = 16  # bytes, of an entry that is always seen


@pytest.fixture
async def api():
    async with FakeWeChatApi() as made:
        yield made


@pytest.fixture
async def database(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    await migrate(url)
    made = Database(url)
    yield made
    await made.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def windows(database, clock):
    return SqlWindows(database, clock)


@pytest.fixture
def shown(database):
    return SqlShown(database)


@pytest.fixture
async def account(api, database, clock):
    async with WeChatApi(Account(api.url, OWNER, "s3cret"), SqlAccess(database, clock), clock) as made:
        yield made


@pytest.fixture
async def corporate(api, database, clock):
    own = Account(api.url, OWNER, "s3cret", is_corporate=True)
    async with WeChatApi(own, SqlAccess(database, clock), clock) as made:
        yield made


async def test_five_messages_go_out_after_a_message_and_the_next_waits(api, account, windows, shown):
    sender = OfficialAccountSender(account, windows, shown)
    api.budget["ana"] = 5
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=5)

    sent = [await sender.send(ANA, HELLO) for _ in range(5)]
    with pytest.raises(WindowIsClosed) as refused:
        await sender.send(ANA, HELLO)

    assert all(isinstance(one, Sent) for one in sent)
    assert refused.value.until_they_write
    assert api.calls["message/custom/send"] == 5  # the platform was not even asked


async def test_after_48_hours_nothing_goes_out(api, account, windows, clock, shown):
    api.budget["ana"] = 5
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=5)
    clock.go_on(hours=48)

    with pytest.raises(WindowIsClosed):
        await OfficialAccountSender(account, windows, shown).send(ANA, HELLO)

    assert not api.sent


@pytest.mark.parametrize("code", [45015, 45047])
async def test_where_the_platform_says_that_a_window_is_closed_it_is_believed(api, account, windows, code, shown):
    sender = OfficialAccountSender(account, windows, shown)
    api.budget["ana"] = 5
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=5)
    api.fail_next(code)

    for _ in range(2):
        with pytest.raises(WindowIsClosed):
            await sender.send(ANA, HELLO)

    assert api.calls["message/custom/send"] == 1


async def test_a_long_text_that_stops_in_the_middle_goes_on_there(api, account, windows, shown):
    sender, text = OfficialAccountSender(account, windows, shown), "\n".join(["长江夜游第二天十九点开始。" * 30] * 3)
    api.budget["ana"] = 2
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=2)

    with pytest.raises(WindowIsClosed) as refused:
        await sender.send(ANA, Reply(text))
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=5)
    api.budget["ana"] = 5
    assert isinstance(await sender.send(ANA, Reply(text), done=refused.value.done), Sent)

    assert refused.value.done == 2
    assert "".join(message.text for message in api.sent).replace("\n", "") == text.replace("\n", "")


async def test_where_there_is_a_template_it_goes_out_by_that(api, account, windows, shown):
    sender = OfficialAccountSender(account, windows, shown, Template("T1", "thing1"))

    sent = await sender.send(ANA, Reply("Night cruise: 19:30."))
    with pytest.raises(WindowIsClosed) as short:
        await sender.send(ANA, Reply("Night cruise: 19:00 → 19:30, Day 2\nand more"))

    assert isinstance(sent, Sent)
    assert sent.message_id
    assert ["Night cruise: 19:" in message.text for message in api.templates] == [True, True]
    assert "in short" in str(short.value)  # the rest waits until they write


async def test_one_token_serves_all_processes_and_is_fetched_once(api, database, clock, windows, shown):
    api.budget["ana"] = 100
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=100)
    accounts = [WeChatApi(Account(api.url, OWNER, "s3cret"), SqlAccess(database, clock), clock) for _ in range(3)]
    for one in accounts:
        await one.__aenter__()

    await asyncio.gather(*(OfficialAccountSender(one, windows, shown).send(ANA, HELLO) for one in accounts * 3))
    assert api.calls["stable_token"] == 1
    api.expire()
    await OfficialAccountSender(accounts[0], windows, shown).send(ANA, HELLO)
    assert api.calls["stable_token"] == 2
    clock.go_on(hours=1, minutes=56)
    await OfficialAccountSender(accounts[1], windows, shown).send(ANA, HELLO)
    assert api.calls["stable_token"] == 3

    for one in accounts:
        await one.__aexit__()


async def test_error_codes_say_what_they_mean(api, account, windows, shown):
    sender = OfficialAccountSender(account, windows, shown)
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=50)
    api.budget["ana"] = 50

    api.fail_next(43004, 45002, 45009, -1, 40164)
    assert isinstance(await sender.send(ANA, HELLO), Unreachable)
    assert isinstance(await sender.send(ANA, HELLO), Refused)
    for seconds in (3600, 5):
        with pytest.raises(Postponed) as postponed:
            await sender.send(ANA, HELLO)
        assert postponed.value.seconds == seconds
    with pytest.raises(ChannelClosed) as closed:
        await sender.send(ANA, HELLO)

    assert "s3cret" not in str(closed.value)
    assert "token-" not in str(closed.value)


async def test_an_account_that_may_only_answer_says_so(api, account, windows, shown):
    sender = OfficialAccountSender(account, windows, shown)
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=5)
    api.budget["ana"] = 5

    api.fail_next(48001)
    with pytest.raises(WindowIsClosed):
        await sender.send(ANA, HELLO)
    problem = sender.problem
    await sender.send(ANA, HELLO)

    assert ("48001" in problem, sender.problem) == (True, "")


async def test_wecom_has_no_window_and_tells_who_is_not_there(api, corporate, shown):
    sender = WeComSender(corporate, shown, "1000002")
    api.strangers.add("eve")

    sent = await sender.send(Address("wecom", "ana"), HELLO)
    gone = await sender.send(Address("wecom", "eve"), HELLO)

    assert isinstance(sent, Sent)
    assert sent.message_id
    assert isinstance(gone, Unreachable)


async def test_files_go_out_on_wecom_behind_the_text_and_are_named_on_the_other_account(
    api, account, corporate, windows, shown
):
    files = (File("programme.ics", "text/calendar", b"BEGIN:VCALENDAR"), File("名单.xlsx", "a/b", b"PK" * 1_000_000))
    api.budget["ana"] = 5
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=5)

    sent = await WeComSender(corporate, shown, "1").send(Address("wecom", "ana"), Reply("Here", files=files))
    await OfficialAccountSender(account, windows, shown).send(ANA, Reply("Here", files=files))

    assert isinstance(sent, Sent)
    assert [(file.to, file.name) for file in api.files] == [("ana", file.name) for file in files]
    assert all(kept.content == file.content for kept, file in zip(api.files, files, strict=True))
    assert [message.text.partition("\n")[0] for message in api.sent] == ["Here", "Here"]
    assert ["programme.ics" in message.text for message in api.sent] == [False, True]


async def test_a_file_that_goes_to_many_is_uploaded_once(api, corporate, shown):
    sender = WeComSender(corporate, shown, "1")
    for who in ("ana", "ben"):
        files = (File("map.pdf", "application/pdf", b"%PDF map", attachment=7),)
        assert isinstance(await sender.send(Address("wecom", who), Reply("Here", files=files)), Sent)

    assert [(file.to, file.name, file.content) for file in api.files] == [
        ("ana", "map.pdf", b"%PDF map"),
        ("ben", "map.pdf", b"%PDF map"),
    ]
    assert len(api.media) == 1


def test_the_preview_knows_which_account_takes_no_files():
    senders = {OFFICIAL_ACCOUNT: OfficialAccountSender, WECOM: WeComSender}

    assert tuple(channel for channel, sender in senders.items() if not sender.takes_files) == WITHOUT_FILES


async def test_choices_are_buttons_too_where_people_read_in_wecom(api, corporate, shown):
    choices = tuple(Choice(f"Route {number}", f"route:{number}") for number in range(7))
    sender = WeComSender(corporate, shown, "1", takes_cards=True)

    for reply in (Reply("Which one?", choices[:2]), Reply("All?", choices), Reply("None")):
        assert isinstance(await sender.send(Address("wecom", "ana"), reply), Sent)

    [(to, card)] = api.cards
    assert (to, card["main_title"]["title"]) == ("ana", "Which one?")
    assert [(button["text"], button["key"]) for button in card["button_list"]] == [
        ("Route 0", "route:0"),
        ("Route 1", "route:1"),
    ]
    assert "1. Route 0" in api.sent[0].text


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("Night cruise: Day 2\nSource: invitation", "**Night cruise: Day 2**\nSource: invitation"),
        ("All right.", "All right."),
        ("Use /my_data\nor *this*", "Use /my_data\nor *this*"),  # these would be markup
        (f"{'船' * 680}\n你好", f"{'船' * 680}\n你好"),  # and this would be too long
    ],
)
async def test_the_first_line_is_bold_where_people_read_in_wecom(api, corporate, shown, text, shown_as):
    await WeComSender(corporate, shown, "1", takes_cards=True).send(Address("wecom", "ana"), Reply(text))

    assert [sent.text for sent in api.sent] == [shown_as]


async def test_what_has_arrived_of_a_reply_with_files_is_not_sent_again(api, corporate, shown):
    reply = Reply("Here", files=(File("programme.ics", "text/calendar", b"BEGIN:VCALENDAR"),))

    await WeComSender(corporate, shown, "1").send(Address("wecom", "ana"), reply, done=1)

    assert (len(api.sent), len(api.files)) == (0, 1)


class Slow:
    """A conversation that answers when it is let; it answers a repeated message as before, as the real one does."""

    def __init__(self):
        self.may = asyncio.Event()
        self.answered = {}
        self.failures = 0

    async def respond(self, incoming):
        await self.may.wait()
        if self.failures:
            self.failures -= 1
            raise Away
        return self.answered.setdefault(
            incoming.id, Reply(f"{len(self.answered)}. {incoming.text}", (Choice("a", "b"),))
        )


class Served:
    """A callback with its inbox, without HTTP."""

    def __init__(self, database, clock, sender):
        self.slow = Slow()
        notices, conversations = SqlNotices(database, clock), SqlConversations(database, clock)
        remembered = Remembered(
            SqlNonces(database, clock), SqlShown(database), SqlWindows(database, clock), conversations, notices
        )
        self.inbox = Inbox(SqlEntries(database, clock), pause=0.05)
        envelope = Envelope(TOKEN, "", OWNER, clock)
        self.callback = Callback("wechat", envelope, self.slow, remembered, self.inbox, sender)
        self._wechat = WeChat("")
        self._clock = clock

    def asked(self, text):
        request = self._wechat.message("ana", Content=text)
        stamp = str(int(self._clock().timestamp()))
        own = {"timestamp": stamp, "signature": plain_signature(stamp, request.query["nonce"])}
        return request.query | own, request.body

    async def take(self, request):
        return self._wechat.read(await self.callback.take(*request))


@pytest.fixture
async def served(database, clock, account, windows, shown):
    made = Served(database, clock, OfficialAccountSender(account, windows, shown))
    running = asyncio.create_task(made.inbox.run())
    yield made
    running.cancel()
    await asyncio.wait([running])


async def test_repeats_that_overlap_wait_for_the_first_answer(served):
    request = served.asked("When?")
    requests = [asyncio.create_task(served.take(request)) for _ in range(3)]
    await asyncio.sleep(0)
    served.slow.may.set()

    assert len(set(await asyncio.gather(*requests))) == 1
    assert len(served.slow.answered) == 1


async def test_what_takes_too_long_follows_as_a_message_once(served, api, monkeypatch):
    monkeypatch.setattr(callbacks, "IN_TIME", 0.2)
    monkeypatch.setattr(callbacks, "COLLECTED_WITHIN", 0.4)
    api.budget["ana"] = 5
    request = served.asked("When?")

    told = [await served.take(request) for _ in range(3)]
    served.slow.may.set()
    async with asyncio.timeout(20):
        while not api.sent:
            await asyncio.sleep(0.02)
    late = await served.take(request)

    assert told == ["", "", ""]
    assert [message.text.splitlines()[0] for message in api.sent] == ["0. When?"]
    assert late.startswith("0. When?")


async def test_a_message_that_met_a_database_that_was_away_is_answered_when_it_comes_again(served):
    served.slow.may.set()
    served.slow.failures = 1
    request = served.asked("When?")

    with pytest.raises(NotKept):
        await served.take(request)

    assert (await served.take(request)).startswith("0. When?")


async def test_what_nobody_asks_for_again_is_sent_when_the_database_is_back(served, api, monkeypatch):
    monkeypatch.setattr(callbacks, "COLLECTED_WITHIN", 0.4)
    served.slow.may.set()
    served.slow.failures = 2
    api.budget["ana"] = 5

    with pytest.raises(NotKept):
        await served.take(served.asked("When?"))
    async with asyncio.timeout(20):
        while not api.sent:
            await asyncio.sleep(0.02)

    assert [message.text.splitlines()[0] for message in api.sent] == ["0. When?"]


async def test_the_menu_holds_to_the_platforms_lengths_in_every_language(api, account):
    for language in LANGUAGES:
        await set_menu(account, language)

    for menu in api.menus:
        assert 1 <= len(menu["button"]) <= 3
        for button in menu["button"]:
            assert len(button["name"].encode()) <= LONGEST_NAME
            assert 0 < len(button.get("sub_button", [button])) <= 5
            assert all(len(one["name"].encode()) <= 60 for one in button.get("sub_button", ()))


async def test_numbers_mean_what_was_offered_last_also_where_the_desk_began(api, account, windows, shown):
    api.budget["ana"] = 5
    await windows.open(ANA, "message", lasts=timedelta(hours=48), messages=5)
    await shown.keep(ANA, [Choice("Undo", "undo:cruise")])

    await OfficialAccountSender(account, windows, shown).send(ANA, HELLO)
    assert await shown.choices(ANA) == [Choice("Undo", "undo:cruise")]
    await OfficialAccountSender(account, windows, shown).send(
        ANA, Reply("Free", (Choice("Take the place", "take:cruise"),))
    )

    assert await shown.choices(ANA) == [Choice("Take the place", "take:cruise")]
