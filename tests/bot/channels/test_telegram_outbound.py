import asyncio
import logging
import traceback

import pytest

from bot.channels.telegram.outbound import TelegramSender
from bot.outbox import ChannelClosed, Postponed, Refused, Sent, Unreachable
from bot.pace import Pace
from handlers.model import Address, Choice, File, Reply
from tests.bot_api import FakeBotApi
from tests.bot_api_rules import Upload
from tests.proxies import Proxy

TOKEN = "4242:AASecretSecretSecretSecretSecretSecret"
ANA = Address("telegram", "7")


@pytest.fixture
async def api():
    async with FakeBotApi() as made:
        made.limits = True
        yield made


@pytest.fixture
async def sender(api):
    async with TelegramSender(TOKEN, Pace(), api_url=api.url) as made:
        yield made


async def test_a_reply_arrives_with_its_buttons_and_the_id_of_the_message_is_kept(api, sender):
    settled = await sender.send(ANA, Reply("1 < 2 & so on", (Choice("Take it", "take:cruise"),)))

    [sent] = api.sent
    assert (sent.chat_id, sent.text, sent.buttons) == (7, "1 < 2 & so on", ((("Take it", "1:take:cruise"),),))
    assert settled == Sent(str(sent.message_id))


async def test_files_arrive_as_documents_and_pictures(api, sender):
    calendar, chart = File("agenda.ics", "text/calendar", b"BEGIN"), File("places.png", "image/png", b"\x89PNG")

    await sender.send(ANA, Reply("yours", files=(calendar,)))
    await sender.send(Address("telegram", "8"), Reply("places", files=(chart,)))

    told = [(sent.method, sent.text, sent.file) for sent in api.sent]
    assert told == [
        ("sendDocument", "yours", Upload("agenda.ics", b"BEGIN")),
        ("sendPhoto", "places", Upload("places.png", b"\x89PNG")),
    ]


@pytest.mark.parametrize("where", ["blocked", "unknown"])
async def test_who_is_not_reached_is_told_with_the_reason(api, sender, where):
    getattr(api, where).add(7)

    why = {"blocked": "bot was blocked by the user", "unknown": "Chat not found"}[where]
    assert await sender.send(ANA, Reply("x")) == Unreachable(f"Forbidden: {why}" if where == "blocked" else why)


async def test_a_group_that_has_moved_is_followed(api, sender):
    api.migrated[-5] = -1005

    settled = await sender.send(Address("telegram", "-5"), Reply("x"))

    [sent] = api.sent
    assert (sent.chat_id, settled) == (-1005, Sent(str(sent.message_id), moved_to="-1005"))


async def test_a_message_that_telegram_will_never_take_is_refused(api, sender):
    assert await sender.send(ANA, Reply("x", (Choice("x", "x" * 99),))) == Refused(
        "a button's payload is longer than 62 bytes"
    )
    empty = Reply("x", files=(File("empty.ics", "text/calendar", b""),))
    assert await sender.send(ANA, empty) == Refused("File must be non-empty")


async def test_the_pause_that_telegram_asks_for_is_kept_by_all(api, sender):
    api.fail_next(1, 429, retry_after=40)

    with pytest.raises(Postponed) as first:
        await sender.send(ANA, Reply("x"))
    with pytest.raises(Postponed) as other:
        await sender.send(Address("telegram", "8"), Reply("x"))

    assert (first.value.seconds, round(other.value.seconds), first.value.may_have_arrived) == (40, 40, False)
    assert [call.status for call in api.calls] == [429]  # the second has not even been tried


@pytest.mark.parametrize("fault", [500, 502, "garbage", "reset", "lost"])
async def test_what_passes_is_to_be_tried_again_and_may_have_arrived(api, sender, fault):
    api.fail_next(1, fault)

    with pytest.raises(Postponed) as postponed:
        await sender.send(ANA, Reply("x"))

    assert (postponed.value.seconds, postponed.value.may_have_arrived) == (None, True)


