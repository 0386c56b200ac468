"""In a rush another process reads: it says what this one would, and nothing depends on it."""

import asyncio
import multiprocessing
import os
import signal
import sys
from asyncio.subprocess import PIPE
from functools import partial

import pytest

from bot.app import Desk, library_of
from bot.reading_apart import ReadingApart
from bot.settings import Settings
from knowledge import Edition, Unread

QUESTIONS = ("When is the night cruise?", "Wann beginnt das Bankett?", "谁付机票？", "two for the cruise please", "🙏")
MESSAGES = tuple(Unread(text, "en") for text in QUESTIONS)


@pytest.fixture
def library(ingested):
    return Desk(Settings(home=ingested, _env_file=None)).library


@pytest.fixture
async def apart(ingested):
    made = ReadingApart(partial(library_of, Settings(home=ingested, _env_file=None)))
    made.start()
    await ready(made)
    yield made
    made.close()


async def ready(apart):
    async with asyncio.timeout(60):
        while not apart.is_ready:
            await asyncio.sleep(0.02)


async def test_it_reads_what_this_process_reads(apart, library):
    found = await apart.look_ahead(Edition(), library.known, MESSAGES)

    assert found == library.read_ahead(MESSAGES)
    assert [one.answer is not None for one in found] == [True, True, True, False, True]


async def test_what_it_reads_in_another_library_is_not_used(apart, library):
    version, number = library.known

    assert await apart.look_ahead(Edition(), (version, number + 1), MESSAGES) is None


async def test_when_it_is_killed_this_process_reads_and_it_is_started_again(apart, library):
    os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)

    assert await apart.look_ahead(Edition(), library.known, MESSAGES) is None
    assert not apart.is_ready
    apart.start()
    await ready(apart)
    assert await apart.look_ahead(Edition(), library.known, MESSAGES) == library.read_ahead(MESSAGES)


async def test_it_ends_with_the_process_that_started_it(ingested):
    script = (
        "import multiprocessing, sys\n"
        "from functools import partial\n"
        "from bot.app import library_of\n"
        "from bot.reading_apart import ReadingApart\n"
        "from bot.settings import Settings\n"
        "if __name__ == '__main__':\n"
        "    apart = ReadingApart(partial(library_of, Settings(home=sys.argv[1], _env_file=None)))\n"
        "    apart.start()\n"
        "    print(multiprocessing.active_children()[0].pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    path = ingested.parent / "starts_another.py"
    path.write_text(script, "utf-8")
    command = (sys.executable, str(path), str(ingested))
    parent = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    child = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(20):
        while is_running(child):
            await asyncio.sleep(0.02)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
