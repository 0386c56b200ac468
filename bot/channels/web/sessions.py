"""Whose conversation a request is about: a random id in a signed cookie, which scripts cannot read."""

import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.web.signing import Signer
from bot.web.site import Site

_SESSION: Final = "desk-chat"
_LANGUAGE: Final = "desk-language"
_INVITED: Final = "desk-invited"
_LASTS: Final = 400 * 24 * 3600  # seconds; browsers keep no cookie for longer
_SHORTLY: Final = 900  # seconds for which a code waits for its one tap
_BYTES: Final = 18  # 144 bits


class Cookies:
    """Read and set the cookies of the chat."""

    def __init__(self, key: bytes, site: Site) -> None:
        self._signer = Signer(key, "chat")
        self._site = site

    def session(self, request: Request) -> str:
        """Return the session of a request; '' where it has none that was made here."""
        return self._signer.opened(request.cookies.get(_SESSION, "")) or ""

    def begin(self, response: Response) -> str:
        """Give a response a new session; return it."""
        session = secrets.token_urlsafe(_BYTES)
        self._set(response, _SESSION, self._signer.signed(session), _LASTS)
        return session

    def language(self, request: Request) -> str:
        """Return the language that was chosen in this browser; '' where none was."""
        return request.cookies.get(_LANGUAGE, "")

    def speak(self, response: Response, language: str) -> None:
        """Keep a language."""
        self._set(response, _LANGUAGE, language, _LASTS)

    def code(self, request: Request) -> str:
        """Return the invite code that was in the address; '' where there was none, or it has waited for too long."""
        return self._signer.opened(request.cookies.get(_INVITED, "")) or ""

    def invite(self, response: Response, code: str) -> None:
        """Keep an invite code, out of the address and of the page, until it is used."""
        self._set(response, _INVITED, self._signer.signed(code), _SHORTLY if code else 0)

    def _set(self, response: Response, name: str, value: str, lasts: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=lasts,
            path=self._site.path("/chat"),
            secure=self._site.is_https,
            httponly=True,
            samesite="lax",
        )
