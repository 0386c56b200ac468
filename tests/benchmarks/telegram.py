"""Measure updates a second that the desk answers over Telegram, beside a bare aiogram echo bot in the same run.

    python -m tests.benchmarks.telegram [--updates 600]
    python -m tests.benchmarks.telegram --soak 50000

Both poll the same local Bot API, and answer ten rushes of twenty before they are measured. With --soak the memory of
the desk is measured instead, while so many updates come from as many as a tenth of people, half of them fresh
questions: at a tenth of the way and at the end. Exits with 1 where a bar is missed. Not a test: machines are shared.
"""

import argparse
import asyncio
import json
import math
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
RUSHES, RUSH = 10, 20  # before a bot is measured
BATCH = 100  # updates that wait at the same time
P99 = 250  # milliseconds
GROWTH = 0.05  # of the memory at a tenth of the way, at its end
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
    parser.add_argument("--soak", type=int, default=0, metavar="UPDATES")
    given = parser.parse_args()
    return asyncio.run(soak(given.soak) if given.soak else measure(given.updates))


async def soak(updates: int) -> int:
    """Print the memory of a desk that many updates come to; return 1 where it grows by more than 5 %."""
    items = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    texts = [f"{items[n % len(items)]} {n}" if n % 2 else items[n % len(items)] for n in range(updates)]
    memory: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        Desk(Settings(home=home)).shelf.ingest([PACK])
        async with FakeBotApi() as api, serving(home, api.url) as desk:
            for start in range(0, updates, BATCH):
                for number in range(start, min(start + BATCH, updates)):
                    api.say(1 + number % max(1, updates // 10), texts[number])
                await api.wait_for(min(BATCH, updates - start), 600)
                api.sent.clear()
                api.calls.clear()
                if (start + BATCH) * 10 // updates > len(memory):
                    memory.append(desk.megabytes)
                    print(f"{start + BATCH:>7} updates: {desk.megabytes:.0f} MB", flush=True)
    growth = memory[-1] / memory[0] - 1
    is_flat = growth <= GROWTH
    print(f"{'ok    ' if is_flat else 'MISSED'} memory grew by {growth:.1%}, at most {GROWTH:.0%}")
    return int(not is_flat)


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
        slowest = await latency(desk, fresh, answered / 2)
    print(f"echo {echo:.0f}/s, fresh questions {answered:.0f}/s, repeated {repeated:.0f}/s")
    print(f"{'ok    ' if slowest <= P99 else 'MISSED'} p99 at half of that rate: {slowest:.0f} ms, at most {P99} ms")
    missed = bar("fresh / echo", answered / echo, 0.2) + bar("repeated / echo", repeated / echo, 0.4)
    return missed + int(slowest > P99)


async def latency(bot: Callable[[str], object], texts: Sequence[str], a_second: float) -> float:
    """Return in how many milliseconds 99 of 100 texts are answered, where so many come a second, evenly."""
    async with FakeBotApi() as api, bot(api.url):  # type: ignore[attr-defined]
        await warm(api, texts)
        before = len(api.sent)
        began, start = {}, time.monotonic()
        for person, text in enumerate(texts, 1):
            await asyncio.sleep(max(0.0, start + person / a_second - time.monotonic()))
            began[person] = time.monotonic()
            api.say(person, text)
        await api.wait_for(before + len(texts), 300)
        took = sorted(sent.time - began[sent.chat_id] for sent in api.sent if sent.chat_id in began)
        return took[math.ceil(0.99 * len(took)) - 1] * 1000


async def rate(bot: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return how many texts a second a bot answers, each from another person; the first ones are not counted."""
    async with FakeBotApi() as api, bot(api.url):  # type: ignore[attr-defined]
        await warm(api, texts)
        before = len(api.sent)
        started = time.perf_counter()
        for person, text in enumerate(texts, 1):
            api.say(person, text)
        await api.wait_for(before + len(texts), 300)
        return len(texts) / (time.perf_counter() - started)


async def warm(api: FakeBotApi, texts: Sequence[str]) -> None:
    """Have a bot that has just been started answer rushes of other texts than those that are measured."""
    for rush in range(RUSHES):
        people = range(1_000_000 + rush * RUSH, 1_000_000 + (rush + 1) * RUSH)
        for person in people:
            api.say(person, f"{texts[person % len(texts)]} !{rush}")
        await api.wait_for((rush + 1) * RUSH, 60)
        await asyncio.sleep(1.0)


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
