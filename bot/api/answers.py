"""The answers of the API: what its document describes."""

from datetime import date, datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

_Item = TypeVar("_Item")


class Answer(BaseModel):
    """What answers are made of."""

    model_config = ConfigDict(extra="forbid")


class Problem(Answer):
    """Why there is no answer."""

    code: str = Field(description="unauthorized, forbidden, not_found, not_allowed, invalid, too_many or internal")
    message: str = Field(description="the same in words")
    fields: list[str] = Field(default=[], description="the parameters that cannot be used, where it is invalid")


class Refused(Answer):
    """The form of every error."""

    error: Problem


class Page(Answer, Generic[_Item]):
    """A page of a list."""

    items: list[_Item]
    total: int = Field(description="how many there are in all")
    next: str | None = Field(description="the path of the next page; null on the last one")


class Activity(Answer):
    """Something that people sign up for, with its counts, in people."""

    key: str
    names: dict[str, str] = Field(description="by language; en is always there")
    day: int = Field(description="of the conference")
    start: str | None = Field(description="HH:MM, of the conference's time zone")
    end: str | None
    capacity: int | None = Field(description="places; null: no limit is known")
    taken: int = Field(description="confirmed, and offered to somebody")
    confirmed: int
    offered: int
    waitlisted: int
    unverified: int = Field(description="of the confirmed, those whom nobody has checked yet")
    by_city: dict[str, int] = Field(description="confirmed")
    deadline: datetime | None = Field(description="after it nobody signs up")
    is_open: bool
    is_cancelled: bool


class Rsvp(Answer):
    """A person's place, for a party of one or more. Names are told to tokens with the scope people only."""

    activity: str
    person: int
    city: str
    party: int
    status: str = Field(description="confirmed, offered or waitlisted")
    position: int = Field(description="on the waitlist, from 1; 0 where it is not on it")
    is_verified: bool
    changed: datetime
    name: str | None
    names: list[str] | None = Field(description="of those who come along")


class Person(Answer):
    """Somebody whom the desk knows."""

    id: int
    name: str
    city: str
    role: str = Field(description="delegate, aide, staff or organizer")
    is_verified: bool
    is_covered: bool = Field(description="the organizer covers the expenses")
    is_subscribed: bool = Field(description="to broadcasts and reminders")
    is_example: bool = Field(description="invented, for a demonstration")


class Delegation(Answer):
    """The people of a city."""

    city: str
    people: int
    quota: int = Field(description="whose expenses the organizer covers, at most")
    covered: list[str] = Field(description="the names of those who are")
    nominated_until: datetime | None


class Question(Answer):
    """What somebody has asked; who, is not told."""

    id: int
    asked: datetime
    language: str
    is_answered: bool
    certainty: str
    topics: list[str]
    text: str


class Session(Answer):
    """An entry of the agenda, in the edition that holds now."""

    key: str
    title: str
    day: int
    start: str | None = Field(description="HH:MM, of the conference's time zone")
    end: str | None
    place: str
    certainty: str
    is_cancelled: bool
    changed: date | None = Field(description="when the organizers last published a change of it")


class Agenda(Answer):
    """The agenda as it is now."""

    edition: int = Field(description="0: as the documents have it")
    first_day: date | None = Field(description="once the dates are confirmed")
    sessions: list[Session]


class Broadcast(Answer):
    """A message of the organizer for many people, and how far it has got, in people."""

    number: int
    created: datetime
    state: str
    language: str
    text: str
    recipients: int
    sent: int = Field(description="with an id of the platform; on the web: shown by a page")
    read: int
    failed: int
    cancelled: int


class Receipt(Answer):
    """What became of a broadcast for one person. Names are told to tokens with the scope people only."""

    city: str
    channel: str
    language: str
    state: str = Field(description="pending, sending, sent, read, unreachable, expired or cancelled")
    at: datetime | None
    message_id: str | None
    why: str
    is_repeated: bool = Field(description="it may have arrived twice")
    name: str | None
