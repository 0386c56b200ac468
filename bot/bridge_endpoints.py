"""Where a bridge posts what people write, fetches what the desk says on its own, and tells what became of it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

from fastapi import APIRouter, Request, Response

from bot.arrivals import BadArrival, NotAuthentic, NotKept
from bot.http import COME_BACK
from bot.web.bodies import TooLarge, body_of
from handlers.errors import Away

LARGEST: Final = 64 * 1024  # bytes of a body
_OFF: Final = "the bridge door is off: DESK_BRIDGE_SECRET is empty"


class Door(Protocol):
    """What answers a bridge: lines of JSON."""

    async def take(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the reply to a message."""
        ...

    async def fetch(self, headers: Mapping[str, str]) -> str:
        """Return some of what the desk says on its own."""
        ...

    async def acknowledge(self, headers: Mapping[str, str], body: bytes) -> str:
        """Keep what has become of it."""
        ...


class BridgeEndpoints:
    """Answer requests below /bridge; without a door, each says why there is none."""

    def __init__(self, door: Door | None, is_stopping: Callable[[], bool]) -> None:
        self._door = door
        self._is_stopping = is_stopping
        self.router = APIRouter(prefix="/bridge")
        self.router.add_api_route("/messages", self.take, methods=["POST"], response_class=Response)
        self.router.add_api_route("/messages", self.fetch, methods=["GET"], response_class=Response)
        self.router.add_api_route("/acknowledgements", self.acknowledge, methods=["POST"], response_class=Response)

    async def take(self, request: Request) -> Response:
        """Answer a message."""
        return await self._answered(request, lambda door, body: door.take(request.headers, body))

    async def fetch(self, request: Request) -> Response:
        """Hand over what the desk says on its own."""
        return await self._answered(request, lambda door, _: door.fetch(request.headers))

    async def acknowledge(self, request: Request) -> Response:
        """Keep what has become of it."""
        return await self._answered(request, lambda door, body: door.acknowledge(request.headers, body))

    async def _answered(self, request: Request, answer: Callable[[Door, bytes], Awaitable[str]]) -> Response:
        if self._door is None:
            return _refused(404, _OFF)
        if self._is_stopping():
            return _refused(503, "the desk is being stopped")
        try:
            told = await answer(self._door, await body_of(request, LARGEST))
        except TooLarge:
            return _refused(413, f"a body has at most {LARGEST} bytes")
        except NotAuthentic as why:
            return _refused(401, str(why))
        except BadArrival as why:
            return _refused(400, str(why))
        except (Away, NotKept):
            return _refused(503, "the database does not answer")
        return Response(told.encode("utf-8", "replace"), media_type="application/x-ndjson")


def _refused(status: int, why: str) -> Response:
    headers = COME_BACK if status == 503 else {}
    return Response(json.dumps({"error": why}), status, headers, media_type="application/json")
