import signal
from collections import Counter

from sqlalchemy import func, insert, select

from bot.outbox import AT_ONCE
from bot.store import tables as t
from bot.store.attachments import SqlAttachments
from bot.store.broadcasts import SqlBroadcasts
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.people import SqlPeople
from bot.store.rsvps import SqlRsvps
from handlers.broadcasts import Dispatch, Draft
from handlers.model import Address, File
from tests.bot_api import FakeBotApi
from tests.bot_api_rules import Upload
from tests.fakes import Clock
from tests.serving import serving

COUNT = 100
ANSWER = {"question": "Where is the pier?", "answer": "Gate 3."}


async def queued(database):
    """Write a notice for each of many people on Telegram."""
    people = SqlPeople(database, SqlRsvps(database, Clock()), Clock())
    ids = [(await people.introduce(Address("telegram", str(n)), name="", city="")).id for n in range(1, COUNT + 1)]
    async with database.writing() as connection:
        rows = [{"person_id": one, "kind": "answer", "told": ANSWER, "created": Clock()()} for one in ids]
        await connection.execute(insert(t.notice), rows)


async def test_a_desk_that_is_killed_while_it_tells_people_loses_none_and_never_comes_too_fast(home):
    url = f"sqlite:///{home / 'desk.sqlite3'}"
    await migrate(url)
    database = Database(url)
    await queued(database)

    async with FakeBotApi() as api:
        api.limits = True
        async with serving(home, api.url) as desk:
            await api.wait_for(20, 60)
            desk.signal(signal.SIGKILL)
            await desk.ended()
        async with serving(home, api.url):
            await api.wait_for(COUNT, 90)
            while await unsettled(database):
                await api.wait_for(0)
        told = Counter(sent.chat_id for sent in api.sent)

    await database.close()
    assert set(told) == set(range(1, COUNT + 1))
    assert sum(told.values()) - COUNT <= AT_ONCE
    assert api.statuses[429] == 0


async def test_a_desk_that_is_killed_while_it_sends_a_file_sends_it_to_everybody(home):
    url = f"sqlite:///{home / 'desk.sqlite3'}"
    await migrate(url)
    database = Database(url)
    people = SqlPeople(database, SqlRsvps(database, Clock()), Clock())
    for number in range(1, COUNT + 1):
        await people.introduce(Address("telegram", str(number)), name="", city="")
    async with database.turn():
        files = await SqlAttachments(database, Clock()).keep([File("map.pdf", "application/pdf", b"%PDF map")])
        draft = Draft("Here is the map.", "en", files=tuple(files))
        await SqlBroadcasts(database, Clock()).queue(draft, {}, Dispatch(), by=None)

    async with FakeBotApi() as api:
        async with serving(home, api.url) as desk:
            await api.wait_for(20, 60)
            desk.signal(signal.SIGKILL)
            await desk.ended()
        async with serving(home, api.url):
            while await unsettled(database):
                await api.wait_for(0)
        told = {sent.chat_id: (sent.text, sent.file) for sent in api.sent}

    await database.close()
    expected = ("Message of the organizers:\nHere is the map.", Upload("map.pdf", b"%PDF map"))
    assert told == dict.fromkeys(range(1, COUNT + 1), expected)
    assert len(api.sent) - COUNT <= AT_ONCE


async def unsettled(database):
    async with database.reading() as connection:
        waits = t.notice.c.message_id.is_(None)
        return await connection.scalar(select(func.count()).select_from(t.notice).where(waits))
