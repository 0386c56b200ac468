"""Ways into the chat in a browser: its address for everybody, and a link for one person, each as a QR code."""

from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from bot.dashboard.asking import Asked
from bot.dashboard.delegations import delegations
from bot.invitations import chat_link, qr_as_svg
from handlers.model import Role

_ROLES: Final = (Role.DELEGATE, Role.AIDE)  # the team is invited on the server
_LONGEST: Final = 200  # letters of a name or a city


async def chat(asked: Asked) -> Response:
    """Return the page with the address that anybody may use."""
    settings = asked.works.desk.settings
    link = chat_link(settings)
    return asked.page("chat.html", link=link, qr=_qr(link), is_of_this_machine=not settings.public_url)


async def invite(asked: Asked) -> Response:
    """Make a code for a person, and return the page that shows it: once, for only its digest is kept."""
    role, name, city = asked.given("role"), asked.given("name")[:_LONGEST], asked.given("city")[:_LONGEST]
    if role not in _ROLES or not (name and city):
        return await delegations(asked, wrong=asked.say("Please write the name and the city of who is invited."))
    code = await asked.works.store.invites.create(role=Role(role), city=city, name=name)
    link = chat_link(asked.works.desk.settings, code)
    return asked.page("invitation.html", name=name, city=city, code=code, link=link, qr=_qr(link))


def _qr(link: str) -> Markup:
    return Markup(qr_as_svg(link))  # noqa: S704 - drawn here, of squares alone
