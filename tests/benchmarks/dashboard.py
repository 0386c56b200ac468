"""Measure what the first page of the dashboard costs, as a multiple of the SQL that it asks, in the same run.

    python -m tests.benchmarks.dashboard [--streams 500]

With 10,000 people, 50,000 RSVPs, their history, and 5,000 questions. With --streams the memory of that many open
streams of events is measured in a `desk serve` of its own. Exits with 1 where a bar is missed. Not a test: machines
are shared.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import numpy as np
from fastapi import FastAPI
from sqlalchemy import event, insert, select
from sqlalchemy.engine import Engine

from bot.app import Desk
from bot.dashboard.served import Dashboard
from bot.dashboard.shell import FOLDER
from bot.dashboard.works import Works
from bot.settings import PACK, Settings
from bot.store import tables as t
from bot.store.whole import Store
from bot.web.assets import OWN, Assets
from handlers.model import Role
from tests.benchmarks.rsvps import filled, timed
from tests.benchmarks.web_chat import bar
from tests.serving import serving

PEOPLE = 10_000
QUESTIONS = 5_000
MOST = 5.0
KILOBYTES = 100  # of an open stream


async def main(streams: int) -> int:
    """Print the figures; return the number of bars missed."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Settings(home=Path(folder)))
        desk.shelf.ingest([PACK], only=True)
        store = await desk.store()
        await desk.seed_activities(store)
        missed = await measure_page(desk, store)
        await store.database.close()
        return missed + (await measure_streams(Path(folder), streams) if streams else 0)


async def measure_page(desk: Desk, store: Store) -> int:
    """Print what the page costs, and the statements that it runs, each run as the page does."""
    await filled(store, PEOPLE)
    await with_history(store)
    app = FastAPI(openapi_url=None)
    assets = Assets(OWN, FOLDER / "static")
    app.add_route(assets.route, assets.serve)
    Dashboard(Works(desk, store), assets).add_to(app)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
        await browser.post(f"/dashboard/sign-in/{await a_link(store)}")
        asked = await statements_of(browser)

        async def page(_: int) -> None:
            (await browser.get("/dashboard")).raise_for_status()

        async def bare(_: int) -> None:
            async with store.database.reading() as connection:
                for statement, values in asked:
                    (await connection.exec_driver_sql(statement, values)).all()

        both = [(await timed(page, 5), await timed(bare, 5)) for _ in range(6)][1:]
    whole, plain = (float(np.median(np.concatenate(times))) for times in zip(*both, strict=True))
    print(f"page {whole:.1f} ms; its {len(asked)} queries {plain:.1f} ms; {PEOPLE} people, {5 * PEOPLE} RSVPs")
    return bar("page / its queries, medians", whole / plain, MOST)


async def statements_of(browser: httpx.AsyncClient) -> list[tuple[str, Any]]:
    """Return the queries of one page with their values."""
    seen: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    (await browser.get("/dashboard")).raise_for_status()
    event.remove(Engine, "before_cursor_execute", note)
    return seen


async def a_link(store: Store) -> str:
    """Return what a link that signs an organizer in ends in."""
    await store.invites.create(role=Role.ORGANIZER, city="", name="Li")
    return await store.sign_ins.offer(next(one.id for one in await store.people.team() if one.role is Role.ORGANIZER))


async def with_history(store: Store) -> None:
    """Write a line of history for each RSVP, and questions, over the last two weeks."""
    now = datetime.now(UTC)
    async with store.database.writing() as connection:
        rsvps = (await connection.execute(select(t.rsvp.c.activity, t.rsvp.c.person_id))).all()
        lines = [
            {
                "at": now - timedelta(minutes=number % 20_000),
                "activity": rsvp.activity,
                "person_id": rsvp.person_id,
                "by_id": rsvp.person_id,
                "after": {"status": "confirmed", "party": 1},
                "why": "said",
            }
            for number, rsvp in enumerate(rsvps)
        ]
        await connection.execute(insert(t.history), lines)
    for number in range(QUESTIONS // 50):
        moment = now - timedelta(hours=3 * number)
        async with store.database.writing() as connection:
            row = {"asked": moment, "text": "When?", "language": "en", "is_answered": number % 5 > 0}
            await connection.execute(insert(t.question), [row | QUESTION for _ in range(50)])


QUESTION: dict[str, Any] = {"certainty": "draft", "topics": []}


async def measure_streams(home: Path, streams: int) -> int:
    """Print the memory that each open stream takes."""
    async with serving(home, "http://127.0.0.1:9", DESK_TELEGRAM_TOKEN="") as desk, AsyncExitStack() as stack:
        store = await Desk(Settings(home=home)).store()
        secret = await a_link(store)
        await store.database.close()
        jar = aiohttp.CookieJar(unsafe=True)
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar, connector=connector))
        (await session.post(f"{desk.url}/dashboard/sign-in/{secret}")).raise_for_status()
        (await session.get(f"{desk.url}/dashboard")).raise_for_status()
        before = desk.megabytes
        for _ in range(streams):
            answer = await session.get(f"{desk.url}/dashboard/events", timeout=aiohttp.ClientTimeout(None))
            answer.raise_for_status()
            await answer.content.readline()
            stack.callback(answer.close)
        grown = (desk.megabytes - before) * 1024 / streams
    return bar(f"KB of each of {streams} open streams", grown, KILOBYTES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=0)
    sys.exit(min(asyncio.run(main(parser.parse_args().streams)), 1))
