"""`desk serve` as a process of its own, for tests of what only a process can show."""

import asyncio
import itertools
import os
import re
import resource
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[1]
TOKEN = "42:a-token-that-must-never-be-told-to-anybody"
SECRET = "a-secret_of-the-webhook"
_PATIENCE = 120  # seconds; a start takes five, and ten times as long on a machine that is busy
_NUMBERS = itertools.count()


class Served:
    """A running desk."""

    def __init__(self, process, log, url):
        self._process = process
        self._log = log
        self.url = url

    def signal(self, number):
        self._process.send_signal(number)

    async def ended(self):
        """Return its exit code, once it has ended."""
        async with asyncio.timeout(_PATIENCE):
            return await self._process.wait()

    @property
    def log(self):
        return self._log.read_text("utf-8")

    @property
    def megabytes(self):
        """Its memory that is not on disk, as Linux counts it."""
        told = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", told)[1]) / 1024

    @contextmanager
    def disk_full(self):
        """Let it write no file beyond 4 KB meanwhile: it fails as on a full disk."""
        before = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            yield
        finally:
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, before)

    async def get(self, path):
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as response:
            return response.status, await response.text()

    async def post(self, update, secret=SECRET):
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        url = f"{self.url}/telegram/webhook"
        async with aiohttp.ClientSession() as session, session.post(url, json=update, headers=headers) as response:
            return response.status

    async def until_ready(self):
        """Wait until every part does its work."""
        async with asyncio.timeout(_PATIENCE):
            while (await self.get("/readyz"))[0] != 200:
                await asyncio.sleep(0.05)


@asynccontextmanager
async def serving(home: Path, api_url: str, *, mode: str = "polling", **settings: str) -> AsyncIterator[Served]:
    """Start a desk on a free port, and kill it in the end if it still runs."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    own = {
        "DESK_HOME": str(home),
        "DESK_HTTP_PORT": "0",
        "DESK_TELEGRAM_TOKEN": TOKEN,
        "DESK_TELEGRAM_API_URL": api_url,
        "DESK_TELEGRAM_MODE": mode,
        "DESK_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "DESK_QUIET_HOURS": "off",  # tests run at any hour
        "DESK_QUIET_PERIOD": "0",  # and wait for nothing
        "PYTHONPATH": str(ROOT),
    }
    log = home / f"serve-{next(_NUMBERS)}.log"
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"), env=outer | own | settings, cwd=home, stdout=file, stderr=file
        )
    try:
        yield Served(process, log, await _url_of(process, log))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()


async def _url_of(process, log):
    async with asyncio.timeout(_PATIENCE):
        while not (told := re.search(r"serves on (\S+)", log.read_text("utf-8"))):
            assert process.returncode is None, log.read_text("utf-8")
            await asyncio.sleep(0.02)
    return told[1]
