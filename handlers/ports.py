"""What the conversation needs from outside, in its own words."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.model import (
    Act,
    Activity,
    Address,
    Counts,
    Incoming,
    Listed,
    Memory,
    OpenQuestion,
    Outcome,
    Person,
    Reply,
    Rsvp,
    Wanted,
)
from handlers.resizing import Resize
from knowledge import Answer, Change, Difference, Edition, Introduction, Message, NoAnswer, Session, Unread


class Library(Protocol):
    """Answers from the documents."""

    def answer(
        self, question: str, *, language: str | None, history: Sequence[str], spoken: str | None = None
    ) -> Answer | NoAnswer:
        """Answer question in spoken, else as it is written; language: where that is unclear. history: oldest first."""
        ...

    def answered_lately(
        self, question: str, *, language: str | None, history: Sequence[str], spoken: str | None = None
    ) -> Answer | NoAnswer | None:
        """Return what answer() would, where it need not be made; None where it must be."""
        ...

    async def look_ahead(self, message: Unread) -> None:
        """Read a message, together with what others say meanwhile: read() and answer() are quick then."""
        ...

    def read(self, text: str, *, language: str) -> Message:
        """Return what text wants to be done; language is used where it could be in several."""
        ...

    def introduced(self, text: str, *, language: str, is_city: bool = False) -> Introduction:
        """Return the name and city in a text that was asked for as one line; is_city: the city alone was asked for."""
        ...

    @property
    def edition(self) -> Edition:
        """The edition of the agenda that is answered from."""
        ...

    def sessions(self) -> Sequence[Session]:
        """Return the sessions of the agenda as it is now."""
        ...

    def sessions_at(self, edition: Edition) -> Sequence[Session]:
        """Return the sessions of the agenda as an earlier edition had them."""
        ...

    def named(self, title: str, language: str) -> str:
        """Return the official name of what the agenda calls title, in language; title where there is none."""
        ...

    def is_signable(self, title: str) -> bool:
        """Tell whether people sign up for what the agenda calls title."""
        ...

    def difference(self, changes: Sequence[Change]) -> Difference:
        """Return the sessions that changes touch, before and after.

        Raises:
            UnknownSession: a change is of a session that there is not.
        """
        ...

    def turn_to(self, edition: Edition) -> None:
        """Answer with an edition of the agenda from now on, unless a newer one is known."""
        ...

    def about(self, topic: str, *, language: str) -> Answer | NoAnswer:
        """Tell what the documents say on a topic of the catalogue, in language; KeyError: there is no such topic."""
        ...


class Rewording(Protocol):
    """A chat model that may word an answer."""

    async def reworded(self, question: str, answer: Answer) -> Answer:
        """Word answer for question, or return answer as it is."""
        ...


class Turns(Protocol):
    """The handling of one message: all that it writes is kept together, or nothing of it."""

    def __call__(self) -> AbstractAsyncContextManager[None]:
        """Begin a turn; what is written inside is kept when it ends without an error.

        Raises:
            TryAgain: this message and another were in each other's way, such as a copy answered elsewhere just now.
        """
        ...


class Conversations(Protocol):
    """What is remembered of each address: its language, its last questions, what the desk has asked back."""

    async def recall(self, sender: Address) -> Memory:
        """Return what is remembered of sender; an empty memory for a stranger."""
        ...

    async def remember(self, sender: Address, question: str, language: str) -> None:
        """Keep a question of sender, and the language it was in, unless sender has chosen one."""
        ...

    async def speaks(self, sender: Address, language: str) -> None:
        """Keep the language that sender was last answered in, in which the desk tells them things on its own."""
        ...

    async def choose_language(self, sender: Address, language: str) -> None:
        """Keep the language that sender wants to be answered in, whatever they write in."""
        ...

    async def spoke(self, sender: Address, language: str) -> None:
        """Note the language that sender writes in, where sender is known and has not chosen one."""
        ...

    async def ask_back(self, sender: Address, pending: Mapping[str, Any] | None, *, about: str = "") -> None:
        """Keep what the desk has just asked sender; None when that is settled. about: what was spoken of."""
        ...

    async def consent(self, sender: Address) -> None:
        """Note that sender has now read what the desk keeps."""
        ...


class People(Protocol):
    """Who is who."""

    async def find(self, sender: Address) -> Person | None:
        """Return the person who writes from sender; None for a stranger."""
        ...

    async def get(self, person: int) -> Person:
        """Return the person of that id.

        Raises:
            KeyError: there is none.
        """
        ...

    async def introduce(self, sender: Address, *, name: str, city: str) -> Person:
        """Keep what sender says of themselves, as far as it is said; a stranger becomes a delegate to be verified."""
        ...

    async def redeem(self, sender: Address, code: str) -> Person:
        """Bind sender to the person that an invite code was made for.

        Raises:
            Refusal: the code is wrong, used or expired (which of them is not told), or too many were tried.
        """
        ...

    async def subscribe(self, person: int, *, is_subscribed: bool) -> None:
        """Set whether a person wants broadcasts and reminders."""
        ...

    async def want(self, person: int, what: str, *, is_wanted: bool | None) -> bool:
        """Set whether a person wants "reminders", or the "digest"; None: the other way round. Return what is so now."""
        ...

    async def export(self, sender: Address) -> Mapping[str, Any]:
        """Return all that is kept about sender."""
        ...

    async def erase(self, sender: Address) -> None:
        """Erase all that is kept about the person behind sender; places that this frees are offered to others."""
        ...


class Activities(Protocol):
    """What people sign up for."""

    async def all(self) -> Sequence[Activity]:
        """Return every activity, in the order of the programme."""
        ...

    async def set_open(self, key: str, *, is_open: bool, by: int) -> None:
        """Open or close an activity for new RSVPs."""
        ...

    async def resize(self, key: str, capacity: int | None, *, by: int | None) -> Resize:
        """Set the places of an activity; return what that has changed. Nobody confirmed loses a place.

        by: None for the command line.

        Raises:
            Refusal: there is no such activity.
        """
        ...

    async def resized(self, key: str, capacity: int | None) -> Resize:
        """Return what setting the places of an activity would change; nothing is set."""
        ...


class Rsvps(Protocol):
    """Who takes part in what. Every change is one transaction with its check."""

    async def of(self, person: int) -> Sequence[Rsvp]:
        """Return the RSVPs of a person that are not cancelled, in the order of the programme."""
        ...

    async def with_changes(self, person: int) -> Sequence[tuple[Rsvp, int]]:
        """Return the RSVPs of a person, cancelled ones too, each with how often it or its activity has changed."""
        ...

    async def sign_up(self, act: Act, wanted: Wanted) -> Outcome:
        """Give a person's party a place, or one on the waitlist; another number changes the same RSVP.

        Raises:
            Refusal: the activity is closed, past its deadline, not for this role, or has no room for a larger party.
        """
        ...

    async def cancel(self, act: Act, activity: str) -> Outcome:
        """Take back an RSVP, and offer its places to who waits.

        Raises:
            Refusal: the list is frozen.
        """
        ...

    async def counts(self) -> Sequence[Counts]:
        """Return how every activity stands, in the order of the programme."""
        ...

    async def listed(self, activity: str) -> Sequence[Listed]:
        """Return who is confirmed, offered or waiting, in that order; those who wait in the order of the waitlist."""
        ...


class Questions(Protocol):
    """What people have asked, and what organizers have answered."""

    async def log(self, sender: Address, text: str, reply: Reply, topics: Sequence[str]) -> None:
        """Keep a question and how it was answered."""
        ...

    async def hand_over(self, sender: Address) -> bool:
        """Mark the last question of sender as one for the organizers; return whether there is one."""
        ...

    async def open(self) -> Sequence[OpenQuestion]:
        """Return the questions that wait for an answer, newest first."""
        ...

    async def answer(self, question: int, text: str, *, by: int) -> int:
        """Keep the organizers' answer as a FAQ entry and queue it for all who asked; return how many are told.

        Raises:
            Refusal: there is no such question, or it has been answered.
        """
        ...

    async def known(self, text: str) -> str | None:
        """Return what organizers have answered to a question that means the same, while it is valid."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known when a message comes."""

    edition: Edition  # of the agenda
    before: Reply | None  # what it was answered, where it has come before
    memory: Memory  # of its sender


class Openings(Protocol):
    """What messages begin with."""

    async def of(self, incoming: Incoming) -> Opening:
        """Return what is known when incoming comes: all that was kept before this was called."""
        ...


class Seen(Protocol):
    """Messages that have been answered: a repeated delivery gets the same answer."""

    async def answered(self, incoming: Incoming, reply: Reply) -> None:
        """Keep what was answered to a message."""
        ...
