"""The words of the conversation: addresses, people, activities, RSVPs, incoming messages, replies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

ANSWER_HOLDS: Final = timedelta(days=60)  # how long what the organizers answered is told; then it is asked for again


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
    id: str = ""  # the channel's own id of the message; '' where it has none
    is_edited: bool = False  # it takes the place of what was said before
    is_readable: bool = True  # False: a picture, a voice message, a sticker
    is_public: bool = False  # others read the reply, as in a group
    files: tuple["File", ...] = ()  # that one of the staff has sent


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says, and what comes back when it is pressed."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a reply."""

    name: str
    media_type: str
    content: bytes
    attachment: int = 0  # the id under which it is kept, where it goes with a broadcast; 0: it is made for one reply


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person, and what a caller may want to know about it."""

    text: str
    choices: tuple[Choice, ...] = ()
    language: str = "en"
    is_answer: bool = False
    certainty: str = ""
    sources: tuple[str, ...] = field(default=())
    topics: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    replaces: tuple[str, str, str] | None = None  # channel, address and id of the message that it corrects
    is_for_one_alone: bool = False  # it asks for a private conversation, to which the channel may add a link
    notice: int = field(default=0, compare=False)  # the id of what it tells on the desk's own; 0: it answers


class Role(StrEnum):
    """What a person does at the conference."""

    DELEGATE = "delegate"
    AIDE = "aide"
    STAFF = "staff"
    ORGANIZER = "organizer"
    VIEWER = "viewer"

    @property
    def is_of_the_organizer(self) -> bool:
        """Whether the person sees counts and lists, and changes activities."""
        return self in (Role.STAFF, Role.ORGANIZER)

    @property
    def sees_the_dashboard(self) -> bool:
        """Whether the person may sign in there; viewers change nothing."""
        return self.is_of_the_organizer or self is Role.VIEWER


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the desk knows: by an invite code, or by what they said of themselves."""

    id: int
    name: str = ""
    city: str = ""
    role: Role = Role.DELEGATE
    is_verified: bool = False  # by an invite code, or by the organizers
    is_covered: bool = False  # named as one of those whose expenses the organizer covers
    is_subscribed: bool = True  # to broadcasts and reminders
    is_head: bool = False  # of their delegation


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of the conversation with an address."""

    language: str = ""  # that they have chosen, or last wrote in; '' for a stranger
    is_chosen: bool = False  # the language: they are answered in it, whatever they write in
    recent: tuple[str, ...] = ()  # their last questions, oldest first
    pending: Mapping[str, Any] | None = None  # what the desk has asked back, and what can be undone
    has_consented: bool = False  # has read what the desk keeps
    person: Person | None = None  # who writes from there; None for a stranger


@dataclass(frozen=True, slots=True)
class Delegation:
    """The people of one city, and how many of them the organizer covers."""

    city: str
    quota: int
    covered: tuple[str, ...]  # the names of those who are
    nominated_until: datetime | None = None  # when they have to be named; None: that is open
    covered_ids: tuple[int, ...] = ()  # of the same people, in the same order
    head: str = ""  # who leads it; '' where nobody is known to


class Status(StrEnum):
    """Where an RSVP stands."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"  # a freed place is held for a while
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that people sign up for. Times are of the conference's own time zone."""

    key: str
    names: Mapping[str, str]  # by language; "en" is always there
    wording: str  # what the agenda calls it: the title of its session, or of its route
    session: str  # the title of its session
    kind: str  # "route" or "session"
    day: int
    start: time | None = None
    end: time | None = None
    capacity: int | None = None  # None: no limit is known
    party_limit: int | None = None
    deadline: datetime | None = None  # after it nobody signs up
    freeze: datetime | None = None  # after it nobody changes or cancels
    eligible: frozenset[Role] = frozenset(Role)
    is_open: bool = True
    taken: int = 0  # places of confirmed RSVPs and live offers
    waitlisted: int = 0  # people on the waitlist
    on: date | None = None  # the date of its day, once the organizers have confirmed the dates
    place: str = ""  # where people meet, once the organizers have told
    is_cancelled: bool = False

    @property
    def free(self) -> int | None:
        """Places left; None where no limit is known."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    def name(self, language: str) -> str:
        """Return its name in language, else the English one."""
        return self.names.get(language) or self.names["en"]


@dataclass(frozen=True, slots=True)
class Rsvp:
    """A person's place in an activity, for a party of one or more."""

    activity: str
    person: int
    party: int
    status: Status
    names: tuple[str, ...] = ()
    position: int = 0  # on the waitlist, from 1; 0 where it is not on it
    offered_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An RSVP as a calendar shows it; sequence grows with every change of the RSVP or of its activity."""

    activity: Activity
    rsvp: Rsvp
    sequence: int


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something for whom, and the words that made them: what the history keeps."""

    person: int  # whose RSVP it is
    by: int  # who acts: the same, an aide or staff
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place that somebody wants in an activity."""

    activity: str
    party: int = 1
    names: tuple[str, ...] = ()
    takes_what_is_free: bool = False  # is content with as many places as are left
    instead_of: str = ""  # the activity that is given up for it, once there is a place


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish: the RSVP as it was and as it is. Where there is none, it is cancelled."""

    before: Rsvp
    after: Rsvp
    offers: int = 0  # how many who wait were offered places that this set free

    @property
    def is_change(self) -> bool:
        """Whether anything is different now."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the desk tells a person on its own; told is what it is worded from."""

    person: int
    kind: str  # "offer", "lapsed", "answer", "broadcast", "approval", "judged", "digest", or a reminder
    told: Mapping[str, Any]
    language: str = ""  # of its reader, where they are told it; '' where that is not known


@dataclass(frozen=True, slots=True)
class Counts:
    """How an activity stands, in people. unverified: those of confirmed whom nobody has checked yet."""

    activity: str
    confirmed: int
    parties: int
    offered: int
    waitlisted: int
    unverified: int
    by_city: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list for the organizers."""

    name: str
    city: str
    rsvp: Rsvp
    is_verified: bool


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the desk could not answer, and how many asked much the same."""

    id: int
    text: str
    language: str
    asked: datetime
