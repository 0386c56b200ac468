import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

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


async def test_with_data_in_it_a_database_goes_back_and_forth(kept, url):
    await kept.person("Ana")
    await kept.rsvps.resize("cruise", 5)

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
