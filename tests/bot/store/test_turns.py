import asyncio

import pytest
from sqlalchemy import func, insert, select

from bot.store import tables as t
from handlers.errors import TryAgain
from handlers.model import Act, Activity, Wanted

TEA = Activity("tea", {"en": "Tea"}, "Tea", "Tea", "session", 1)


async def sign_up(kept, person, key="cruise"):
    await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted(key))


async def rsvps(database):
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(t.rsvp))


async def test_what_a_turn_writes_is_seen_by_others_when_it_ends(kept, database):
    ana = await kept.person("Ana")
    begun, seen = asyncio.Event(), asyncio.Event()

    async def look():
        await begun.wait()
        found = await rsvps(database)
        seen.set()
        return found

    async def act():
        async with database.turn():
            await sign_up(kept, ana)
            assert await rsvps(database) == 1
            begun.set()
            await seen.wait()

    during, _ = await asyncio.gather(look(), act())

    assert (during, await rsvps(database)) == (0, 1)


async def test_a_turn_that_fails_leaves_nothing(kept, database):
    ana = await kept.person("Ana")

    async def fail():
        async with database.turn():
            await sign_up(kept, ana)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await rsvps(database) == 0
    await sign_up(kept, ana)
    assert await rsvps(database) == 1


async def test_what_a_turn_reads_twice_is_read_again_after_it_has_written(kept, database):
    ana = await kept.person("Ana")

    async with database.turn():
        before = await kept.activities.all()
        assert await kept.activities.all() is before
        await sign_up(kept, ana)

        assert [a.taken for a in await kept.activities.all()] == [1]


async def test_two_turns_that_write_the_same_row_collide_and_one_tries_again(kept, database):
    await kept.person("Ana")
    key = {"channel": "console", "message_id": "1"}

    async def write():
        async with database.turn():
            async with database.writing() as connection:
                await connection.execute(insert(t.seen).values(**key, sender="Ana", at=kept.now()))
            await asyncio.sleep(0.05)

    outcomes = await asyncio.gather(write(), write(), return_exceptions=True)

    assert sorted(type(outcome) for outcome in outcomes if outcome) == [TryAgain]


async def test_turns_that_wait_for_each_other_end_by_trying_again(kept, database):
    await kept.activities.add_new([TEA])
    ana, ben = await kept.person("Ana"), await kept.person("Ben")

    async def both(person, *keys):
        for _ in range(5):
            try:
                async with database.turn():
                    for key in keys:
                        await sign_up(kept, person, key)
                        await asyncio.sleep(0.05)
            except TryAgain:
                continue
            return

    await asyncio.gather(both(ana, "cruise", "tea"), both(ben, "tea", "cruise"))

    assert await rsvps(database) == 4
