"""The stories of the other channels on both accounts of WeChat: what the console says is read there, and no less.

Of the scripted conversations a few; DESK_TEST_WHOLE=1 takes all of them. Every message is encrypted and signed by a
library that nobody here wrote, and every answer is decrypted by it.
"""

import asyncio
import re
import shutil
import time
from contextlib import AsyncExitStack
from datetime import datetime

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Address, Role
from tests.channels import OPENED
from tests.journeys.test_channels import CODE, NOW, STORIES, prepared  # noqa: F401 - a fixture
from tests.journeys.test_dialogues import BUTTON, given
from tests.judges.wechat import LIBRARIES, WeChat, judge
from tests.serving import serving
from tests.wechat_api import FakeWeChatApi
from tests.wechat_settings import ACCOUNTS

NUMBER = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)
_PATIENCE = 40


class OverWeChat:
    """A desk that is talked with on an account."""

    def __init__(self, wechat, api):
        self._wechat, self._api = wechat, api
        self._read = {}  # what each person has read last, with its numbers

    async def told(self, who, said):
        """Return what somebody reads in the response."""
        self._api.budget.setdefault(who, 1000)
        before = len(self._api.sent)
        self._read[who] = await self._wechat.say(who, said), before
        return self._read[who][0]

    def has_written(self, who):
        """Tell whether somebody has written: before that, WeChat lets nobody write to them."""
        return who in self._read

    def number(self, who, label):
        """Return the number by which somebody chooses what holds a label; '' where it was not shown last."""
        answered, before = self._read[who]
        since = [message.text for message in self._api.sent[before:] if message.to == who]
        shown = next((text for text in [*reversed(since), answered] if NUMBER.search(text)), "")
        return next((n for n, said in NUMBER.findall(shown) if label.lower() in said.lower()), "")

    async def reads(self, who, text, answered):
        """Tell whether somebody comes to read a text: in the response, or after it."""
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends:
            if _holds(answered + "".join(message.text for message in self._api.sent if message.to == who), text):
                return True
            await asyncio.sleep(0.05)
        return False


def _holds(whole, text):
    return re.sub(r"\s", "", text) in re.sub(r"\s", "", whole)


@pytest.mark.parametrize(("language", "before", "story"), STORIES)
@pytest.mark.parametrize("account", ACCOUNTS)
async def test_a_story_of_the_console_is_told_on_wechat(account, language, before, story, prepared, tmp_path):  # noqa: F811 - the fixture
    async with AsyncExitStack() as stack:
        homes = {name: shutil.copytree(prepared, tmp_path / name) for name in ("console", account)}
        codes = {name: await filled(stack, home, before, name) for name, home in homes.items()}
        console = await stack.enter_async_context(OPENED["console"](homes["console"], None, language, DESK_NOW=NOW))
        api = await stack.enter_async_context(FakeWeChatApi())
        own = stack.enter_context(judge(LIBRARIES[0]))
        settings = ACCOUNTS[account] | {"DESK_WECHAT_API_URL": api.url, "DESK_WECOM_API_URL": api.url}
        desk = await stack.enter_async_context(serving(homes[account], "http://127.0.0.1:9", DESK_NOW=NOW, **settings))
        ahead = datetime.fromisoformat(NOW).timestamp() - time.time()
        talk = OverWeChat(WeChat(f"{desk.url}/{account}", own, ahead=ahead), api)
        for who, said in story:
            pressed = said.removeprefix(BUTTON) if said.startswith(BUTTON) else ""
            written = talk.number(who, pressed) if pressed else said.replace(CODE, codes[account])
            if not written:
                continue  # a number means what was shown last: an older button cannot be pressed
            expected = await (
                console.press(who, pressed) if pressed else console.say(who, said.replace(CODE, codes["console"]))
            )
            answered = await talk.told(who, written)
            for one in expected:
                text = one.text.replace("console", account)  # a preview names the channels of its readers
                if account == "wechat" and not talk.has_written(one.to):
                    assert one.to not in {message.to for message in api.sent}  # WeChat opens no window for them
                    continue
                assert await talk.reads(one.to, text, answered if one.to == who else ""), f"{said}: {text}"


async def filled(stack, home, before, channel):
    """Fill the database of a desk as a story wants it; return a code of its staff."""
    store = await Desk(Settings(home=home, now=NOW, _env_file=None)).store()
    stack.push_async_callback(store.database.close)
    code = await store.invites.create(role=Role.STAFF, city="Wuhan", name="Li")
    if before:
        await given(store, before, lambda who: Address(channel, who))
    return code
