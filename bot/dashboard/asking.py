"""One request of somebody who is signed in, and how its page is made."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.dashboard.works import Works
from bot.store.sign_ins import SignedIn
from bot.web.pages import Pages
from bot.web.site import Site
from bot.web.translation import Translation
from handlers.model import Person, Role
from handlers.speech import Speech

PACKAGE = "bot.dashboard"
AT = "/dashboard"


class NotFound(Exception):
    """There is no such page, activity or broadcast."""


@dataclass(frozen=True)
class Asked:
    """What is asked, by whom, and in which language they read."""

    works: Works
    pages: Pages
    site: Site
    request: Request
    signed_in: SignedIn
    language: str
    form: FormData = field(default_factory=FormData)

    @property
    def person(self) -> Person:
        """Who asks."""
        return self.signed_in.person

    @property
    def is_staff(self) -> bool:
        """Whether who asks may see names and change things."""
        return self.person.role.is_of_the_organizer

    @property
    def speech(self) -> Speech:
        """The desk's voice in the language of who asks."""
        return Speech(self.language)

    def say(self, text: str, **values: object) -> str:
        """Return a text of the dashboard in that language."""
        return Translation(PACKAGE, self.language).say(text, **values)

    def given(self, name: str) -> str:
        """Return a field of the form, or of the address; '' where it is not given."""
        value = self.form.get(name, self.request.query_params.get(name, ""))
        return value.strip() if isinstance(value, str) else ""

    def every(self, name: str) -> Sequence[str]:
        """Return all values of a field of the form."""
        return [value for value in self.form.getlist(name) if isinstance(value, str) and value]

    def files(self, name: str) -> Sequence[UploadFile]:
        """Return the files of a field of the form."""
        return [value for value in self.form.getlist(name) if isinstance(value, UploadFile) and value.filename]

    def number(self, name: str) -> int:
        """Return the number in the address.

        Raises:
            NotFound: it is none.
        """
        value = self.request.path_params[name]
        if not (value.isascii() and value.isdecimal()) or len(value) > 9:
            raise NotFound
        return int(value)

    def sealed(self, content: Mapping[str, Any]) -> str:
        """Return content for a field that nobody can change between a preview and its confirmation."""
        kept = {"by": self.signed_in.digest, "content": content}
        return self.works.signer("draft").signed(json.dumps(kept, ensure_ascii=False))

    def unsealed(self, name: str) -> dict[str, Any]:
        """Return what was sealed into a field for who asks.

        Raises:
            NotFound: it was not sealed for them.
        """
        text = self.works.signer("draft").opened(self.given(name))
        kept = json.loads(text) if text is not None else {}
        if kept.get("by") != self.signed_in.digest:
            raise NotFound
        content: dict[str, Any] = kept["content"]
        return content

    def page(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Return a page."""
        said = self.works.signer("said").opened(self.request.query_params.get("said", ""))
        shared = {"asked": self, "say": self.say, "said": said, "csrf": csrf_of(self.works, self.signed_in), "at": AT}
        made = self.pages.made(template, language=self.language, **shared, **values)
        return HTMLResponse(made, status)

    def done(self, path: str, said: str) -> Response:
        """Return to a page, which says what was done."""
        signed = self.works.signer("said").signed(said)
        return RedirectResponse(f"{self.site.path(AT + path)}?{urlencode({'said': signed})}", 303)


Page = Callable[[Asked], Awaitable[Response]]

ALL = frozenset({Role.ORGANIZER, Role.STAFF, Role.VIEWER})
STAFF = frozenset({Role.ORGANIZER, Role.STAFF})
ORGANIZERS = frozenset({Role.ORGANIZER})


@dataclass(frozen=True, slots=True)
class Route:
    """A page: how it is asked for, by whom it may be, and what makes it. does: for the log, what a change is."""

    method: str
    path: str
    roles: frozenset[Role]
    page: Page
    does: str = ""


def csrf_of(works: Works, signed_in: SignedIn) -> str:
    """Return what each form of somebody who is signed in holds, and no other page can know."""
    return works.signer("csrf").mark(signed_in.digest)
