"""The example of a bridge, run as its users run it, against a desk that serves; and one person on three channels."""

import asyncio
import os
import re
import sys
from contextlib import asynccontextmanager

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Role
from tests.bot_api import FakeBotApi
from tests.bridge import BRIDGE_SECRET, Bridge
from tests.judges.wechat import WeChat
from tests.serving import ROOT, TOKEN, serving
from tests.wechat_settings import ACCOUNTS

NOBODY = "http://127.0.0.1:9"
OPEN = {"DESK_TELEGRAM_TOKEN": "", "DESK_BRIDGE_SECRET": BRIDGE_SECRET}
_PATIENCE = 60


class Client:
    """The example, as a process."""

    def __init__(self, process):
        self._process = process
        self.read = ""

    def write(self, line):
        self._process.stdin.write(f"{line}\n".encode())

    async def shows(self, pattern):
        """Return what was found in what it has printed, once it has."""
        async with asyncio.timeout(_PATIENCE):
            while not (found := re.search(pattern, self.read)):
                line = await self._process.stdout.readline()
                assert line, self.read
                self.read += line.decode()
        return found

    async def ended(self):
        self._process.stdin.close()
        self.read += (await self._process.stdout.read()).decode()
        return await self._process.wait()


@asynccontextmanager
async def client(*options):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "examples" / "bridge_client.py"), *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "DESK_BRIDGE_SECRET": BRIDGE_SECRET},
    )
    try:
        yield Client(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def invited(home, role, count=1):
    """Return codes for people of a role."""
    store = await Desk(Settings(home=home, _env_file=None)).store()
    codes = [await store.invites.create(role=role, city="Wuhan", name=f"Li {number}") for number in range(count)]
    await store.database.close()
    return codes


@pytest.mark.parametrize("is_posted", [False, True], ids=["fetched", "posted"])
async def test_the_example_of_a_bridge_asks_signs_up_presses_and_is_told_what_has_changed(home, tmp_path, is_posted):
    if is_posted:
        async with client("--listen", "0") as listening:
            url = (await listening.shows(r"listening on (\S+)"))[1]
            port = url.rstrip("/").rpartition(":")[2]
    (tmp_path / "files").mkdir()
    settings = OPEN | ({"DESK_BRIDGE_WEBHOOK": url} if is_posted else {})
    async with serving(home, NOBODY, **settings) as desk:
        options = ["--desk", desk.url, "--files", str(tmp_path / "files"), *(["--listen", port] if is_posted else [])]
        async with client(*options) as bridge:
            await told(bridge, (await invited(home, Role.STAFF))[0])
            ended = await bridge.ended()

    assert ended == 0
    assert [path.suffix for path in (tmp_path / "files").iterdir()] == [".csv"]


async def told(bridge, code):
    """Have the story told."""
    bridge.write("eve: When is the night cruise?")
    await bridge.shows("eve < .*19:00")
    bridge.write("eve: Sign me up for the night cruise, Eve Roth, Duisburg")
    await bridge.shows(r"eve < 1\. Undo")
    bridge.write(f"li: /start {code}")
    bridge.write("li: export the RSVP list for me")
    await bridge.shows(r"li < \[.*\.csv, \d+ bytes\]")
    bridge.write("li: /change night cruise cancelled")
    number = (await bridge.shows(r"li < (\d+)\. Send"))[1]
    bridge.write(f"li: {number}")
    await bridge.shows(r"eve < .*cancel")


async def test_one_person_on_telegram_and_wechat_and_over_a_bridge_is_one_delegate(home):
    [code] = await invited(home, Role.DELEGATE)
    account = ACCOUNTS["wechat"] | {"DESK_WECHAT_AES_KEY": "", "DESK_TELEGRAM_TOKEN": TOKEN}
    async with FakeBotApi() as api, serving(home, api.url, **account, DESK_BRIDGE_SECRET=BRIDGE_SECRET) as desk:
        wechat, bridge = WeChat(f"{desk.url}/wechat"), Bridge(desk.url)
        await telegram(api, f"/start {code}", "Wuhan")
        await telegram(api, "/language zh", "中文")
        await telegram(api, "sign me up for the night cruise, two people", "2")
        connecting = CODE.search(await telegram(api, "/connect", "-"))[0]
        welcomed = await wechat.say("li-on-wechat", connecting)
        again = await wechat.say("somebody-else", connecting)
        connecting = CODE.search(await wechat.say("li-on-wechat", "/connect"))[0]
        [bound] = await bridge.say("li-on-bridge", f"/start {connecting}")
        [listed] = await bridge.say("li-on-bridge", "/mine")
        [cancelled] = await bridge.say("li-on-bridge", "取消夜游")
        there = await wechat.say("li-on-wechat", "/mine")

    assert "Li 0" in welcomed
    assert "Li 0" not in again
    assert "Li 0" in bound["text"]
    assert "欢迎" in welcomed
    assert "人数：2" in listed["text"]
    assert "已取消" in cancelled["text"]
    assert "人数" not in there


CODE = re.compile(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}")


async def telegram(api, text, expected):
    """Return what somebody reads on Telegram, once it holds what is expected."""
    before = len(api.sent)
    api.say(77, text)
    async with asyncio.timeout(_PATIENCE):
        while not (told := "".join(sent.text for sent in api.sent[before:])):
            await asyncio.sleep(0.05)
    assert expected in told
    return told
