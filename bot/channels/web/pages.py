"""The chat as a page: it can be read and used without script, and with one it is quicker."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.arrivals import BadArrival, NotKept
from bot.channels.web import texts
from bot.channels.web.conversation import LONGEST, Conversation, Lines, Posted
from bot.channels.web.door import Door, Refusal
from bot.channels.web.speech import shown, speech
from bot.channels.web.streams import Streams
from bot.web.assets import OWN, Assets
from bot.web.bodies import TooLarge, form_of
from bot.web.pages import Pages as Templates
from bot.web.pages import direction
from bot.web.site import Site
from handlers.ask import welcome
from handlers.invite_codes import ALONE
from handlers.profile import OWN_NAMES

FOLDER: Final = Path(__file__).parent
_LARGEST: Final = 64 * 1024  # bytes of a form; a letter may take nine there
_PATIENCE: Final = 8.0  # seconds for which a form waits for the answer
_ICON: Final = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'

Take = Callable[[str, int], Awaitable[None]]  # note up to which line a page of a session shows what it was told


class ChatPages:
    """The routes of pages and forms."""

    def __init__(
        self, door: Door, conversation: Conversation, lines: Lines, streams: Streams, site: Site, take: Take
    ) -> None:
        self._door = door
        self._conversation = conversation
        self._lines = lines
        self._streams = streams
        self._site = site
        self._take = take
        self._assets = Assets(FOLDER / "static", OWN, below="/chat/static")
        self._templates = Templates(FOLDER / "templates", self._assets, site)
        self._worker = (FOLDER / "static" / "worker.js").read_bytes()

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes; the one of invite codes comes last."""
        return [
            Route("/chat", self.page, methods=["GET"]),
            Route("/chat/", self.page, methods=["GET"]),
            Route("/chat", self.form, methods=["POST"]),
            Route("/chat/language", self.language, methods=["POST"]),
            Route("/chat/invitation", self.invitation, methods=["POST"]),
            Route("/chat/taken/{number:int}", self.taken, methods=["GET"]),
            Route("/chat/offline", self.offline, methods=["GET"]),
            Route("/chat/worker.js", self.worker, methods=["GET"]),
            Route("/chat/manifest.webmanifest", self.manifest, methods=["GET"]),
            Route(self._assets.route, self._assets.serve, methods=["GET"]),
            Route("/chat/{code}", self.invited, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """Show the conversation."""
        if "code" in request.query_params:
            return self._invited(request.query_params["code"])
        waits_for, session = request.query_params.get("for", ""), self._door.cookies.session(request)
        is_late = bool(waits_for) and not await self._conversation.is_answered(session, waits_for)
        return await self._shown(request, late=waits_for if is_late else "")

    async def _shown(self, request: Request, **values: str) -> Response:
        """Return the page of a conversation, which begins where there is none."""
        session = self._door.cookies.session(request)
        language = await self._door.language_of(request, session)
        lines = await self._lines.newest(session) if session else []
        listed = [shown(line, self._site.path("/chat/files")) for line in lines]
        is_invited = bool(self._door.cookies.code(request))
        response = self._made(language, lines=listed, is_invited=is_invited, **values)
        if not session:
            self._door.cookies.begin(response)
        return response

    async def offline(self, request: Request) -> Response:
        """Show the page that a browser keeps for the time without a connection."""
        return self._made(self._door.language(request))

    async def form(self, request: Request) -> Response:
        """Take a message of a page without script, and show the conversation with the answer."""
        return await self._posted(request, await self._form(request))

    async def language(self, request: Request) -> Response:
        """Answer in a language from now on, and show the page in it."""
        form = await self._form(request) or {}
        wanted = form.get("language", "")
        if wanted not in OWN_NAMES:
            return self._redirect()
        response = await self._posted(
            request, {"id": form.get("id", ""), "pressed": f"language:{wanted}", "label": OWN_NAMES[wanted]}
        )
        self._door.cookies.speak(response, wanted)
        return response

    async def invitation(self, request: Request) -> Response:
        """Use the invite code that was in the address."""
        form, code = await self._form(request) or {}, self._door.cookies.code(request)
        if not code:
            return self._redirect()
        response = await self._posted(request, {"id": form.get("id", ""), "text": f"/start {code}"})
        self._door.cookies.invite(response, "")
        return response

    async def invited(self, request: Request) -> Response:
        """Take an invite code out of the address."""
        return self._invited(request.path_params["code"])

    async def taken(self, request: Request) -> Response:
        """Note that a page without script has been shown, which then asks for this picture."""
        session, number = self._door.cookies.session(request), request.path_params["number"]
        if session and number < 2**62 and self._door.is_own(request):
            await self._take(session, number)
        return Response(_ICON, media_type="image/svg+xml")

    async def worker(self, _: Request) -> Response:
        """Return the script that a browser keeps for the time without a connection."""
        headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": self._site.path("/chat")}
        return Response(self._worker, media_type="text/javascript", headers=headers)

    async def manifest(self, request: Request) -> Response:
        """Return what a browser needs to put the chat on a home screen."""
        language = self._door.language(request)
        said = speech(language)
        told = {
            "id": self._site.path("/chat"),
            "start_url": self._site.path("/chat"),
            "scope": self._site.path("/chat"),
            "name": said.say(texts.TITLE),
            "short_name": said.say(texts.TITLE),
            "description": said.say(texts.ABOUT),
            "lang": language,
            "dir": direction(language),
            "display": "standalone",
            "background_color": "#f5f6f4",
            "theme_color": "#0b5563",
            "icons": [
                {"src": self._asset("desk.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": self._asset("icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {
                    "src": self._asset("icon-512.png"),
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "any maskable",
                },
            ],
        }
        return Response(json.dumps(told, ensure_ascii=False), media_type="application/manifest+json")

    def _asset(self, name: str) -> str:
        return self._site.path(self._assets.path(name))

    def _made(self, language: str, **values: Any) -> HTMLResponse:  # noqa: ANN401 - as the template takes them
        said = speech(language)
        shown_lines: Sequence[dict[str, Any]] = values.pop("lines", ())
        blank: dict[str, Any] = {"is_invited": False, "late": "", "problem": ""}
        made = self._templates.made(
            "chat.html",
            language=language,
            say=said.say,
            texts=texts,
            lines=shown_lines,
            last=shown_lines[-1]["number"] if shown_lines else 0,
            welcome=welcome(language),
            names=OWN_NAMES,
            longest=LONGEST,
            fresh=secrets.token_urlsafe(12),
            **{**blank, **values},
        )
        return HTMLResponse(made)

    async def _form(self, request: Request) -> dict[str, str] | None:
        """Return what a form holds; None where that is too much."""
        try:
            return await form_of(request, _LARGEST)
        except (TooLarge, ValueError):
            return None

    async def _posted(self, request: Request, form: dict[str, str] | None) -> Response:
        refusal = self._door.refusal(request)
        said = self._door.speech(request)
        if refusal is not None:
            return await self._refused(request, refusal)
        if form is None:
            return await self._refused(request, Refusal(413, said.say(texts.TOO_LONG, most=LONGEST)))
        session = self._door.cookies.session(request)
        try:
            posted = Posted.of(form, language=said.language)
            await self._conversation.take(session, posted)
        except BadArrival:
            return self._redirect()
        except NotKept:
            return await self._refused(request, Refusal(503, said.say(texts.LATER), 5))
        return self._redirect("" if await self._answered(session, posted.id) else posted.id)

    async def _answered(self, session: str, identity: str) -> bool:
        """Wait for the answer to a message; return whether it has come."""
        ends = asyncio.get_running_loop().time() + _PATIENCE
        with self._streams.opened(session) as page:
            while not await self._conversation.is_answered(session, identity):
                left = ends - asyncio.get_running_loop().time()
                if left <= 0 or page.is_closed:
                    return False
                await page.wait(min(left, 1.0))
        return True

    async def _refused(self, request: Request, refusal: Refusal) -> Response:
        response = await self._shown(request, problem=refusal.text)
        response.status_code = refusal.status
        if refusal.seconds:
            response.headers["Retry-After"] = str(refusal.seconds)
        return response

    def _invited(self, code: str) -> Response:
        """Show the page without the code in its address; what is no code is not found there."""
        response = self._redirect()
        if ALONE.fullmatch(code):
            self._door.cookies.invite(response, code.upper())
        return response

    def _redirect(self, waits_for: str = "") -> Response:
        return RedirectResponse(self._site.path(f"/chat?for={waits_for}" if waits_for else "/chat"), 303)
