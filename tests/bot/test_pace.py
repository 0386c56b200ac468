import asyncio
from itertools import pairwise

import pytest

from bot.pace import BURST, PER_SECOND, Pace
from bot.places import Held
from handlers.model import Address


def address(number):
    return Address("telegram", str(number))


async def tell(pace, to, sent):
    async with pace.telling(to):
        sent.append((to, asyncio.get_running_loop().time()))


async def reply(pace, to, sent):
    async with pace.replying(to):
        sent.append((to, asyncio.get_running_loop().time()))


def crowded(times):
    """Return how far apart the messages are of each second that holds more than Telegram takes."""
    spans = (later - earlier for earlier, later in zip(times, times[PER_SECOND + 2 :], strict=False))
    return [span for span in spans if span < 1]


def test_of_many_messages_none_goes_out_too_early():
    async def told():
        pace, sent = Pace(), []
        await asyncio.gather(*(tell(pace, address(n), sent) for n in range(70)))
        return [at for _, at in sent]

    times = asyncio.run(told())

    assert len(times) == 70
    assert crowded(times) == []
    assert times[-1] - times[0] < 69 / PER_SECOND + 0.2  # nor too slowly


def test_after_a_pause_that_the_platform_asked_for_there_is_no_herd():
    async def told():
        pace, sent = Pace(), []
        await tell(pace, address(1), sent)
        await pace.hold(address(1), 0.5)
        before = asyncio.get_running_loop().time()
        await asyncio.gather(*(tell(pace, address(n), sent) for n in range(2, 32)))
        return before, [at for _, at in sent][1:]

    before, times = asyncio.run(told())

    assert times[0] - before >= 0.5
    assert times[PER_SECOND + 1] - times[0] >= 1  # places are on a grid, and the first may be taken a little late
    assert (
        len([1 for earlier, later in pairwise(times) if later - earlier < 0.001]) <= 2
    )  # late ones may catch up a little


def test_a_reply_goes_before_what_waits():
    async def told():
        pace, sent = Pace(), []
        async with asyncio.TaskGroup() as group:
            for number in range(40):
                group.create_task(tell(pace, address(number), sent))
            await asyncio.sleep(0.2)
            before = len(sent)
            await reply(pace, address(99), sent)
            return len(sent) - before

    assert asyncio.run(told()) <= 3  # of forty


def test_replies_and_the_desks_own_messages_share_the_second():
    async def told():
        pace, sent = Pace(), []
        async with asyncio.TaskGroup() as group:
            for number in range(50):
                group.create_task(tell(pace, address(number), sent))
            await asyncio.sleep(0.9)
            for number in range(100, 120):
                group.create_task(reply(pace, address(number), sent))
        return [at for _, at in sent]

    times = asyncio.run(told())

    assert crowded(times) == []


def test_replies_are_free_while_the_desk_says_nothing_on_its_own():
    async def told():
        pace, sent = Pace(1), []
        async with asyncio.timeout(60):  # at one a second it would take 200
            await asyncio.gather(*(reply(pace, address(n), sent) for n in range(200)))
        return len(sent)

    assert asyncio.run(told()) == 200


def test_what_the_desk_says_to_one_address_has_a_gap_and_holds_up_nobody():
    async def told():
        pace, sent = Pace(), []
        one, other = address(1), address(2)
        await asyncio.gather(tell(pace, one, sent), tell(pace, one, sent), tell(pace, other, sent))
        return sent

    sent = asyncio.run(told())

    assert [to.id for to, _ in sent] == ["1", "2", "1"]
    assert sent[2][1] - sent[0][1] >= 1


def test_more_replies_than_a_burst_in_one_conversation_have_a_gap():
    async def told():
        pace, sent = Pace(), []
        for _ in range(BURST + 1):
            await reply(pace, address(1), sent)
        return [at for _, at in sent]

    times = asyncio.run(told())

    assert times[BURST] - times[0] >= BURST


def test_who_would_wait_long_comes_again_later():
    async def told():
        pace = Pace()
        await pace.hold(address(1), 60)
        with pytest.raises(Held) as own:
            await tell(pace, address(2), [])
        with pytest.raises(Held) as answer:
            await reply(pace, address(1), [])
        sent = []
        await reply(pace, address(2), sent)
        return own.value.seconds, answer.value.seconds, len(sent)

    own, answer, sent = asyncio.run(told())

    assert (round(own), round(answer), sent) == (60, 60, 1)


def test_addresses_that_are_free_again_are_forgotten():
    async def told():
        pace = Pace()
        for number in range(5000):
            await reply(pace, address(number), [])
        await asyncio.sleep(1)
        for number in range(5000, 15_000):
            await reply(pace, address(number), [])
        return len(pace._addresses)

    assert asyncio.run(told()) <= 10_001
