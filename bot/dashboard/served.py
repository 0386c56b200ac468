"""The dashboard as a part of the desk's HTTP server."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.dashboard.asking import ALL, AT, Route
from bot.dashboard.entrance import Entrance
from bot.dashboard.guard import COOKIE, Guard
from bot.dashboard.live import Live
from bot.dashboard.routes import ROUTES
from bot.dashboard.shell import pages
from bot.dashboard.works import Works
from bot.http import COME_BACK
from bot.web.assets import Assets
from handlers.errors import Away

_Endpoint = Callable[[Request], Awaitable[Response]]


class Dashboard:
    """All pages, behind the guard."""

    def __init__(self, works: Works, assets: Assets) -> None:
        site = works.desk.site
        self._works = works
        self._site = site
        self._guard = Guard(works, pages(site, assets, ROUTES), site)
        self._entrance = Entrance(works, self._guard, site)
        self.live = Live(works.store.figures.version)

    def add_to(self, app: FastAPI) -> None:
        """Serve the dashboard with app."""
        for route in ROUTES:
            app.add_route(AT + route.path, self._guarded(route), methods=[route.method], include_in_schema=False)
        own: list[tuple[str, str, _Endpoint]] = [
            ("GET", "/", self._top),
            ("GET", "/sign-in/{secret}", self._entrance.link),
            ("POST", "/sign-in/{secret}", self._entrance.enter),
            ("POST", "/language", self._entrance.speak),
            ("POST", "/sign-out", self._sign_out),
            ("GET", "/events", self._events),
        ]
        for method, path, endpoint in own:
            app.add_route(AT + path, endpoint, methods=[method], include_in_schema=False)

    def _guarded(self, route: Route) -> _Endpoint:
        async def served(request: Request) -> Response:
            try:
                return await self._guard.served(route, request)
            except Away:
                answer = self._guard.told(self._guard.language_of(request), "away.html", 503)
                answer.headers.update(COME_BACK)
                return answer

        return served

    async def _top(self, _: Request) -> Response:
        return RedirectResponse(self._site.path(AT), 308)

    async def _sign_out(self, request: Request) -> Response:
        signed_in = await self._guard.signed_in(request)
        if signed_in is not None and await self._guard.meant(request, signed_in) is not None:
            await self._works.store.sign_ins.end(signed_in.digest)
        response = RedirectResponse(self._site.path(AT), 303)
        response.delete_cookie(COOKIE, path=self._site.path(AT))
        return response

    async def _events(self, request: Request) -> Response:
        async def may_go_on() -> bool:
            signed_in = await self._guard.signed_in(request)
            return signed_in is not None and signed_in.person.role in ALL

        if not await may_go_on():
            return Response(status_code=401)
        return self.live.stream(may_go_on)
