"""Documents on the dashboard: what was read in them, and taking in another while answering goes on."""

import asyncio
import io
import re

import pytest
from pypdf import PdfWriter
from typer.testing import CliRunner

from bot.__main__ import app
from bot.app import Desk, conversation
from bot.dashboard.briefings import REASONS
from bot.settings import PACK, Settings
from handlers.model import Address, Incoming, Role
from knowledge.documents import MAX_BYTES
from knowledge.lines import Fault
from tests.bot.dashboard.conftest import csrf, field, sent

NOTES = """---
authority: staff
date: 2026-08-20
---

# Notes

## What to wear {#practical.dress}

Business attire for the opening, and rubber boots for the cruise.
"""
INVITATION = (PACK / "wuhan-2026-invitation.md").read_text("utf-8")
PAGE_OF_NOTICES = b"All rights reserved. Privacy policy. Terms of use. Cookies"
QUESTION = "What is the dress code?"


def blank_pdf():
    file = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(file)
    return file.getvalue()


async def uploaded(browser, name, content, replaces=""):
    fields = {"csrf": await csrf(browser), "replaces": replaces}
    content = content if isinstance(content, bytes) else content.encode()
    return await browser.post("/dashboard/briefings/upload", data=fields, files={"file": (name, content)})


async def taken(browser, name, content, replaces=""):
    shown = await uploaded(browser, name, content, replaces)
    return await sent(browser, "/briefings/take", draft=field(shown, "draft"))


@pytest.fixture
def concierge(staffed):
    return conversation(staffed.desk.library, staffed.store)


async def ask(concierge, text=QUESTION):
    return (await concierge.respond(Incoming(Address("console", "ana"), text))).text


def files(staffed):
    folder = staffed.desk.settings.uploads_folder
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def test_the_page_tells_of_each_document_and_of_what_the_programme_leaves_open(staffed):
    async with staffed.signed_in(Role.VIEWER) as browser:
        page = (await browser.get("/dashboard/briefings")).text
        chinese = (await browser.get("/dashboard/briefings", headers={"Accept-Language": "zh"})).text

    told = re.findall(
        r'<th scope="row"><strong>([^<]+)</strong>( <span class="mark well">the conference</span>)?', page
    )
    assert [stem for stem, _ in told] == sorted(path.stem for path in PACK.glob("*.md"))
    assert [stem for stem, mark in told if mark] == ["wuhan-2026-invitation"]
    assert ("wuhan-2026-invitation.md" in page, "Nothing listed" in page, 'name="file"' in page) == (True, True, False)
    assert "没有安排的时段" in chinese


async def test_an_upload_shows_what_it_changes_and_does_nothing_yet(staffed, concierge):
    async with staffed.signed_in(Role.STAFF) as browser:
        shown = await uploaded(
            browser, "2026-08 final.md", INVITATION.replace("19:00", "19:30"), "wuhan-2026-invitation"
        )

    assert "Day 2, 19:00: Yangtze River Night Cruise → Day 2, 19:30" in shown.text
    assert "replaces what is there" in shown.text
    assert "19:00" in await ask(concierge, "When is the night cruise?")


async def test_what_was_shown_is_taken_in_and_answers_go_by_it(staffed, concierge):
    before = await ask(concierge)
    async with staffed.signed_in(Role.STAFF) as browser:
        done = await taken(browser, "team-notes.md", NOTES)
        page = await browser.get(done.headers["location"])
        log = [(one.by, one.what, one.about) for one in await staffed.store.log.latest(2)]

    assert "team-notes is in the library." in page.text
    assert ["rubber boots" in answer for answer in (before, await ask(concierge))] == [False, True]
    assert log == [("Li staff", "took a document into the library", "team-notes"), ("Li staff", "signed in", "")]
    assert files(staffed) == [".lock", "team-notes.md"]


async def test_a_draft_is_taken_in_once_and_by_who_has_seen_it(staffed):
    async with staffed.signed_in() as browser, staffed.signed_in(Role.STAFF) as other:
        draft = field(await uploaded(browser, "team-notes.md", NOTES), "draft")
        foreign = await sent(other, "/briefings/take", draft=draft)
        first, second = [await sent(browser, "/briefings/take", draft=draft) for _ in range(2)]
        page = await browser.get(second.headers["location"])

    assert (foreign.status_code, first.status_code, "taken in already" in page.text) == (404, 303, True)
    assert [one.what for one in await staffed.store.log.latest(9)].count("took a document into the library") == 1


async def test_answering_goes_on_while_a_document_is_taken_in(staffed, concierge):
    async with staffed.signed_in() as browser:
        taking = asyncio.create_task(taken(browser, "team-notes.md", NOTES))
        meanwhile = [await ask(concierge)]
        while not taking.done():
            meanwhile.append(await ask(concierge))

    assert (await taking).status_code == 303
    told = ["rubber boots" in answer for answer in [*meanwhile, await ask(concierge)]]
    assert (told[0], told[-1], told == sorted(told)) == (False, True, True)


async def test_another_process_answers_from_what_was_taken_in(staffed):
    other = Desk(staffed.desk.settings)
    before = other.library.answer(QUESTION, language="en", history=[])
    async with staffed.signed_in() as browser:
        await taken(browser, "team-notes.md", NOTES)

    assert "rubber boots" not in before.text
    assert "rubber boots" in other.library.answer(QUESTION, language="en", history=[]).text


