"""The system's Chromium, driven by tests: what people see, judged by axe as well."""

import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from bot.settings import PACK
from tests import judges

PHONE, WALL = {"width": 360, "height": 740}, {"width": 1920, "height": 1080}
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_AXE = judges.FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_BAD = ("serious", "critical")


@asynccontextmanager
async def browser():
    """Yield Chromium; skip the test where there is none, fail it where it is required."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        told = "NOT TESTED IN A BROWSER: needs Chromium"
        pytest.fail(told) if os.environ.get(judges.REQUIRED) else pytest.skip(told)
    async with async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


async def complaints(page):
    """Return what axe finds on a page that keeps people from using it: the rule, and where."""
    judges.need_node("axe-core")
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE.read_text("utf-8"))
    found = await page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        (one["id"], node["target"]) for one in found["violations"] if one["impact"] in _BAD for node in one["nodes"]
    ]


async def show_later_cruise(page):
    """Choose, among the briefings, an invitation by which the cruise begins at 19:30, and see what that would do."""
    newer = (PACK / "wuhan-2026-invitation.md").read_text("utf-8").replace("19:00", "19:30")
    file = {"name": "wuhan-2026-invitation.md", "mimeType": "text/markdown", "buffer": newer.encode()}
    await page.get_by_label("File", exact=True).set_input_files(file)
    await page.get_by_role("button", name="Show what this does").click()
    await page.get_by_role("heading", name="Before it is taken in").wait_for()


async def overflow(page):
    """Return by how many pixels a page is wider than its window."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


async def kept(page, name, otherwise: Path):
    """Keep a picture of a page: in DESK_TEST_ARTIFACTS, where that is set, else in a folder of the test."""
    folder = Path(os.environ.get("DESK_TEST_ARTIFACTS") or otherwise)
    await page.screenshot(path=folder / f"{name}.png", full_page=True)
