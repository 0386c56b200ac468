from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.outbox import Postponed, Refused, Sent, Unreachable
from bot.quiet import QuietHours
from bot.store import tables as t
from bot.store.notices import SqlNotices
from bot.store.pace import SqlPlaces
from bot.store.standing import state
from handlers.model import Address

LEASE = timedelta(seconds=15)


async def told(kept, *names):
    people = [await kept.person(name) for name in names]
    rows = [{"person_id": one.id, "kind": "answer", "told": {}, "created": kept.now()} for one in people]
    async with kept.database.writing() as connection:
        await connection.execute(insert(t.notice), rows)


async def claimed(kept, most=10):
    return await kept.notices.claim("console", most=most, lease=LEASE)


async def rows(kept, *columns):
    async with kept.database.reading() as connection:
        found = await connection.execute(select(*(t.notice.c[name] for name in columns)).order_by(t.notice.c.id))
        return [tuple(row) for row in found]


async def test_what_is_claimed_is_kept_from_others_until_its_lease_ends(kept, clock):
    await told(kept, "Ana", "Ben")

    first = await claimed(kept, most=1)
    second = await claimed(kept)
    assert [[one.address.id for one in some] for some in (first, second, await claimed(kept))] == [["Ana"], ["Ben"], []]

    clock.go_on(seconds=16)
    assert [(one.address.id, one.tries) for one in await claimed(kept)] == [("Ana", 2), ("Ben", 2)]
    assert await rows(kept, "is_repeated") == [(True,), (True,)]


async def test_what_has_arrived_is_never_claimed_again(kept, clock):
    await told(kept, "Ana")
    [delivery] = await claimed(kept)

    await kept.notices.settle(delivery, Sent("815"))
    clock.go_on(hours=1)

    assert await claimed(kept) == []
    assert await rows(kept, "message_id", "is_repeated", "failed") == [("815", False, None)]


async def test_what_is_put_off_comes_again_in_its_time_with_what_has_arrived_of_it(kept, clock):
    await told(kept, "Ana")
    [delivery] = await claimed(kept)

    await kept.notices.put_off(delivery, 40, Postponed("Too Many Requests", seconds=40, done=2))
    assert await claimed(kept) == []
    clock.go_on(seconds=41)
    [again] = await claimed(kept)

    assert (again.tries, again.done) == (1, 2)
    assert await rows(kept, "is_repeated", "why") == [(False, "Too Many Requests")]


async def test_what_may_have_arrived_is_marked_as_repeated(kept):
    await told(kept, "Ana")
    [delivery] = await claimed(kept)

    await kept.notices.put_off(delivery, 0, Postponed("TimedOut", may_have_arrived=True))

    assert [one.tries for one in await claimed(kept)] == [2]
    assert await rows(kept, "is_repeated") == [(True,)]


async def test_why_nobody_was_reached_is_kept_and_the_next_notice_is_not_tried(kept):
    await told(kept, "Ana")
    [delivery] = await claimed(kept)
    await kept.notices.settle(delivery, Unreachable("bot was blocked by the user"))

    await told(kept, "Ana")
    assert await claimed(kept) == []
    assert await rows(kept, "sent", "why") == [(None, "bot was blocked by the user")] * 2


async def test_a_refused_message_says_nothing_of_its_address(kept):
    await told(kept, "Ana")
    [delivery] = await claimed(kept)
    await kept.notices.settle(delivery, Refused("too large"))

    await told(kept, "Ana")
    assert [one.address.id for one in await claimed(kept)] == ["Ana"]


async def test_an_address_that_has_moved_is_followed(kept):
    await told(kept, "Ana")
    [delivery] = await claimed(kept)
    await kept.notices.settle(delivery, Sent("1", moved_to="-1005"))

    async with kept.database.reading() as connection:
        assert [row.channel_id for row in await connection.execute(select(t.address))] == ["-1005"]


