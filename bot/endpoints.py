"""The desk's pages for machines: whether it is well, its figures, and what platforms post to it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Final, Protocol

from fastapi import FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute

from bot.arrivals import BadArrival, NotAuthentic, NotKept
from bot.bridge_endpoints import BridgeEndpoints, Door
from bot.http import COME_BACK
from bot.metrics import Metrics
from bot.web.bodies import TooLarge, body_of
from handlers.errors import Away

LARGEST: Final = 1024 * 1024  # bytes of a body; Telegram's are some thousand

Checks = Callable[[], Awaitable[Mapping[str, str]]]


class Webhook(Protocol):
    """A channel whose platform posts to the desk."""

    def knows(self, secret: str) -> bool:
        """Tell whether secret is the one that was agreed with the platform."""
        ...

    async def take(self, body: bytes) -> None:
        """Keep what was posted."""
        ...


class Callback(Protocol):
    """An account of WeChat, which posts to the desk and reads the answer in the response."""

    def greet(self, query: Mapping[str, str]) -> str:
        """Return the answer to the request by which WeChat tries the address out."""
        ...

    async def take(self, query: Mapping[str, str], body: bytes) -> str:
        """Return the answer to a message."""
        ...


class Endpoints:
    """What answers requests. is_stopping: platforms are asked to come back later."""

    def __init__(
        self,
        checks: Checks,
        metrics: Metrics,
        *,
        telegram: Webhook | None,
        callbacks: Mapping[str, Callback],
        bridge: Door | None = None,
        pages: Sequence[BaseRoute] = (),
    ) -> None:
        """Take checks, which returns what is wrong, by part; '' where nothing is.

        callbacks: by their path. pages: what is for people, and answers by itself.
        """
        self.is_stopping = False
        self._checks = checks
        self._metrics = metrics
        self._telegram = telegram
        self._callbacks = callbacks
        self.app = FastAPI(title="Delegate Desk", openapi_url=None, docs_url=None, redoc_url=None)
        self.app.add_api_route("/healthz", self.healthz, methods=["GET"])
        self.app.add_api_route("/readyz", self.readyz, methods=["GET"])
        self.app.add_api_route("/metrics", self.metrics, methods=["GET"])
        self.app.add_api_route("/telegram/webhook", self.telegram, methods=["POST"], response_class=Response)
        self.app.include_router(BridgeEndpoints(bridge, lambda: self.is_stopping).router)
        for path in callbacks:
            self.app.add_api_route(f"/{path}", self.greet, methods=["GET"], response_class=Response)
            self.app.add_api_route(f"/{path}", self.callback, methods=["POST"], response_class=Response)
        self.app.router.routes.extend(pages)
        self.app.add_exception_handler(Away, _away)

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
        return Response(await self._metrics.text(), media_type="text/plain; version=0.0.4")

    async def telegram(
        self, request: Request, x_telegram_bot_api_secret_token: Annotated[str, Header()] = ""
    ) -> Response:
        """Keep an update of Telegram; the answer 200 says that it is kept."""
        if self._telegram is None:
            return Response(status_code=404)
        if not self._telegram.knows(x_telegram_bot_api_secret_token):
            return Response(status_code=401)
        if self.is_stopping:
            return Response(status_code=503, headers=COME_BACK)
        try:
            await self._telegram.take(await body_of(request, LARGEST))
        except TooLarge:
            return Response(status_code=413)
        except BadArrival:
            return Response(status_code=400)
        except NotKept:
            return Response(status_code=503, headers=COME_BACK)
        return Response(status_code=200)

    async def greet(self, request: Request) -> Response:
        """Answer the request by which WeChat tries a callback out."""
        callback = self._callbacks[request.url.path.rpartition("/")[2]]
        try:
            return Response(callback.greet(request.query_params), media_type="text/plain")
        except NotAuthentic:
            return Response(status_code=403)
        except BadArrival:
            return Response(status_code=400)

    async def callback(self, request: Request) -> Response:
        """Answer a message of WeChat in the response."""
        callback = self._callbacks[request.url.path.rpartition("/")[2]]
        if self.is_stopping:
            return Response(status_code=503, headers=COME_BACK)
        try:
            answer = await callback.take(request.query_params, await body_of(request, LARGEST))
            return Response(answer, media_type="application/xml")
        except TooLarge:
            return Response(status_code=413)
        except NotAuthentic:
            return Response(status_code=403)
        except BadArrival:
            return Response(status_code=400)
        except NotKept:
            return Response(status_code=503, headers=COME_BACK)


async def _away(_: Request, __: Exception) -> Response:
    """Return the answer to a request that has changed nothing, since the database does not answer."""
    return JSONResponse({"error": "the database does not answer for a moment"}, 503, COME_BACK)
