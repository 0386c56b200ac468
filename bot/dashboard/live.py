"""Streams that tell open pages that there is something new: one look at the database serves all of them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from starlette.responses import Response, StreamingResponse

LOOKS_EVERY: Final = 1.0  # seconds, while a page is open
_BREATH: Final = 15.0  # seconds after which a stream says that it is still there, and looks whether it may be


class Live:
    """Watch for what is new while anybody listens."""

    def __init__(self, version: Callable[[], Awaitable[object]]) -> None:
        """version: differs as soon as a page would show something else."""
        self._version = version
        self._told = ""
        self._changed = asyncio.Condition()
        self._listening = 0
        self._is_over = False

    async def run(self) -> None:
        """Look again and again, until this is cancelled."""
        while True:
            if self._listening:
                await self.look()
            await asyncio.sleep(LOOKS_EVERY)

    async def look(self) -> None:
        """Tell all who listen where something is new."""
        seen = hashlib.sha256(repr(await self._version()).encode()).hexdigest()[:16]
        if seen != self._told:
            async with self._changed:
                self._told = seen
                self._changed.notify_all()

    async def stop(self) -> None:
        """End all streams; browsers come back by themselves."""
        async with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def stream(self, may_go_on: Callable[[], Awaitable[bool]]) -> Response:
        """Return a stream of events; may_go_on: is asked at times whether who listens still may."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx hands each event on at once
        return StreamingResponse(self._events(may_go_on), media_type="text/event-stream", headers=headers)

    async def _events(self, may_go_on: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
        self._listening += 1
        try:
            told = self._told
            yield f"retry: 3000\nid: {told}\nevent: hello\ndata: {told}\n\n"
            while not self._is_over:
                told_now = await self._next(told)
                if told_now != told:
                    told = told_now
                    yield f"id: {told}\nevent: changed\ndata: {told}\n\n"
                elif not await may_go_on():
                    yield "event: over\ndata: \n\n"
                    return
                else:
                    yield ": here\n\n"
        finally:
            self._listening -= 1

    async def _next(self, told: str) -> str:
        """Return what is told next; the same where nothing is new for a while."""
        try:
            async with asyncio.timeout(_BREATH), self._changed:
                await self._changed.wait_for(lambda: self._told != told or self._is_over)
        except TimeoutError:
            pass
        return self._told
