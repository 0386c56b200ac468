"""What the desk says on its own in a browser: it counts as sent when a page has shown it, and not before.

A page cannot be reached while nobody has it open. So a notice becomes a line at once, and goes by another channel of
its reader; where there is none it waits. Whoever comes back reads it first, unless it has expired or was taken back.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol

from bot.channels.web.streams import Streams
from bot.lines import Line, NewLine
from bot.outbox import Postponed, Sent
from handlers.model import Address, Reply

WAITS: Final = "unreachable on the web now: shown when the page is opened"
_SOON: Final = 5.0  # seconds within which an open page says that it shows a line
_LOOKS_EVERY: Final = 0.1


class Lines(Protocol):
    """The lines of conversations."""

    async def add(self, lines: Sequence[NewLine]) -> Sequence[Line]:
        """Keep lines of one session that are new; return all of them as they are kept."""
        ...

    async def is_taken(self, session: str, number: int) -> bool:
        """Tell whether a page has said that it shows a line."""
        ...


class WebSender:
    """Write notices into conversations."""

    def __init__(self, lines: Lines, streams: Streams) -> None:
        self._lines = lines
        self._streams = streams

    gap = timedelta(milliseconds=1)  # one at a time to an address, so that they stand in order

    async def until_few_wait(self) -> None:
        """Return at once: nothing waits."""

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Sent:  # noqa: ARG002 - it has no parts
        """Show a reply; return once a page has said that it shows it.

        Raises:
            Postponed: none has yet.
        """
        line = NewLine(address.id, f"notice:{reply.notice}", reply, notice=reply.notice)
        kept = (await self._lines.add([line]))[0]
        if kept.is_taken or await self._is_taken_soon(address.id, kept.number):
            return Sent(str(kept.number))
        raise Postponed(WAITS, until_they_write=True)

    async def _is_taken_soon(self, session: str, number: int) -> bool:
        """Tell whether a page that is open here says that it shows a line."""
        self._streams.wake(session)
        ends = asyncio.get_running_loop().time() + _SOON
        while self._streams.is_open(session) and asyncio.get_running_loop().time() < ends:
            if await self._lines.is_taken(session, number):
                return True
            await asyncio.sleep(_LOOKS_EVERY)
        return await self._lines.is_taken(session, number)
