import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, make_url, select, update

from bot.store import tables as t
from handlers.errors import TryAgain
from handlers.model import Act, Activity, Wanted

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
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


async def write_questions(connection, rows):
    written = [{"text": text, **values} for text, values in rows]
    await connection.execute(insert(t.question), written)


async def questions(database):
    async with database.reading() as connection:
        return {row.text for row in await connection.execute(select(t.question.c.text))}


def asked(**more):
    said = {"language": "en", "is_answered": True, "certainty": "draft", "topics": [], "asked": NOW}
    return said | more


async def test_what_is_kept_for_the_end_of_a_turn_is_there_when_the_turn_has_ended(database):
    async with database.turn():
        await database.keep(write_questions, "When?", asked())
        assert await questions(database) == set()
    assert await questions(database) == {"When?"}


async def test_what_is_kept_goes_with_what_the_turn_has_written(kept, database):
    ana = await kept.person("Ana")

    async def fail():
        async with database.turn():
            await sign_up(kept, ana)
            await database.keep(write_questions, "When?", asked())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await questions(database), await rsvps(database)) == (set(), 0)
    async with database.turn():
        await sign_up(kept, ana)
        await database.keep(write_questions, "When?", asked())
    assert (await questions(database), await rsvps(database)) == ({"When?"}, 1)


async def test_turns_that_end_together_are_kept_apart_where_one_cannot_be_written(database):
    async def turn(text, **more):
        async with database.turn():
            await database.keep(write_questions, text, asked(**more))

    bad = turn("Bad", language=None)
    results = await asyncio.gather(
        *(turn(f"Question {n}") for n in range(5)), bad, turn("Last"), return_exceptions=True
    )
    assert [type(result) for result in results if result is not None] == [TryAgain]
    assert await questions(database) == {*(f"Question {n}" for n in range(5)), "Last"}


async def test_what_is_tried_in_a_turn_that_has_written_is_taken_back_and_the_rest_stays(kept, database):
    ana, ben = await kept.person("Ana"), await kept.person("Ben")
    async with database.turn():
        await sign_up(kept, ana)
        async with database.tried():
            await sign_up(kept, ben)
            tried = await rsvps(database)
        after = await rsvps(database)

    assert (tried, after, await rsvps(database)) == (2, 1, 1)


def in_its_file(database, name):
    return name.encode() in Path(make_url(database.url).database).read_bytes()


async def test_what_the_log_of_sqlite_holds_is_moved_while_others_write(kept, database):
    await kept.person("Ana Loggée")
    if not database.is_sqlite:
        await database.checkpoint()  # has none to move
        return
    assert not in_its_file(database, "Ana Loggée")

    async with database.writing() as connection:
        await connection.execute(update(t.person).values(has_reminders=False))
        await database.checkpoint()

    assert in_its_file(database, "Ana Loggée")
