"""A desk that has nothing to answer from yet: it says so over HTTP, and begins as soon as documents are ingested."""

import asyncio
import logging
import socket
from collections.abc import Mapping, Sequence
from typing import Final

from bot.app import Desk
from bot.arrivals import NotAuthentic, NotKept
from bot.endpoints import Endpoints
from bot.http import Http
from bot.metrics import Figure, Metrics
from bot.store.whole import Store
from handlers.concierge import Concierge
from knowledge.shelf import NothingIngested
from knowledge.snapshot import LibraryDamaged

_CALLBACKS: Final = ("wechat", "wecom")
_LOOKS_EVERY: Final = 1.0  # seconds
_log = logging.getLogger(__name__)


class Waiting:
    """Open a desk once it can be."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.problem = ""  # why it cannot be opened yet

    async def opened(self) -> tuple[Store, Concierge] | None:
        """Return the desk's parts; None where it cannot be opened yet, and problem says why."""
        try:
            return await self._desk.opened()
        except (NothingIngested, LibraryDamaged) as error:
            self.problem = str(error)
            _log.warning("nothing is answered yet: %s", self.problem)
            return None

    async def serve(self, listening: socket.socket) -> tuple[Store, Concierge]:
        """Tell over HTTP what is missing, until the desk can be opened; return its parts. What is posted is put off."""
        everybody = {path: _PuttingOffAnswers() for path in _CALLBACKS}
        endpoints = Endpoints(self._checks, Metrics(_no_figures), telegram=_PuttingOff(), callbacks=everybody)
        http = Http(endpoints.app)
        serving = asyncio.create_task(http.serve([listening.dup()]))
        try:
            return await self._opened_later()
        finally:
            http.should_exit = True
            await asyncio.wait([serving])

    async def _opened_later(self) -> tuple[Store, Concierge]:
        seen = self._desk.shelf.version
        while True:
            await asyncio.sleep(_LOOKS_EVERY)
            now = self._desk.shelf.version
            if now != seen and (opened := await self.opened()):
                return opened
            seen = now

    async def _checks(self) -> Mapping[str, str]:
        return {"index": self.problem}


class _PuttingOff:
    """A channel that takes nothing yet; its platform posts again."""

    def knows(self, _: str) -> bool:
        """Take any secret for the agreed one, for none is looked at."""
        return True

    async def take(self, _: bytes) -> None:
        """Put off what was posted."""
        raise NotKept


async def _no_figures() -> Sequence[Figure]:
    return ()


class _PuttingOffAnswers:
    """An account of WeChat that takes nothing yet."""

    def greet(self, _: Mapping[str, str]) -> str:
        """Tell nobody that the address is the right one."""
        raise NotAuthentic("nothing is served yet")

    async def take(self, _: Mapping[str, str], __: bytes) -> str:
        """Put off what was posted."""
        raise NotKept
