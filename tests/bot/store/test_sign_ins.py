import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store import tables as t
from bot.store.sign_ins import STAYS, SqlSignIns
from handlers.dashboard import LINK_HOLDS
from handlers.model import Role


@pytest.fixture
async def sign_ins(kept, clock):
    return SqlSignIns(kept.database, clock)


async def person(kept, role=Role.STAFF):
    await kept.invites.create(role=role, city="Wuhan", name="Li")
    async with kept.database.reading() as connection:
        return await connection.scalar(select(t.person.c.id).order_by(t.person.c.id.desc()))


async def test_a_link_signs_in_once_however_many_press_at_the_same_time(kept, sign_ins):
    secret = await sign_ins.offer(await person(kept))

    used = await asyncio.gather(*(sign_ins.use(secret) for _ in range(5)))

    (cookie,) = [one for one in used if one]
    assert (await sign_ins.by(cookie)).person.name == "Li"
    assert await sign_ins.whose(secret) is None


async def test_a_look_at_the_link_does_not_use_it_up(kept, sign_ins):
    secret = await sign_ins.offer(await person(kept))

    assert [(await sign_ins.whose(secret)).name for _ in range(2)] == ["Li", "Li"]
    assert await sign_ins.use(secret)


async def test_a_link_expires_and_so_does_who_came_by_it(kept, sign_ins, clock):
    staff = await person(kept)
    late, cookie = await sign_ins.offer(staff), await sign_ins.use(await sign_ins.offer(staff))
    clock.moment += LINK_HOLDS + timedelta(seconds=1)
    assert (await sign_ins.use(late), bool(await sign_ins.by(cookie))) == (None, True)

    clock.moment += STAYS
    assert await sign_ins.by(cookie) is None


async def test_who_is_signed_out_stays_out_and_the_others_stay_in(kept, sign_ins):
    staff = await person(kept)
    one, other = [await sign_ins.use(await sign_ins.offer(staff)) for _ in range(2)]

    ended = await sign_ins.end((await sign_ins.by(one)).digest)

    assert (ended, await sign_ins.by(one), bool(await sign_ins.by(other))) == (True, None, True)
    assert len(await sign_ins.all()) == 1


async def test_a_role_that_does_not_see_the_dashboard_is_out_at_once(kept, sign_ins):
    cookie = await sign_ins.use(await sign_ins.offer(await person(kept, Role.DELEGATE)))

    assert await sign_ins.by(cookie) is None


async def test_what_is_kept_opens_nothing(kept, sign_ins):
    secret = await sign_ins.offer(await person(kept))
    cookie = await sign_ins.use(secret)
    async with kept.database.reading() as connection:
        rows = [*await connection.execute(select(t.sign_in_link)), *await connection.execute(select(t.signed_in))]

    assert len(rows) == 2
    assert not any(one in map(str, row) for row in rows for one in (secret, cookie))
    assert [await sign_ins.by(row.digest) for row in rows] == [None, None]


async def test_old_links_and_cookies_are_forgotten(kept, sign_ins, clock):
    staff = await person(kept)
    await sign_ins.offer(staff)
    await sign_ins.use(await sign_ins.offer(staff))
    clock.moment += STAYS + timedelta(seconds=1)

    await sign_ins.forget_old()

    async with kept.database.reading() as connection:
        assert [*await connection.execute(select(t.sign_in_link)), *await connection.execute(select(t.signed_in))] == []
