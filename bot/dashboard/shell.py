"""What stands around each page: the menu, and small pieces that templates use."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from bot.dashboard.asking import AT, PACKAGE, Asked, Route
from bot.dashboard.broadcasts import DEEDS
from bot.web.assets import Assets
from bot.web.pages import Pages
from bot.web.site import Site
from bot.web.translation import languages
from handlers.model import Role
from handlers.profile import OWN_NAMES

FOLDER: Final = Path(__file__).parent
_ROLES: Final = {Role.ORGANIZER: "organizer", Role.STAFF: "staff", Role.VIEWER: "viewer"}
DELIVERIES: Final = {  # how states of a delivery are called
    "pending": "waiting",
    "sending": "being sent",
    "sent": "sent",
    "read": "read",
    "cancelled": "stopped",
    "expired": "too late",
    "unreachable": "not reached",
}
_MENU: Final = (
    ("", "Overview"),
    ("/programme", "Programme"),
    ("/broadcasts", "Broadcasts"),
    ("/questions", "Questions"),
    ("/delegations", "Delegations"),
    ("/briefings", "Briefings"),
    ("/chat", "Web chat"),
    ("/health", "Settings health"),
    ("/log", "Log"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu."""

    path: str
    label: str
    is_here: bool
    count: int = 0


def pages(site: Site, assets: Assets, routes: Sequence[Route]) -> Pages:
    """Return what makes the dashboard's pages."""
    made = Pages(FOLDER / "templates", assets, site)
    roles = {route.path: route.roles for route in routes if route.method == "GET"}

    def menu(asked: Asked) -> list[Entry]:
        here = asked.request.url.path.removeprefix(AT)
        entries = [(path, label) for path, label in _MENU if asked.person.role in roles.get(path, ())]
        return [Entry(path, label, _is_at(path, here)) for path, label in entries]

    def downloads(path: str) -> Markup:
        links = (
            f'<a class="button quiet" href="{escape(site.path(AT + path))}.{form}">{form.upper()}</a>'
            for form in ("csv", "xlsx")
        )
        return Markup("\n").join(map(Markup, links))

    made.add(menu=menu, downloads=downloads, moved=moved)
    made.keep(deeds=DEEDS, deliveries=DELIVERIES)
    made.keep(tongues=[(tag, OWN_NAMES[tag]) for tag in languages(PACKAGE)], role_names=dict(_ROLES))
    return made


def moved(by: int) -> Markup:
    """Return a change in words and colour: the sign tells it without the colour."""
    if not by:
        return Markup('<span class="moved soft">±0</span>')
    kind, sign = ("up", "+") if by > 0 else ("down", "−")
    return Markup('<span class="moved {}">{}{}</span>').format(kind, sign, abs(by))


def _is_at(path: str, here: str) -> bool:
    if not path:
        return here in ("", "/") or here.startswith("/activities")
    return here == path or here.startswith(f"{path}/")
