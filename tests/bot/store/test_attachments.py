import asyncio

import pytest
from sqlalchemy import event, func, select

from bot.store import tables as t
from bot.store.attachments import SqlAttachments
from bot.store.broadcasts import SqlBroadcasts
from handlers.attachments import LARGEST
from handlers.broadcasts import Dispatch, Draft
from handlers.model import File

MAP = File("map.png", "image/png", b"\x89PNG map")


@pytest.fixture
def attachments(database, clock):
    return SqlAttachments(database, clock)


async def count(database):
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(t.attachment))


async def test_a_file_comes_back_as_it_was_kept(attachments, database, clock):
    (kept,) = await attachments.keep([MAP])
    (loaded,) = await SqlAttachments(database, clock).loaded([kept.unloaded])

    assert (loaded.name, loaded.media_type, loaded.content, loaded.attachment) == (
        "map.png",
        "image/png",
        b"\x89PNG map",
        kept.id,
    )
    assert (kept.size, kept.shown) == (8, "map.png (1 KB)")


async def test_a_file_is_read_once_for_all_of_its_readers(attachments, database):
    (kept,) = await attachments.keep([MAP])
    read = []

    def note(_connection, _cursor, statement, *_):
        if "attachment" in statement:
            read.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    found = await asyncio.gather(*(attachments.loaded([kept.unloaded]) for _ in range(50)))

    assert (len(read), {one[0].content for one in found}) == (1, {MAP.content})


async def test_no_more_is_kept_at_hand_than_two_messages_hold(attachments):
    large = [File(f"{n}.bin", "application/octet-stream", bytes([n]) * LARGEST) for n in range(9)]
    for file in large:
        (kept,) = await attachments.keep([file])
        (loaded,) = await attachments.loaded([kept.unloaded])
        assert loaded.content == file.content

    assert sum(map(len, attachments._at_hand.values())) == 6 * LARGEST


async def test_a_file_that_no_message_carries_goes_after_a_week_and_others_stay(attachments, database, clock):
    sent, unused = await attachments.keep([MAP, MAP])
    await SqlBroadcasts(database, clock).queue(Draft("x", "en", files=(sent,)), {}, Dispatch(), by=None)
    clock.go_on(seconds=8 * 24 * 3600)
    (new,) = await attachments.keep([MAP])

    assert await count(database) == 2
    assert {one.content for one in await attachments.loaded([sent.unloaded, new.unloaded])} == {MAP.content}
    with pytest.raises(LookupError):
        await attachments.loaded([unused.unloaded])
