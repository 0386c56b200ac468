"""Bring the tables to the newest version, or back to an older one."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.database import async_url

_FOLDER = Path(__file__).parent / "migrations"
NEWEST = max(path.name.split("_")[0] for path in _FOLDER.glob("versions/[0-9]*.py"))


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
    if to == "head" and _version(connection) == NEWEST:
        return
    from alembic import command  # noqa: PLC0415 - 0.1 s that only a change should pay
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    if to == "head" or to.startswith("+"):
        command.upgrade(config, to)
    else:
        command.downgrade(config, to)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
