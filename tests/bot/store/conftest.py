"""What tests of the store begin with."""

from datetime import timedelta

import pytest

from bot.outbox import Sent
from bot.store.activities import SqlActivities
from bot.store.delegations import SqlDelegations
from bot.store.invites import SqlInvites
from bot.store.notices import SqlNotices
from bot.store.people import SqlPeople
from bot.store.rsvps import SqlRsvps
from handlers.model import Activity, Address
from tests.fakes import Clock

CRUISE = Activity("cruise", {"en": "Night Cruise"}, "Night Cruise", "Night Cruise", "session", 2)


@pytest.fixture
def clock():
    return Clock()


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
        self.delegations = SqlDelegations(database, clock)

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
