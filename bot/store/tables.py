"""The tables. Times are UTC; ids of channels are text, because they outgrow 32 bits and some are words."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import JSON

# A migration on SQLite copies a table; it needs the names of what it copies.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
_ID = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, in UTC. SQLite returns what it is given without a zone; PostgreSQL with one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Return value in UTC; a moment without a zone is a mistake of ours."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _key() -> Column[Any]:
    return Column("id", _ID, primary_key=True, autoincrement=True)


def _person(name: str = "person_id", **options: Any) -> Column[Any]:  # noqa: ANN401 - as Column takes them
    return Column(name, _ID, ForeignKey("person.id", ondelete="CASCADE"), **options)


delegation = Table(
    "delegation",
    metadata,
    _key(),
    Column("city", String(200), nullable=False),
    Column("folded", String(200), nullable=False, unique=True),  # the city as it is compared
    Column("country", String(200), nullable=False, server_default=""),
    Column("quota", Integer, nullable=False, server_default="3"),
    CheckConstraint("quota >= 0", name="quota"),
)

person = Table(
    "person",
    metadata,
    _key(),
    Column("name", String(200), nullable=False, server_default=""),
    Column("role", String(16), nullable=False),
    Column("delegation_id", _ID, ForeignKey("delegation.id"), index=True),
    Column("is_verified", Boolean, nullable=False),
    Column("is_covered", Boolean, nullable=False),
    Column("is_subscribed", Boolean, nullable=False),
    Column("is_example", Boolean, nullable=False, server_default="0"),  # invented, for a demonstration
    Column("created", UtcDateTime, nullable=False),
)

address = Table(
    "address",
    metadata,
    _key(),
    Column("channel", String(32), nullable=False),
    Column("channel_id", String(200), nullable=False),
    _person(index=True),
    Column("language", String(8), nullable=False, server_default=""),
    Column("is_language_chosen", Boolean, nullable=False),
    Column("has_consented", Boolean, nullable=False),  # has read what the desk keeps
    Column("recent", JSON, nullable=False),  # the last questions, oldest first
    Column("pending", JSON),  # what the desk has asked back and not yet been told
    Column("seen", UtcDateTime, nullable=False),
    Column("unreachable", UtcDateTime),  # since when the channel delivers nothing there: the person has blocked the bot
    Column("unreachable_why", String(200), nullable=False, server_default=""),  # as the platform has said it
    UniqueConstraint("channel", "channel_id"),
)

invite = Table(
    "invite",
    metadata,
    _key(),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the code, which itself is not kept
    _person(nullable=False),
    Column("expires", UtcDateTime, nullable=False),
    Column("used", UtcDateTime),
)

guess = Table(
    "guess",
    metadata,
    _key(),
    Column("channel", String(32), nullable=False),
    Column("channel_id", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

activity = Table(
    "activity",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("names", JSON, nullable=False),
    Column("wording", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("day", Integer, nullable=False),
    Column("start", Time),
    Column("end", Time),
    Column("capacity", Integer),
    Column("party_limit", Integer),
    Column("deadline", UtcDateTime),
    Column("freeze", UtcDateTime),
    Column("eligible", JSON, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("taken", Integer, nullable=False, server_default="0"),
    Column("place", String(200), nullable=False, server_default=""),  # where people meet
    Column("is_cancelled", Boolean, nullable=False, server_default=false()),
    CheckConstraint("taken >= 0", name="taken"),
    CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
)

rsvp = Table(
    "rsvp",
    metadata,
    _key(),
    Column("activity", String(64), ForeignKey("activity.key"), nullable=False),
    _person(nullable=False, index=True),
    Column("party", Integer, nullable=False),
    Column("names", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("queued", _ID, nullable=False, server_default="0"),  # the order of the waitlist
    Column("offered_until", UtcDateTime),
    Column("changed", UtcDateTime, nullable=False),
    UniqueConstraint("activity", "person_id"),
    CheckConstraint("party >= 1", name="party"),
)
Index("ix_rsvp_waitlist", rsvp.c.activity, rsvp.c.status, rsvp.c.queued)

tally = Table(  # the sums of rsvp, changed in the same transaction: counts cost the same however many people there are
    "tally",
    metadata,
    Column("activity", String(64), ForeignKey("activity.key"), primary_key=True),
    Column("delegation_id", _ID, primary_key=True, autoincrement=False),  # 0: of people without a city
    Column("is_verified", Boolean, primary_key=True),
    Column("parties", Integer, nullable=False),  # confirmed
    Column("confirmed", Integer, nullable=False),  # people, as in the next two
    Column("offered", Integer, nullable=False),
    Column("waitlisted", Integer, nullable=False),
)

history = Table(
    "history",
    metadata,
    _key(),
    Column("at", UtcDateTime, nullable=False),
    Column("activity", String(64), nullable=False),
    Column("person_id", _ID, index=True),  # not a foreign key: who was erased stays as a number that leads nowhere
    Column("by_id", _ID),
    Column("before", JSON),
    Column("after", JSON),
    Column("why", String(64), nullable=False),
)

seen = Table(
    "seen",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("message_id", String(200), primary_key=True),
    Column("sender", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("reply", JSON),  # what was answered; NULL while it is being made
)

inbox = Table(  # what has come in on a channel: a row before the platform is told that it has arrived
    "inbox",
    metadata,
    _key(),
    Column("channel", String(32), nullable=False),
    Column("message_id", String(200), nullable=False),  # the platform's own
    Column("sender", String(200), nullable=False),  # whose messages are handled in order
    Column("payload", JSON, nullable=False),  # as the platform has sent it; emptied once it is handled
    Column("received", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False, server_default="0"),  # that have failed, or were begun before a stop
    Column("handled", UtcDateTime),
    Column("parked", UtcDateTime),  # given up; the payload stays, to be looked at
    UniqueConstraint("channel", "message_id"),
)
_WAITS = inbox.c.handled.is_(None) & inbox.c.parked.is_(None)
Index("ix_inbox_waiting", inbox.c.id, sqlite_where=_WAITS, postgresql_where=_WAITS)
Index("ix_inbox_sender", inbox.c.channel, inbox.c.sender)

question = Table(
    "question",
    metadata,
    _key(),
    Column("address_id", _ID, ForeignKey("address.id", ondelete="SET NULL"), index=True),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("is_answered", Boolean, nullable=False),
    Column("certainty", String(16), nullable=False),
    Column("topics", JSON, nullable=False),
    Column("asked", UtcDateTime, nullable=False),
    Column("faq_id", _ID, ForeignKey("faq.id", ondelete="SET NULL")),
)
Index("ix_question_open", question.c.is_answered, question.c.faq_id, question.c.asked)

faq = Table(
    "faq",
    metadata,
    _key(),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("language", String(8), nullable=False),
    _person("owner_id"),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)

broadcast = Table(
    "broadcast",
    metadata,
    _key(),
    Column("created", UtcDateTime, nullable=False),
    Column("by_id", _ID),  # as in history
    Column("text", Text, nullable=False),  # as its author wrote it; '' where it tells of an edition alone
    Column("language", String(8), nullable=False),
    Column("edition", Integer),  # of the agenda, that it tells of
)

notice = Table(
    "notice",
    metadata,
    _key(),
    _person(index=True),
    Column("address_id", _ID, ForeignKey("address.id", ondelete="CASCADE")),  # where the person is to be told it; any
    Column("broadcast_id", _ID, ForeignKey("broadcast.id", ondelete="CASCADE"), index=True),
    Column("kind", String(16), nullable=False),
    Column("told", JSON, nullable=False),  # what the message says; it is worded when it is sent
    Column("created", UtcDateTime, nullable=False),
    Column("sent", UtcDateTime, index=True),  # only with what the platform says it is:
    Column("message_id", String(64)),
    Column("due", UtcDateTime),  # not before; NULL: at once
    Column("leased", UtcDateTime),  # in the hands of a process until then; NULL: of none
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),  # parts that have arrived, where there are several
    Column("is_repeated", Boolean, nullable=False, server_default=false()),  # it may have arrived more than once
    Column("failed", UtcDateTime),  # given up
    Column("why", String(200), nullable=False, server_default=""),  # what keeps, or has kept, it from arriving
)
_UNSETTLED = notice.c.sent.is_(None) & notice.c.failed.is_(None)
Index("ix_notice_waiting", notice.c.id, sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED)

edition = Table(  # of the agenda; 0, which is no row, is the one of the documents
    "edition",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("published", UtcDateTime, nullable=False),
    Column("by_id", _ID),  # as in history
    Column("changes", JSON, nullable=False),  # what this one changes; those before it stay
)

event = Table(
    "event",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
