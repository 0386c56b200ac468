"""Measure what a question costs in a browser, as a multiple of the same on the console, in the same run.

    python -m tests.benchmarks.web_chat [--questions 60] [--streams 500]

Both are processes of their own: `desk chat --jsonl`, from a line to its {"done": true}, and `desk serve`, from a post
to the answer in the stream. With --streams the memory of that many open streams is measured as well. Exits with 1
where a bar is missed. Not a test: machines are shared.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from bot.app import Desk
from bot.settings import PACK, Settings
from tests.chat_process import chatting
from tests.serving import serving
from tests.web_visitor import KEY, visiting

QUESTIONS = Path(__file__).parents[1] / "evaluation" / "questions.jsonl"
MOST = 1.3
KILOBYTES = 100  # of an open stream
WARM = 10  # questions that are not counted: what is read once is read


def main() -> int:
    """Print the figures; return the number of bars missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--streams", type=int, default=0)
    given = parser.parse_args()
    return asyncio.run(measure(given.questions, given.streams))


async def measure(count: int, streams: int) -> int:
    """Ask both in turn, each question of somebody new; print the median of the ratios, and the memory of streams."""
    texts = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()][: count + WARM]
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in ("console", "web")]
        Desk(Settings(home=homes[0])).shelf.ingest([PACK])
        shutil.copytree(*homes)
        own = {"DESK_TELEGRAM_TOKEN": "", "DESK_SECRET_KEY": KEY}
        with chatting(homes[0]) as chat:
            async with serving(homes[1], "http://127.0.0.1:9", **own) as desk, AsyncExitStack() as stack:
                console, web = [], []
                for number, text in enumerate(texts):
                    visitor = await stack.enter_async_context(visiting(desk.url, session=f"visitor-{number}"))
                    started = time.perf_counter()
                    chat.say(f"person-{number}", text)
                    middle = time.perf_counter()
                    await visitor.ask(text)
                    ended = time.perf_counter()
                    visitor.hang_up()
                    if number >= WARM:
                        console.append(middle - started)
                        web.append(ended - middle)
                before = desk.megabytes
                for number in range(streams):
                    await stack.enter_async_context(visiting(desk.url, session=f"stream-{number}"))
                grown = (desk.megabytes - before) * 1024 / streams if streams else 0.0
    ratio = statistics.median(there / here for here, there in zip(console, web, strict=True))
    told = [f"{1000 * statistics.median(found):.1f} ms" for found in (console, web)]
    print(f"console {told[0]}, web {told[1]}, medians of {len(web)} questions")
    missed = bar("web / console, median of the ratios", ratio, MOST)
    return missed + (bar(f"KB of each of {streams} open streams", grown, KILOBYTES) if streams else 0)


def bar(name: str, value: float, most: float) -> int:
    """Print a figure and its bar; return 1 where it is missed."""
    print(f"{'ok    ' if value <= most else 'MISSED'} {name}: {value:.2f}, at most {most}")
    return int(value > most)


if __name__ == "__main__":
    sys.exit(main())
