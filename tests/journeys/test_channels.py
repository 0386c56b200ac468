"""The same conversation on every channel: the desk says to everybody what it says on its console.

Of the scripted conversations a few; DESK_TEST_WHOLE=1 takes all of them, which is some minutes a channel.
"""

import asyncio
import os
import shutil
from contextlib import AsyncExitStack

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Role
from tests.channels import OPENED
from tests.journeys.test_dialogues import BUTTON, SCRIPTS, given

CHANNELS = [name for name in OPENED if name != "console"]
NOW = "2026-09-05T12:30+00:00"  # the evening in Wuhan: the report of the morning is told no more
CODE = "{code}"  # in a story: an invite code of staff
SIGN_UP = [
    ("ana", "/start"),
    ("ana", "When does the opening begin?"),
    ("ana", "And what comes after it?"),
    ("ana", "Sign me up for the night cruise, Ana Ruiz, Bordeaux"),
    ("ana", "cancel the cruise"),
    ("ana", "[button] Undo"),
    ("ana", "[button] Undo"),
    ("ana", "I'd like to register for a site visit"),
    ("ana", "hold on, what does the logistics one include?"),
    ("ana", "good, that one then"),
    ("ana", "There are four of us from Bordeaux, put all four on the cruise."),
    ("ana", "what am I signed up for?"),
    ("ana", "Is there WiFi at the venue?"),
    ("ana", "<b>Bold</b> & <script>alert('1 < 2')</script>"),
    ("ana", "Delete all data you have about me."),
    ("ana", "yes, erase everything"),
]
ANNOUNCE = [
    ("li", f"/start {CODE}"),
    ("ben", "Melden Sie mich bitte zur nächtlichen Flussfahrt an, eine Person, Duisburg."),
    ("li", "Broadcast to everybody: the cruise starts at 19:30 instead of 19:00"),
    ("li", "yes, send it"),
    ("ben", "Wann ist die Flussfahrt?"),
    ("li", "How many people have signed up for the night cruise?"),
    ("li", "export the RSVP list for me"),
    ("chen", "Where is the pier of the boat?"),
    ("li", "/questions"),
    ("li", "/answer 1 Pier 3."),
    ("li", "/change night cruise cancelled"),
    ("li", "[button] Send"),
    ("ben", "Melden Sie mich zur Flussfahrt an"),
    ("li", "/dates 2026-09-14"),
    ("li", "[button] Send"),
    ("ben", "/calendar"),
    ("li", "/broadcasts"),
]
ABROAD = [
    ("li", "你好"),
    ("li", "[button] 日期"),
    ("li", "我想报名夜游长江,一个人,来自大分市。"),
    ("li", "取消夜游"),
    ("li", "会场有无线网络吗？"),
    ("li", "/language"),
    ("li", "[button] العربية"),
    ("li", "متى تقام جلسة الافتتاح؟"),
    ("li", "وماذا بعد ذلك؟"),
]
STORIES = [
    pytest.param("en", "", SIGN_UP, id="signing up"),
    pytest.param("en", "", ANNOUNCE, id="announcing"),
    pytest.param("zh", "", ABROAD, id="other scripts"),
    *(
        pytest.param(
            one["lang"], one["given"], [(t.get("as") or one["role"], t["say"]) for t in one["turns"]], id=one["id"]
        )
        for one in (SCRIPTS if os.environ.get("DESK_TEST_WHOLE") else SCRIPTS[::8])
        if one
    ),
]


@pytest.fixture(scope="module")
def prepared(ingested, tmp_path_factory):
    """A data folder whose database knows the activities, and nobody."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    shutil.copytree(ingested, home, ignore=shutil.ignore_patterns("desk.sqlite3*"))

    async def prepare():
        desk = Desk(Settings(home=home, _env_file=None))
        store = await desk.store()
        await desk.seed_activities(store)
        await store.database.close()

    asyncio.run(prepare())
    return home


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("language", "before", "story"), STORIES)
async def test_the_desk_says_the_same_as_on_its_console(channel, language, before, story, prepared, tmp_path):
    async with AsyncExitStack() as stack:
        homes = {name: shutil.copytree(prepared, tmp_path / name) for name in ("console", channel)}
        talks = [await talking(stack, name, home, before, language) for name, home in homes.items()]
        for who, said in story:
            expected, found = [await turn(talk, who, said, name) for talk, name in zip(talks, homes, strict=True)]
            assert (said, found) == (said, expected)
            assert expected[who], said


async def talking(stack, name, home, before, language):
    """Return a desk of one's own on a channel, and a code of its staff."""
    store = await Desk(Settings(home=home, now=NOW, _env_file=None)).store()
    stack.push_async_callback(store.database.close)
    code = await store.invites.create(role=Role.STAFF, city="Wuhan", name="Li")
    channel = await stack.enter_async_context(OPENED[name](home, store, language, DESK_NOW=NOW))
    if before:
        await given(store, before, channel.address)
    return channel, code


async def turn(talk, who, said, name):
    """Return what each person is told in a turn, in order; a preview names the channels of its readers."""
    channel, code = talk
    replies = await (
        channel.press(who, said.removeprefix(BUTTON))
        if said.startswith(BUTTON)
        else channel.say(who, said.replace(CODE, code))
    )
    told = {}
    for reply in replies:
        told.setdefault(reply.to, []).append((reply.text.strip().replace(name, "…"), reply.labels, reply.files))
    return told
