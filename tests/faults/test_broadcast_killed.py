"""Processes that tell many people something are killed at any moment: nobody is left out, and repeats are marked.

DESK_TEST_BROADCAST=2000,20 pytest tests/faults/test_broadcast_killed.py: for so many people, with so many kills, at the
rate that Telegram allows; by default it is small and fast.
"""

import asyncio
import os
import random
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from bot.outbox import AT_A_TIME, AT_ONCE
from bot.store import tables as t
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.receipts import SqlReceipts
from tests.bot.conftest import url
from tests.bot_api import FakeBotApi

__all__ = ["url"]  # the fixture: an empty database of each kind

ROOT = Path(__file__).parents[2]
IS_FULL = "DESK_TEST_BROADCAST" in os.environ
PEOPLE, KILLS = map(int, os.environ.get("DESK_TEST_BROADCAST", "300,4").split(","))
RATE = 28 if IS_FULL else 80
MOMENT = datetime.now(UTC) - timedelta(seconds=1)


async def prepared(url, people):
    """Write people on Telegram, and a broadcast for all of them."""
    await migrate(url)
    database = Database(url)
    person = {"name": "P", "role": "delegate", "is_verified": True, "is_covered": False, "is_subscribed": True}
    at = {"channel": "telegram", "is_language_chosen": False, "has_consented": True, "recent": [], "seen": MOMENT}
    async with database.writing() as connection:
        await connection.execute(insert(t.person), [person | {"created": MOMENT} for _ in range(people)])
        rows = [at | {"channel_id": str(one), "person_id": one} for one in range(1, people + 1)]
        await connection.execute(insert(t.address), rows)
        values = {"created": MOMENT, "text": "The boat leaves at 19:30.", "language": "en"}
        await connection.execute(insert(t.broadcast).values(**values))
        told = {"broadcast_id": 1, "kind": "broadcast", "told": {"text": values["text"]}, "created": MOMENT}
        await connection.execute(insert(t.notice), [told | {"person_id": one} for one in range(1, people + 1)])
    return database


@asynccontextmanager
async def working(url, api, *, lease=15):
    """Run a worker; kill it in the end."""
    arguments = (url, api.url, str(RATE), str(lease))
    command = (sys.executable, "-m", "tests.faults.delivery_worker", *arguments)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def unsettled(database):
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(t.notice).where(t.OPEN))


async def killed_at_random(api, url, stack, processes):
    """Kill workers, one at a time and at random moments of the broadcast; the first one is never started again."""
    chance = random.Random(KILLS)  # noqa: S311 - a test
    moments = sorted(chance.uniform(0.02, 0.9) * PEOPLE for _ in range(KILLS))
    for number, sent in enumerate(moments):
        await api.wait_for(int(sent), 300)
        await asyncio.sleep(chance.uniform(0, 0.05))
        which = 0 if number == 0 else chance.randrange(len(processes))
        processes[which].kill()
        await processes[which].wait()
        if number == 0 and len(processes) > 1:
            del processes[which]
        else:
            processes[which] = await stack.enter_async_context(working(url, api))


async def told_report(database):
    report = await SqlReceipts(database, lambda: datetime.now(UTC)).of(1)
    async with database.reading() as connection:
        marked = select(t.notice.c.person_id).where(t.notice.c.is_repeated)
        return report, set((await connection.execute(marked)).scalars())


async def test_everybody_has_the_message_though_workers_are_killed_at_any_moment(url):
    database = await prepared(url, PEOPLE)
    workers = 3 if url.startswith("postgresql") else 1

    async with FakeBotApi() as api, AsyncExitStack() as stack:
        api.limits = IS_FULL
        processes = [await stack.enter_async_context(working(url, api)) for _ in range(workers)]
        started = time.monotonic()
        await killed_at_random(api, url, stack, processes)
        async with asyncio.timeout(240):
            while await unsettled(database):
                await asyncio.sleep(0.2)
        seconds = time.monotonic() - started
        told = Counter(sent.chat_id for sent in api.sent)
        report, marked = await told_report(database)
    await database.close()

    twice = {chat for chat, count in told.items() if count > 1}
    repeats = sum(told.values()) - PEOPLE
    print(  # noqa: T201 - the figures of the full run
        f"{url.partition(':')[0]}: {PEOPLE} people, {KILLS} kills, {workers} workers, {seconds:.0f} s: "
        f"{repeats} repeated, {len(marked)} marked, {api.statuses[429]} times 429"
    )
    assert set(told) == set(range(1, PEOPLE + 1))
    assert twice <= marked  # the report says which
    assert repeats <= len(marked) <= KILLS * (AT_ONCE + AT_A_TIME)
    assert sum(row["is_repeated"] for row in report) == len(marked)
    assert {row["message_id"] is None for row in report} == {False}


async def test_without_leases_two_workers_tell_people_twice(url):
    database = await prepared(url, 60)

    async with FakeBotApi() as api, working(url, api, lease=0), working(url, api, lease=0):
        told = await api.wait_for(61, 60)
    await database.close()

    assert len({sent.chat_id for sent in told}) < len(told)
