"""While many people ask, the programme is changed: from the commit on nobody is told the old time."""

import asyncio

import pytest

from bot.app import Desk, conversation
from bot.publishing import publish
from bot.settings import Settings
from handlers.model import Address, Incoming
from knowledge import Change

QUESTIONS = [
    "When is the night cruise?",
    "la croisière c'est à quelle heure ?",
    "夜游几点开始？",
    "Wann ist die Flussfahrt?",
]
ASKERS = 40


@pytest.fixture
async def desks(home):
    """Two desks on one database, as two processes have them."""
    made = [Desk(Settings(home=home, _env_file=None)) for _ in range(2)]
    stores = [await desk.store() for desk in made]
    await made[0].seed_activities(stores[0])
    yield list(zip(made, stores, strict=True))
    for store in stores:
        await store.database.close()


async def test_no_answer_after_the_commit_holds_the_old_time(desks):
    concierges = [conversation(desk.library, store) for desk, store in desks]
    is_published, is_over = asyncio.Event(), asyncio.Event()
    replies, more = [], asyncio.Condition()

    async def told(count):
        async with more:
            await more.wait_for(lambda: len(replies) >= count)

    async def ask(number):
        asked = 0
        while not is_over.is_set():
            is_after = is_published.is_set()
            text = QUESTIONS[(number + asked) % len(QUESTIONS)]
            reply = await concierges[number % 2].respond(Incoming(Address("console", f"p{number}"), text))
            replies.append((is_after, reply.text.split("\n")[0]))
            async with more:
                more.notify_all()
            asked += 1

    async def change():
        desk, store = desks[0]
        await told(2 * ASKERS)
        session = next(one for one in desk.library.sessions() if "Cruise" in one.title)
        await publish(desk, store, Change(session.key, {"start": "19:30"}, desk.settings.clock().date()))
        is_published.set()
        await told(len(replies) + 3 * ASKERS)
        is_over.set()

    await asyncio.gather(change(), *(ask(number) for number in range(ASKERS)))

    before = [text for is_after, text in replies if not is_after]
    after = [text for is_after, text in replies if is_after]
    assert len(before) > ASKERS
    assert len(after) > ASKERS
    assert [text for text in after if "19:30" not in text] == []
    assert [text for text in before if "19:00" not in text and "19:30" not in text] == []
