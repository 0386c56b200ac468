"""What a bridge posts and fetches, from the request to the answer."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

from bot.arrivals import BadArrival
from bot.channels.bridge.outcome import EXPECTED, outcome_of
from bot.channels.bridge.signature import CHANNEL, Nonces, Signatures
from bot.handing_over import HandingOver
from bot.json_messages import BadMessage, as_json, message_of, object_of
from handlers.model import Address, Incoming, Reply

_LONGEST_ADDRESS: Final = 200  # characters


class Respond(Protocol):
    """The conversation."""

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply to incoming; to one that has come before, the same."""
        ...


class Waiting(Protocol):
    """What waits to be told."""

    async def wake(self, address: Address) -> object:
        """Have what was put off for an address sent now."""
        ...


class Door:
    """Answer the requests of a bridge, each of which is checked first; answers are lines of JSON, the last is done.

    handing_over: what the desk says on its own, where the bridge fetches it; None: it is posted to the bridge.

    Every request raises:
        bot.arrivals.NotAuthentic: it cannot be shown to come from the bridge.
        bot.arrivals.BadArrival: it is not what was expected; str() says what was.
        bot.arrivals.NotKept: the database does not answer.
    """

    def __init__(
        self,
        signatures: Signatures,
        nonces: Nonces,
        conversation: Respond,
        waiting: Waiting,
        handing_over: HandingOver | None,
    ) -> None:
        self._signatures = signatures
        self._nonces = nonces
        self._conversation = conversation
        self._waiting = waiting
        self._handing_over = handing_over

    async def take(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the reply to a message; to one that comes again, the same."""
        nonce = await self._signatures.check(headers, body, self._nonces)
        incoming = _message_of(body, nonce)
        reply = await self._conversation.respond(incoming)
        await self._waiting.wake(incoming.sender)
        return _lines([as_json(incoming.sender, reply, with_content=True)])

    async def fetch(self, headers: Mapping[str, str]) -> str:
        """Return some of what the desk says on its own; acknowledge() tells what has become of it."""
        await self._signatures.check(headers, b"", self._nonces)
        handed = await self._fetched().next()
        return _lines(
            {"delivery": delivery.id} | as_json(delivery.address, reply, with_content=True)
            for delivery, reply in handed
        )

    async def acknowledge(self, headers: Mapping[str, str], body: bytes) -> str:
        """Keep what has become of a delivery: {"delivery": number} with what outcome_of reads."""
        await self._signatures.check(headers, body, self._nonces)
        try:
            told = object_of(body)
        except BadMessage as error:
            raise BadArrival(str(error)) from error
        delivery, outcome = told.get("delivery"), outcome_of(told)
        if not isinstance(delivery, int) or isinstance(delivery, bool) or not 0 < delivery < 2**63 or outcome is None:
            raise BadArrival(f'expected {{"delivery": number}} with what became of it: {EXPECTED}')
        was_open = await self._fetched().settle(delivery, outcome)
        return _lines([{"delivery": delivery, "settled": was_open}])

    def _fetched(self) -> HandingOver:
        if self._handing_over is None:
            raise BadArrival("nothing is fetched here: DESK_BRIDGE_WEBHOOK names where it is posted to")
        return self._handing_over


def _message_of(body: bytes, nonce: str) -> Incoming:
    """Return the message in a body. A repeated one has the same sender, id and words; without an id none is repeated.

    Raises:
        BadArrival: it is none.
    """
    try:
        incoming = message_of(body, CHANNEL)
    except BadMessage as error:
        raise BadArrival(str(error)) from error
    who = incoming.sender.id
    if not who.strip() or not who.isprintable() or len(who) > _LONGEST_ADDRESS:
        raise BadArrival(f'expected 1 to {_LONGEST_ADDRESS} visible characters under "from"')
    if not incoming.id:
        return replace(incoming, id=f"nonce:{nonce}"[:_LONGEST_ADDRESS])
    told = json.dumps([who, incoming.id, incoming.text, incoming.pressed])  # some number messages by conversation
    return replace(incoming, id=hashlib.sha256(told.encode()).hexdigest())


def _lines(contents: Iterable[Mapping[str, Any]]) -> str:
    listed = [*contents, {"done": True}]
    return "".join(f"{json.dumps(content, ensure_ascii=False)}\n" for content in listed)
