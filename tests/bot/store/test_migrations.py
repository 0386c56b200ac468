import pytest
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.database import async_url
from bot.store.migrate import migrate
from bot.store.tables import metadata


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


@pytest.mark.parametrize("url", ["mysql://root@127.0.0.1/test"], indirect=False)
async def test_another_database_is_refused(url):
    with pytest.raises(ValueError, match="neither sqlite nor postgresql"):
        await migrate(url)
