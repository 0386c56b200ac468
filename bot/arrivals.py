"""What comes in on a channel, before and after it is a row, and why it may not be taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that has come in, as the platform has sent it."""

    channel: str
    message_id: str  # the platform's own: what comes twice is handled once
    sender: str  # whose messages are handled in the order they came
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """An arrival that is kept. is_again: it was there when the desk was started; its reply may have been sent."""

    id: int
    arrival: Arrival
    tries: int = 0
    is_again: bool = False


class BadArrival(ValueError):
    """What has come in is nothing that the platform sends; str() says why."""


class NotAuthentic(Exception):
    """A request cannot be shown to come from the platform; str() says why."""


class NotKept(Exception):
    """Something could not be written down; str(): why."""


class NotYet(Exception):
    """An entry cannot be handled now, through no fault of its own; after: seconds until it can."""

    def __init__(self, after: float) -> None:
        super().__init__(f"try again in {after} s")
        self.after = after
