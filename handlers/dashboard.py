"""Give people of the organizer a link that signs them in to the dashboard, and say kindly to others whom it is for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, Protocol

from handlers import texts
from handlers.model import Person, Reply
from handlers.speech import Speech

LINK_HOLDS: Final = timedelta(minutes=10)


class SignIns(Protocol):
    """What makes links that sign in."""

    async def offer(self, person: int) -> str:
        """Return the secret of a link that signs a person in once, and expires."""
        ...


class Dashboard:
    """Hand out links."""

    def __init__(self, sign_ins: SignIns, address_of: Callable[[str], str]) -> None:
        """address_of: returns the address that signs in with a secret."""
        self._sign_ins = sign_ins
        self._address_of = address_of

    async def link(self, person: Person | None, speech: Speech) -> Reply:
        """Return a link for a person who may see the dashboard; for others, what they can do here."""
        if person is None or not (person.is_verified and person.role.sees_the_dashboard):
            return speech.reply(speech.say(texts.DASHBOARD_IS_FOR_STAFF))
        address = self._address_of(await self._sign_ins.offer(person.id))
        minutes = int(LINK_HOLDS.total_seconds()) // 60
        return speech.reply(speech.say(texts.DASHBOARD, link=address), speech.say(texts.LINK_HOLDS, minutes=minutes))
