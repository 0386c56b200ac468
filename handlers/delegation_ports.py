"""What the conversation needs to know and keep of delegations."""

from collections.abc import Sequence
from typing import Protocol

from handlers.model import Delegation, Person


class Delegations(Protocol):
    """The people of each city, and which of them the organizer covers."""

    async def of(self, city: str) -> Delegation:
        """Return the delegation of a city; an empty one with the usual quota where it is not known."""
        ...

    async def colleague(self, person: int, name: str) -> Person:
        """Return the person called name in the delegation of a person, made where there is none yet."""
        ...

    async def nominate(self, by: int, names: Sequence[str], *, instead: bool = False) -> Delegation:
        """Name people of the delegation of who acts as covered: further ones, or instead of those named before.

        Raises:
            Refusal: more than the quota would be named, the time for it is over, or it is not for who acts to name.
        """
        ...

    async def set_covered(self, by: int, people: Sequence[int]) -> Delegation:
        """Name exactly these people, of the delegation of who acts, as covered.

        Raises:
            Refusal: as for nominate.
        """
        ...
