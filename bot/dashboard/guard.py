"""What stands before every page: who asks, whether they may, whether a change was meant, and the log of it."""

import logging
from dataclasses import replace
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.dashboard.asking import AT, PACKAGE, Asked, NotFound, Route
from bot.dashboard.works import Works
from bot.store.sign_ins import SignedIn
from bot.web.origins import Origins
from bot.web.pages import Pages
from bot.web.site import Site
from bot.web.translation import Translation, languages
from handlers.errors import Refusal, TryAgain
from knowledge import base_language

COOKIE: Final = "desk_dashboard"
LANGUAGE: Final = "desk_language"
LARGEST_FORM: Final = 1024 * 1024  # bytes
LARGEST_UPLOAD: Final = 32 * 1024 * 1024
_TRIES: Final = 5
_log = logging.getLogger(__name__)


class Guard:
    """Let in who may come in."""

    def __init__(self, works: Works, pages: Pages, site: Site) -> None:
        self._works = works
        self._pages = pages
        self._site = site
        self.origins = Origins(site)

    async def served(self, route: Route, request: Request) -> Response:
        """Return the page of a route, or why there is none for who asks."""
        language = self.language_of(request)
        signed_in = await self.signed_in(request)
        if signed_in is None:
            return self.told(language, "signed_out.html", 401)
        if signed_in.person.role not in route.roles:
            return self.told(language, "refused.html", 403)
        asked = Asked(self._works, self._pages, self._site, request, signed_in, language)
        if route.method == "POST":
            form = await self.form_of(request)
            if form is None:
                return self.told(language, "too_large.html", 413)
            if not self._is_meant(request, form, signed_in):
                return self.told(language, "stale.html", 403)
            asked = replace(asked, form=form)
        try:
            return await self._made(route, asked)
        except NotFound:
            return asked.page("missing.html", status=404)
        except Refusal as refusal:
            return asked.page("stopped.html", status=409, why=asked.speech.refused(refusal).text)
        finally:
            await request.close()  # files that were sent

    async def _made(self, route: Route, asked: Asked) -> Response:
        """Return the page; what it changes is one transaction, with the line of the log that tells of it."""
        store = self._works.store
        self._works.desk.library.turn_to(await store.editions.current())
        if route.method != "POST":
            return await route.page(asked)
        for left in range(_TRIES, 0, -1):
            try:
                async with store.database.turn():
                    made = await route.page(asked)
                    if made.status_code < 400 and route.does:
                        about = "/".join(str(value) for value in asked.request.path_params.values())
                        await store.log.note(route.does, about, by=asked.person.id)
            except TryAgain:
                if left == 1:
                    raise
            else:
                return made
        raise AssertionError("unreachable: the last try returns or raises")

    async def signed_in(self, request: Request) -> SignedIn | None:
        """Return who asks; None where nobody is signed in."""
        cookie = self._works.signer("cookie").opened(request.cookies.get(COOKIE, ""))
        return await self._works.store.sign_ins.by(cookie) if cookie else None

    async def form_of(self, request: Request) -> FormData | None:
        """Return the form that was sent; None where it is larger than any of the desk's."""
        is_upload = request.headers.get("content-type", "").startswith("multipart/")
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > (LARGEST_UPLOAD if is_upload else LARGEST_FORM):
            return None
        return await request.form(max_files=20, max_fields=500, max_part_size=LARGEST_FORM)

    def told(self, language: str, template: str, status: int, **values: object) -> Response:
        """Return a page for somebody who is not let in."""
        say = Translation(PACKAGE, language).say
        made = self._pages.made(template, language=language, say=say, at=AT, **values)
        return HTMLResponse(made, status)

    def language_of(self, request: Request) -> str:
        """Return the language of a page: as chosen, else as the browser likes it best."""
        offered = languages(PACKAGE)
        liked = [one.partition(";")[0].strip() for one in request.headers.get("accept-language", "").split(",")]
        for one in (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE, ""), *liked):
            known = base_language(one) if one else None
            if known in offered:
                return known
            if known == "zh-TW" and "zh" in offered:
                return "zh"
        return "en"

    async def meant(self, request: Request, signed_in: SignedIn) -> FormData | None:
        """Return the form of a change; None where it was not meant by who is signed in."""
        form = await self.form_of(request)
        return form if form is not None and self._is_meant(request, form, signed_in) else None

    def _is_meant(self, request: Request, form: FormData, signed_in: SignedIn) -> bool:
        given = form.get("csrf")
        signer = self._works.signer("csrf")
        is_known = isinstance(given, str) and signer.is_marked(signed_in.digest, given)
        return is_known and self.origins.is_own(request)
