from datetime import UTC, datetime

from bot.store.activities import SqlActivities
from handlers.model import Role, Status
from tests.bot.dashboard.conftest import field, sent


async def full_cruise(staffed):
    """A cruise of two places that are taken, with two parties that wait."""
    await staffed.store.rsvps.resize("cruise", 2)
    for name, party in (("Ana", 2), ("Ben", 2), ("Cem", 1)):
        await staffed.sign_up(name, party=party)


async def statuses(staffed):
    return {one.name: one.rsvp.status for one in await staffed.store.rsvps.listed("cruise")}


async def test_a_resize_shows_whom_it_would_offer_a_place_and_does_nothing_yet(staffed):
    await full_cruise(staffed)
    async with staffed.signed_in() as browser:
        shown = await sent(browser, "/activities/cruise/resize", places="4")

    assert "Ben, Oita: 2" in shown.text
    assert "Cem, Oita: 1" not in shown.text.split("Waitlist")[0]
    assert await statuses(staffed) == {"Ana": Status.CONFIRMED, "Ben": Status.WAITLISTED, "Cem": Status.WAITLISTED}
    assert (await staffed.store.activities.all())[3].capacity == 2


async def test_a_resize_that_was_shown_is_done_as_it_was_shown(staffed):
    await full_cruise(staffed)
    async with staffed.signed_in() as browser:
        shown = await sent(browser, "/activities/cruise/resize", places="4")
        done = await sent(browser, "/activities/cruise/resized", draft=field(shown, "draft"))
        page = await browser.get(done.headers["location"])

    assert "Yangtze River Night Cruise has 4 places now. Offers made to the waitlist: 1." in page.text
    assert await statuses(staffed) == {"Ana": Status.CONFIRMED, "Ben": Status.OFFERED, "Cem": Status.WAITLISTED}


async def test_a_draft_of_somebody_else_is_not_done(staffed):
    async with staffed.signed_in() as browser, staffed.signed_in(Role.STAFF) as other:
        shown = await sent(browser, "/activities/cruise/resize", places="4")
        taken = await sent(other, "/activities/cruise/resized", draft=field(shown, "draft"))
        forged = await sent(browser, "/activities/cruise/resized", draft=field(shown, "draft").replace("4", "5"))
        elsewhere = await sent(browser, "/activities/press/resized", draft=field(shown, "draft"))

    assert [answer.status_code for answer in (taken, forged, elsewhere)] == [404, 404, 404]


async def test_closing_and_opening_show_what_they_do_and_do_nothing_yet(staffed):
    await full_cruise(staffed)
    await staffed.store.activities.change("cruise", {"deadline": datetime(2026, 8, 1, tzinfo=UTC)})
    async with staffed.signed_in(Role.STAFF) as browser:
        shown = [await sent(browser, "/activities/cruise/open", is_open=told) for told in ("no", "yes")]

    assert "Signed up: 2, waitlist: 3. They stay, and can still cancel; nobody new can sign up." in shown[0].text
    assert "New people can sign up then." in shown[1].text
    assert ["But the deadline was" in page.text for page in shown] == [False, True]
    assert (await staffed.store.activities.all())[3].is_open


async def test_what_was_shown_of_closing_is_done_and_a_draft_of_something_else_is_not(staffed):
    async with staffed.signed_in() as browser:
        drafts = [
            field(await sent(browser, f"/activities/cruise/{path}", **fields), "draft")
            for path, fields in (("open", {"is_open": "no"}), ("resize", {"places": "9"}))
        ]
        crossed = [
            await sent(browser, f"/activities/cruise/{path}", draft=draft)
            for path, draft in zip(("resized", "opened"), drafts, strict=True)
        ]
        done = await sent(browser, "/activities/cruise/opened", draft=drafts[0])
        page = await browser.get(done.headers["location"])

    assert [answer.status_code for answer in crossed] == [404, 404]
    assert "Signing up for Yangtze River Night Cruise is closed now." in page.text
    assert not (await staffed.store.activities.all())[3].is_open


async def test_nobody_loses_a_place_and_that_is_said(staffed):
    await full_cruise(staffed)
    async with staffed.signed_in() as browser:
        shown = await sent(browser, "/activities/cruise/resize", places="1")

    assert "Nobody loses a place: 1 more are taken" in shown.text


async def test_what_is_no_number_of_places_is_said_at_the_field(staffed):
    async with staffed.signed_in() as browser:
        shown = await sent(browser, "/activities/cruise/resize", places="many")

    assert (shown.status_code, 'aria-invalid="true"' in shown.text) == (422, True)


async def test_a_viewer_sees_figures_and_no_names(staffed):
    await full_cruise(staffed)
    async with staffed.signed_in(Role.VIEWER) as viewer, staffed.signed_in(Role.STAFF) as staff:
        pages = [(await browser.get("/dashboard/activities/cruise")).text for browser in (viewer, staff)]

    assert ["Oita" in page for page in pages] == [True, True]
    assert ["Cem" in page for page in pages] == [False, True]
    assert ["<form" in page.split("<main")[1] for page in pages] == [False, True]


async def test_a_list_as_a_file_holds_no_formula(staffed):
    await staffed.sign_up("=1+1")
    async with staffed.signed_in() as browser:
        csv, xlsx, other = [
            await browser.get(f"/dashboard/activities/cruise/people.{form}") for form in ("csv", "xlsx", "pdf")
        ]

    assert "'=1+1,Oita,1,,confirmed" in csv.text
    assert (xlsx.content[:2], other.status_code) == (b"PK", 404)
    assert 'filename="cruise.csv"' in csv.headers["content-disposition"]


async def test_an_activity_that_is_not_there_is_not_found(staffed):
    async with staffed.signed_in() as browser:
        assert (await browser.get("/dashboard/activities/nothing")).status_code == 404


async def test_what_people_call_themselves_is_never_run(staffed):
    await staffed.sign_up("<img src=x onerror=alert(1)>", city="<script>alert(2)</script>")
    async with staffed.signed_in() as browser:
        pages = [(await browser.get(path)).text for path in ("/dashboard", "/dashboard/activities/cruise")]

    assert not any("<img src=x" in page or "<script>alert" in page for page in pages)
    assert "&lt;script&gt;alert(2)" in pages[1]


async def test_a_look_ahead_leaves_nothing_behind(staffed):
    await full_cruise(staffed)
    before = [tuple(one.by) for one in await staffed.store.log.latest(50)]
    async with staffed.store.database.tried():
        await SqlActivities(staffed.store.database, staffed.store.rsvps, staffed.store.now).resize("cruise", 9, by=1)

    assert [tuple(one.by) for one in await staffed.store.log.latest(50)] == before
    assert (await statuses(staffed))["Ben"] is Status.WAITLISTED
