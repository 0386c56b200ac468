"""What staff tell many people: whom it is for, what it says, when it starts, and how far it has got."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from handlers.attachments import Attachment
from handlers.model import Role, Status
from handlers.resizing import Resize
from knowledge import Change


class State(StrEnum):
    """Where a broadcast stands; it is done where it is being sent and nothing of it is left to be sent."""

    APPROVAL = "approval"  # another member of staff is to approve it
    PLANNED = "planned"  # it starts by itself
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a broadcast is for: people of whom all holds that is told; everybody where nothing is."""

    activities: tuple[str, ...] = ()  # keys; who is signed up for one of them
    sessions: tuple[str, ...] = ()  # titles; the same
    statuses: tuple[Status, ...] = ()  # of their RSVP there, or anywhere; any but cancelled where none is told
    cities: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    told_of: int = 0  # the number of a broadcast whose recipients they are
    is_reachable: bool | None = None  # None: whether they are or not

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Audience":
        """Return the audience that was kept with dataclasses.asdict."""
        told: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in kept.items()}
        told["statuses"] = tuple(map(Status, told.get("statuses", ())))
        told["roles"] = tuple(map(Role, told.get("roles", ())))
        return cls(**told)


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody who cannot be told, and why: "" has no address, else what the platform has said."""

    name: str
    city: str
    why: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who an audience is at this moment, in people."""

    count: int
    sample: tuple[str, ...]  # names, of a few
    by_channel: Mapping[str, int]
    by_language: Mapping[str, int]
    unreachable: int
    unreached: tuple[Unreached, ...]  # the first of them
    opted_out: int  # who would be of the audience, but wants no messages


@dataclass(frozen=True, slots=True)
class Timing:
    """When a broadcast starts: at once, at a moment, or minutes after a session's start, with which it moves."""

    at: datetime | None = None
    session: str = ""  # its key
    minutes: int = 0  # less than 0: before

    @property
    def is_now(self) -> bool:
        """Whether it starts as soon as it is confirmed."""
        return self.at is None and not self.session


@dataclass(frozen=True, slots=True)
class Dispatch:
    """How notices of a broadcast go out. due: not before; expires: not after; is_urgent: at night too, and first."""

    state: State = State.SENDING
    due: datetime | None = None
    expires: datetime | None = None
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A broadcast as it is shown, before it is confirmed."""

    text: str
    language: str
    changes: tuple[Change, ...] = ()  # of the agenda, that are published with it
    audience: Audience = Audience()
    bodies: Mapping[str, str] = field(default_factory=dict)  # the text in further languages
    timing: Timing = Timing()
    asks_reading: bool = False
    corrects: int = 0  # the number of the broadcast that it corrects
    files: tuple[Attachment, ...] = ()  # that go with it
    resizes: tuple[Resize, ...] = ()  # of activities, that are made with it; of them alone nobody is told

    @property
    def tells(self) -> bool:
        """Whether there is anything to tell its audience."""
        return bool(self.text or self.changes)

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        timing = {**asdict(self.timing), "at": self.timing.at.isoformat() if self.timing.at else None}
        changes = [change.as_json() for change in self.changes]
        kept = {"text": self.text, "language": self.language, "bodies": dict(self.bodies), "corrects": self.corrects}
        kept |= {"audience": asdict(self.audience), "asks_reading": self.asks_reading}
        files, resizes = [[one.as_json() for one in listed] for listed in (self.files, self.resizes)]
        return kept | {"timing": timing, "changes": changes, "files": files, "resizes": resizes}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Draft":
        """Return the draft that was kept."""
        told: dict[str, Any] = {name: kept[name] for name in ("text", "language", "bodies", "asks_reading", "corrects")}
        at = kept["timing"]["at"]
        timing = Timing(**{**kept["timing"], "at": datetime.fromisoformat(at) if at else None})
        told["changes"] = tuple(map(Change.of_json, kept["changes"]))
        told["files"] = tuple(map(Attachment.of_json, kept.get("files", ())))
        told["resizes"] = tuple(map(Resize.of_json, kept.get("resizes", ())))
        return cls(**told, audience=Audience.of_json(kept["audience"]), timing=timing)

    def body(self, language: str) -> tuple[str, str]:
        """Return the text for readers of a language and the language that it is in.

        Where there is none in theirs: the simplified Chinese one for traditional and the other way round, else the
        English one, else that of the author.
        """
        return body_for(self.text, self.language, self.bodies, language)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Something that staff have told people, and how far it has got, in people.

    number: 0 where there was nothing to tell anybody, and so none is kept.
    """

    number: int
    created: datetime
    text: str
    language: str
    recipients: int
    sent: int
    state: State = State.SENDING
    read: int = 0
    failed: int = 0  # not reached, expired or refused
    cancelled: int = 0
    due: datetime | None = None
    by: int | None = None
    asks_reading: bool = False
    plan: Mapping[str, Any] = field(default_factory=dict)  # the draft, as it was confirmed

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be sent."""
        return self.sent + self.failed + self.cancelled >= self.recipients and self.state is State.SENDING

    @property
    def resizes(self) -> Sequence[Resize]:
        """What has become of the places that it was published with; nothing while it waits for approval."""
        return self.draft.resizes if self.draft and self.state is not State.APPROVAL else ()

    @property
    def draft(self) -> Draft | None:
        """What was confirmed; None of a broadcast that was made before drafts were kept."""
        return Draft.of_json(self.plan) if self.plan else None


def body_for(text: str, language: str, bodies: Mapping[str, str], reader: str) -> tuple[str, str]:
    """Return the text for a reader of a language, and the language that it is in; see Draft.body."""
    every = {language: text, **bodies}
    kin = {"zh": "zh-TW", "zh-TW": "zh"}.get(reader, "")
    found = next((one for one in (reader, kin, "en") if every.get(one)), language)
    return every[found], found
