from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Time,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.ext.asyncio import create_async_engine

from bot import store
from bot.store.database import async_url
from bot.store.migrate import NEWEST, migrate
from bot.store.tables import metadata
from handlers.model import Act, Wanted


async def tables_of(url):
    engine = create_async_engine(async_url(url))
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda c: set(inspect(c).get_table_names()))
    await engine.dispose()
    return names - {"alembic_version"}


async def test_migrations_make_the_tables_that_the_code_knows(url):
    await migrate(url)
    await migrate(url)

    assert await tables_of(url) == set(metadata.tables)


VERSIONS = sorted(path.stem[:4] for path in (Path(store.__file__).parent / "migrations" / "versions").glob("0*.py"))
VALUES = (
    (Boolean, False),
    (Integer, 1),
    (Float, 1.0),
    (DateTime, datetime(2026, 9, 14, tzinfo=UTC)),
    (Time, time(19)),
    (JSON, {}),
    (LargeBinary, b"a"),
    (String, "a"),
)


def row_of(table):
    """Return a row with a value in every column; what points to another table points to its first row."""
    kinds = {column.name: column.type for column in table.columns if column.name != "id"}
    return {name: next(value for kind, value in VALUES if isinstance(type_, kind)) for name, type_ in kinds.items()}


async def filled(url):
    """Write a row into every table that is there; return how many rows each has."""
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        there = MetaData()
        await connection.run_sync(there.reflect)
        for table in there.sorted_tables:
            if table.name != "alembic_version":
                await connection.execute(insert(table), row_of(table))
    await engine.dispose()
    return await counted(url)


async def counted(url):
    engine = create_async_engine(async_url(url))
    async with engine.connect() as connection:
        there = MetaData()
        await connection.run_sync(there.reflect)
        tables = [table for table in there.sorted_tables if table.name != "alembic_version"]
        counts = {t.name: await connection.scalar(select(func.count()).select_from(t)) for t in tables}
    await engine.dispose()
    return counts


@pytest.mark.parametrize("version", VERSIONS)
async def test_with_a_row_in_every_table_each_version_is_brought_up_to_date_and_back(url, version):
    await migrate(url, to=f"+{VERSIONS.index(version) + 1}")
    before = await filled(url)
    assert set(before.values()) == {1}

    await migrate(url)
    assert {name: count for name, count in (await counted(url)).items() if name in before} == before

    await migrate(url, to=version)
    assert await counted(url) == before


async def test_with_a_row_in_every_table_the_newest_version_goes_back_to_nothing(url):
    await migrate(url)
    assert set(await filled(url)) == set(metadata.tables)

    await migrate(url, to="base")
    assert await tables_of(url) == set()
    await migrate(url)

    assert await tables_of(url) == set(metadata.tables)


async def test_the_newest_version_is_the_one_that_the_tables_are_brought_to(url):
    await migrate(url)
    engine = create_async_engine(async_url(url))
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == NEWEST
    await engine.dispose()


async def test_counts_of_a_database_from_before_they_were_kept_are_right(kept, url):
    for name, party in (("Ana", 2), ("Ben", 1)):
        person = await kept.person(name)
        await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise", party))
    before = await kept.rsvps.counts()

    await migrate(url, to="0001")
    await migrate(url)

    assert await kept.rsvps.counts() == before
    assert before[0].confirmed == 3


@pytest.mark.parametrize("url", ["mysql://root@127.0.0.1/test"], indirect=False)
async def test_another_database_is_refused(url):
    with pytest.raises(ValueError, match="neither sqlite nor postgresql"):
        await migrate(url)
