"""What WeChat posts, from the row to the answer: in the response where that is in time, else as a message."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Protocol
from weakref import WeakValueDictionary

from bot.arrivals import Arrival, Entry, NotKept, NotYet
from bot.channels.wechat.envelope import BadCallback, Envelope, Fields, NotFromWeChat, answer
from bot.channels.wechat.format import Part, chosen
from bot.channels.wechat.reading import Heard, has_left, heard, id_of, sender_of
from bot.channels.wechat.taken_along import Laden, TakenAlong, Words
from bot.channels.wechat.taken_along import Waiting as WaitsForThem
from bot.inbox import Inbox
from bot.outbox import Postponed
from handlers.errors import Away
from handlers.model import Address, Choice, Incoming, Reply

NOTHING: Final = "success"  # the answer that nothing is shown for
IN_TIME: Final = 4.5  # seconds; WeChat waits for 5
REPEATS: Final = 3  # requests for one message: the first one, and after each 5 s again
COLLECTED_WITHIN: Final = 15.0  # seconds from the first of them to the end of the last
_PAUSE, _LONGEST_PAUSE = 5.0, 60.0  # seconds before a message that could not be sent is tried again
_LOOKS, _BETWEEN = 25, 0.1  # at what has waited until somebody writes, and the seconds before each
_REMEMBERED: Final = 2_000  # replies under way, or just given
_MESSAGES: Final = (timedelta(hours=48), 5)  # after a message; after a tap on a menu, a scan or a subscription:
_ACTIONS: Final = (timedelta(minutes=1), 3)  # https://developers.weixin.qq.com/doc/service (customer messages)


class Conversation(Words, Protocol):
    """The conversation."""

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply to incoming; to one that has come before, the same."""
        ...


class Nonces(Protocol):
    """The nonces of requests."""

    async def is_new(self, channel: str, nonce: str, body: bytes) -> bool:
        """Tell whether a nonce comes for the first time, or again with the same body."""
        ...


class Shown(Protocol):
    """The choices below the last replies."""

    async def choices(self, address: Address) -> list[Choice]:
        """Return the choices that were shown last."""
        ...

    async def keep(self, address: Address, choices: Sequence[Choice]) -> None:
        """Keep the choices that are shown now."""
        ...


class Windows(Protocol):
    """How long, and how often, people may be written to."""

    async def open(self, address: Address, kind: str, *, lasts: timedelta, messages: int) -> None:
        """Note that a person has done what opens a window."""
        ...


class Reachability(Protocol):
    """Who can be reached."""

    async def set_reachable(self, sender: Address, *, is_reachable: bool) -> None:
        """Note whether the channel delivers to an address."""
        ...


class Waiting(WaitsForThem, Protocol):
    """What waits to be told."""

    async def wake(self, address: Address) -> Sequence[int]:
        """Have what was put off for an address sent now; return the ids of those notices."""
        ...

    async def are_due(self, notices: Sequence[int]) -> bool:
        """Tell whether any of these is still to be sent now."""
        ...


