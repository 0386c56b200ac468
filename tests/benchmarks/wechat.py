"""Measure the time from a question to its reply: WeChat's callback beside Telegram's webhook, on one desk in one run.

    python -m tests.benchmarks.wechat [--questions 200]

Each question is posted to both, to each by a desk that has not answered it before. On WeChat the message is encrypted
and signed by a library for node, beforehand, and the time ends with the encrypted reply in the response; on Telegram it
ends when the reply is at the Bot API. Exits with 1 where WeChat takes more than 1.5 times as long. Not a test: machines
are shared.
"""

import argparse
import asyncio
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from bot.app import Desk
from bot.settings import PACK, Settings
from tests.benchmarks.telegram import forget
from tests.bot_api import FakeBotApi
from tests.judges.wechat import LIBRARIES, Judge, Request, WeChat, judge
from tests.serving import SECRET, TOKEN, serving
from tests.wechat_settings import ACCOUNTS

QUESTIONS = Path(__file__).parents[1] / "evaluation" / "questions.jsonl"
MOST = 1.5  # times Telegram's
WARM = 20  # questions that are not counted


def main() -> int:
    """Print the figures; return the number of bars missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200)
    return asyncio.run(measure(parser.parse_args().questions))


async def measure(count: int) -> int:
    """Print the times of both; return 1 where the bar is missed."""
    items = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    texts = [items[number % len(items)] + " " * (number // len(items)) for number in range(WARM + count)]
    taken: dict[str, list[float]] = {"telegram": [], "wechat": []}
    with tempfile.TemporaryDirectory() as folder, judge(LIBRARIES[0]) as own:
        home = Path(folder)
        Desk(Settings(home=home)).shelf.ingest([PACK])
        for first in (0, 1):  # a desk that has answered a question is quicker the next time: each starts one
            await ask(texts, home, own, taken, first)
            forget(home)
    return told(taken)


async def ask(texts: Sequence[str], home: Path, own: Judge, taken: dict[str, list[float]], first: int) -> None:
    """Ask a desk every second question over Telegram, the others over WeChat; add the times."""
    settings = ACCOUNTS["wechat"] | {"DESK_TELEGRAM_TOKEN": TOKEN, "DESK_PUBLIC_URL": "https://desk.example.org"}
    async with (
        FakeBotApi() as api,
        serving(home, api.url, mode="webhook", **settings) as desk,
        aiohttp.ClientSession() as session,
    ):
        await desk.until_ready()
        wechat = WeChat(f"{desk.url}/wechat", own)
        requests = [wechat.message(f"person-{number}", Content=text) for number, text in enumerate(texts)]
        for number, (text, request) in enumerate(zip(texts, requests, strict=True)):
            is_telegram = number % 2 == first
            seconds = (
                await telegram(session, desk.url, api, number, text)
                if is_telegram
                else await answered(session, wechat.url, request)
            )
            if number >= WARM:
                taken["telegram" if is_telegram else "wechat"].append(seconds)


async def telegram(session: aiohttp.ClientSession, url: str, api: FakeBotApi, number: int, text: str) -> float:
    """Return the seconds from an update to the reply at the Bot API."""
    person = {"id": number + 1, "is_bot": False, "first_name": "P"}
    message = {"message_id": 1, "date": int(time.time()), "chat": {"id": number + 1, "type": "private"}, "from": person}
    update = {"update_id": number + 1, "message": message | {"text": text}}
    before, started = len(api.sent), time.perf_counter()
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with session.post(f"{url}/telegram/webhook", json=update, headers=headers) as response:
        assert response.status == 200
    while len(api.sent) == before:
        await asyncio.sleep(0)
    return time.perf_counter() - started


async def answered(session: aiohttp.ClientSession, url: str, request: Request) -> float:
    """Return the seconds from a callback to the encrypted reply."""
    started = time.perf_counter()
    async with session.post(url, params=request.query, data=io.BytesIO(request.body)) as response:
        body = await response.text()
    assert "<Encrypt>" in body
    return time.perf_counter() - started


def told(taken: dict[str, list[float]]) -> int:
    """Print the medians and their ratio; return 1 where it is too large."""
    over_telegram, over_wechat = statistics.median(taken["telegram"]), statistics.median(taken["wechat"])
    ratio = over_wechat / over_telegram
    is_met = ratio <= MOST
    print(f"Telegram {over_telegram * 1000:.1f} ms, WeChat {over_wechat * 1000:.1f} ms ({len(taken['wechat'])} each)")
    print(f"{'ok    ' if is_met else 'MISSED'} WeChat / Telegram: {ratio:.2f}, at most {MOST}")
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
