"""Staff at work in a browser, from a link in chat to what delegates are told by it."""

import re
import shutil
import socket
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from bot.app import Desk
from bot.dashboard.routes import ROUTES
from bot.settings import Settings
from handlers.model import Role
from tests.bot_api import FakeBotApi
from tests.browsers import PHONE, WALL, browser, complaints, kept, overflow, show_later_cruise
from tests.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
STAFF, ANA, BEN = 1, 2, 3
PAGES = {  # a page of each route
    "": "",
    "/activities/{key}": "/activities/cruise",
    "/programme": "/programme",
    "/broadcasts": "/broadcasts",
    "/broadcasts/new": "/broadcasts/new",
    "/broadcasts/{number}": "/broadcasts/1",
    "/questions": "/questions",
    "/briefings": "/briefings",
    "/chat": "/chat",
    "/delegations": "/delegations",
    "/health": "/health",
    "/log": "/log",
}
SCREENS = {"phone": PHONE, "wall": WALL}
SCHEMES = ("light", "dark")
SIGN_UP = "Sign me up for the night cruise, {name}, Bordeaux"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Office:
    """A desk that serves on a Telegram of the test, with somebody of the organizer who has come in by a code."""

    def __init__(self, api, desk):
        self.api = api
        self.url = f"{desk.url}/dashboard"

    async def told(self, chat, text, *, holding=""):
        """Say something in a chat; return what comes back. holding: what it holds, where news may come as well."""
        before = len(self.api.to(chat))
        self.api.say(chat, text)
        while not (found := [one.text for one in self.api.to(chat)[before:] if holding in one.text]):
            await self.api.wait_for(len(self.api.sent) + 1)
        return found[0]

    async def link(self):
        return re.search(r"http://\S+", await self.told(STAFF, "/dashboard", holding="/sign-in/"))[0]

    async def enter(self, page):
        await page.goto(await self.link())
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(self.url)


@asynccontextmanager
async def open_office(home):
    store = await Desk(Settings(home=home, _env_file=None)).store()
    code = await store.invites.create(role=Role.ORGANIZER, city="", name="Li Wei")
    await store.database.close()
    async with FakeBotApi() as api, serving(home, api.url, DESK_HTTP_PORT=str(free_port())) as desk:
        made = Office(api, desk)
        await made.told(STAFF, f"/start {code}")
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def office(home):
    async with open_office(home) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy_office(ingested, tmp_path_factory):
    """An office in which something has happened, for tests that look at its pages."""
    home = (
        tmp_path_factory.mktemp("office") / "a-data-folder-whose-name-is-longer-than-a-telephone-is-wide"
    )  # which a page tells
    shutil.copytree(ingested, home, ignore=shutil.ignore_patterns("desk.sqlite3*"))
    async with open_office(home) as opened:
        await opened.told(ANA, SIGN_UP.format(name="Ana Ruiz"))
        await opened.told(ANA, "Is there WiFi at the venue?")
        await opened.told(STAFF, "/announce Please bring a jacket.")
        await opened.told(STAFF, "yes")
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium():
    async with browser() as opened:
        yield opened


@asynccontextmanager
async def page_of(chromium, **options):
    context = await chromium.new_context(locale="en-GB", **options)
    page = await context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
    yield page
    await context.close()


async def test_staff_publish_a_change_send_a_broadcast_and_see_the_figures_move(office, chromium, tmp_path):
    for chat, name in ((ANA, "Ana Ruiz"), (BEN, "Ben Roux")):
        await office.told(chat, SIGN_UP.format(name=name))
    async with page_of(chromium, viewport=WALL) as page, page_of(chromium) as wall:
        await office.enter(page)
        await office.enter(wall)
        cruise = wall.get_by_role("row", name=re.compile("Night Cruise")).locator("td").first
        assert await cruise.inner_text() == "2"

        await office.told(4, SIGN_UP.format(name="Chloé Blanc"))
        await cruise.filter(has_text="3").wait_for()  # nobody has reloaded the page

        await page.get_by_role("link", name="Programme").click()
        await page.get_by_label("Session", exact=True).select_option("day-2-1900-yangtze-river-night-cruise")
        await page.get_by_label("New start").fill("19:30")
        await page.get_by_role("button", name="Show what people are told").first.click()
        assert "19:00 → Day 2, 19:30" in await page.locator(".bubble").first.inner_text()
        await page.get_by_role("button", name="Publish and tell 3 people").click()
        await page.locator("#progress").get_by_text("3 of 3 sent").wait_for(timeout=60_000)
        await kept(page, "broadcast-wall", tmp_path)

        await page.get_by_role("link", name="Broadcasts", exact=True).first.click()
        await page.get_by_role("link", name="Write a message").click()
        await page.get_by_label("Text, just as people shall read it").fill("Please bring a jacket.")
        await page.get_by_label("Bordeaux").check()
        await page.get_by_role("button", name="Show it as each will read it").click()
        await page.get_by_role("button", name="Send to 3 people").click()
        await page.locator("#progress").get_by_text("3 of 3 sent").wait_for(timeout=60_000)

        assert page.problems == wall.problems == []
    assert "19:30" in office.api.to(ANA)[-2].text
    assert "Please bring a jacket." in office.api.to(ANA)[-1].text


