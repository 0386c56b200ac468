"""HTTP connections to one platform, open while something is sent over them."""

from typing import Self

import aiohttp

from bot.outbox import Postponed


class Connections:
    """Connections that are open within an asynchronous context."""

    def __init__(self, within: float) -> None:
        """within: seconds for an answer."""
        self._within = within
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open them."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._within))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """What requests are made with.

        Raises:
            Postponed: the connections are closed.
        """
        if self._session is None:
            raise Postponed("the connections are closed", seconds=5)
        return self._session
