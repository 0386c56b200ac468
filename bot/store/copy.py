"""A sound copy of the database, made while others write."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.database import async_url
from bot.store.failures import FAILURES, said


class NotCopied(Exception):
    """The database could not be copied; str(): why."""


async def copied(url: str, path: Path) -> None:
    """Write all that SQLite's database holds into a new file, as it is at this moment. Writers do not wait for it.

    Raises:
        NotCopied: the database does not answer, the disk is full, or what was written is not sound.
    """
    engine = create_async_engine(async_url(url), isolation_level="AUTOCOMMIT")
    copy = create_async_engine(async_url(f"sqlite:///{path}"))
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
        async with copy.connect() as connection:
            found = await connection.scalar(text("PRAGMA integrity_check"))
        if found != "ok":
            raise NotCopied(str(found))
    except FAILURES as error:
        raise NotCopied(said(error)) from error
    finally:
        await engine.dispose()
        await copy.dispose()
