"""Signing in by a link, and the language of the pages: what is open to everybody."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.dashboard.asking import AT, PACKAGE
from bot.dashboard.guard import COOKIE, LANGUAGE, Guard
from bot.dashboard.works import Works
from bot.store.sign_ins import STAYS
from bot.web.limits import RateLimit
from bot.web.site import Site
from bot.web.translation import languages

_YEAR: Final = 365 * 86400  # seconds


class Entrance:
    """Let people in who come by a link."""

    def __init__(self, works: Works, guard: Guard, site: Site) -> None:
        self._works = works
        self._guard = guard
        self._site = site
        self._limit = RateLimit(20, 3, works.store.now)  # links that are tried: twenty, then one in three seconds

    async def link(self, request: Request) -> Response:
        """Show a link's page: only its button signs in, for chat apps look at links that they show."""
        language = self._guard.language_of(request)
        person = await self._works.store.sign_ins.whose(request.path_params["secret"])
        if person is None:
            return self._guard.told(language, "link_over.html", 410)
        return self._guard.told(language, "sign_in.html", 200, person=person, secret=request.path_params["secret"])

    async def enter(self, request: Request) -> Response:
        """Sign in by a link."""
        language = self._guard.language_of(request)
        asker = request.client.host if request.client else ""
        if self._limit.wait(asker):
            return self._guard.told(language, "link_over.html", 429)
        secret = request.path_params["secret"]
        person = await self._works.store.sign_ins.whose(secret)
        cookie = (
            await self._works.store.sign_ins.use(secret) if self._guard.origins.is_own(request) and person else None
        )
        if cookie is None or person is None:
            return self._guard.told(language, "link_over.html", 410)
        await self._works.store.log.note("signed in", "", by=person.id)
        response = RedirectResponse(self._site.path(AT), 303)
        self._set(response, request, COOKIE, self._works.signer("cookie").signed(cookie), int(STAYS.total_seconds()))
        return response

    def _set(self, response: Response, request: Request, name: str, value: str, seconds: int) -> None:
        is_secure = self._site.is_https or request.url.scheme == "https"
        path = self._site.path(AT)
        response.set_cookie(name, value, max_age=seconds, path=path, secure=is_secure, httponly=True, samesite="lax")

    async def speak(self, request: Request) -> Response:
        """Choose the language of the pages; it changes nothing else, so it needs no one to be signed in."""
        form = await self._guard.form_of(request)
        wanted = form.get("language") if form is not None else ""
        back = str(form.get("back", "")) if form is not None else ""
        response = RedirectResponse(self._site.path(back if back.startswith(AT) else AT), 303)
        if wanted in languages(PACKAGE) and self._guard.origins.is_own(request):
            self._set(response, request, LANGUAGE, str(wanted), _YEAR)
        return response
