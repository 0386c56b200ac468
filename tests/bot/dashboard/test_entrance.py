import pytest

from bot.dashboard.guard import COOKIE
from handlers.model import Role
from tests.bot.dashboard.conftest import csrf, field, sent


async def test_a_link_that_a_chat_app_looks_at_still_signs_in(staffed):
    secret = await staffed.store.sign_ins.offer(await staffed.member(Role.STAFF))
    async with staffed.browser() as browser:
        looks = [await browser.get(f"/dashboard/sign-in/{secret}") for _ in range(2)]
        entered = await browser.post(f"/dashboard/sign-in/{secret}")
        again = await browser.post(f"/dashboard/sign-in/{secret}")

    assert ([look.status_code for look in looks], entered.status_code, again.status_code) == ([200, 200], 303, 410)
    assert "Li staff" in looks[0].text
    (cookie,) = [one for one in entered.headers.get_list("set-cookie") if one.startswith(COOKIE)]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/dashboard" in cookie


async def test_a_cookie_that_was_not_signed_here_opens_nothing(staffed):
    async with staffed.signed_in() as browser:
        signed = browser.cookies[COOKIE]
        bare = signed.partition(".")[2]
    async with staffed.browser() as stranger:
        for value in (bare, f"x.{bare}", signed[:-1], ""):
            answer = await stranger.get("/dashboard", headers={"Cookie": f"{COOKIE}={value}"})
            assert answer.status_code == 401


async def test_who_signs_out_is_out_on_the_server_too(staffed):
    async with staffed.signed_in() as browser:
        kept = browser.cookies[COOKIE]
        await sent(browser, "/sign-out")

        assert (await browser.get("/dashboard")).status_code == 401
        answer = await browser.get("/dashboard", headers={"Cookie": f"{COOKIE}={kept}"})
        assert answer.status_code == 401


async def test_nobody_is_signed_out_by_another_site(staffed):
    async with staffed.signed_in() as browser:
        await browser.post("/dashboard/sign-out", data={"csrf": "x"})
        kept = browser.cookies.get(COOKIE)

    assert len(await staffed.store.sign_ins.all()) == 1 or kept


async def test_links_cannot_be_tried_for_long(staffed):
    async with staffed.browser() as browser:
        answers = [(await browser.post(f"/dashboard/sign-in/{number}")).status_code for number in range(25)]

    assert (answers[:20], set(answers[20:])) == ([410] * 20, {429})


@pytest.mark.parametrize(
    ("asked", "heading"), [("fr,zh-CN;q=0.9", "概览"), ("zh-TW", "概览"), ("th,en;q=0.5", "Overview")]
)
async def test_pages_speak_the_language_of_the_browser(staffed, asked, heading):
    async with staffed.signed_in() as browser:
        page = await browser.get("/dashboard", headers={"Accept-Language": asked})

    assert f"<h1>{heading}</h1>" in page.text


async def test_a_language_that_was_chosen_stays(staffed):
    async with staffed.signed_in() as browser:
        chosen = await browser.post("/dashboard/language", data={"language": "zh", "back": "https://evil.example"})

        assert chosen.headers["location"] == "/dashboard"
        assert 'lang="zh"' in (await browser.get("/dashboard")).text


async def test_a_change_is_in_the_log_with_who_made_it(staffed):
    async with staffed.signed_in(Role.STAFF) as browser:
        shown = await sent(browser, "/activities/cruise/open", is_open="no")
        await sent(browser, "/activities/cruise/opened", draft=field(shown, "draft"))

    logged = [(one.by, one.what, one.about) for one in await staffed.store.log.latest(2)]
    assert logged == [
        ("Li staff", "opened or closed an activity", "cruise"),
        ("Li staff", "signed in", ""),
    ]


async def test_a_form_that_is_too_large_is_not_read(staffed):
    async with staffed.signed_in() as browser:
        answer = await sent(browser, "/activities/cruise/open", is_open="x" * 1_100_000)

    assert answer.status_code == 413


async def test_a_secret_is_never_logged(staffed, caplog):
    caplog.set_level("DEBUG")
    async with staffed.signed_in() as browser:
        await csrf(browser)

    assert browser.cookies[COOKIE] not in caplog.text


async def test_where_the_database_is_away_the_page_says_so_and_when_to_come_back(staffed, home):
    async with staffed.signed_in() as browser:
        token = await csrf(browser)
        await staffed.store.database.close()
        (home / "desk.sqlite3").rename(home / "elsewhere")
        (home / "desk.sqlite3").mkdir()  # what cannot be opened as a database
        answers = [
            await browser.get("/dashboard", headers={"Accept-Language": "zh"}),
            await browser.post("/dashboard/activities/cruise/resize", data={"csrf": token, "places": "5"}),
        ]
        (home / "desk.sqlite3").rmdir()
        (home / "elsewhere").rename(home / "desk.sqlite3")
        back = await browser.get("/dashboard")

    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "5")] * 2
    assert "数据库暂时没有响应" in answers[0].text
    assert "Nothing was changed" in answers[1].text
    assert back.status_code == 200