async def test_the_next_ingest_keeps_what_was_uploaded_in_place_of_the_shipped_document(staffed, monkeypatch):
    changed = INVITATION.replace("19:00", "19:30")
    async with staffed.signed_in() as browser:
        await taken(browser, "wuhan-2026-invitation.txt", INVITATION)
        await taken(browser, "wuhan-2026-invitation.md", changed)
    monkeypatch.setenv("DESK_HOME", str(staffed.desk.settings.home))
    monkeypatch.chdir(staffed.desk.settings.home)
    done = CliRunner().invoke(app, ["ingest", "--only"])
    library = Desk(Settings(_env_file=None)).shelf.read()

    assert (done.exit_code, files(staffed)) == (0, [".lock", "wuhan-2026-invitation.md"])
    assert len(library.documents) == len(list(PACK.glob("*.md")))
    assert [one.key for one in library.home.programme.sessions if "cruise" in one.key] == [
        "day-2-1930-yangtze-river-night-cruise"
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("notes.xlsx", b"PK\3\4", Fault.UNSUPPORTED),
        ("notes.md", b"", Fault.EMPTY),
        ("notes.pdf", b"%PDF-1.7 cut off", Fault.DAMAGED),
        ("notes.pdf", b"plain words", Fault.DAMAGED),
        ("notes.txt", b"PK\3\4 zip", Fault.MISNAMED),
        ("notes.docx", b"PK\3\4 no archive", Fault.DAMAGED),
        ("notes.pdf", blank_pdf(), Fault.WITHOUT_TEXT),
        ("notes.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), Fault.ENCRYPTED),
        ("notes.txt", "Le dîner à l’hôtel, à côté du fleuve".encode("cp1252"), Fault.DAMAGED),
        ("notes.txt", PAGE_OF_NOTICES, Fault.BOILERPLATE),
        (".hidden.md", NOTES.encode(), Fault.NAME),
        ("no ending", NOTES.encode(), Fault.NAME),
        (f"{'x' * 200}.md", NOTES.encode(), Fault.NAME),
        ("notes.md", b"x" * (MAX_BYTES + 1), Fault.TOO_LARGE),
    ],
)
async def test_a_document_that_cannot_be_read_is_refused_kindly_and_changes_nothing(staffed, name, content, reason):
    before = staffed.desk.shelf.version
    async with staffed.signed_in(Role.STAFF) as browser:
        page = await uploaded(browser, name, content)

    assert (page.status_code, REASONS[reason] in page.text) == (422, True)
    assert (staffed.desk.shelf.version, files(staffed)) == (before, [])


async def test_the_reason_comes_in_the_language_of_the_page_and_a_name_in_any_letters_is_fine(staffed):
    async with staffed.signed_in(Role.STAFF) as browser:
        browser.headers["Accept-Language"] = "zh"
        refused = await uploaded(browser, "说明.md", b"")
        shown = await uploaded(browser, "说明.md", NOTES)

    assert ("文件是空的。" in refused.text, "收入之前" in shown.text, "说明" in shown.text) == (True, True, True)


async def test_what_is_missing_is_said(staffed):
    async with staffed.signed_in(Role.STAFF) as browser:
        nothing = await sent(browser, "/briefings/upload")
        unknown = await uploaded(browser, "notes.md", NOTES, "no-such-document")

    assert (nothing.status_code, "Please choose a file." in nothing.text) == (422, True)
    assert (unknown.status_code, "Please choose which document it replaces." in unknown.text) == (422, True)


async def test_the_agenda_cannot_be_replaced_by_a_document_without_one(staffed):
    async with staffed.signed_in() as browser:
        page = await uploaded(browser, "notes.md", NOTES, "wuhan-2026-invitation")

    assert (page.status_code, "No document would hold an agenda then." in page.text) == (422, True)
    assert files(staffed) == []


async def test_a_document_that_would_make_another_conference_the_one_says_so(staffed):
    sessions = "\n".join(f"| {hour:02}:00-{hour:02}:30 | Talk number {hour} |" for hour in range(24))
    days = "\n\n".join(f"## Day {day}\n\n| Time | Content |\n|---|---|\n{sessions}" for day in (1, 2, 3))
    async with staffed.signed_in() as browser:
        shown = await uploaded(browser, "other.md", f"---\ncity: Lindmoor\n---\n# Lake Cities Roundtable\n\n{days}\n")

    assert "The desk would serve another conference" in shown.text


async def test_an_ingest_that_fails_leaves_the_library_and_what_was_kept(staffed, concierge):
    async with staffed.signed_in() as browser:
        draft = field(await uploaded(browser, "team-notes.md", NOTES), "draft")
        library = staffed.desk.settings.knowledge_folder / "library.json"
        whole = library.read_bytes()
        library.write_bytes(b"{")
        failed = await sent(browser, "/briefings/take", draft=draft)
        library.write_bytes(whole)
        done = await sent(browser, "/briefings/take", draft=draft)

    assert (failed.status_code, "It could not be taken in." in failed.text, done.status_code) == (422, True, 303)
    assert "rubber boots" in await ask(concierge)


async def test_the_name_of_a_file_leads_nowhere_else(staffed):
    async with staffed.signed_in() as browser:
        await taken(browser, "../../knowledge/team-notes.md", NOTES)
        await taken(browser, "C:\\notes\\more-notes.md", NOTES)

    assert files(staffed) == [".lock", "more-notes.md", "team-notes.md"]


async def test_the_list_as_a_file_tells_when_each_was_read(staffed):
    async with staffed.signed_in() as browser:
        await taken(browser, "team-notes.md", NOTES)
        file = await browser.get("/dashboard/briefings.csv")

    assert "team-notes,Notes,notes of the team,team-notes.md,2026-09-01T08:0" in file.text
