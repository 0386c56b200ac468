"""The words of the conversation: addresses, incoming messages, replies."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person writes from: a channel and their id on it."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message: what was said, or the payload of a button that was pressed."""

    sender: Address
    text: str = ""
    pressed: str = ""
    language: str | None = None  # what the platform says of the person's language


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says, and what comes back when it is pressed."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person, and what a caller may want to know about it."""

    text: str
    choices: tuple[Choice, ...] = ()
    language: str = "en"
    is_answer: bool = False
    certainty: str = ""
    sources: tuple[str, ...] = field(default=())
