"""What a caller is told when the database does not answer."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.arrivals import NotKept

_log = logging.getLogger(__name__)


@asynccontextmanager
async def keeping(what: str) -> AsyncIterator[None]:
    """Run what reads or writes such rows.

    Raises:
        NotKept: the database does not answer.
    """
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        _log.warning("%s cannot be written or read (%s)", what, type(error).__name__)
        raise NotKept from error
