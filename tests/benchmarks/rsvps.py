"""Measure an RSVP through the whole conversation, as a multiple of a bare transaction that checks and inserts the same.

    python -m tests.benchmarks.rsvps

Exits with 1 where a bar is missed. Also: counts and lists with 10,000 people and 50,000 RSVPs against 100 people's.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import func, insert, literal, select, update

from bot.app import Desk, conversation
from bot.settings import PACK, Settings
from bot.store import tables as t
from bot.store import tallies
from bot.store.database import Database
from bot.store.whole import Store
from handlers.model import Address, Incoming, Rsvp, Status
from tests.benchmarks.answering import bar

ROUNDS = 200
CITIES = 50


async def main() -> int:
    """Print the figures; return the number of bars missed."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Settings(home=Path(folder)))
        desk.shelf.ingest([PACK], only=True)
        store = await desk.store()
        await desk.seed_activities(store)
        missed = await measure_rsvp(desk, store)
        missed += await measure_lists(store)
        await store.database.close()
    return missed


async def measure_rsvp(desk: Desk, store: Store) -> int:
    """Print what an RSVP costs, in words and in a bare transaction."""
    concierge = conversation(desk.library, store)
    people = [Address("console", f"p{number}") for number in range(ROUNDS + 5)]
    for number, address in enumerate(people):
        await store.people.introduce(address, name=f"Person {number}", city="Oita")
        await store.conversations.consent(address)
        await store.conversations.remember(address, "?", "en")

    async def in_words(number: int) -> None:
        reply = await concierge.respond(Incoming(people[number], "Sign me up for the night cruise please"))
        assert "signed up" in reply.text, reply.text

    async def bare(number: int) -> None:
        await bare_rsvp(store.database, 1 + number)

    await in_words(ROUNDS)  # warm
    by_words = await timed(in_words)
    async with store.database.writing() as connection:
        await connection.execute(t.rsvp.delete())
        await connection.execute(t.history.delete())
    plain = await timed(bare)
    print(f"RSVP in words {np.median(by_words):.2f} ms, bare transaction {np.median(plain):.2f} ms")
    return bar("RSVP in words / bare transaction, medians", float(np.median(by_words) / np.median(plain)), 4.0)


async def bare_rsvp(database: Database, person: int) -> None:
    """Check and insert the rows of one RSVP, with nothing around it."""
    async with database.writing() as connection:
        activity = (await connection.execute(select(t.activity).where(t.activity.c.key == "cruise"))).one()
        own = select(t.rsvp).where(t.rsvp.c.activity == "cruise", t.rsvp.c.person_id == person)
        assert (await connection.execute(own)).one_or_none() is None
        await connection.execute(
            update(t.activity).where(t.activity.c.key == activity.key).values(taken=t.activity.c.taken + 1)
        )
        moment = datetime.now(UTC)
        row = {"activity": "cruise", "person_id": person, "party": 1, "names": [], "status": Status.CONFIRMED}
        await connection.execute(insert(t.rsvp).values(**row, changed=moment))
        line = {"at": moment, "activity": "cruise", "person_id": person, "by_id": person, "after": {"party": 1}}
        await connection.execute(insert(t.history).values(**line, why="said"))
        rsvp = Rsvp("cruise", person, 1, Status.CONFIRMED)
        await tallies.moved(connection, replace(rsvp, status=Status.CANCELLED), rsvp)


async def measure_lists(store: Store) -> int:
    """Print what counts and a list cost with 100 people and with 10,000, each of them in five activities."""
    small = await filled(store, 100)
    large = await filled(store, 10_000)
    print(f"counts: {small[0]:.1f} ms for 100 people, {large[0]:.1f} ms for 10,000 people and 50,000 RSVPs")
    print(f"list of 50 people: {small[1]:.2f} ms, among 10,000 people {large[1]:.2f} ms")
    missed = bar("counts of 10,000 / of 100", large[0] / small[0], 3.0)
    return missed + bar("list among 10,000 / among 100", large[1] / small[1], 3.0)


async def filled(store: Store, people: int) -> tuple[float, float]:
    """Fill the tables; return milliseconds of the counts, and of the list of an activity with 50 people."""
    keys = [activity.key for activity in await store.activities.all()]
    moment = datetime.now(UTC)
    one = {"name": "P", "role": "delegate", "is_verified": True, "is_covered": False, "is_subscribed": True}
    async with store.database.writing() as connection:
        for table in (t.rsvp, t.tally, t.history, t.address, t.person, t.delegation):
            await connection.execute(table.delete())
        await connection.execute(insert(t.delegation), [{"city": f"C{n}", "folded": f"c{n}"} for n in range(CITIES)])
        cities = [row.id for row in await connection.execute(select(t.delegation.c.id))]
        of_city = [{"delegation_id": cities[n % CITIES], "created": moment} for n in range(people)]
        await connection.execute(insert(t.person), [one | of for of in of_city])
        ids = [row.id for row in await connection.execute(select(t.person.c.id))]
        row = {"party": 1, "names": [], "status": Status.CONFIRMED, "changed": moment}
        rows = [row | {"activity": key, "person_id": person} for key in keys[:5] for person in ids]
        rows += [row | {"activity": keys[5], "person_id": person} for person in ids[:50]]
        await connection.execute(insert(t.rsvp), rows)
        sums = select(t.rsvp.c.activity, t.person.c.delegation_id, t.person.c.is_verified, func.count(), func.count())
        sums = sums.add_columns(literal(0), literal(0)).join(t.person).group_by(*sums.selected_columns[:3])
        await connection.execute(insert(t.tally).from_select(list(t.tally.c.keys()), sums))
    counts = await timed(lambda _: store.rsvps.counts(), 10)
    listed = await timed(lambda _: store.rsvps.listed(keys[5]), 30)
    return float(np.median(counts)), float(np.median(listed))


Times = "np.ndarray[tuple[int], np.dtype[np.float64]]"


async def timed(call: Callable[[int], Awaitable[object]], rounds: int = ROUNDS) -> Times:
    """Return how long each call took, in milliseconds."""
    took = []
    for number in range(rounds):
        started = time.perf_counter()
        await call(number)
        took.append((time.perf_counter() - started) * 1000)
    return np.array(took)


if __name__ == "__main__":
    sys.exit(min(asyncio.run(main()), 1))