async def test_where_nobody_listens_nothing_has_arrived():
    async with FakeBotApi() as gone:
        url = gone.url
    async with TelegramSender(TOKEN, Pace(), api_url=url) as sender:
        with pytest.raises(Postponed) as postponed:
            await sender.send(ANA, Reply("x"))

    assert (postponed.value.seconds, postponed.value.may_have_arrived) == (None, False)


async def test_what_has_arrived_of_a_long_reply_is_not_sent_again(api, sender):
    api.blocked.clear()
    long = Reply("x" * 4096 + " rest")
    sending = asyncio.create_task(sender.send(ANA, long))
    await api.wait_for(1)
    api.fail_next(1, 500)
    with pytest.raises(Postponed) as postponed:
        await sending

    await sender.send(ANA, long, done=postponed.value.done)

    assert [sent.text for sent in api.sent] == ["x" * 4096, "rest"]


async def test_a_revoked_token_closes_the_channel(api, sender):
    api.revoked.add(TOKEN)

    with pytest.raises(ChannelClosed, match="Telegram refuses the token"):
        await sender.send(ANA, Reply("x"))


async def test_the_token_is_in_no_log_and_no_error(api, sender, caplog):
    caplog.set_level(logging.DEBUG)
    told = []
    for fault in (429, 401, 403, 404, 500, 502, "garbage", "reset", "lost"):
        api.fail_next(1, fault, retry_after=0)
        try:
            told.append(repr(await sender.send(ANA, Reply("x"))))
        except (Postponed, ChannelClosed) as error:
            told += traceback.format_exception(error)

    assert TOKEN in str(sender._bot.base_url)  # it could be
    assert [line for line in [*told, caplog.text] if "AASecret" in line] == []


async def test_at_the_limit_no_message_is_too_many(api, sender):
    await asyncio.gather(*(sender.send(Address("telegram", str(n)), Reply("x")) for n in range(1, 91)))

    assert (len(api.sent), api.statuses[429]) == (90, 0)


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_it_speaks_through_a_proxy(api, kind):
    async with Proxy(kind) as proxy, TelegramSender(TOKEN, Pace(), api_url=api.url, proxy=proxy.url) as sender:
        await sender.send(ANA, Reply("through the wall"))

    assert [sent.text for sent in api.sent] == ["through the wall"]
    assert proxy.used == 1


async def test_a_correction_takes_the_place_of_the_message_that_it_corrects(api, sender):
    first = await sender.send(ANA, Reply("gate 2"))
    right = Reply("gate 3", replaces=("telegram", "7", first.message_id))

    assert await sender.send(ANA, right) == first
    assert await sender.send(ANA, right) == first  # once more, after a crash
    assert [(sent.method, sent.text) for sent in api.sent] == [("sendMessage", "gate 2"), ("editMessageText", "gate 3")]


@pytest.mark.parametrize("replaces", [("telegram", "7", "999"), ("console", "7", "1"), ("telegram", "8", "1")])
async def test_a_correction_of_what_is_gone_or_was_sent_elsewhere_is_a_message_of_its_own(api, sender, replaces):
    await sender.send(ANA, Reply("gate 3", replaces=replaces))

    assert [(sent.method, sent.text) for sent in api.sent] == [("sendMessage", "gate 3")]


async def test_a_file_for_many_is_uploaded_once_and_again_where_telegram_has_forgotten_it(api, sender):
    kept = File("map.pdf", "application/pdf", b"%PDF", attachment=7)
    for chat in ("7", "8"):
        await sender.send(Address("telegram", chat), Reply("Here is the map.", files=(kept,)))
    again = [call.parameters.get("document") for call in api.calls]
    api._files.clear()
    settled = await sender.send(Address("telegram", "9"), Reply("Here is the map.", files=(kept,)))

    assert [str(name).startswith("file") for name in again] == [False, True]
    assert [(sent.chat_id, sent.file) for sent in api.sent] == [
        (chat, Upload("map.pdf", b"%PDF")) for chat in (7, 8, 9)
    ]
    assert settled == Sent(str(api.sent[-1].message_id))
