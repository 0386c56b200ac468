"""Measure updates a second that the desk answers over Telegram, beside a bare aiogram echo bot in the same run.

    python -m tests.benchmarks.telegram [--updates 600]

Both poll the same local Bot API. Exits with 1 where a bar is missed. Not a test: machines are shared.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import Desk
from bot.settings import PACK, Settings
from tests.bot_api import FakeBotApi
from tests.serving import serving

QUESTIONS = Path(__file__).parents[1] / "evaluation" / "questions.jsonl"
ECHO = """
import asyncio, sys
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
dispatcher = Dispatcher()
@dispatcher.message()
async def echo(message: Message) -> None:
    await message.answer(message.text or "")
session = AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[1]))
asyncio.run(dispatcher.start_polling(Bot("42:echo", session=session), handle_signals=False))
"""


def main() -> int:
    """Print the figures; return the number of bars missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=600)
    return asyncio.run(measure(parser.parse_args().updates))


async def measure(updates: int) -> int:
    """Print rates of echo, fresh and repeated questions; return the bars missed."""
    items = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    fresh = [items[number % len(items)] + " " * (number // len(items)) for number in range(updates)]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        Desk(Settings(home=home)).shelf.ingest([PACK])
        echo = await rate(echoing, fresh)

        @asynccontextmanager
        async def desk(url: str) -> AsyncIterator[None]:
            forget(home)
            async with serving(home, url):
                yield

        answered = await rate(desk, fresh)
        repeated = await rate(desk, ["When is the night cruise?"] * updates)
    print(f"echo {echo:.0f}/s, fresh questions {answered:.0f}/s, repeated {repeated:.0f}/s")
    return bar("fresh / echo", answered / echo, 0.2) + bar("repeated / echo", repeated / echo, 0.4)


async def rate(bot: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return how many texts a second a bot answers, each from another person; the first ones are not counted."""
    async with FakeBotApi() as api, bot(api.url):  # type: ignore[attr-defined]
        for person in range(20):
            api.say(1_000_000 + person, texts[person])
        await api.wait_for(20, 60)
        started = time.perf_counter()
        for person, text in enumerate(texts, 1):
            api.say(person, text)
        await api.wait_for(20 + len(texts), 300)
        return len(texts) / (time.perf_counter() - started)


@asynccontextmanager
async def echoing(url: str) -> AsyncIterator[None]:
    """Run the echo bot."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ECHO, url)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


def forget(home: Path) -> None:
    """Delete the database: each local Bot API counts its updates from the same number."""
    for file in home.glob("desk.sqlite3*"):
        file.unlink()


def bar(name: str, value: float, least: float) -> int:
    """Print a figure and its bar; return 1 where it is missed."""
    is_met = value >= least
    print(f"{'ok    ' if is_met else 'MISSED'} {name}: {value:.2f}, at least {least}")
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
