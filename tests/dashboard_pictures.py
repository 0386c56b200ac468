"""Photograph the dashboard as the browser shows it, with the example delegations, for the documentation.

    python -m tests.dashboard_pictures

tests/test_pictures.py sees that the documentation shows each, and that none is large.
"""

import asyncio
import socket
import tempfile
from pathlib import Path

from bot import registry
from bot.app import Desk
from bot.demonstration import fill
from bot.settings import PACK, Settings
from tests.browsers import PHONE, browser, show_later_cruise
from tests.pictures import FOLDER
from tests.serving import serving

NOW = "2026-09-01T08:00+00:00"
DESKTOP = {"width": 1060, "height": 640}


async def main() -> None:
    """Photograph the pages."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        desk = Desk(Settings(_env_file=None, home=home, now=NOW, http_port=port))
        desk.shelf.ingest([PACK])
        await fill(desk, if_empty=True)
        link = await registry.dashboard_link(desk, "")
        settings = {"DESK_TELEGRAM_TOKEN": "", "DESK_NOW": NOW, "DESK_HTTP_PORT": str(port)}
        async with serving(home, "http://127.0.0.1:9", **settings) as served, browser() as chromium:
            await served.until_ready()
            await _photographed(await chromium.new_page(locale="en-GB", viewport=DESKTOP), link, served.url)


async def _photographed(page, link, url):
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(link)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name="Overview").wait_for()
    await page.screenshot(path=FOLDER / "dashboard-overview.png")
    await page.goto(f"{url}/dashboard/briefings")
    await show_later_cruise(page)
    await page.screenshot(path=FOLDER / "dashboard-briefing.png")
    await page.set_viewport_size(PHONE)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    await page.goto(f"{url}/dashboard/activities/cruise")
    await page.get_by_label("Number of places").fill("40")
    await page.get_by_role("button", name="Show what this does").click()
    await page.get_by_role("button", name="Do it").scroll_into_view_if_needed()
    await page.screenshot(path=FOLDER / "dashboard-phone.png")


if __name__ == "__main__":
    asyncio.run(main())
