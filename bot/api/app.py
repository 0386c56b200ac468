"""The API as an app of its own, with a document that describes every answer."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.access import Refusal, WithToken, refused
from bot.api.answers import Refused
from bot.api.routes import Routes
from bot.http import COME_BACK
from bot.store.whole import Store
from bot.web.site import Site
from handlers.errors import Away
from handlers.ports import Library

PATH: Final = "/api"
_ABOUT: Final = """What the organizers see, for other programs to read.

Each request shows a token, `Authorization: Bearer desk_…`, made by `desk tokens create`; its scopes say what it reads.
Lists come in pages: `next` is the path of the next one. Times are ISO 8601 with their zone; `HH:MM` alone is of the
conference's time zone, UTC+8. An error is always `{"error": {"code", "message", "fields"}}`.
"""
_CODES: Final = {404: "not_found", 405: "not_allowed"}
_ALWAYS: Final[dict[int | str, dict[str, Any]]] = {
    401: {"model": Refused, "description": "no token, or none that is valid"},
    403: {"model": Refused, "description": "the token lacks the scope"},
    422: {"model": Refused, "description": "a parameter cannot be used"},
    429: {"model": Refused, "description": "too many requests at once; Retry-After says for how many seconds"},
    503: {"model": Refused, "description": "the database is away; Retry-After says for how many seconds to wait"},
}


def api(store: Store, library: Library, site: Site) -> BaseRoute:
    """Return the API as a route of the desk's server."""
    return _Everything(WithToken(described(store, library, site), store.tokens, store.now))


def described(store: Store, library: Library, site: Site) -> FastAPI:
    """Return the app without its guard: what its document describes."""
    root = site.path(PATH)
    app = FastAPI(
        title="Delegate Desk",
        version="1",
        description=_ABOUT,
        servers=[{"url": root}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        responses=_ALWAYS,
        redirect_slashes=False,
    )
    app.include_router(Routes(store, library, root).router)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _not_served)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


class _Everything(BaseRoute):
    """All that is below the path of the API: a Mount of Starlette passes by a path that holds the end of a line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for the API."""
        if scope["type"] != "http" or not f"{scope['path']}/".startswith(f"{PATH}/"):
            return Match.NONE, {}
        before = scope.get("root_path", "")
        return Match.FULL, {"root_path": before + PATH, "app_root_path": scope.get("app_root_path", before)}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it."""
        try:
            await self._app(scope, receive, send)
        except Away:  # no answer of the API begins before all of it is read
            answer = refused(503, "away", "the database does not answer for a moment; nothing was changed")
            answer.headers.update(COME_BACK)
            await answer(scope, receive, send)


async def _refused(_: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)  # noqa: S101 - it is registered for nothing else
    return refused(refusal.status, refusal.code, str(refusal), refusal.fields)


async def _not_served(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    answer = refused(error.status_code, _CODES.get(error.status_code, "invalid"), str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    fields = sorted({str(one["loc"][-1]) for one in error.errors()})
    reasons = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
    return refused(422, "invalid", reasons, fields)
