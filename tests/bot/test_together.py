import asyncio

import pytest

from bot.together import Together


async def test_whoever_comes_while_it_is_done_shares_the_next_time():
    batches, goes_on = [], asyncio.Event()

    async def doubled(items):
        batches.append(list(items))
        await goes_on.wait()
        return [item * 2 for item in items]

    together = Together(doubled)
    first = asyncio.create_task(together(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(together(item)) for item in (2, 3)]
    await asyncio.sleep(0)
    goes_on.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6]
    assert batches == [[1], [2, 3]]


async def test_no_more_are_done_at_once_than_may_be():
    batches = []

    async def counted(items):
        batches.append(len(items))
        return items

    together = Together(counted, most=2)
    assert await asyncio.gather(*(together(item) for item in range(5))) == [0, 1, 2, 3, 4]
    assert batches == [2, 2, 1]


async def test_what_fails_is_told_to_all_who_shared_it_and_the_next_are_served():
    async def careful(items):
        if 0 in items:
            raise ZeroDivisionError
        return [1 / item for item in items]

    together = Together(careful)
    results = await asyncio.gather(*(together(item) for item in (2, 0)), return_exceptions=True)
    assert [type(result) for result in results] == [ZeroDivisionError, ZeroDivisionError]
    assert await together(4) == 0.25


async def test_who_goes_away_takes_nothing_from_the_others():
    goes_on = asyncio.Event()

    async def slow(items):
        await goes_on.wait()
        return items

    together = Together(slow)
    leaving, staying = (asyncio.create_task(together(item)) for item in "ab")
    await asyncio.sleep(0)
    leaving.cancel()
    goes_on.set()
    assert await staying == "b"
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_a_second_lane_begins_only_with_as_many_as_are_done_at_once():
    batches, goes_on = [], asyncio.Event()

    async def slow(items):
        batches.append(list(items))
        await goes_on.wait()
        return items

    together = Together(slow, most=2, lanes=2)
    asked = []
    for item in range(7):
        asked.append(asyncio.create_task(together(item)))
        for _ in range(4):  # turns of the loop, for whatever begins now
            await asyncio.sleep(0)

    assert batches == [[0], [1, 2]]
    goes_on.set()
    assert await asyncio.gather(*asked) == list(range(7))
    assert sorted(map(len, batches[2:])) == [2, 2]
