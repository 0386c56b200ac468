"""What publishing needs from outside: editions of the agenda, broadcasts, calendar files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from handlers.broadcasts import Audience, Broadcast, Dispatch, Draft, Resolved
from handlers.model import CalendarEntry, File
from handlers.resizing import Resize
from knowledge import Change, Difference, Edition


class Calendar(Protocol):
    """What makes a calendar file."""

    def __call__(self, entries: Sequence[CalendarEntry], language: str, now: datetime) -> File:
        """Return a file of entries, each of which has a date."""
        ...


class Editions(Protocol):
    """What the organizers have published of the agenda."""

    async def current(self) -> Edition:
        """Return the newest edition."""
        ...

    async def before_and_after(self, number: int) -> tuple[Edition, Sequence[Change], Sequence[Change]] | None:
        """Return the edition before one, its own changes and all later ones; None where there is none of that number.

        number: 0 for the newest.
        """
        ...

    async def resizes(self, number: int) -> Sequence[Resize]:
        """Return what an edition has changed of the places of activities; number: 0 for the newest."""
        ...

    async def publish(
        self, changes: Sequence[Change], difference: Difference, *, by: int | None, resizes: Sequence[Resize] = ()
    ) -> int:
        """Publish changes, with what people sign up for; return the number of the edition that this makes.

        resizes: that were made with them, to be kept with the edition.
        """
        ...


class Audiences(Protocol):
    """Who an audience is."""

    async def resolved(self, audience: Audience) -> Resolved:
        """Return who an audience is now."""
        ...

    async def cities(self) -> Sequence[str]:
        """Return the cities that people are from."""
        ...

    async def named(self, text: str) -> Sequence[tuple[int, str]]:
        """Return the id and name of each person whose whole name text holds."""
        ...


class Broadcasts(Audiences, Protocol):
    """What the organizers tell many people at once."""

    async def queue(self, draft: Draft, told: Mapping[str, Any], dispatch: Dispatch, *, by: int | None) -> Broadcast:
        """Write a broadcast and a notice for each of its audience, which is frozen by that.

        told: what beside the text they are told.
        """
        ...

    async def approve(
        self, number: int, draft: Draft, told: Mapping[str, Any], dispatch: Dispatch, *, by: int
    ) -> Broadcast:
        """Freeze the audience of a broadcast that waited for approval, and let it start."""
        ...

    async def ask_approval(self, number: int, told: Mapping[str, Any], *, by: int | None) -> int:
        """Queue a question to all other staff whether a broadcast may go out; return how many are asked."""
        ...

    async def tell(self, person: int, kind: str, told: Mapping[str, Any]) -> None:
        """Queue a notice for one person."""
        ...

    async def has_files(self, draft: Draft) -> bool:
        """Tell whether all files of a draft are kept."""
        ...

    async def get(self, number: int) -> Broadcast | None:
        """Return a broadcast and how far it has got; None where there is none of that number."""
        ...

    async def all(self) -> Sequence[Broadcast]:
        """Return the broadcasts and how far they have got, newest first."""
        ...

    async def planned(self) -> Sequence[Broadcast]:
        """Return those that are to start by themselves, oldest first."""
        ...

    async def put_off(self, numbers: Sequence[int], due: datetime) -> None:
        """Have broadcasts that are to start by themselves do so at a moment."""
        ...

    async def untold(self, audience: Audience) -> int:
        """Return how many of an audience have not been told yet of a change that was published."""
        ...

    async def start(self, number: int) -> None:
        """Begin to send a broadcast, or go on with one that was paused."""
        ...

    async def pause(self, number: int) -> None:
        """Send no more of a broadcast until it is started again; what is in hand at this moment still arrives."""
        ...

    async def cancel(self, number: int) -> None:
        """Never send what has not been sent of a broadcast; what is in hand at this moment still arrives."""
        ...

    async def read(self, number: int, person: int) -> bool:
        """Note that a person has read a broadcast; return whether it was for them."""
        ...
