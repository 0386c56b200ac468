"""The callbacks of WeChat, by libraries that nobody here wrote, on a desk that serves."""

import asyncio
import shutil
import time
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from tests.judges.wechat import (
    LIBRARIES,
    Request,
    WeChat,
    judge,
    plain_signature,
    xml_of,
)
from tests.serving import serving
from tests.wechat_api import FakeWeChatApi
from tests.wechat_settings import ACCOUNTS

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api():
    async with FakeWeChatApi() as made:
        yield made


def settings(api, account):
    return ACCOUNTS[account] | {"DESK_WECHAT_API_URL": api.url, "DESK_WECOM_API_URL": api.url}


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("library", LIBRARIES)
async def test_people_ask_and_sign_up_on_wechat(api, home, account, library):
    with judge(library) as own:
        async with serving(home, "http://127.0.0.1:9", **settings(api, account)) as desk:
            wechat = WeChat(f"{desk.url}/{account}", own)
            told = await wechat.say("ana", "长江夜游几点开始？")
            signed_up = await wechat.say("ana", "我想报名长江夜游，两个人，来自大分市")
            undone = await wechat.say("ana", "1")

    assert "19:00" in told
    assert "人数：2" in signed_up
    assert "1. 撤销" in signed_up
    assert "已取消" in undone


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(api, ingested, tmp_path_factory):
    home = shutil.copytree(
        ingested, tmp_path_factory.mktemp("wechat") / "home", ignore=shutil.ignore_patterns("desk.sqlite3*")
    )
    async with serving(home, "http://127.0.0.1:9", **settings(api, "wechat")) as served:
        yield served


@pytest.fixture(scope="module")
def wechat(desk):
    with judge(LIBRARIES[0]) as own:
        yield WeChat(f"{desk.url}/wechat", own)


async def sent(api, count):
    async with asyncio.timeout(30):
        while len(api.sent) < count:
            await asyncio.sleep(0.05)
    return [message.text for message in api.sent]


async def test_a_button_of_a_card_is_answered_by_a_message(api, home):
    with judge(LIBRARIES[0]) as own:
        async with serving(home, "http://127.0.0.1:9", **settings(api, "wecom"), DESK_WECOM_CARDS="true") as desk:
            wechat = WeChat(f"{desk.url}/wecom", own)
            before = len(api.sent)
            await wechat.say("ana", "sign me up for the night cruise, Ana Ruiz, Oita")
            async with asyncio.timeout(30):
                while not api.cards:
                    await asyncio.sleep(0.05)
            [(_, card)] = api.cards
            in_response = await wechat.does("ana", "template_card_event", card["button_list"][0]["key"])
            async with asyncio.timeout(30):
                while len(api.sent) == before:
                    await asyncio.sleep(0.05)

    assert card["button_list"][0]["text"] == "Undo"
    assert in_response == ""
    assert "cancel" in api.sent[-1].text.lower()


async def test_in_compatible_mode_the_encrypted_half_counts(wechat):
    sealed = wechat.message("ana", Content="When is the night cruise?")
    plain = xml_of({"FromUserName": "eve", "MsgType": "text", "Content": "STOP", "MsgId": 1}).encode()
    both = plain.removesuffix(b"</xml>") + sealed.body.removeprefix(b"<xml>")
    stamp, nonce = sealed.query["timestamp"], sealed.query["nonce"]
    query = dict(sealed.query) | {"signature": plain_signature(stamp, nonce)}

    status, told = await wechat.post(Request(query, both))
    only_plain = await wechat.post(Request({**query, "nonce": nonce}, plain))

    assert (status, "19:00" in told) == (200, True)
    assert only_plain[0] == 403


async def test_every_repeat_of_a_message_gets_the_same_answer_and_does_nothing_more(wechat):
    request = wechat.message("ana", Content="sign me up for the night cruise, Ana Ruiz, Oita")

    answers = await asyncio.gather(*(wechat.post(request) for _ in range(3)))
    answers.append(await wechat.post(request))
    told = await wechat.say("ana", "what am I signed up for?")

    assert len({text for _, text in answers}) == 1
    assert {status for status, _ in answers} == {200}
    assert "You are signed up" in answers[0][1]
    assert told.count("Night Cruise") == 1


async def test_quick_questions_of_two_people_are_not_swapped(wechat):
    asked = {("ana", "When is the night cruise?"): "19:00", ("ben", "Wann ist das Mittagessen?"): "12:15"}
    asked |= {("ana", "Who pays my hotel?"): "3", ("ben", "我可以报名吗"): ""}

    answers = await asyncio.gather(*(wechat.say(who, text) for who, text in asked))

    assert all(expected in answer for expected, answer in zip(asked.values(), answers, strict=True))


