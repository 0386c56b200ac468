"""What people write in a browser, from the row to the lines that their page shows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from bot.arrivals import Arrival, BadArrival, Entry
from bot.channels.web.speech import ahead, event_of
from bot.channels.web.streams import Streams
from bot.inbox import Inbox
from bot.lines import Line, NewLine
from handlers.ask import welcome
from handlers.invite_codes import IN_TEXT
from handlers.model import Address, File, Incoming, Reply

CHANNEL: Final = "web"
LONGEST: Final = 4_000  # letters of a message
_ID: Final = re.compile(r"[\w-]{8,64}", re.ASCII)
_LONGEST_PAYLOAD: Final = 200
_CODE: Final = re.compile(rf"{IN_TEXT.pattern}|(?<=/start )\S+")
_HIDDEN: Final = "••••"  # in place of an invite code, which is a key as long as nobody has used it


class Lines(Protocol):
    """The lines of conversations."""

    async def add(self, lines: Sequence[NewLine]) -> Sequence[Line]:
        """Keep lines of one session that are new; return all of them as they are kept."""
        ...

    async def after(self, session: str, number: int) -> Sequence[Line]:
        """Return the first lines beyond a number, in order."""
        ...

    async def newest(self, session: str) -> Sequence[Line]:
        """Return the last lines, in order."""
        ...

    async def has(self, session: str, key: str) -> bool:
        """Tell whether there is a line of a key."""
        ...

    async def file(self, session: str, number: int, place: int) -> File | None:
        """Return a file of a line; None where there is none."""
        ...

    async def take(self, session: str, number: int) -> bool:
        """Note that a page shows the notices up to a number; return whether any of them is new to it."""
        ...


class Respond(Protocol):
    """The conversation."""

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply to incoming; to one that has come before, the same."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as a page posts it. id: the page's own; what is posted again with it is the same message."""

    id: str
    text: str = ""
    pressed: str = ""
    label: str = ""  # of the button that was pressed, as it was read
    language: str = ""  # of the page

    @classmethod
    def of(cls, content: object, *, language: str) -> "Posted":
        """Return the message in what a page has posted.

        Raises:
            BadArrival: it is none.
        """
        if not isinstance(content, Mapping):
            raise BadArrival("no object")
        told = {name: content.get(name, "") for name in ("id", "text", "pressed", "label")}
        if not all(isinstance(value, str) for value in told.values()):
            raise BadArrival("a value is no text")
        if not _ID.fullmatch(told["id"]):
            raise BadArrival("no id")
        text, pressed = told["text"].strip()[:LONGEST], told["pressed"][:_LONGEST_PAYLOAD]
        if bool(text) == bool(pressed):
            raise BadArrival("neither a text nor a button")
        return cls(told["id"], text, pressed, told["label"].strip()[:_LONGEST_PAYLOAD], language)


class Conversation:
    """Keep what a page posts, have it answered, and let its pages know.

    An answer is kept with its message (bot/store/seen.py); so pages may have it while its line is being written.
    """

    def __init__(self, concierge: Respond, lines: Lines, streams: Streams, inbox: Inbox) -> None:
        self._concierge = concierge
        self._lines = lines
        self._streams = streams
        self._inbox = inbox
        inbox.hand_to(self, channel=CHANNEL)

    async def take(self, session: str, posted: Posted) -> None:
        """Return when a message is kept.

        Raises:
            bot.arrivals.NotKept: it is not.
        """
        payload = {
            "text": posted.text,
            "pressed": posted.pressed,
            "label": posted.label,
            "language": posted.language,
        }
        await self._inbox.accept([Arrival(CHANNEL, f"{session}:{posted.id}", session, payload)])

    async def is_answered(self, session: str, identity: str) -> bool:
        """Tell whether the answer to a message is there."""
        return await self._lines.has(session, answer_key(identity))

    def is_urgent(self, arrival: Arrival) -> bool:  # noqa: ARG002 - as Handler has it
        """Tell that a page wants no other sign than the answer."""
        return False

    async def acknowledge(self, arrival: Arrival) -> None:
        """Do nothing: see is_urgent."""

    async def handle(self, entry: Entry) -> None:
        """Answer a message: what was said and the answer become lines together."""
        arrival = entry.arrival
        session, identity = arrival.sender, arrival.message_id.rpartition(":")[2]
        told: Mapping[str, Any] = arrival.payload
        incoming = Incoming(
            Address(CHANNEL, session),
            text=told["text"],
            pressed=told["pressed"],
            language=told["language"] or None,
            id=arrival.message_id,
        )
        reply = await self._concierge.respond(incoming)
        if not reply.files:  # which have their address from the line
            self._streams.offer(session, event_of(ahead(answer_key(identity), reply)))
        shown = _CODE.sub(_HIDDEN, told["text"]) or told["label"] or await self._label(session, told)
        said = [NewLine(session, said_key(identity), Reply(shown), is_own=True)] if shown else []
        await self._lines.add([*said, NewLine(session, answer_key(identity), reply)])
        self._streams.wake(session)

    async def _label(self, session: str, told: Mapping[str, Any]) -> str:
        """Return what was read on the button that was pressed; '' where it was not shown here."""
        lines = await self._lines.newest(session)
        shown = [welcome(told["language"] or "en"), *(line.reply for line in lines)]
        labels = {choice.payload: choice.label for reply in shown for choice in reply.choices}
        return labels.get(told["pressed"], "")


def said_key(identity: str) -> str:
    """Return the key of the line of a message."""
    return f"said:{identity}"


def answer_key(identity: str) -> str:
    """Return the key of the line of its answer."""
    return f"answer:{identity}"
