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
PER_SECOND = 200  # questions, whether the ones before are answered or not
BEFORE, AFTER = 200, 400  # the change is published, and has been


@pytest.fixture
async def desks(home):
    """Two desks on one database, as two processes have them."""
    made = [Desk(Settings(home=home, _env_file=None)) for _ in range(2)]
    stores = [await desk.store() for desk in made]
    await made[0].seed_activities(stores[0])
    yield list(zip(made, stores, strict=True))
    for store in stores:
        await store.database.close()


async def test_while_200_questions_a_second_are_asked_no_answer_after_the_commit_holds_the_old_time(desks):
    concierges = [conversation(desk.library, store) for desk, store in desks]
    replies, published = [], asyncio.Event()

    async def ask(number, *, is_after):
        text = QUESTIONS[number % len(QUESTIONS)]
        reply = await concierges[number % 2].respond(Incoming(Address("console", f"p{number}"), text))
        replies.append((is_after, reply.text.split("\n")[0]))

    async def change():
        desk, store = desks[0]
        session = next(one for one in desk.library.sessions() if "Cruise" in one.title)
        await publish(desk, store, [Change(session.key, {"start": "19:30"}, desk.settings.clock().date())])
        published.set()

    loop, asked, asked_after = asyncio.get_running_loop(), 0, 0
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        while asked_after < AFTER:
            await asyncio.sleep(max(0.0, began + asked / PER_SECOND - loop.time()))
            if asked == BEFORE:
                group.create_task(change())
            is_after = published.is_set()
            group.create_task(ask(asked, is_after=is_after))
            asked, asked_after = asked + 1, asked_after + is_after

    before = [text for is_after, text in replies if not is_after]
    after = [text for is_after, text in replies if is_after]
    assert (len(before) >= BEFORE, len(after)) == (True, AFTER)
    assert [text for text in after if "19:30" not in text] == []
    assert [text for text in before if "19:00" not in text and "19:30" not in text] == []
