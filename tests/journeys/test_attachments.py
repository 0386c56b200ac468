"""Staff send files with a message: what is shown is what each reader gets, also where a second one has to approve."""

import pytest
from sqlalchemy import delete

from bot.app import Desk, conversation, delivery, publishing
from bot.channels.wechat.format import parts
from bot.outbox import LEASE
from bot.settings import Settings
from bot.store.tables import attachment
from handlers.attachments import LARGEST
from handlers.model import Address, File, Incoming, Role
from handlers.publishing import Rules
from tests.fakes import Listening
from tests.journeys.test_signing_up import Talk

MAP = File("map.pdf", "application/pdf", b"%PDF map")
MENU = File("menu.png", "image/png", b"\x89PNG menu")


@pytest.fixture
async def talk(home):
    desk = Desk(Settings(home=home, now="2026-09-05T08:00+08:00", _env_file=None))
    store = await desk.store()
    await desk.seed_activities(store)
    made = Talk(desk, store, desk.library)
    await made.staff()
    for who in ("ana", "jean"):
        code = await store.invites.create(role=Role.DELEGATE, city="Bordeaux", name=who.title())
        await made.say(f"/start {code}", who)
    yield made
    await store.database.close()


async def attach(talk, *files, text="", who="li"):
    incoming = Incoming(Address("console", who), text, files=files, is_readable=bool(text))
    return (await talk.reply(incoming)).text


async def told(talk):
    """Return what everybody gets, with the contents of files."""
    listening = Listening()
    await delivery("console", talk.store, talk._concierge, listening).once()
    return {
        address.id: (reply.text, [(file.name, file.media_type, file.content) for file in reply.files])
        for address, reply in listening.heard
    }


def content(*files):
    return [(file.name, file.media_type, file.content) for file in files]


async def test_files_are_shown_with_the_message_and_each_reader_gets_them(talk):
    await talk.say("/announce aides and delegates: Bring a jacket.", "li")
    await attach(talk, MAP)
    shown = await attach(talk, MENU)
    assert "Files: map.pdf (1 KB), menu.png (1 KB)" in shown
    assert "Not carried out" not in shown

    await talk.press("Send", "li")
    got = await told(talk)
    assert set(got) >= {"ana", "jean"}
    assert [files for _, files in got.values()] == [content(MAP, MENU)] * len(got)
    assert "Bring a jacket." in got["ana"][0]


async def test_a_file_comes_with_the_command_itself(talk):
    shown = await attach(talk, MAP, text="/announce Here is the map.")
    await talk.press("Send", "li")

    assert ("Here is the map." in shown, "map.pdf" in shown) == (True, True)
    assert (await told(talk))["ana"][1] == content(MAP)


async def test_files_are_taken_off_again_by_a_button(talk):
    await attach(talk, MAP, text="/announce Here is the map.")
    assert "map.pdf" not in await talk.press("Without the files", "li")
    await talk.press("Send", "li")

    assert (await told(talk))["ana"][1] == []


async def test_a_change_of_the_programme_takes_a_file_along(talk):
    await talk.say("Sign me up for the night cruise, one person")
    await talk.say("/change night cruise 19:30", "li")
    await attach(talk, MAP)
    await talk.press("Send", "li")

    got = await told(talk)
    assert ("19:30" in got["ana"][0], got["ana"][1]) == (True, content(MAP))


async def test_a_second_member_of_staff_sees_the_files_that_they_approve(talk):
    talk.over(conversation(talk.library, talk.store, publishing(talk.library, talk.store, Rules(needs_approval=True))))
    await talk.staff("wu")
    await attach(talk, MAP, text="/announce Here is the map.")
    await talk.press("Send", "li")
    asked = await told(talk)
    assert [(who, files) for who, (_, files) in asked.items()] == [("wu", content(MAP))]

    await talk.reply(Incoming(Address("console", "wu"), pressed="broadcast:approve:1"))
    assert (await told(talk))["ana"][1] == content(MAP)


async def test_a_correction_carries_another_file(talk):
    await attach(talk, MAP, text="/announce Here is the map.")
    await talk.press("Send", "li")
    await told(talk)
    await attach(talk, MENU, text="/correct 1 Here is the menu.")
    await talk.press("Send", "li")

    assert (await told(talk))["ana"][1] == content(MENU)


async def test_what_is_shown_for_wechat_is_what_is_read_there(talk):
    person = await talk.store.people.introduce(Address("wechat", "chen"), name="Chen", city="Oita")
    shown = await attach(talk, MAP, text="/announce Here is the map.")
    line = "No files can be sent here: map.pdf. To get them, send /connect and use me elsewhere too."
    assert f"wechat: {line}" in shown

    await talk.press("Send", "li")
    claimed = await talk.store.notices.claim("wechat", most=9, lease=LEASE)
    (own,) = [one for one in claimed if one.notice.person == person.id]
    reply = await talk._concierge.worded(own.notice)
    assert parts(reply) == [f"{reply.text}\n{line}"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([File("a.pdf", "application/pdf", b"")], "a.pdf cannot go with a message"),
        ([File("a.pdf", "application/pdf", b"x" * (LARGEST + 1))], "nor larger than 5 MB"),
        ([MAP] * 4, "at most 3 files"),
    ],
)
async def test_what_no_message_takes_is_said_and_the_message_still_waits(talk, files, said):
    await talk.say("/announce Bring a jacket.", "li")
    assert said in await attach(talk, *files)
    await talk.say("yes", "li")

    assert (await told(talk))["ana"][1] == []


async def test_a_file_without_a_message_is_told_how_to_be_sent(talk):
    assert "write the message first (/announce)" in await attach(talk, MAP)
    await talk.say("/announce Bring a jacket.", "li")
    unread = await talk.reply(Incoming(Address("console", "li"), is_readable=False))

    assert "send me the file on Telegram" in unread.text
    assert "I read text only" in (await talk.reply(Incoming(Address("console", "ana"), is_readable=False))).text


async def test_a_delegate_attaches_nothing(talk):
    assert "I read text only" in await attach(talk, MAP, who="ana")


async def test_a_file_that_is_not_kept_any_more_stops_the_message_before_anything_is_changed(talk):
    await talk.say("/change night cruise 19:30", "li")
    await attach(talk, MAP)
    async with talk.store.database.writing() as connection:
        await connection.execute(delete(attachment))
    said = await talk.press("Send", "li")

    assert "not kept any more" in said
    assert (await talk.store.editions.all(), await talk.store.broadcasts.all()) == ([], [])


async def test_a_change_that_is_told_to_nobody_takes_no_file(talk):
    await talk.say("/change night cruise 5 places", "li")
    assert "write the message first" in await attach(talk, MAP)
    await talk.say("yes", "li")

    assert next(one.capacity for one in await talk.store.activities.all() if one.key == "cruise") == 5
