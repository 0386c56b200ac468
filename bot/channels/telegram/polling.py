"""Updates that are fetched: acknowledged to Telegram only once they are rows."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods.base import TelegramMethod

from bot.arrivals import NotKept
from bot.channels.telegram.reading import KINDS

LISTENS_FOR: Final = 25  # seconds that Telegram holds a request while there is nothing
SILENT_FOR: Final = 90.0  # seconds without an answer after which the connection is made anew
_ANSWERS_WITHIN: Final = LISTENS_FOR + 15
_LONGEST_PAUSE: Final = 30.0
_MOST: Final = 100  # updates in an answer: https://core.telegram.org/bots/api#getupdates
_log = logging.getLogger(__name__)

Accept = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]


class TokenRefused(Exception):
    """Telegram does not know the token, or no longer."""


class Silence(Exception):
    """Nothing has come from Telegram for too long."""


class _Fetched(TelegramMethod[list[dict[str, Any]]]):
    """Updates as they are sent: one that aiogram cannot read must not keep the others back."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = _MOST
    timeout: int = LISTENS_FOR
    allowed_updates: tuple[str, ...] = KINDS


class Poller:
    """Fetch updates, one request after another."""

    def __init__(self, bot: Bot, accept: Accept, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._accept = accept
        self._clock = clock
        self._offset: int | None = None
        self._failures = 0
        self.heard = clock()  # when Telegram has last answered
        self.problem = ""

    @property
    def silence(self) -> float:
        """How many seconds ago Telegram has answered."""
        return self._clock() - self.heard

    async def run(self) -> None:
        """Fetch for ever; begin anew where nothing comes any more.

        Raises:
            TokenRefused: Telegram does not know the token.
        """
        while True:
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._fetch_for_ever())
                    group.create_task(self._watch())
            except* Silence:
                _log.warning("Telegram has not answered for %d s; the connection is made anew", SILENT_FOR)
                self.heard = self._clock()
                await self._bot.session.close()
            except* TokenRefused as group_of_one:
                raise TokenRefused from group_of_one

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(SILENT_FOR / 90)
            if self.silence > SILENT_FOR and not self._failures:  # a failure is noticed by who has asked
                raise Silence

    async def _fetch_for_ever(self) -> None:
        while True:
            pause = await self._fetch()
            if pause:
                await asyncio.sleep(pause)

    async def _fetch(self) -> float:
        """Fetch what there is and keep it; return the seconds to wait before the next request."""
        try:
            updates = await self._bot(_Fetched(offset=self._offset), request_timeout=_ANSWERS_WITHIN)
            await self._accept(updates)
        except TelegramRetryAfter as error:
            return self._failed("Telegram wants a pause", float(error.retry_after))
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise TokenRefused from error
        except TelegramConflictError:
            return self._failed("another program fetches the updates of this bot; only one may", _LONGEST_PAUSE / 3)
        except (TelegramAPIError, ClientDecodeError) as error:
            return self._failed(f"Telegram is out of reach ({type(error).__name__})")
        except NotKept:
            return self._failed("the database takes no messages")
        if self._failures:
            _log.warning("Telegram answers again")
        self._failures, self.problem = 0, ""
        self.heard = self._clock()
        numbers = [update["update_id"] for update in updates]
        self._offset = max(numbers) + 1 if numbers else self._offset
        return 0.0

    def _failed(self, problem: str, pause: float = 0.0) -> float:
        self._failures += 1
        if problem != self.problem:
            _log.warning("no messages come in: %s", problem)
        self.problem = problem
        return pause or min(0.25 * 2**self._failures, _LONGEST_PAUSE)
