"""People on an emulator of Telegram that nobody here wrote, while the desk polls and while it has a webhook."""

import csv
import io
import shutil
from datetime import datetime

import openpyxl
import pytest
import pytest_asyncio
from icalendar import Calendar

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Role
from tests.judges import running
from tests.judges.telegram import PACKAGE, SCRIPT, Emulator
from tests.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
PUBLIC = "https://desk.example"
NOW = "2026-09-05T08:00+00:00"  # before the dates that staff set below
HOSTILE = "<b>Bring <i>badges</b> & <script>alert('1 < 2')</script> &lt;a href=\"x\">"


@pytest.fixture(scope="module")
def stock():
    with running(SCRIPT, PACKAGE) as url:
        yield url


@pytest.fixture(scope="module", params=["polling", "webhook"])
def mode(request):
    return request.param


@pytest.fixture(scope="module")
def codes():
    """Invitations of staff: each lets one person in."""
    return []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def emulator(mode, stock, codes, ingested, tmp_path_factory):
    home = shutil.copytree(
        ingested, tmp_path_factory.mktemp(mode) / "home", ignore=shutil.ignore_patterns("desk.sqlite3*")
    )
    store = await Desk(Settings(home=home, _env_file=None)).store()
    codes[:] = [await store.invites.create(role=Role.STAFF, city="Wuhan", name="Li") for _ in range(4)]
    await store.database.close()
    token = f"42:a-token-for-{mode}"
    async with Emulator(stock, token) as made:
        settings = {"DESK_TELEGRAM_TOKEN": token, "DESK_PUBLIC_URL": PUBLIC, "DESK_NOW": NOW}
        async with serving(home, made.url, mode=mode, **settings) as desk:
            made.public = (PUBLIC, desk.url)
            await desk.until_ready()
            yield made
            assert made.refused == []
            assert token not in desk.log


async def let_in(emulator, codes, person):
    """Make a person one of the staff; return how many messages the bot has said to them."""
    await emulator.say(person, f"/start {codes.pop()}")
    return len(await emulator.told(person, 1))


def cells(table):
    """Return what is in a spreadsheet or a CSV file."""
    if table.name.endswith(".xlsx"):
        return [
            cell for sheet in openpyxl.load_workbook(io.BytesIO(table.content)) for row in sheet.values for cell in row
        ]
    return [cell for row in csv.reader(table.content.decode("utf-8-sig").splitlines()) for cell in row]


async def test_a_question_is_answered_from_the_documents(emulator):
    await emulator.say(1, "When does the night cruise start?")
    (answer,) = await emulator.told(1, 1)

    assert ("19:00" in answer.text, "Source:" in answer.text) == (True, True)


async def test_people_are_answered_each_in_their_language_and_in_order(emulator):
    questions = {11: "Wann ist die Flussfahrt?", 12: "夜游几点开始？", 13: "متى تنطلق الرحلة النهرية الليلية؟"}
    for person, question in questions.items():
        await emulator.say(person, "/start")
        await emulator.say(person, question)
    told = {person: await emulator.told(person, 2) for person in questions}

    assert {person: "19:00" in answers[1].text for person, answers in told.items()} == dict.fromkeys(questions, True)


async def test_a_sign_up_goes_by_buttons_and_the_message_changes_with_it(emulator):
    await emulator.say(2, "I'd like to register for a site visit")
    (asked,) = await emulator.told(2, 1)
    await emulator.press(2, asked, asked.payload("Industrial Innovation"))
    (signed_up,) = await emulator.told(2, 1, until="You are signed up")
    await emulator.press(2, signed_up, signed_up.payload("Undo"))
    (undone,) = await emulator.told(2, 1, until="Cancelled")

    assert asked.id == signed_up.id == undone.id


async def test_a_button_that_is_stale_does_no_harm_and_says_so(emulator):
    await emulator.say(3, "Sign me up for the night cruise, one person, Ana Ruiz, Bordeaux")
    (signed_up,) = await emulator.told(3, 1, until="signed up")
    await emulator.press(3, signed_up, signed_up.payload("Undo"))
    await emulator.told(3, 1, until="Cancelled")
    await emulator.press(3, signed_up, signed_up.payload("Undo"))
    await emulator.told(3, 1, until="nothing to undo")
    await emulator.press(3, signed_up, "0:of-an-earlier-version")
    (menu,) = await emulator.told(3, 1, until="Ask me about")
    await emulator.say(3, "What am I signed up for?")

    assert ("Day 1" in [label for row in menu.buttons for label, _ in row]) is False
    assert "not signed up" in (await emulator.told(3, 2))[1].text


async def test_the_organizers_get_the_list_as_a_table_that_opens(emulator, codes):
    await emulator.say(4, "Sign me up for the night cruise, two people")
    await emulator.told(4, 1, until="name and city")
    await emulator.say(4, "Ana Ruiz, Bordeaux")
    await emulator.told(4, 2)
    count = await let_in(emulator, codes, 5)
    await emulator.say(5, "export the RSVP list")
    listed = (await emulator.told(5, count + 1))[-1]

    assert "Ana Ruiz" in cells(listed.file)


async def test_an_announcement_full_of_markup_arrives_as_it_was_written(emulator, codes):
    await emulator.say(6, "Sign me up for the night cruise, one person")
    before = len(await emulator.told(6, 1))
    count = await let_in(emulator, codes, 7)
    await emulator.say(7, "broadcast")
    await emulator.told(7, count + 1, until="What is the text")
    await emulator.say(7, HOSTILE)
    shown = await emulator.told(7, count + 2, until="Recipients")
    await emulator.press(7, shown[-1], shown[-1].payload("Send"))

    assert (await emulator.told(6, before + 1))[-1].text == f"Message of the organizers:\n{HOSTILE}"


async def test_the_calendar_is_a_file_that_opens_once_the_dates_are_known(emulator, codes):
    await emulator.say(8, "Sign me up for the night cruise, one person, Eva Berg, Oslo")
    await emulator.told(8, 1)
    count = await let_in(emulator, codes, 9)
    await emulator.say(9, "/dates 2026-09-14")
    shown = await emulator.told(9, count + 1)
    await emulator.press(9, shown[-1], shown[-1].payload("Send"))
    await emulator.told(8, 2)
    await emulator.say(8, "/calendar")
    programme = (await emulator.told(8, 3))[-1].file

    assert programme.name == "programme.ics"
    (cruise,) = [event for event in Calendar.from_ical(programme.content).events if "Cruise" in event["SUMMARY"]]
    assert cruise.start == datetime.fromisoformat("2026-09-15T19:00+08:00")


async def test_the_menus_are_set_and_the_webhook_posts_with_the_secret(emulator, mode):
    assert {"setMyCommands", "setMyDescription", "setMyShortDescription"} == {
        setting.split()[0] for setting in emulator.settings
    }
    assert set(emulator.posted) == ({200} if mode == "webhook" else set())
