"""The desk's pages for machines: whether it is well, its figures, and what platforms post to it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Final, Protocol

from fastapi import FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse

from bot.group_commit import NotKept
from bot.inbox import BadArrival
from bot.metrics import Metrics

LARGEST: Final = 1024 * 1024  # bytes of a body; Telegram's are some thousand
_COME_BACK: Final = {"Retry-After": "5"}  # seconds; Telegram obeys it

Checks = Callable[[], Awaitable[Mapping[str, str]]]


class Webhook(Protocol):
    """A channel whose platform posts to the desk."""

    def knows(self, secret: str) -> bool:
        """Tell whether secret is the one that was agreed with the platform."""
        ...

    async def take(self, body: bytes) -> None:
        """Keep what was posted."""
        ...


class Endpoints:
    """What answers requests. is_stopping: platforms are asked to come back later."""

    def __init__(self, checks: Checks, metrics: Metrics, *, telegram: Webhook | None) -> None:
        """Take checks, which returns what is wrong, by part; '' where nothing is."""
        self.is_stopping = False
        self._checks = checks
        self._metrics = metrics
        self._telegram = telegram
        self.app = FastAPI(title="Delegate Desk", openapi_url=None, docs_url=None, redoc_url=None)
        self.app.add_api_route("/healthz", self.healthz, methods=["GET"])
        self.app.add_api_route("/readyz", self.readyz, methods=["GET"])
        self.app.add_api_route("/metrics", self.metrics, methods=["GET"])
        self.app.add_api_route("/telegram/webhook", self.telegram, methods=["POST"], response_class=Response)

    async def healthz(self) -> JSONResponse:
        """Tell that the process is up."""
        return JSONResponse({"status": "up"})

    async def readyz(self) -> JSONResponse:
        """Tell whether every part does its work, and what is wrong with which."""
        found = {"server": "it is being stopped"} if self.is_stopping else dict(await self._checks())
        is_ready = not any(found.values())
        parts = {part: problem or "well" for part, problem in found.items()}
        return JSONResponse({"ready": is_ready, "parts": parts}, 200 if is_ready else 503)

    async def metrics(self) -> Response:
        """Tell the figures."""
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4")

    async def telegram(
        self, request: Request, x_telegram_bot_api_secret_token: Annotated[str, Header()] = ""
    ) -> Response:
        """Keep an update of Telegram; the answer 200 says that it is kept."""
        if self._telegram is None:
            return Response(status_code=404)
        if not self._telegram.knows(x_telegram_bot_api_secret_token):
            return Response(status_code=401)
        if self.is_stopping:
            return Response(status_code=503, headers=_COME_BACK)
        body = await _read(request)
        if body is None:
            return Response(status_code=413)
        try:
            await self._telegram.take(body)
        except BadArrival:
            return Response(status_code=400)
        except NotKept:
            return Response(status_code=503, headers=_COME_BACK)
        return Response(status_code=200)


async def _read(request: Request) -> bytes | None:
    """Return the body of a request; None where it is larger than anything that is meant for the desk."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return bytes(body)
