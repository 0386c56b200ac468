"""What staff do on the pages, and what becomes of it."""

import pytest

from bot.app import conversation
from handlers.broadcasts import State
from handlers.model import Address, Incoming, Role
from tests.bot.dashboard.conftest import csrf, field, sent

CRUISE = "day-2-1900-yangtze-river-night-cruise"


@pytest.fixture
async def concierge(staffed):
    return conversation(staffed.desk.library, staffed.store)


async def ask(concierge, who, text):
    return await concierge.respond(Incoming(Address("console", who), text))


async def shown_change(browser, **fields):
    return await sent(browser, "/programme/change", session=CRUISE, **fields)


async def test_an_answer_goes_to_all_who_asked_the_same_and_is_told_until_it_is_ended(staffed, concierge):
    for who in ("ana", "ben"):
        await ask(concierge, who, "Is there WiFi at the venue?")
    async with staffed.signed_in(Role.STAFF) as browser:
        page = await browser.get("/dashboard/questions")
        number = min(one.id for one in await staffed.store.questions.open())
        empty = await sent(browser, f"/questions/{number}/answer", text=" ")
        done = await sent(browser, f"/questions/{number}/answer", text="Network Wuhan2026.")
        again = await sent(browser, f"/questions/{number}/answer", text="Another.")
        told = await ask(concierge, "cem", "Is there WiFi at the venue?")
        (entry,) = await staffed.store.questions.entries()
        ended = await sent(browser, f"/questions/entries/{entry.id}", is_kept="no")
        after = await ask(concierge, "dan", "Is there WiFi at the venue?")

    assert "asked 2 times" in page.text
    assert [one.status_code for one in (empty, done, again, ended)] == [422, 303, 409, 303]
    assert (entry.owner, "Wuhan2026" in told.text, "Wuhan2026" in after.text) == ("Li staff", True, False)


async def test_a_change_is_published_as_it_was_shown_and_once(staffed):
    async with staffed.signed_in() as browser:
        shown = await shown_change(browser, start="19:30")
        before = [one.start.hour for one in staffed.desk.library.sessions() if one.key == CRUISE]
        first = await sent(browser, "/confirm", draft=field(shown, "draft"))
        second = await sent(browser, "/confirm", draft=field(shown, "draft"))
        page = await browser.get("/dashboard/programme")
        undo = await sent(browser, "/programme/1/undo")

    assert "Day 2, 19:00 → Day 2, 19:30" in shown.text
    assert (before, first.status_code, "broadcasts/1" in first.headers["location"]) == ([19], 303, True)
    assert "Nothing+was+sent+twice" in second.headers["location"]
    assert len(await staffed.store.editions.all()) == 1
    assert "Edition 1" in page.text
    assert "Day 2, 19:30 → Day 2, 19:00" in undo.text


@pytest.mark.parametrize(
    "fields", [{}, {"start": "late"}, {"day": "x"}, {"day": "0"}, {"start": "19:00"}, {"session": "none"}]
)
async def test_what_is_no_change_is_said_and_what_was_typed_stays(staffed, fields):
    async with staffed.signed_in() as browser:
        page = await sent(browser, "/programme/change", **{"session": CRUISE, "place": "", **fields})

    assert (page.status_code, 'role="alert"' in page.text) == (422, True)