class Parts(Protocol):
    """What sends what is no answer to a request."""

    @property
    def may_only_answer(self) -> bool:
        """Whether the platform has said that this account may write nothing on its own."""
        ...

    def parts(self, reply: Reply) -> list[Part]:
        """Return what is sent for a reply, one message each; the first is a text."""
        ...

    async def send_parts(self, address: Address, parts: Sequence[Part], *, done: int = 0) -> object:
        """Send parts one after the other, without those that are done.

        Raises:
            Postponed: not now.
        """
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a callback remembers between requests."""

    nonces: Nonces
    shown: Shown
    windows: Windows
    reachability: Reachability
    waiting: Waiting


@dataclass(slots=True)
class _Answering:
    """A message whose reply is being made, or was just given."""

    reply: asyncio.Task[Laden]
    began: float
    requests: int = 0
    given: asyncio.Event = field(default_factory=asyncio.Event)  # in the response to a request

    @property
    def has_failed(self) -> bool:
        """Whether the reply could not be made, so that it has to be made anew."""
        return self.reply.done() and (self.reply.cancelled() or self.reply.exception() is not None)


class Callback:
    """One account's callback: requests come in at greet() and take(), rows at handle()."""

    def __init__(
        self,
        channel: str,
        envelope: Envelope,
        conversation: Conversation,
        remembered: Remembered,
        inbox: Inbox,
        sending: Parts,
    ) -> None:
        """Take sending for what cannot be answered in time, or does not fit."""
        self._channel = channel
        self._envelope = envelope
        self._conversation = conversation
        self._remembered = remembered
        self._inbox = inbox
        self._sending = sending
        self._along = TakenAlong(remembered.waiting, conversation, sending)
        self._answering: OrderedDict[str, _Answering] = OrderedDict()
        self._order: WeakValueDictionary[Address, asyncio.Lock] = WeakValueDictionary()
        inbox.hand_to(self, channel=channel)

    def greet(self, query: Fields) -> str:
        """Return the answer to the request by which WeChat tries the address out.

        Raises:
            NotFromWeChat, BadCallback: see Envelope.greeting.
        """
        return self._envelope.greeting(query)

    async def take(self, query: Fields, body: bytes) -> str:
        """Return the answer to a request, when it is made; NOTHING for what needs none, or follows as a message.

        Raises:
            NotFromWeChat, BadCallback: see Envelope.opened.
            bot.arrivals.NotKept: the database does not take it.
        """
        fields = self._envelope.opened(query, body)
        nonce = query.get("nonce", "")
        if not await self._remembered.nonces.is_new(self._channel, nonce, body):
            raise NotFromWeChat("the nonce was used before")
        sender, message = sender_of(fields, self._channel), heard(fields, self._channel)
        if not sender.id:
            raise BadCallback("it names no sender")
        if has_left(fields):
            await self._remembered.reachability.set_reachable(sender, is_reachable=False)
        if message is None:
            return NOTHING
        await self._inbox.accept([Arrival(self._channel, id_of(fields), sender.id, dict(fields))])
        if message.is_answered_apart:
            return NOTHING
        reply = await self._in_time(message)
        if reply is None:
            return NOTHING
        told = answer(fields, str(self._sending.parts(reply)[0]), self._envelope.now())
        return self._envelope.sealed(told, nonce)

    def is_urgent(self, arrival: Arrival) -> bool:  # noqa: ARG002 - as Handler has it
        """Tell that no platform of WeChat wants another sign than the answer."""
        return False

    async def acknowledge(self, arrival: Arrival) -> None:
        """Do nothing: see is_urgent."""

    async def handle(self, entry: Entry) -> None:
        """See to it that a message is answered; what its requests have not taken along is sent.

        Raises:
            NotYet: WeChat lets nothing be sent now.
        """
        message = heard(entry.arrival.payload, self._channel)
        if message is None:
            return
        answering = self._begun(message)
        laden = await answering.reply
        if not (entry.is_again or message.is_answered_apart):  # else the requests went to a process that is no more
            await _collected(answering)
        done = 1 if answering.given.is_set() else 0
        await self._along.settle(laden, message.incoming.id, is_given=bool(done))
        try:
            await self._sending.send_parts(message.incoming.sender, self._sending.parts(laden.reply), done=done)
        except Postponed as reason:
            pause = _LONGEST_PAUSE if reason.until_they_write else reason.seconds or _PAUSE
            raise NotYet(min(pause, _LONGEST_PAUSE)) from reason

    async def _in_time(self, message: Heard) -> Reply | None:
        """Return the reply to a message; None where this request ends before it is made.

        Raises:
            NotKept: the database is away; WeChat asks again.
        """
        answering = self._begun(message)
        answering.requests += 1
        patience = IN_TIME if answering.requests >= REPEATS else COLLECTED_WITHIN
        try:
            async with asyncio.timeout(patience):
                laden = await asyncio.shield(answering.reply)
        except TimeoutError:
            return None
        except Away as reason:
            raise NotKept(str(reason)) from reason
        answering.given.set()
        return laden.reply

    def _begun(self, message: Heard) -> _Answering:
        """Return the making of a message's reply: the same for all its requests."""
        key = message.incoming.id
        if key not in self._answering or self._answering[key].has_failed:
            while len(self._answering) >= _REMEMBERED:
                self._answering.popitem(last=False)
            made = asyncio.create_task(self._reply(message))
            self._answering[key] = _Answering(made, asyncio.get_running_loop().time())
        return self._answering[key]

    async def _reply(self, message: Heard) -> Laden:
        """Return the reply; one person's messages one after the other, so that "2" means what was shown last."""
        sender = message.incoming.sender
        async with self._order.setdefault(sender, asyncio.Lock()):
            incoming = message.incoming
            if incoming.text.strip()[:4].strip("(（#)）.。、 ").isdecimal():
                pressed = chosen(incoming.text, await self._remembered.shown.choices(sender))
                incoming = replace(incoming, text="" if pressed else incoming.text, pressed=pressed)
            lasts, messages = _ACTIONS if message.is_action else _MESSAGES
            kind = "action" if message.is_action else "message"
            await self._remembered.windows.open(sender, kind, lasts=lasts, messages=messages)
            is_told = await self._told_first(sender)
            reply = await self._conversation.respond(incoming)
            takes_along = self._sending.may_only_answer and not message.is_answered_apart
            laden = await self._along.laden(sender, reply) if takes_along else Laden(reply)
            if laden.reply.choices or not is_told:  # else numbers mean what they were just told
                await self._remembered.shown.keep(sender, laden.reply.choices)
            return laden

    async def _told_first(self, sender: Address) -> bool:
        """Have somebody told what has waited for them to write, before they read the reply; return whether it has."""
        waiting = self._remembered.waiting
        woken = [] if self._sending.may_only_answer else await waiting.wake(sender)
        for _ in range(_LOOKS if woken else 0):
            await asyncio.sleep(_BETWEEN)
            if not await waiting.are_due(woken):
                break
        return bool(woken)


async def _collected(answering: _Answering) -> None:
    """Wait until a request has taken the reply along, or none is to be expected any more."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(answering.began + COLLECTED_WITHIN):
            await answering.given.wait()
