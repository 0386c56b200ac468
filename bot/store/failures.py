"""What it means when the database fails: it is away for now, another turn was faster, or the code is wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, InternalError, SQLAlchemyError

from handlers.errors import Away, TryAgain

FAILURES: Final = (SQLAlchemyError, OSError, Away)  # all that a database does
_TO_BE_REPEATED: Final = ("40P01", "40001")  # PostgreSQL: deadlock detected, serialization failure
# PostgreSQL's classes of errors (its manual, appendix A): connection, resources such as the disk, operator, system.
_AWAY: Final = ("08", "53", "57", "58")
_SQLITE_AWAY: Final = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
    )
)


@contextmanager
def outages_told() -> Iterator[None]:
    """Raise Away for what is the fault of no statement: the same one will do when the database is back."""
    try:
        yield
    except DBAPIError as error:
        if _is_away(error):
            raise Away(said(error)) from error
        raise


@contextmanager
def connecting() -> Iterator[None]:
    """Raise Away for whatever keeps a connection from being made."""
    try:
        yield
    except Exception as error:  # a boundary: every driver raises its own errors here
        raise Away(said(error)) from error


@contextmanager
def collisions_told() -> Iterator[None]:
    """Raise TryAgain where another turn was faster, and Away where the database is."""
    with outages_told():
        try:
            yield
        except DBAPIError as error:
            if isinstance(error, IntegrityError) or _state(error) in _TO_BE_REPEATED:
                raise TryAgain from error
            raise


def said(error: BaseException) -> str:
    """Return what SQLite says of an error, such as a full disk; of another only its kind: it may name a server."""
    own = error.orig if isinstance(error, DBAPIError) else error
    return str(own) if isinstance(own, sqlite3.Error | Away) else type(own).__name__


def _is_away(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in _SQLITE_AWAY  # the rest of the code tells more of the same
    # asyncpg says InterfaceError or InternalError where it is asked to use a connection that was cut.
    is_cut = error.connection_invalidated or isinstance(error, InterfaceError | InternalError)
    return is_cut or _state(error)[:2] in _AWAY


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