async def test_a_message_goes_to_whom_was_chosen_in_the_languages_that_it_was_written_in(staffed):
    for name, city in (("Ana", "Bordeaux"), ("Ben", "Duisburg")):
        await staffed.sign_up(name, city=city)
    form = {"text": "Bring a jacket.", "language": "en", "text-1": "Jacke mitbringen.", "language-1": "de"}
    async with staffed.signed_in(Role.STAFF) as browser:
        shown = await sent(browser, "/broadcasts/preview", **{"to-city": "Duisburg", **form})
        await sent(browser, "/confirm", draft=field(shown, "draft"))
        receipts = await browser.get("/dashboard/broadcasts/1/receipts.csv")
        paused = await sent(browser, "/broadcasts/1/do", what="pause")
        stopped = await sent(browser, "/broadcasts/1/do", what="cancel")
        page = await browser.get("/dashboard/broadcasts/1")

    assert "Jacke mitbringen." in shown.text
    assert ("Duisburg" in receipts.text, "Bordeaux" in receipts.text) == (True, False)
    assert [paused.status_code, stopped.status_code] == [303, 303]
    assert (await staffed.store.broadcasts.get(1)).state is State.CANCELLED
    assert 'value="pause"' not in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"language": "xx"},
        {"to-city": "Atlantis"},
        {"at": "2020-01-01T08:00"},
        {"at": "soon"},
        {"session": CRUISE, "before": "x"},
    ],
)
async def test_what_cannot_be_sent_is_said_and_what_was_typed_stays(staffed, fields):
    async with staffed.signed_in() as browser:
        page = await sent(browser, "/broadcasts/preview", **{"text": "Hello there.", "language": "fr", **fields})

    assert (page.status_code, 'role="alert"' in page.text) == (422, True)
    assert "Hello there." in page.text or not fields.get("text", "x")


async def test_a_preview_sends_nothing(staffed):
    async with staffed.signed_in() as browser:
        shown = await sent(browser, "/broadcasts/preview", text="Hello there.", language="en")

    assert (shown.status_code, await staffed.store.broadcasts.all()) == (200, [])


async def test_a_delegation_gets_its_quota_and_who_looks_after_it(staffed):
    await staffed.sign_up("Ana", city="Bordeaux")
    async with staffed.signed_in(Role.STAFF) as browser:
        done = await sent(browser, "/delegations/set", city="Bordeaux", quota="4", liaison="Wang Min, +86 27 1")
        wrong = [
            await sent(browser, "/delegations/set", city=c, quota=q) for c, q in (("Bordeaux", "x"), ("Rome", "3"))
        ]
        until = await sent(browser, "/delegations/deadline", until="2026-09-05T18:00")
        file = await browser.get("/dashboard/delegations.csv")

    assert [one.status_code for one in (done, *wrong, until)] == [303, 422, 422, 303]
    assert 'Bordeaux,1,0,4,,"Wang Min, +86 27 1"' in file.text
    assert (await staffed.store.delegations.deadline()).isoformat() == "2026-09-05T10:00:00+00:00"


async def test_an_organizer_signs_somebody_out(staffed):
    async with staffed.signed_in(Role.STAFF) as staff, staffed.signed_in() as organizer:
        other = next(one for one in await staffed.store.sign_ins.all() if one.person.role is Role.STAFF)
        await sent(organizer, f"/log/{other.digest}/sign-out")

        assert [(await one.get("/dashboard")).status_code for one in (staff, organizer)] == [401, 200]


async def test_every_change_leaves_a_line_in_the_log(staffed):
    await staffed.sign_up("Ana", city="Bordeaux")
    async with staffed.signed_in() as browser:
        await sent(browser, "/delegations/set", city="Bordeaux", quota="4", liaison="")
        shown = await sent(browser, "/broadcasts/preview", text="Hello there.", language="en")
        await sent(browser, "/confirm", draft=field(shown, "draft"))
        page = await browser.get("/dashboard/log")

    whats = [one.what for one in await staffed.store.log.latest(9) if one.by]
    assert whats == ["published or sent what was shown", "set a delegation", "signed in"]
    assert "Li organizer" in page.text


async def test_the_health_of_the_settings_is_what_the_doctor_says(staffed):
    async with staffed.signed_in() as browser:
        page = await browser.get("/dashboard/health")

    assert "Telegram is off: DESK_TELEGRAM_TOKEN is empty" in page.text


