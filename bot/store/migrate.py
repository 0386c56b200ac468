"""Bring the tables to the newest version, or back to an older one."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event, func, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.database import async_url

_FOLDER = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6465736B  # of PostgreSQL, for who changes tables: "desk" in ASCII
NEWEST = max(path.name.split("_")[0] for path in _FOLDER.glob("versions/[0-9]*.py"))


async def migrate(url: str, *, to: str = "head") -> None:
    """Change the tables of a database to a version; the data in them stays. Does nothing where they are at it.

    All of it is one transaction, also where several processes begin at once: a process that dies has changed nothing.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is out of reach, or refuses.
    """
    if to == "head" and await _is_newest(url):
        return
    engine = create_async_engine(async_url(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _begin_nothing)
        event.listen(engine.sync_engine, "begin", _begin)
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            await connection.run_sync(_change, to)
    finally:
        await engine.dispose()


async def _is_newest(url: str) -> bool:
    """Tell whether there is nothing to change, without waiting for anybody who writes."""
    engine = create_async_engine(async_url(url))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_version) == NEWEST
    finally:
        await engine.dispose()


def _begin_nothing(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own connection
    """Keep Python from beginning transactions: it begins none for a change of tables, which would stay half done."""
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _change(connection: Connection, to: str) -> None:
    if to == "head" and _version(connection) == NEWEST:  # another process was faster
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
