"""Whatever people and staff do, and in whatever order: the rules that every count rests on."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from bot.store import tables as t
from bot.store.database import Database
from bot.store.migrate import migrate
from handlers.errors import Refusal
from handlers.model import Act, Activity, Address, Status, Wanted
from tests.bot.store.conftest import CRUISE, Kept
from tests.fakes import Clock

TEA = Activity("tea", {"en": "Tea"}, "Tea", "Tea", "session", 1)
KEYS = st.sampled_from(["cruise", "tea"])
PEOPLE = st.integers(0, 7)
CITIES = st.sampled_from(["", "Oita", "Kyiv", "Essen"])


class Rules(RuleBasedStateMachine):
    """Eight people, two activities, staff who resize them, and a clock."""

    empty: Path  # a database with tables and nothing in them

    @initialize(cruise=st.integers(0, 6), tea=st.none() | st.integers(0, 3))
    def start(self, cruise, tea):
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.empty, self.folder / "desk.sqlite3")
        self.database = Database(f"sqlite:///{self.folder / 'desk.sqlite3'}")
        self.clock = Clock()
        self.kept = Kept(self.database, self.clock)
        self.run(self.kept.activities.add_new([CRUISE, TEA]))
        self.ids = [self.run(self.kept.person(f"p{n}", city="")).id for n in range(8)]
        self.most = {}
        self.resize("cruise", cruise)
        self.resize("tea", tea)

    def run(self, awaitable):
        return self.loop.run_until_complete(awaitable)

    def resize(self, key, capacity):
        self.run(self.kept.rsvps.resize(key, capacity))
        taken = {a.key: a.taken for a in self.run(self.kept.activities.all())}[key]
        self.most[key] = None if capacity is None else max(capacity, taken)

    @rule(who=PEOPLE, key=KEYS, party=st.integers(1, 4), free=st.booleans(), swaps=st.booleans())
    def sign_up(self, who, key, party, free, swaps):
        other = ({"cruise", "tea"} - {key}).pop() if swaps else ""
        wanted = Wanted(key, party, takes_what_is_free=free, instead_of=other)
        try:
            outcome = self.run(self.kept.rsvps.sign_up(Act(self.ids[who], self.ids[who], "said"), wanted))
        except Refusal:
            return
        own = {r.activity: r for r in self.run(self.kept.rsvps.of(self.ids[who]))}
        assert own[key] == outcome.after
        assert free or outcome.after.party == party
        if swaps and outcome.after.status is Status.CONFIRMED:
            assert other not in own

    @rule(who=PEOPLE, key=KEYS)
    def cancel(self, who, key):
        self.run(self.kept.rsvps.cancel(Act(self.ids[who], self.ids[who], "said"), key))

        assert key not in {r.activity for r in self.run(self.kept.rsvps.of(self.ids[who]))}

    @rule(key=KEYS, capacity=st.none() | st.integers(0, 8))
    def staff_resize(self, key, capacity):
        self.resize(key, capacity)

    @rule(who=PEOPLE, city=CITIES)
    def tell_city(self, who, city):
        self.run(self.kept.people.introduce(Address("console", f"p{who}"), name=f"p{who}", city=city))

    @rule(hours=st.sampled_from([1, 3]))
    def wait(self, hours):
        self.clock.go_on(hours=hours)
        self.run(self.kept.rsvps.expire())

    @rule(who=PEOPLE)
    def erase(self, who):
        self.run(self.kept.people.erase(Address("console", f"p{who}")))
        self.ids[who] = self.run(self.kept.person(f"p{who}", city="")).id

    @invariant()
    def what_is_taken_is_what_is_held_and_never_too_much(self):
        for activity in self.run(self.kept.activities.all()):
            live = [one.rsvp for one in self.run(self.kept.rsvps.listed(activity.key))]
            held = sum(r.party for r in live if r.status is not Status.WAITLISTED)
            assert activity.taken == held
            assert self.most[activity.key] is None or held <= self.most[activity.key]
            if activity.capacity is not None and held <= activity.capacity:
                self.most[activity.key] = activity.capacity

    @invariant()
    def nobody_waits_for_places_that_are_free(self):
        for activity in self.run(self.kept.activities.all()):
            waiting = [one.rsvp for one in self.run(self.kept.rsvps.listed(activity.key)) if one.rsvp.position]
            assert [r.position for r in waiting] == list(range(1, len(waiting) + 1))
            assert all(activity.free is not None and r.party > activity.free for r in waiting)

    @invariant()
    def counts_are_sums_of_the_rows(self):
        for counts in self.run(self.kept.rsvps.counts()):
            listed = self.run(self.kept.rsvps.listed(counts.activity))
            people = {status: sum(one.rsvp.party for one in listed if one.rsvp.status is status) for status in Status}
            cities = {}
            for one in listed:
                if one.rsvp.status is Status.CONFIRMED:
                    cities[one.city] = cities.get(one.city, 0) + one.rsvp.party
            assert (counts.confirmed, counts.offered, counts.waitlisted, dict(counts.by_city)) == (
                people[Status.CONFIRMED],
                people[Status.OFFERED],
                people[Status.WAITLISTED],
                cities,
            )
            assert counts.parties == sum(one.rsvp.status is Status.CONFIRMED for one in listed)

    @invariant()
    def the_history_adds_up(self):
        self.run(self._history_adds_up())

    async def _history_adds_up(self):
        async with self.database.reading() as connection:
            last = (
                select(func.max(t.history.c.id))
                .where(t.history.c.person_id.is_not(None))
                .group_by(t.history.c.activity, t.history.c.person_id)
            )
            told = {
                (row.activity, row.person_id): row.after
                for row in await connection.execute(select(t.history).where(t.history.c.id.in_(last)))
            }
            rows = {(row.activity, row.person_id): row for row in await connection.execute(select(t.rsvp))}
        assert {key: (row.status, row.party) for key, row in rows.items()} == {
            key: (after["status"], after["party"]) for key, after in told.items()
        }

    def teardown(self):
        if hasattr(self, "loop"):
            self.run(self.database.close())
            self.loop.close()
            shutil.rmtree(self.folder)


@pytest.fixture(scope="module", autouse=True)
def empty(tmp_path_factory):
    path = tmp_path_factory.mktemp("rules") / "empty.sqlite3"
    asyncio.run(migrate(f"sqlite:///{path}"))
    Rules.empty = path


TestRules = Rules.TestCase
TestRules.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking an example takes minutes
)
