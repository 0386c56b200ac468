"""What other programs may read or be told of: scopes of tokens and webhooks, and the events of webhooks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a token, or a webhook, is allowed."""

    ACTIVITIES = "activities"
    RSVPS = "rsvps"  # without names
    PEOPLE = "people"  # and, with the others, the names in them
    QUESTIONS = "questions"
    AGENDA = "agenda"
    BROADCASTS = "broadcasts"


class Event(StrEnum):
    """What a webhook is told of."""

    RSVP_CHANGED = "rsvp.changed"
    QUESTION_UNANSWERED = "question.unanswered"


@dataclass(frozen=True, slots=True)
class Token:
    """What an integration shows with each request; the token itself is kept nowhere."""

    id: int
    name: str
    scopes: frozenset[Scope]
    created: datetime
    used: datetime | None = None  # last, to the hour
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of another program that is told of events."""

    id: int
    url: str
    events: frozenset[Event]
    scopes: frozenset[Scope]
    created: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A webhook as it is shown: how many calls of it stand how, and why the last that failed did."""

    webhook: Webhook
    waiting: int
    done: int
    failed: int
    why: str
