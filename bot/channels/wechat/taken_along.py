"""On an account that may only answer, what has waited for somebody goes along with the answer to their next message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol

from bot.channels.wechat.format import Part
from bot.outbox import Delivery, Postponed, Sent
from handlers.model import Address, Notice, Reply

MOST: Final = 5  # notices in one answer
HELD_FOR: Final = timedelta(minutes=1)  # longer than WeChat repeats a request
_NO_ROOM: Final = "it did not fit into the answer to what this person wrote last"
_NOT_TAKEN: Final = "WeChat did not take the answer to what this person wrote last"


class Waiting(Protocol):
    """What waits until a person writes."""

    async def take_along(self, address: Address, *, most: int, lease: timedelta) -> Sequence[Delivery]:
        """Return what waits for an address, oldest first, and keep others off it."""
        ...

    async def settle(self, delivery: Delivery, settled: Sent) -> None:
        """Keep that a delivery has arrived."""
        ...

    async def put_off(self, delivery: Delivery, seconds: float, why: Postponed) -> None:
        """Let go of a delivery."""
        ...


class Words(Protocol):
    """The conversation."""

    async def worded(self, notice: Notice) -> Reply:
        """Return what a notice says."""
        ...


class Splits(Protocol):
    """What says how many messages a reply is."""

    def parts(self, reply: Reply) -> list[Part]:
        """Return what is sent for a reply, one message each."""
        ...


@dataclass(frozen=True, slots=True)
class Laden:
    """A reply, behind what it takes along."""

    reply: Reply
    deliveries: Sequence[Delivery] = ()


class TakenAlong:
    """Lay notices before a reply, and keep whether they have arrived with it."""

    def __init__(self, waiting: Waiting, words: Words, splits: Splits) -> None:
        self._waiting = waiting
        self._words = words
        self._splits = splits

    async def laden(self, address: Address, reply: Reply) -> Laden:
        """Return a reply with what waits for its reader before it, as much as one message takes."""
        taken: list[Delivery] = []
        texts: list[str] = []
        whole = reply
        for delivery in await self._waiting.take_along(address, most=MOST, lease=HELD_FOR):
            told = await self._words.worded(delivery.notice)
            text = "\n\n".join([*texts, told.text, reply.text])
            longer = replace(whole, text=text, choices=reply.choices or told.choices, files=(*whole.files, *told.files))
            if len(self._splits.parts(longer)) > max(1, len(self._splits.parts(reply))):
                await self._put_off(delivery, _NO_ROOM)
                continue
            whole = longer
            texts.append(told.text)
            taken.append(delivery)
        return Laden(whole, taken)

    async def settle(self, laden: Laden, message: str, *, is_given: bool) -> None:
        """Keep that what a reply took along has arrived in the answer to a message, or has not."""
        for delivery in laden.deliveries:
            if is_given:
                await self._waiting.settle(delivery, Sent(f"in the answer to {message}"))
            else:
                await self._put_off(delivery, _NOT_TAKEN)

    async def _put_off(self, delivery: Delivery, why: str) -> None:
        await self._waiting.put_off(delivery, 0, Postponed(why, until_they_write=True, done=delivery.done))
