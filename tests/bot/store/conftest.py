"""A database for each test: SQLite always, PostgreSQL where one runs on this machine."""

import os
import uuid
from datetime import timedelta

import asyncpg
import pytest

from bot.outbox import Sent
from bot.store.activities import SqlActivities
from bot.store.database import Database
from bot.store.invites import SqlInvites
from bot.store.migrate import migrate
from bot.store.notices import SqlNotices
from bot.store.people import SqlPeople
from bot.store.rsvps import SqlRsvps
from handlers.model import Activity, Address
from tests.fakes import Clock

SERVER = os.environ.get("DESK_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
CRUISE = Activity("cruise", {"en": "Night Cruise"}, "Night Cruise", "Night Cruise", "session", 2)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.sqlite3'}"
        return
    try:
        server = await asyncpg.connect(SERVER)
    except OSError:
        pytest.skip("NOT TESTED ON POSTGRESQL: none answers; set DESK_TEST_POSTGRES to its address")
    name = f"desk_{uuid.uuid4().hex[:12]}"
    await server.execute(f"CREATE DATABASE {name}")
    yield f"{SERVER.rpartition('/')[0]}/{name}"
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


@pytest.fixture
async def database(url):
    await migrate(url)
    made = Database(url)
    yield made
    await made.close()


class Kept:
    """The parts of a database that these tests use."""

    def __init__(self, database, clock):
        self.database = database
        self.now = clock
        self.rsvps = SqlRsvps(database, clock)
        self.people = SqlPeople(database, self.rsvps, clock)
        self.activities = SqlActivities(database, self.rsvps, clock)
        self.invites = SqlInvites(database, clock)
        self.notices = SqlNotices(database, clock)

    async def drained(self):
        """Have all notices on the console said; return where, and what kind they are."""
        claimed = await self.notices.claim("console", most=100, lease=timedelta(seconds=15))
        for delivery in claimed:
            await self.notices.settle(delivery, Sent("1"))
        return [(delivery.address, delivery.notice) for delivery in claimed]

    async def person(self, name, city="Oita"):
        return await self.people.introduce(Address("console", name), name=name, city=city)


@pytest.fixture
async def kept(database, clock):
    made = Kept(database, clock)
    await made.activities.add_new([CRUISE])
    return made
