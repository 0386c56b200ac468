"""Who may read: a token with each request, before anything else is looked at, and its scopes."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Asked

from bot.api.answers import Problem, Refused
from bot.scopes import Scope, Token
from bot.web.limits import RateLimit

OPEN: Final = "/openapi.json"  # the document says nothing that the repository does not
_BURST, _SECONDS = 60, 0.05  # requests of a token at once, and until one more
_BEARER: Final = HTTPBearer(auto_error=False, description="a token of `desk tokens create`")


class Tokens(Protocol):
    """The tokens of integrations."""

    async def find(self, token: str) -> Token | None:
        """Return what a token allows; None where it is none, or was revoked."""
        ...


class Refusal(Exception):
    """A request is not answered; str() says why."""

    def __init__(self, status: int, code: str, message: str, fields: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.fields = list(fields)


class WithToken:
    """Let requests in that show a token; whatever they ask for, nobody else learns what there is."""

    def __init__(self, app: ASGIApp, tokens: Tokens, now: Callable[[], datetime]) -> None:
        self._app = app
        self._tokens = tokens
        self._limit = RateLimit(_BURST, _SECONDS, now)

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] == "http" and not scope["path"].endswith(OPEN):
            request = Request(scope)
            kind, _, shown = request.headers.get("authorization", "").partition(" ")
            token = await self._tokens.find(shown.strip()) if kind.lower() == "bearer" and shown else None
            if token is None:
                await refused(401, "unauthorized", "expected Authorization: Bearer and a valid token")(
                    scope, receive, send
                )
                return
            if seconds := math.ceil(self._limit.wait(str(token.id))):
                answer = refused(429, "too_many", f"try again in {seconds} s")
                answer.headers["Retry-After"] = str(seconds)
                await answer(scope, receive, send)
                return
            scope.setdefault("state", {})["token"] = token
        await self._app(scope, receive, send)


def token_of(request: Request) -> Token:
    """Return the token that a request has shown."""
    token: Token = request.scope["state"]["token"]
    return token


def needs(scope: Scope) -> Any:  # noqa: ANN401 - as FastAPI has it
    """Return what lets requests through whose token has a scope."""

    def check(request: Request, _: Annotated[object, Depends(_BEARER)]) -> None:  # only for the document
        if scope not in token_of(request).scopes:
            raise Refusal(403, "forbidden", f"this token lacks the scope {scope}")
        known = {one.alias for one in request.scope["route"].dependant.query_params}
        unknown = sorted(set(request.query_params) - known)
        if unknown:  # a slip such as unanwsered=true must not pass for an answer
            raise Refusal(422, "invalid", "there is no such parameter", unknown)

    return Depends(check)


def refused(status: int, code: str, message: str, fields: list[str] | None = None) -> JSONResponse:
    """Return an error in the form that all of them have."""
    told = Refused(error=Problem(code=code, message=message, fields=fields or []))
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(told.model_dump(), status, headers)
