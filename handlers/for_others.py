"""An aide signs colleagues up, by name: each has a place of their own, and the history says who acted."""

import re
from collections.abc import Sequence

from handlers import texts
from handlers.delegation_ports import Delegations
from handlers.model import Act, Activity, Person, Reply, Role, Wanted
from handlers.ports import Rsvps
from handlers.speech import Speech
from knowledge import Message, Wish
from knowledge.folding import fold
from knowledge.persons_named import persons_named

_DONE_FOR_OTHERS = (Wish.SIGN_UP, Wish.CANCEL)


class ForOthers:
    """Carry out what an aide wishes for people of their delegation whom the message names."""

    def __init__(self, rsvps: Rsvps, delegations: Delegations) -> None:
        self._rsvps = rsvps
        self._delegations = delegations

    async def wish(self, person: Person, message: Message, meant: Sequence[Activity], speech: Speech) -> Reply | None:
        """Return the reply to a wish for others; None where nobody else is named, or no single activity is meant."""
        if person.role is not Role.AIDE or message.wish not in _DONE_FOR_OTHERS or len(meant) != 1:
            return None
        activity = meant[0]
        known = {word for name in activity.names.values() for word in re.findall(r"\w+", fold(name))}
        names = [name for name in persons_named(message.text, known=known) if fold(name) != fold(person.name)]
        if not names:
            return None
        lines = [
            await self._one(person, name, activity, speech, signs_up=message.wish is Wish.SIGN_UP) for name in names
        ]
        return speech.reply(*lines)

    async def _one(self, person: Person, name: str, activity: Activity, speech: Speech, *, signs_up: bool) -> str:
        colleague = await self._delegations.colleague(person.id, name)
        act = Act(colleague.id, person.id, "by an aide")
        if signs_up:
            outcome = await self._rsvps.sign_up(act, Wanted(activity.key))
            return f"{colleague.name} – {speech.line_of(outcome.after, activity)}"
        outcome = await self._rsvps.cancel(act, activity.key)
        frame = texts.CANCELLED_FOR if outcome.is_change else texts.NOT_SIGNED_UP_FOR
        return speech.say(frame, name=colleague.name, activity=activity)