async def test_a_code_behind_a_qr_code_an_unread_picture_and_a_voice_message_have_answers(wechat):
    followed = await wechat.does("carla", "subscribe")
    scanned = await wechat.does("dan", "subscribe", "qrscene_AAAA-BBBB-CCCC-DDDD")
    clicked = await wechat.does("carla", "CLICK", "topic:event.dates")
    heard = await wechat.post(wechat.message("carla", MsgType="voice", Recognition="When is the night cruise?"))
    pictured = await wechat.post(wechat.message("carla", MsgType="image", PicUrl="http://127.0.0.1/p.jpg"))
    viewed = await wechat.does("carla", "VIEW", "http://127.0.0.1/")
    left = await wechat.does("carla", "unsubscribe")

    poster = await wechat.does("dora", "subscribe", "qrscene_poster-12")

    assert poster == followed
    assert "1. " in followed
    assert "code is not valid" in scanned
    assert "September 2026" in clicked
    assert "19:00" in heard[1]
    assert "text" in pictured[1]
    assert (viewed, left) == ("", "")


async def test_what_is_no_longer_than_a_message_is_answered_and_the_rest_follows(wechat, api):
    api.budget["ana"] = 5
    first = await wechat.say("ana", "Tell me the whole programme, all days, in Thai: ขอทราบกำหนดการทั้งหมดทุกวัน")

    assert len(first.encode()) <= 2048
    if api.sent:
        assert all(len(text.encode()) <= 2048 for text in await sent(api, 1))


@pytest.mark.parametrize(
    "spoiled",
    [
        {"msg_signature": "0" * 40},
        {"timestamp": "1"},
        {"nonce": "another"},
        {"msg_signature": ""},
        {"timestamp": "٣"},
    ],
    ids=["signature", "time", "nonce", "no signature", "digits of another script"],
)
async def test_what_cannot_come_from_wechat_is_refused(wechat, spoiled):
    request = wechat.message("ana", Content="When is the night cruise?")

    status, _ = await wechat.post(Request(dict(request.query) | spoiled, request.body))

    assert status == 403


async def test_a_request_is_refused_an_hour_later_and_with_a_nonce_that_was_used(wechat):
    old = wechat.request(xml_of({"FromUserName": "ana", "MsgType": "text", "Content": "hi", "MsgId": 1}), age=3600)
    first = wechat.request(xml_of({"FromUserName": "ana", "MsgType": "text", "Content": "hi", "MsgId": 2}), nonce="n")
    other = wechat.request(xml_of({"FromUserName": "ana", "MsgType": "text", "Content": "STOP", "MsgId": 3}), nonce="n")

    statuses = [(await wechat.post(request))[0] for request in (old, first, other)]

    assert statuses == [403, 200, 403]


HOSTILE = {
    "no XML": b"hello",
    "empty": b"",
    "no Encrypt": b"<xml><A>1</A></xml>",
    "truncated": b"<xml><Encrypt><![CDATA[abc",
    "bombs": b'<!DOCTYPE l [<!ENTITY a "xx"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>',
    "files": b'<!DOCTYPE l [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>',
    "depth": b"<a>" * 10_000,
    "bytes": b"<xml><Encrypt>\xff\xfe</Encrypt></xml>",
    "long": b"<xml><Encrypt>" + b"x" * 10_000_000 + b"</Encrypt></xml>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_bodies_are_refused_and_the_next_message_is_answered(wechat, body):
    request = wechat.message("ana", Content="When is the night cruise?")

    status, _ = await wechat.post(Request(request.query, body))

    assert status in (400, 403, 413)
    assert (await wechat.post(request))[0] == 200


async def test_a_text_under_another_key_or_cut_short_is_refused(wechat):
    whole = wechat.judge.ask("encrypt", message="<xml><MsgType>text</MsgType></xml>")
    for sealed in (whole[:-8], f"{whole[:-4]}AAA=", "", "%%%"):
        stamp, nonce = str(int(time.time())), f"n-{time.time_ns()}"
        signature = wechat.judge.ask("sign", timestamp=stamp, nonce=nonce, message=sealed)
        query = {"timestamp": stamp, "nonce": nonce, "msg_signature": signature}
        assert (await wechat.post(Request(query, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode())))[0] == 400
    foreign = wechat.judge.ask("encrypt", message="<xml><MsgType>text</MsgType></xml>", owner="wx-other")
    signature = wechat.judge.ask("sign", timestamp=stamp, nonce="m", message=foreign)
    query = {"timestamp": stamp, "nonce": "m", "msg_signature": signature}
    assert (await wechat.post(Request(query, f"<xml><Encrypt>{foreign}</Encrypt></xml>".encode())))[0] == 400


async def test_the_address_is_tried_out_before_it_is_used(wechat, desk):
    echo = wechat.judge.ask("encrypt", message="12345")
    stamp = str(int(time.time()))
    signature = wechat.judge.ask("sign", timestamp=stamp, nonce="n", message=echo)
    query = {"timestamp": stamp, "nonce": "n", "echostr": echo, "msg_signature": signature}

    assert await desk.get(f"/wechat?{urlencode(query)}") == (200, "12345")
    assert (await desk.get(f"/wechat?{urlencode(query | {'msg_signature': 'x'})}"))[0] == 403
    plain = {"timestamp": stamp, "nonce": "n", "echostr": "abc", "signature": plain_signature(stamp, "n")}
    assert await desk.get(f"/wechat?{urlencode(plain)}") == (200, "abc")
    assert (await desk.get(f"/wechat?{urlencode(plain | {'signature': 'x'})}"))[0] == 403
