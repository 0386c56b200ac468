"""What staff do with broadcasts that are confirmed: look, pause, go on, cancel, send now, approve, correct."""

import re
from collections.abc import Sequence
from typing import Any, Final

from handlers import texts
from handlers.announcing import Announcing
from handlers.broadcasts import Audience, Broadcast, Draft, State
from handlers.errors import Refusal
from handlers.model import Address, Choice, Person, Reply
from handlers.organizer_ports import Broadcasts
from handlers.publishing import Publishing
from handlers.speech import Speech

_SHOWN: Final = 10  # broadcasts in chat
_TEXT: Final = 60  # letters of each
_NUMBERED: Final = re.compile(r"^#?(\d{1,9})\b[\s.:：–-]*(.*)$", re.DOTALL)
_STATES: Final = {
    State.APPROVAL: texts.STATE_APPROVAL,
    State.PLANNED: texts.STATE_PLANNED,
    State.SENDING: texts.STATE_SENDING,
    State.PAUSED: texts.STATE_PAUSED,
    State.CANCELLED: texts.STATE_CANCELLED,
}
ALLOWED: Final = {  # by what is done: in which states, and not once all is sent
    "pause": (State.SENDING,),
    "go": (State.PAUSED,),
    "now": (State.PLANNED,),
    "cancel": (State.SENDING, State.PAUSED, State.PLANNED, State.APPROVAL),
    "approve": (State.APPROVAL,),
    "reject": (State.APPROVAL,),
}
_BUTTONS: Final = {
    "approve": texts.BUTTON_APPROVE,
    "reject": texts.BUTTON_REJECT,
    "now": texts.BUTTON_SEND_NOW,
    "pause": texts.BUTTON_PAUSE,
    "go": texts.BUTTON_GO_ON,
    "cancel": texts.BUTTON_STOP,
}


class Broadcasting:
    """Look after broadcasts; nobody but staff gets this far, except to say that something is read."""

    def __init__(self, publishing: Publishing, broadcasts: Broadcasts, announcing: Announcing) -> None:
        self._publishing = publishing
        self._broadcasts = broadcasts
        self._announcing = announcing

    async def listed(self, text: str, speech: Speech) -> Reply:
        """Return how far the last broadcasts have got; of the one whose number is told, with what can be done to it."""
        found = _NUMBERED.match(text)
        if found:
            made = await self._made(int(found[1]))
            return speech.reply(_line(made, speech), *_waits(made, speech), choices=_buttons(made, speech))
        last = (await self._broadcasts.all())[:_SHOWN]
        running = [button for made in last if not made.is_done for button in _buttons(made, speech, numbered=True)]
        return speech.reply(
            *([_line(made, speech) for made in last] or [speech.say(texts.NO_BROADCASTS)]), choices=running
        )

    async def do(self, what: str, number: int, person: Person | None, speech: Speech) -> Reply:
        """Pause, go on with, cancel, start, approve or reject a broadcast; person: None for the command line."""
        made = await self._made(number)
        if what not in ALLOWED or made.state not in ALLOWED[what] or made.is_done:
            return speech.reply(speech.say(texts.TOO_LATE), _line(made, speech))
        if what in ("approve", "reject"):
            return await self._judged(what, made, person, speech)
        if what == "pause":
            await self._broadcasts.pause(number)
        elif what == "cancel":
            await self._broadcasts.cancel(number)
        else:
            await self._broadcasts.start(number)
        made = await self._made(number)
        return speech.reply(_line(made, speech), choices=_buttons(made, speech))

    async def start_due(self) -> int:
        """Start each broadcast whose time has come; return how many."""
        return await self._publishing.start_due()

    async def correct(self, sender: Address, text: str, language: str, speech: Speech) -> Reply:
        """Show a correction of a broadcast, for those who were to get that."""
        found = _NUMBERED.match(text)
        if found is None or not found[2].strip():
            return speech.reply(speech.say(texts.HOW_TO_CORRECT))
        made = await self._made(int(found[1]))
        audience = Audience(told_of=made.number)
        draft = Draft(found[2].strip(), language, audience=audience, corrects=made.number)
        return await self._announcing.show(sender, draft, speech)

    async def read(self, number: int, person: Person | None, speech: Speech) -> Reply:
        """Note that a person has read a broadcast."""
        if person is not None and await self._broadcasts.read(number, person.id):
            return speech.reply(speech.say(texts.READ_NOTED))
        return speech.reply(speech.say(texts.ALL_RIGHT))

    async def _judged(self, what: str, made: Broadcast, person: Person | None, speech: Speech) -> Reply:
        if person is None or person.id == made.by:
            raise Refusal(texts.NOT_BY_ONESELF)
        draft = made.draft
        if what == "approve" and draft is not None:
            made = await self._publishing.approve(made, draft, person)
            lines = await self._announcing.done_lines(made, speech)
        else:
            await self._broadcasts.cancel(made.number)
            lines = [_line(await self._made(made.number), speech)]
        if made.by is not None:
            told: dict[str, Any] = {"number": made.number, "is_approved": what == "approve", "by": person.name}
            await self._broadcasts.tell(made.by, "judged", told)
        return speech.reply(*lines)

    async def _made(self, number: int) -> Broadcast:
        made = await self._broadcasts.get(number)
        if made is None:
            raise Refusal(texts.NO_SUCH_BROADCAST, number=number)
        return made


def _line(made: Broadcast, speech: Speech) -> str:
    state = speech.say(texts.STATE_DONE if made.is_done else _STATES[made.state])
    line = speech.say(
        texts.BROADCAST_LINE, number=made.number, sent=made.sent, count=made.recipients, text=made.text[:_TEXT]
    )
    details = [speech.say(texts.COUNT_READ, count=made.read)] if made.asks_reading else []
    details += [speech.say(texts.COUNT_NOT_REACHED, count=made.failed)] if made.failed else []
    return f"{line} ({speech.enumerated([state, *details])})"


def _waits(made: Broadcast, speech: Speech) -> Sequence[str]:
    return [speech.say(texts.GOES_OUT_AT, when=speech.moment(made.due))] if made.due else []


def _buttons(made: Broadcast, speech: Speech, *, numbered: bool = False) -> list[Choice]:
    return [
        Choice(speech.say(label) + (f" {made.number}" if numbered else ""), f"broadcast:{what}:{made.number}")
        for what, label in _BUTTONS.items()
        if made.state in ALLOWED[what] and not made.is_done
    ]
