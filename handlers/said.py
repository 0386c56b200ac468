"""What is handed to a command."""

from dataclasses import dataclass

from handlers.model import Address, Person
from handlers.speech import Speech


@dataclass(frozen=True, slots=True)
class Said:
    """A command as it was written: by whom, and what stands behind its name."""

    sender: Address
    person: Person | None
    command: str
    rest: str
    speech: Speech
