"""What the chat's script asks for: it posts messages, listens, and says what it has shown."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.arrivals import BadArrival, NotKept
from bot.channels.web import texts
from bot.channels.web.conversation import LONGEST, Conversation, Lines, Posted
from bot.channels.web.door import Door, Refusal
from bot.channels.web.speech import event_of, shown
from bot.channels.web.streams import MOST, Streams
from bot.web.bodies import TooLarge, body_of
from bot.web.site import Site
from handlers.model import Address

LARGEST: Final = 32 * 1024  # bytes of a message in JSON: four for a letter, and what goes with it
_BREATH: Final = 15.0  # seconds between two signs of life, which keep proxies from ending a stream
_COME_BACK: Final = 2_000  # milliseconds after which a browser that has lost the stream asks for it again
_STREAM: Final = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}  # nginx would collect what should flow

Wake = Callable[[Address], Awaitable[object]]  # have what was put off for an address delivered now


class Posts:
    """The routes of the script."""

    def __init__(
        self, door: Door, conversation: Conversation, lines: Lines, streams: Streams, site: Site, wake: Wake
    ) -> None:
        self._door = door
        self._conversation = conversation
        self._lines = lines
        self._streams = streams
        self._files_at = site.path("/chat/files")
        self._wake = wake

    @property
    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route("/chat/messages", self.message, methods=["POST"]),
            Route("/chat/taken", self.taken, methods=["POST"]),
            Route("/chat/events", self.events, methods=["GET"]),
            Route("/chat/files/{number:int}/{place:int}", self.file, methods=["GET"]),
        ]

    async def message(self, request: Request) -> Response:
        """Keep a message; 202 says that it is kept, and that its answer comes in the stream."""
        refusal = self._door.refusal(request)
        if refusal is not None:
            return refused(refusal)
        said = self._door.speech(request)
        try:
            posted = Posted.of(json.loads(await body_of(request, LARGEST)), language=said.language)
            await self._conversation.take(self._door.cookies.session(request), posted)
        except TooLarge:
            return refused(Refusal(413, said.say(texts.TOO_LONG, most=LONGEST)))
        except (BadArrival, ValueError, RecursionError):
            return refused(Refusal(400, said.say(texts.UNREADABLE)))
        except NotKept:
            return refused(Refusal(503, said.say(texts.LATER), 5))
        return JSONResponse({"id": posted.id}, 202)

    async def taken(self, request: Request) -> Response:
        """Note up to which line a page shows what the desk says on its own."""
        if not self._door.is_own(request):
            return refused(Refusal(403, self._door.speech(request).say(texts.BEGIN_AGAIN)))
        try:
            told: Any = json.loads(await body_of(request, LARGEST))
            number = int(told["number"])
        except (TypeError, KeyError, ValueError, RecursionError):
            return refused(Refusal(400, self._door.speech(request).say(texts.UNREADABLE)))
        await self.take(self._door.cookies.session(request), number)
        return Response(status_code=204)

    async def take(self, session: str, number: int) -> None:
        """Note that the lines of a session are shown up to a number; what was waiting for that is settled."""
        await self._lines.take(session, min(max(number, 0), 2**62))
        await self._wake(Address("web", session))

    async def events(self, request: Request) -> Response:
        """Stream lines beyond the last that the page has, as they come."""
        session = self._door.cookies.session(request)
        if not session:
            return refused(Refusal(403, self._door.speech(request).say(texts.BEGIN_AGAIN)))
        if self._streams.count >= MOST or self._door.is_closing:
            return refused(Refusal(503, self._door.speech(request).say(texts.LATER), 5))
        told = request.headers.get("last-event-id") or request.query_params.get("after", "")
        after = int(told) if told.isdecimal() and len(told) < 19 else 0
        return StreamingResponse(self._stream(session, after), media_type="text/event-stream", headers=_STREAM)

    async def _stream(self, session: str, after: int) -> AsyncIterator[str]:
        with self._streams.opened(session) as page:
            yield f"retry: {_COME_BACK}\nevent: open\ndata: {{}}\n\n"
            while not page.is_closed:
                for event in page.early():
                    yield event
                async for number, event in self._news(session, after):
                    after = number
                    yield event
                if not await page.wait(_BREATH):
                    yield ": breath\n\n"

    async def _news(self, session: str, after: int) -> AsyncIterator[tuple[int, str]]:
        while found := await self._lines.after(session, after):
            for line in found:
                after = line.number
                yield after, f"id: {after}\n{event_of(shown(line, self._files_at))}"

    async def file(self, request: Request) -> Response:
        """Return a file that came with a line, to whose conversation it belongs."""
        session = self._door.cookies.session(request)
        number, place = request.path_params["number"], request.path_params["place"]
        found = await self._lines.file(session, number, place) if session and number < 2**62 else None
        if found is None:
            return refused(Refusal(404, self._door.speech(request).say(texts.GONE)))
        ascii_name = found.name.encode("ascii", "replace").decode().replace('"', "'")
        headers = {
            "Content-Disposition": f'attachment; filename="{ascii_name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return Response(found.content, media_type=found.media_type, headers=headers)


def refused(refusal: Refusal) -> Response:
    """Return the answer to a request that is not heard, in words that the page shows."""
    headers = {"Retry-After": str(refusal.seconds)} if refusal.seconds else {}
    return JSONResponse({"problem": refusal.text, "seconds": refusal.seconds}, refusal.status, headers)
