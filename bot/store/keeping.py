"""What a caller is told when the database does not answer."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.arrivals import NotKept
from bot.store.failures import FAILURES, said

_log = logging.getLogger(__name__)


@asynccontextmanager
async def keeping(what: str) -> AsyncIterator[None]:
    """Run what reads or writes such rows.

    Raises:
        NotKept: the database does not answer.
    """
    try:
        yield
    except FAILURES as error:
        _log.warning("%s cannot be written or read (%s)", what, said(error))
        raise NotKept(said(error)) from error