async def test_places_are_changed_with_the_programme_and_leave_one_line_in_the_log(staffed):
    await staffed.store.rsvps.resize("cruise", 1)
    for name in ("Ana", "Ben"):
        await staffed.sign_up(name)
    async with staffed.signed_in() as browser:
        shown = await shown_change(browser, start="19:30", places="2")
        done = await sent(browser, "/confirm", draft=field(shown, "draft"))
        page = await browser.get(done.headers["location"])
        alone = await shown_change(browser, places="3")
        done_alone = await sent(browser, "/confirm", draft=field(alone, "draft"))
        programme = await browser.get(done_alone.headers["location"])
        undo = await sent(browser, "/programme/2/undo")

    line = "places: 1 → 2. Parties of the waitlist that get an offer: 1"
    assert [line in one.text for one in (shown, page, alone, programme)] == [True, True, False, True]
    assert ("announced to nobody" in alone.text, "Who gets it" in alone.text) == (True, False)
    assert "places: 3 → 2" in undo.text
    whats = [one.what for one in await staffed.store.log.latest(9) if one.by]
    assert whats == ["resized an activity", "resized an activity", "signed in"]
    assert len(await staffed.store.broadcasts.all()) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"places": "many"}, "such as 120"),
        ({"session": "day-2-0920-group-photo", "places": "9"}, "Nobody signs up"),
        ({"places": "", "limit": "none"}, "Nothing differs"),
    ],
)
async def test_what_are_no_places_is_said(staffed, fields, said):
    async with staffed.signed_in() as browser:
        page = await sent(browser, "/programme/change", **{"session": CRUISE, **fields})

    assert (page.status_code, said in page.text) == (422, True)


async def attached(browser, *files, **fields):
    """Send the form of a new message with files, as a browser does."""
    data = {"csrf": await csrf(browser), "text": "Here is the map.", "language": "en", **fields}
    return await browser.post(
        "/dashboard/broadcasts/preview", data=data, files=[("files", (name, content)) for name, content in files]
    )


async def test_files_go_with_a_message_as_they_were_shown(staffed):
    await staffed.sign_up("Ana")
    async with staffed.signed_in() as browser:
        shown = await attached(browser, ("../map <1>.pdf", b"%PDF"), ("日程.txt", b"9:00"))
        await sent(browser, "/confirm", draft=field(shown, "draft"))
        page = await browser.get("/dashboard/broadcasts/1")
        chinese = await browser.get("/dashboard/broadcasts/new?lang=zh")

    (made,) = await staffed.store.broadcasts.all()
    loaded = await staffed.store.attachments.loaded([one.unloaded for one in made.draft.files])
    assert [(one.name, one.media_type, one.content) for one in loaded] == [
        ("map 1.pdf", "application/pdf", b"%PDF"),
        ("日程.txt", "text/plain", b"9:00"),
    ]
    assert [("map 1.pdf (1 KB), 日程.txt (1 KB)" in one.text) for one in (shown, page)] == [True, True]
    assert 'enctype="multipart/form-data"' in chinese.text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("a.pdf", b"")], "a.pdf cannot go with a message"),
        ([("a.pdf", b"x" * (5 * 2**20 + 1))], "nor larger than 5 MB"),
        ([(f"{n}.pdf", b"x") for n in range(4)], "at most 3 files"),
    ],
)
async def test_files_that_no_message_takes_are_said_and_what_was_typed_stays(staffed, files, said):
    async with staffed.signed_in() as browser:
        page = await attached(browser, *files)

    assert (page.status_code, said in page.text, "Here is the map." in page.text) == (422, True, True)


async def test_who_approves_places_sees_them_on_the_page_and_what_became_of_them(staffed):
    staffed.desk.settings = staffed.desk.settings.model_copy(update={"four_eyes": True})
    await staffed.store.rsvps.resize("cruise", 1)
    for name in ("Ana", "Ben"):
        await staffed.sign_up(name)
    async with staffed.signed_in() as browser, staffed.signed_in(Role.STAFF) as other:
        shown = await shown_change(browser, places="2")
        asked = await sent(browser, "/confirm", draft=field(shown, "draft"))
        waits = await other.get(asked.headers["location"])
        before = next(one.capacity for one in await staffed.store.activities.all() if one.key == "cruise")
        await sent(other, "/broadcasts/1/do", what="approve")
        done = await other.get("/dashboard/broadcasts/1")

    line = "places: 1 → 2. Parties of the waitlist that get an offer: 1"
    assert ("Ask for approval" in shown.text, before) == (True, 1)
    assert [line in page.text for page in (waits, done)] == [True, True]
    assert next(one.capacity for one in await staffed.store.activities.all() if one.key == "cruise") == 2