async def seen(page, name, folder):
    """Return what keeps people from using a page, on each screen, in each scheme, and written from the right."""
    found = {}
    for screen, size in SCREENS.items():
        await page.set_viewport_size(size)
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found[name, screen, scheme] = await complaints(page)
            await kept(page, f"{name}-{screen}-{scheme}", folder)
        wide = [await overflow(page)]
        await page.evaluate("document.documentElement.dir = 'rtl'")
        wide.append(await overflow(page))
        await page.evaluate("document.documentElement.dir = 'ltr'")
        found[name, screen, "too wide"] = [pixels for pixels in wide if pixels > 0]
    return {where: what for where, what in found.items() if what}


async def test_every_page_is_looked_at():
    assert {route.path for route in ROUTES if route.method == "GET" and "{form}" not in route.path} == set(PAGES)


async def test_every_page_can_be_used_by_everybody_on_a_phone_and_on_a_wall(busy_office, chromium, tmp_path):
    found = {}
    async with page_of(chromium) as page:
        await busy_office.enter(page)
        for path in PAGES.values():
            assert (await page.goto(busy_office.url + path)).status == 200
            found |= await seen(page, path.strip("/").replace("/", "-") or "overview", tmp_path)
        assert page.problems == []

    assert found == {}


async def test_what_is_shown_before_it_is_done_can_be_used_by_everybody(busy_office, chromium, tmp_path):
    found = {}
    async with page_of(chromium) as page:
        await busy_office.enter(page)
        await page.goto(f"{busy_office.url}/activities/cruise")
        await page.get_by_label("Number of places").fill("1")
        await page.get_by_role("button", name="Show what this does").click()
        await page.get_by_role("button", name="Do it").wait_for()
        found |= await seen(page, "resize", tmp_path)
        await page.goto(f"{busy_office.url}/programme")
        await page.get_by_label("Date of the first day").fill("2026-09-14")
        await page.get_by_role("button", name="Show what people are told").last.click()
        await page.get_by_role("heading", name="Before it goes out").wait_for()
        found |= await seen(page, "preview", tmp_path)
        await page.goto(f"{busy_office.url}/briefings")
        await show_later_cruise(page)
        found |= await seen(page, "briefing", tmp_path)
        await page.goto(f"{busy_office.url}/delegations")
        await page.get_by_label("Name", exact=True).fill("Cem Kaya")
        await page.get_by_label("City", exact=True).fill("Izmir")
        await page.get_by_role("button", name="Make the invitation").click()
        await page.get_by_role("img", name=re.compile("QR code of")).wait_for()
        found |= await seen(page, "invitation", tmp_path)

    assert found == {}


async def test_the_door_can_be_used_by_everybody(busy_office, chromium, tmp_path):
    found, link = {}, await busy_office.link()
    async with page_of(chromium) as page:
        for name, url, heading in (
            ("signed-out", busy_office.url, "You are not signed in"),
            ("sign-in", link, "Good day, Li Wei"),
            ("link-over", f"{link}x", "This link works no more"),
        ):
            await page.goto(url)
            await page.get_by_role("heading", name=heading).wait_for()
            found |= await seen(page, name, tmp_path)

    assert found == {}


async def test_without_a_script_and_with_the_keyboard_alone_a_resize_is_done(busy_office, chromium):
    async with page_of(chromium, java_script_enabled=False, viewport=PHONE) as page:
        await busy_office.enter(page)
        await page.goto(f"{busy_office.url}/activities/cruise")
        await page.keyboard.press("Tab")
        assert await page.locator(":focus").inner_text() == "Skip to the content"
        await page.keyboard.press("Enter")
        for _ in range(20):
            await page.keyboard.press("Tab")
            if await page.locator(":focus").get_attribute("name") == "places":
                break
        await page.keyboard.type("40")
        await page.keyboard.press("Enter")
        await page.get_by_text("no limit → 40 places").wait_for()
        await page.get_by_role("button", name="Do it").press("Enter")

        await page.get_by_text("has 40 places now").wait_for()


async def test_without_a_script_a_document_is_taken_in_and_the_next_answer_goes_by_it(busy_office, chromium):
    notes = "---\nauthority: staff\n---\n# Notes\n\n## Dress {#practical.dress}\n\nBring rubber boots for the cruise.\n"
    async with page_of(chromium, java_script_enabled=False, viewport=PHONE) as page:
        await busy_office.enter(page)
        await page.get_by_role("link", name="Briefings").click()
        file = {"name": "team-notes.md", "mimeType": "text/markdown", "buffer": notes.encode()}
        await page.get_by_label("File", exact=True).set_input_files(file)
        await page.get_by_role("button", name="Show what this does").click()
        await page.get_by_role("button", name="Take it in").click()
        await page.get_by_text("team-notes is in the library.").wait_for()

    assert "rubber boots" in await busy_office.told(BEN, "What is the dress code?")


async def test_a_page_of_somebody_who_was_signed_out_says_so_by_itself(busy_office, chromium):
    async with page_of(chromium) as page, page_of(chromium) as other:
        await busy_office.enter(page)
        await page.locator("html[data-live=on]").wait_for()
        await busy_office.enter(other)
        await other.goto(f"{busy_office.url}/log")
        of_page = other.get_by_role("table", name="Signed in").get_by_role("button", name=re.compile("Sign out")).nth(1)
        await of_page.click()  # the latest stands first

        await page.get_by_text("You are not signed in").wait_for()
        await other.get_by_role("status").get_by_text("Signed out.").wait_for()
