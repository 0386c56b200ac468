"""What platforms demand to be remembered, by several processes at once."""

import asyncio

import pytest

from bot.arrivals import NotKept
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.platforms import SqlNonces
from tests.bot.conftest import url
from tests.fakes import Clock

__all__ = ["url"]  # the fixture: an empty database of each kind


async def test_a_nonce_is_taken_once_by_whichever_process(url):
    await migrate(url)
    databases = [Database(url) for _ in range(4)]
    processes = [SqlNonces(database, Clock()) for database in databases]

    taken = [
        await asyncio.gather(*(process.is_unused("bridge", f"n{number}") for process in processes * 3))
        for number in range(10)
    ]
    for database in databases:
        await database.close()

    assert [answers.count(True) for answers in taken] == [1] * 10


async def test_a_request_that_is_repeated_is_taken_for_seconds_and_another_with_its_nonce_never(url):
    await migrate(url)
    database, clock = Database(url), Clock()
    nonces = SqlNonces(database, clock)

    first = await asyncio.gather(*(nonces.is_new("wechat", "n", b"a") for _ in range(3)))
    other = await nonces.is_new("wechat", "n", b"b")
    clock.go_on(seconds=21)
    late = await nonces.is_new("wechat", "n", b"a")
    await database.close()

    assert (first, other, late) == ([True] * 3, False, False)


async def test_without_a_database_nothing_is_taken(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'none.sqlite3'}")

    with pytest.raises(NotKept):
        await SqlNonces(database, Clock()).is_unused("bridge", "n")

    await database.close()
