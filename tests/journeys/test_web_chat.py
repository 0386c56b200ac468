"""The chat as people use it: in Chromium, on a telephone and on a wide screen, over bad networks, judged by axe."""

import re
import shutil

import pytest
import pytest_asyncio

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Role
from tests.browsers import PHONE, WALL, browser, complaints, kept, overflow
from tests.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
SCREENS = {"phone": PHONE, "wide": WALL}
OPENING = "When does the opening begin?"


LAST_LINES = """() => ['.line.own', '.line.desk'].map(
    lines => [...document.querySelectorAll(lines)].at(-1).getBoundingClientRect().toJSON())"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(ingested, tmp_path_factory):
    home = tmp_path_factory.mktemp("browser") / "home"
    shutil.copytree(ingested, home, ignore=shutil.ignore_patterns("desk.sqlite3*"))
    async with serving(home, "http://127.0.0.1:9", DESK_TELEGRAM_TOKEN="") as served:
        served.home = home
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium():
    async with browser() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def opened(chromium, desk):
    """Return what opens the chat in a browser of its own; what its console complains about fails the test."""
    contexts, errors = [], []

    async def open_chat(path="/chat", **options):
        context = await chromium.new_context(**{"locale": "en", "viewport": PHONE, **options})
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security" in line.text else None)
        await page.goto(desk.url + path)
        return page

    yield open_chat
    for context in contexts:
        await context.close()
    assert errors == []


async def say(page, text):
    """Type a message, and return the answer once it is shown."""
    answers = page.locator('.line.desk[data-key^="answer:"]')
    before = await answers.count()
    await page.fill("#text", text)
    await page.keyboard.press("Enter")
    await answers.nth(before).wait_for(timeout=30_000)
    return await answers.nth(before).locator(".said").inner_text()


async def own_lines(page):
    return await page.locator(".line.own .said").all_inner_texts()


async def keys(page):
    return await page.locator(".line[data-key]").evaluate_all("lines => lines.map(line => line.dataset.key)")


@pytest.mark.parametrize("screen", SCREENS)
async def test_a_delegate_asks_signs_up_and_takes_it_back(opened, screen, tmp_path):
    page = await opened(viewport=SCREENS[screen])
    answer = await say(page, OPENING)
    signed_up = await say(page, "Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    await kept(page, f"chat-{screen}", tmp_path)
    await page.get_by_role("button", name="Undo").last.click()
    await page.locator(".line.own", has_text="Undo").wait_for()
    await page.locator('.line.desk[data-key^="answer:"]').nth(2).wait_for()
    mine = await say(page, "what am I signed up for?")

    assert "09:30" in answer
    assert "19:00" in signed_up
    assert "not signed up" in mine
    assert await overflow(page) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("screen", "language"), [("phone", "en"), ("wide", "zh"), ("phone", "ar")])
async def test_axe_finds_nothing_that_keeps_people_out(opened, screen, language, scheme):
    page = await opened(viewport=SCREENS[screen], locale=language, color_scheme=scheme, reduced_motion="reduce")
    empty = await complaints(page)
    await say(page, "/language")

    assert (empty, await complaints(page), await overflow(page)) == ([], [], 0)


async def test_the_keyboard_alone_is_enough(opened):
    page = await opened(viewport=WALL)
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type(OPENING)
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("And what is it about?")
    await page.keyboard.press("Enter")
    await page.locator('.line.desk[data-key^="answer:"]').wait_for()
    assert await own_lines(page) == [f"{OPENING}\nAnd what is it about?"]

    await page.locator(".choice").first.focus()
    await page.keyboard.press("Enter")
    await page.locator('.line.desk[data-key^="answer:"]').nth(1).wait_for()


async def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(opened):
    page = await opened()
    await say(page, OPENING)
    await page.context.set_offline(True)
    for number in range(3):
        await page.fill("#text", f"{OPENING} {number}")
        await page.keyboard.press("Enter")
    waiting = await page.locator(".fate").all_inner_texts()
    state = await page.locator("#state").inner_text()
    await page.context.set_offline(False)
    await page.locator('.line.desk[data-key^="answer:"]').nth(3).wait_for(timeout=40_000)
    shown = await keys(page)

    assert (waiting, state.startswith("No connection")) == (["Waiting to be sent"] * 3, True)
    assert len(shown) == len(set(shown)) == 8
    assert await own_lines(page) == [OPENING, *(f"{OPENING} {number}" for number in range(3))]
    await page.reload()
    assert sorted(await keys(page)) == sorted(shown)


async def test_a_page_that_is_opened_without_a_connection_shows_what_was_said_and_sends_later(opened):
    page = await opened()
    await say(page, OPENING)
    await page.evaluate("navigator.serviceWorker.ready")
    await page.reload()
    await page.context.set_offline(True)
    await page.reload()
    said = await own_lines(page)
    await page.fill("#text", "Where is it?")
    await page.keyboard.press("Enter")
    await page.reload()
    still = await own_lines(page)
    await page.context.set_offline(False)
    await page.locator('.line.desk[data-key^="answer:"]').nth(1).wait_for(timeout=40_000)

    assert (said, still) == ([OPENING], [OPENING, "Where is it?"])


async def test_a_lost_answer_to_a_post_does_not_make_a_second_message(opened):
    page = await opened()
    posts = []

    async def lose_the_first(route):
        posts.append(route.request.post_data)
        if len(posts) == 1:
            await route.fetch()  # the desk has it, the page does not know
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/chat/messages", lose_the_first)
    await page.fill("#text", OPENING)
    await page.keyboard.press("Enter")
    await page.locator('.line.desk[data-key^="answer:"]').wait_for(timeout=30_000)
    await page.wait_for_timeout(2500)

    assert posts[0] == posts[-1]
    assert len(await keys(page)) == 2


async def test_over_a_slow_network_it_is_shown_that_the_desk_answers(opened):
    page = await opened()
    await say(page, OPENING)  # by now the page has its stream
    # Kept by the page itself: on a busy machine the sign may be gone before it is looked for.
    await page.evaluate(
        """() => {
            const typing = document.getElementById("typing");
            const look = () => { if (!typing.hidden) window.typingWasShown = true; };
            new MutationObserver(look).observe(typing, { attributes: true });
        }"""
    )
    network = await page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 700, "downloadThroughput": 6_000, "uploadThroughput": 3_000}
    await network.send("Network.emulateNetworkConditions", slow)
    await say(page, "Who pays for the hotel?")

    assert await page.evaluate("window.typingWasShown") is True
    await page.locator("#typing").wait_for(state="hidden")


async def test_two_windows_of_one_browser_show_the_same(opened, desk):
    page = await opened()
    other = await page.context.new_page()
    await other.goto(f"{desk.url}/chat")
    await say(page, OPENING)
    await other.locator('.line.desk[data-key^="answer:"]').wait_for()

    assert await keys(other) == await keys(page)


async def test_an_invitation_leaves_the_address_and_is_used_by_a_tap(opened, desk):
    store = await Desk(Settings(home=desk.home, _env_file=None)).store()
    code = await store.invites.create(role=Role.DELEGATE, city="Bordeaux", name="Claire")
    await store.database.close()
    page = await opened(f"/chat/{code}")
    address, card = page.url, await page.locator("#invitation").inner_text()
    await page.get_by_role("button", name="Use the invitation").click()
    await page.locator(".said", has_text="Claire").wait_for()

    assert (address, "invitation" in card) == (f"{desk.url}/chat", True)
    assert code not in await page.content()


async def test_the_language_is_chosen_and_arabic_runs_from_right_to_left(opened):
    page = await opened()
    await page.select_option("#language", "ar")
    await page.locator('html[dir="rtl"]').wait_for(timeout=20_000)
    answer = await say(page, "متى تقام جلسة الافتتاح؟")
    await page.locator(".line.own[data-number]").last.wait_for()  # as the desk has it: it is not replaced any more
    own, answered = await page.evaluate(LAST_LINES)  # at one moment: a line is replaced when the desk has it

    assert re.search(r"[؀-ۿ]", answer)
    assert own["x"] < answered["x"] + answered["width"] / 2


async def test_without_script_the_form_brings_the_answer(opened):
    page = await opened(java_script_enabled=False)
    await page.fill("#text", OPENING)
    await page.click("#send")
    assert "09:30" in await page.locator(".line.desk").last.inner_text()
    await page.get_by_role("button", name="Dates").first.click()
    await page.wait_for_load_state()

    assert await own_lines(page) == [OPENING, "Dates"]


async def test_it_can_be_put_on_a_home_screen(opened, desk):
    page = await opened()
    network = await page.context.new_cdp_session(page)
    manifest = await network.send("Page.getAppManifest")
    await page.evaluate("navigator.serviceWorker.ready")

    assert manifest["errors"] == []
    assert '"display": "standalone"' in manifest["data"]
    assert (await network.send("Page.getInstallabilityErrors"))["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )
