import asyncio
import logging
from dataclasses import replace

import pytest

from bot.outbox import TRIES, ChannelClosed, Delivery, NoticeDelivery, Postponed, Refused, Sent, Unreachable
from handlers.model import Address, Notice, Reply
from tests.fakes import Clock, Listening


class Rows:
    """Deliveries in memory; what is put off comes again at once, as if its time had come."""

    def __init__(self, count):
        now = Clock()()
        addresses = [Address("console", str(n)) for n in range(count)]
        self.waiting = [Delivery(n, a, Notice(n, "answer", {}), now, 0) for n, a in enumerate(addresses)]
        self.settled, self.put, self.is_done = {}, [], asyncio.Event()

    async def claim(self, channel, *, most, lease, gap):
        claimed = [replace(one, tries=one.tries + 1) for one in self.waiting[:most]]
        self.waiting = self.waiting[most:]
        return claimed

    async def settle(self, delivery, settled):
        self.settled[delivery.id] = settled
        if not self.waiting and len(self.settled) > delivery.id:
            self.is_done.set()

    async def put_off(self, delivery, seconds, why):
        self.put.append((delivery.id, seconds))
        self.waiting.append(replace(delivery, done=why.done))


def delivering(rows, sender, worded=None):
    async def said(notice):
        return Reply(f"to {notice.person}")

    return NoticeDelivery("console", rows, worded or said, sender, Clock())


async def test_notices_are_told_in_order_and_settled_with_their_ids():
    rows, listening = Rows(2), Listening()

    assert await delivering(rows, listening).once() == 2

    assert [reply.text for _, reply in listening.heard] == ["to 0", "to 1"]
    assert rows.settled == {0: Sent("1"), 1: Sent("2")}


async def test_who_is_not_reached_and_what_is_refused_hold_up_nobody():
    rows = Rows(3)

    await delivering(rows, Listening(Unreachable("blocked"), Refused("too large"))).once()

    assert rows.settled == {0: Unreachable("blocked"), 1: Refused("too large"), 2: Sent("3")}


async def test_a_pause_that_the_platform_asks_for_is_kept_to_the_second_and_parts_are_not_repeated():
    rows, listening = Rows(1), Listening(Postponed("Too Many Requests", seconds=35, done=1))

    await delivering(rows, listening).once()

    assert rows.put == [(0, 35)]
    assert listening.done == [0, 1]


async def test_a_message_that_alone_does_not_get_through_is_given_up(caplog):
    rows, poison = Rows(1), [Postponed("500")] * (TRIES - 1)
    one = delivering(rows, Listening(Sent("0"), *poison, Postponed("500")))
    rows.waiting.append(replace(rows.waiting[0], id=7))

    await one.once()

    assert rows.settled == {0: Sent("0"), 7: Refused(f"given up after {TRIES} tries: 500")}
    assert "notice 7 is given up" in caplog.text


async def test_while_nothing_gets_through_nothing_is_given_up():
    rows = Rows(1)

    await delivering(rows, Listening(*[Postponed("unreachable")] * (2 * TRIES))).once()

    assert rows.settled == {0: Sent(str(2 * TRIES + 1))}
    assert rows.put[0][1] < rows.put[1][1] < rows.put[-1][1] <= 600


async def test_a_notice_that_cannot_be_worded_holds_up_nobody(caplog):
    rows, failures = Rows(2), []

    async def worded(notice):
        if notice.person == 0 and not failures:
            failures.append(1)
            raise ZeroDivisionError
        return Reply("x")

    await delivering(rows, Listening(), worded).once()

    assert sorted(rows.settled) == [0, 1]
    assert "notice 0 cannot be worded" in caplog.text


async def test_a_closed_channel_is_told_once_and_its_notices_wait(caplog):
    caplog.set_level(logging.ERROR)
    rows, closed = Rows(3), [ChannelClosed("Telegram refuses the token")] * 3
    one = delivering(rows, Listening(*closed))

    await asyncio.wait_for(one.run(), 10)

    assert (one.problem, len(rows.waiting), rows.settled) == ("Telegram refuses the token", 3, {})
    assert caplog.text.count("nothing can be sent on console") == 1


@pytest.mark.parametrize("count", [200])
async def test_it_runs_until_it_is_stopped_and_settles_what_is_in_hand(count):
    rows, listening = Rows(count), Listening()
    one = delivering(rows, listening)
    running = asyncio.create_task(one.run())
    await rows.is_done.wait()
    one.stop()

    await asyncio.wait_for(running, 10)

    assert len(listening.heard) == count
