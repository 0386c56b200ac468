"""Bring the tables to the newest version, or back to an older one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.database import async_url

_FOLDER = Path(__file__).parent / "migrations"


async def migrate(url: str, *, to: str = "head") -> None:
    """Change the tables of a database to a version; the data in them stays. Does nothing where they are at it.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is out of reach, or refuses.
    """
    engine = create_async_engine(async_url(url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_change, to)
    finally:
        await engine.dispose()


def _change(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    if to == "head" or to.startswith("+"):
        command.upgrade(config, to)
    else:
        command.downgrade(config, to)
