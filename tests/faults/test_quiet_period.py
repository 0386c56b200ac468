"""Killed while changes wait for others: each person is told once, of all of them, and nobody before it is time."""

import signal
from contextlib import asynccontextmanager

from bot.app import Desk
from bot.settings import Settings
from handlers.broadcasts import State
from handlers.model import Role
from tests.bot_api import FakeBotApi
from tests.serving import serving

LI, ANA, BEN = 1, 2, 3
CRUISE = "Yangtze River Night Cruise"


@asynccontextmanager
async def killed(home, api, moment):
    """Run a desk at a moment of 5 September 2026, in whose quiet period of two minutes it is killed."""
    now = f"2026-09-05T{moment}+00:00"
    async with serving(home, api.url, DESK_QUIET_PERIOD="120", DESK_NOW=now) as desk:
        yield desk
        desk.signal(signal.SIGKILL)
        await desk.ended()


async def said(api, who, text):
    """Say something, and return what comes back."""
    before = len(api.to(who))
    api.say(who, text)
    while len(api.to(who)) == before:
        await api.wait_for(len(api.sent) + 1, 60)
    return api.to(who)[-1]


async def published(api, order):
    """Have Li publish a change; return what he is told of it."""
    shown = await said(api, LI, f"/change {order}")
    before = len(api.to(LI))
    api.press(LI, shown.buttons[0][0][1], shown.message_id)
    while len(api.to(LI)) == before:
        await api.wait_for(len(api.sent) + 1, 60)
    return api.to(LI)[-1].text


async def reached(store):
    return sum(one.sent for one in await store.broadcasts.all())


def told_of(api, who):
    return [sent.text for sent in api.to(who) if sent.text.startswith(f"{CRUISE}:")]


async def test_a_desk_that_is_killed_in_a_quiet_period_loses_no_notice_and_tells_nobody_twice(home):
    store = await Desk(Settings(home=home, _env_file=None)).store()
    code = await store.invites.create(role=Role.STAFF, city="Wuhan", name="Li")

    async with FakeBotApi() as api:
        async with killed(home, api, "12:00:00"):
            await said(api, LI, f"/start {code}")
            await said(api, ANA, "Sign me up for the night cruise, Ana Ruiz, Bordeaux")
            await said(api, BEN, "Sign me up for the night cruise, Ben Oduya, Kyiv")
            assert "Goes out:" in await published(api, "night cruise 19:30")
        assert [one.state for one in await store.broadcasts.all()] == [State.PLANNED]
        async with killed(home, api, "12:01:00"):
            assert "Goes out:" in await published(api, "night cruise 19:45")
            assert (told_of(api, ANA), told_of(api, BEN)) == ([], [])
        async with killed(home, api, "12:04:00"):
            while await reached(store) < 2:
                await api.wait_for(0)
        async with killed(home, api, "12:05:00") as desk:
            await desk.until_ready()
            await said(api, BEN, "Hello")
        told = [told_of(api, who) for who in (ANA, BEN)]

        count = await reached(store)
    await store.database.close()
    assert told == [[f"{CRUISE}: Day 2, 19:00 → Day 2, 19:45"]] * 2
    assert count == 2
