"""A dashboard over a data folder of its own, and browsers without a screen that ask for its pages."""

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from bot.app import Desk
from bot.dashboard.served import Dashboard
from bot.dashboard.shell import FOLDER
from bot.dashboard.works import Works
from bot.settings import Settings
from bot.web.assets import OWN, Assets
from handlers.model import Act, Role, Wanted

NOW = "2026-09-01T08:00+00:00"


@dataclass
class Staffed:
    """A desk with a dashboard, and its app."""

    desk: Desk
    store: object
    dashboard: Dashboard
    app: FastAPI

    def browser(self):
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://127.0.0.1")

    async def member(self, role):
        await self.store.invites.create(role=role, city="", name=f"Li {role.value}")
        return next(one.id for one in await self.store.people.team() if one.role is role)

    @asynccontextmanager
    async def signed_in(self, role=Role.ORGANIZER):
        """Yield a browser of somebody new who has signed in."""
        secret = await self.store.sign_ins.offer(await self.member(role))
        async with self.browser() as browser:
            answer = await browser.post(f"/dashboard/sign-in/{secret}")
            assert answer.status_code == 303
            yield browser

    async def sign_up(self, name, activity="cruise", party=1, city="Oita"):
        person = await self.store.people.example(name, city, Role.DELEGATE)
        await self.store.rsvps.sign_up(Act(person, person, "said"), Wanted(activity, party))
        return person


@pytest.fixture
async def staffed(home):
    desk = Desk(Settings(home=home, now=NOW, _env_file=None))
    store = await desk.store()
    await desk.seed_activities(store)
    app = FastAPI(openapi_url=None)
    assets = Assets(OWN, FOLDER / "static")
    app.add_route(assets.route, assets.serve)
    dashboard = Dashboard(Works(desk, store), assets)
    dashboard.add_to(app)
    yield Staffed(desk, store, dashboard, app)
    await store.database.close()


async def csrf(browser):
    """Return what the forms of a browser hold."""
    return re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/dashboard")).text)[1]


async def sent(browser, path, **fields):
    """Send a form as a page would."""
    return await browser.post(f"/dashboard{path}", data={"csrf": await csrf(browser), **fields})


def field(page, name):
    """Return the value of a hidden field of a page."""
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1].replace("&#34;", '"').replace("&amp;", "&")