@pytest.mark.parametrize("is_own", [True, False])
async def test_a_notice_goes_to_its_own_address_else_to_the_latest_that_is_reached(kept, is_own):
    await told(kept, "Ana")
    person = await kept.people.find(Address("console", "Ana"))
    async with kept.database.writing() as connection:
        first = await connection.scalar(select(t.address.c.id))
        blank = {"is_language_chosen": False, "has_consented": False, "recent": [], "seen": kept.now()}
        for name, since in (("phone", None), ("lost", kept.now())):
            row = {"channel": "console", "channel_id": name, "person_id": person.id, "unreachable": since, **blank}
            await connection.execute(insert(t.address).values(row))
        await connection.execute(update(t.notice).values(address_id=first if is_own else None))

    assert [one.address.id for one in await claimed(kept)] == ["Ana" if is_own else "phone"]


async def changed(kept, **values):
    async with kept.database.writing() as connection:
        await connection.execute(update(t.notice).values(**values))


async def states(kept):
    async with kept.database.reading() as connection:
        return list((await connection.execute(select(state(kept.now())).order_by(t.notice.c.id))).scalars())


async def test_where_nobody_is_reached_the_person_is_told_at_their_other_address(kept):
    await told(kept, "Ana")
    person = await kept.people.find(Address("console", "Ana"))
    blank = {"is_language_chosen": False, "has_consented": False, "recent": [], "seen": kept.now()}
    async with kept.database.writing() as connection:
        row = {"channel": "telegram", "channel_id": "7", "person_id": person.id, **blank}
        await connection.execute(insert(t.address).values(row))

    [delivery] = await kept.notices.claim("telegram", most=10, lease=LEASE)
    await kept.notices.settle(delivery, Unreachable("bot was blocked by the user"))

    assert [one.address for one in await claimed(kept)] == [Address("console", "Ana")]


async def test_what_has_expired_is_not_told(kept, clock):
    await told(kept, "Ana", "Ben")
    await changed(kept, expires=clock() + timedelta(minutes=1))
    [first] = await claimed(kept, most=1)
    await kept.notices.settle(first, Sent("1"))
    clock.go_on(minutes=2)

    assert await claimed(kept) == []
    assert await states(kept) == ["sent", "expired"]


async def test_at_night_only_what_is_urgent_or_cannot_wait_is_told(kept, clock):
    clock.moment = clock.moment.replace(hour=15)  # 23:00 in Wuhan
    notices = SqlNotices(kept.database, clock, QuietHours.of_text("22:00-07:00"))
    await told(kept, "Ana", "Ben", "Eve")
    async with kept.database.writing() as connection:
        await connection.execute(update(t.notice).where(t.notice.c.id == 2).values(is_urgent=True))
        expires = clock() + timedelta(hours=7)
        await connection.execute(update(t.notice).where(t.notice.c.id == 3).values(expires=expires))

    at_night = [one.address.id for one in await notices.claim("console", most=10, lease=LEASE)]
    clock.go_on(hours=8)
    in_the_morning = [one.address.id for one in await notices.claim("console", most=10, lease=LEASE)]

    assert (sorted(at_night), sorted(in_the_morning)) == (["Ben", "Eve"], ["Ana", "Ben"])  # Ben's lease has ended


async def test_two_for_one_address_are_never_in_hand_together_and_have_a_gap(kept, clock):
    await told(kept, "Ana", "Ana", "Ben")
    gap = timedelta(seconds=1)

    first = await kept.notices.claim("console", most=10, lease=LEASE, gap=gap)
    assert await kept.notices.claim("console", most=10, lease=LEASE, gap=gap) == []
    for delivery in first:
        await kept.notices.settle(delivery, Sent("1"))
    assert await kept.notices.claim("console", most=10, lease=LEASE, gap=gap) == []
    clock.go_on(seconds=1.1)
    later = await kept.notices.claim("console", most=10, lease=LEASE, gap=gap)

    assert [[one.address.id for one in some] for some in (first, later)] == [["Ana", "Ben"], ["Ana"]]


async def test_processes_share_the_places_of_a_channel_and_a_pause(kept):
    one, other = SqlPlaces(kept.database, "telegram"), SqlPlaces(kept.database, "telegram")

    first = await one.reserve(2, is_own=True)
    second = await other.reserve(1, is_own=False)
    await one.hold(40)
    looked = await other.reserve(0, is_own=False)

    assert first.begins < 0.1
    assert 1 < second.begins <= 2
    assert 1 < looked.told <= 2
    assert 35 < looked.held <= 40
