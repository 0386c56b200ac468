"""Eight processes race for 120 places, some are killed: capacity holds, and no place is lost."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from bot.store import tables as t
from bot.store.activities import SqlActivities
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.rsvps import SqlRsvps
from handlers.model import Status
from tests.bot.conftest import url
from tests.bot.store.conftest import CRUISE

__all__ = ["url"]  # the fixture: an empty database of each kind

ROOT = Path(__file__).parents[2]
PROCESSES, PLACES, PEOPLE = 8, 120, 500
HOLDS = (Status.CONFIRMED, Status.OFFERED)


async def prepared(url):
    await migrate(url)
    database = Database(url)
    rsvps = SqlRsvps(database, lambda: datetime.now(UTC))
    await SqlActivities(database, rsvps, lambda: datetime.now(UTC)).add_new([CRUISE])
    await rsvps.resize("cruise", PLACES)
    one = {"name": "P", "role": "delegate", "is_verified": True, "is_covered": False, "is_subscribed": True}
    async with database.writing() as connection:
        await connection.execute(insert(t.person), [one | {"created": datetime.now(UTC)} for _ in range(PEOPLE)])
    return database


def started(url, number, guard):
    command = [sys.executable, "-m", "tests.faults.race_worker", url, str(number), str(PROCESSES), guard]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)


def ended(process):
    complaint = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 0, complaint


async def held(database):
    """Return the places that RSVPs hold, those that the activity counts, and the smallest party that waits."""
    async with database.reading() as connection:
        places = select(func.coalesce(func.sum(t.rsvp.c.party), 0)).where(t.rsvp.c.status.in_(HOLDS))
        waiting = select(func.min(t.rsvp.c.party)).where(t.rsvp.c.status == Status.WAITLISTED)
        counted = await connection.scalar(select(t.activity.c.taken))
        return await connection.scalar(places), counted, await connection.scalar(waiting)


async def test_capacity_holds_and_no_place_is_lost_though_processes_die(url):
    database = await prepared(url)
    processes = [started(url, number, "guarded") for number in range(PROCESSES)]

    await asyncio.sleep(2.5)
    for number in (2, 5):
        processes[number].kill()
        processes[number].communicate()
        processes[number] = started(url, number, "guarded")  # what it had not done, and what it had, once more
    for process in processes:
        ended(process)

    places, counted, waiting = await held(database)
    await database.close()
    assert places == counted <= PLACES
    assert waiting is None or waiting > PLACES - places  # whoever fits has been offered a place


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_without_the_guard_it_overbooks(url):
    database = await prepared(url)
    processes = [started(url, number, "naive") for number in range(PROCESSES)]

    for process in processes:
        ended(process)

    places, _, _ = await held(database)
    await database.close()
    assert places > PLACES
