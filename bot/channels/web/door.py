"""What every request to the chat passes: whose it is, from which page, how often, and in which language."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from starlette.requests import Request

from bot.channels.web import texts
from bot.channels.web.sessions import Cookies
from bot.channels.web.speech import accepted, speech
from bot.web.limits import RateLimit
from bot.web.origins import Origins
from bot.web.translation import Translation
from handlers.model import Address, Memory
from knowledge import LANGUAGES

_OF_SESSION: Final = (12, 1.5)  # messages at once, and seconds until one more: quicker than anybody types for long
_OF_HOST: Final = (300, 0.1)  # a whole hotel writes from one address


class Conversations(Protocol):
    """What is remembered of each address."""

    async def recall(self, sender: Address) -> Memory:
        """Return what is remembered of sender; an empty memory for a stranger."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not heard. seconds: after which it may come again; 0: that is not a matter of time."""

    status: int
    text: str
    seconds: int = 0


class Door:
    """Let requests in."""

    def __init__(
        self,
        cookies: Cookies,
        origins: Origins,
        conversations: Conversations,
        now: Callable[[], datetime],
        *,
        otherwise: str,
    ) -> None:
        """otherwise: the language of a person of whom nothing is known."""
        self.cookies = cookies
        self.is_closing = False  # the desk is being stopped
        self._origins = origins
        self._conversations = conversations
        self._otherwise = otherwise
        self._of_session = RateLimit(*_OF_SESSION, now)
        self._of_host = RateLimit(*_OF_HOST, now)

    def refusal(self, request: Request) -> Refusal | None:
        """Return why a message in a request is not taken; None where it is."""
        said = self.speech(request)
        session = self.cookies.session(request)
        if not session or not self._origins.is_own(request):
            return Refusal(403, said.say(texts.BEGIN_AGAIN))
        if self.is_closing:
            return Refusal(503, said.say(texts.LATER), 5)
        host = request.client.host if request.client else ""
        seconds = math.ceil(self._of_session.wait(session) or self._of_host.wait(host))
        return Refusal(429, said.say(texts.TOO_FAST, seconds=seconds), seconds) if seconds else None

    def is_own(self, request: Request) -> bool:
        """Tell whether a request comes from the desk's own page, in a conversation that has begun here."""
        return bool(self.cookies.session(request)) and self._origins.is_own(request)

    def language(self, request: Request) -> str:
        """Return the language of a page: the one that was chosen in this browser, else the browser's own."""
        chosen = self.cookies.language(request)
        if chosen in LANGUAGES:
            return chosen
        return accepted(request.headers.get("accept-language", "")) or self._otherwise

    async def language_of(self, request: Request, session: str) -> str:
        """Return the language of a page, where it was chosen in the conversation that one."""
        memory = await self._conversations.recall(Address("web", session)) if session else Memory()
        return memory.language if memory.is_chosen else self.language(request)

    def speech(self, request: Request) -> Translation:
        """Return the texts of the page."""
        return speech(self.language(request))
