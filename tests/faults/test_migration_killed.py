"""An update of the tables is killed at any statement: the next start finishes it, with every row there."""

import asyncio
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.store.migrate import migrate
from bot.store.tables import metadata
from tests.bot.conftest import url
from tests.bot.store.test_migrations import counted, filled, tables_of

__all__ = ["url"]  # the fixture: an empty database of each kind

ROOT = Path(__file__).parents[2]
STATEMENTS = (5, 20, 40, 55)  # after which it is killed; an update from the first version takes more


async def migrated(url, statements):
    """Have a process migrate a database and die after so many statements; return how it ended."""
    command = [sys.executable, "-m", "tests.faults.migration_worker", url, str(statements)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    return await process.wait()


async def test_killed_at_any_statement_an_update_is_finished_by_the_next_start(url):
    await migrate(url, to="+1")
    before = await filled(url)

    ends = [await migrated(url, statements) for statements in STATEMENTS]
    await migrate(url)

    assert set(ends) == {-signal.SIGKILL}
    assert await tables_of(url) == set(metadata.tables)
    assert {name: count for name, count in (await counted(url)).items() if name in before} == before


async def test_processes_that_begin_at_once_update_the_tables_once(url):
    ends = await asyncio.gather(*(migrated(url, sys.maxsize) for _ in range(4)))

    assert set(ends) == {0}
    assert await tables_of(url) == set(metadata.tables)


async def test_a_start_with_nothing_to_change_waits_for_nobody_who_writes(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    await migrate(url)
    with closing(sqlite3.connect(tmp_path / "desk.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        await migrate(url)
