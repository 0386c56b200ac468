"""What people sign up for, and who has."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import JSON

from bot.store.tables.columns import ID, UtcDateTime, key, metadata, person_key

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
    key(),
    Column("activity", String(64), ForeignKey("activity.key"), nullable=False),
    person_key(nullable=False, index=True),
    Column("party", Integer, nullable=False),
    Column("names", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("queued", ID, nullable=False, server_default="0"),  # the order of the waitlist
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
    Column("delegation_id", ID, primary_key=True, autoincrement=False),  # 0: of people without a city
    Column("is_verified", Boolean, primary_key=True),
    Column("parties", Integer, nullable=False),  # confirmed
    Column("confirmed", Integer, nullable=False),  # people, as in the next two
    Column("offered", Integer, nullable=False),
    Column("waitlisted", Integer, nullable=False),
)

history = Table(
    "history",
    metadata,
    key(),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("activity", String(64), nullable=False),  # '' where it is of none
    Column("person_id", ID, index=True),  # not a foreign key: who was erased stays as a number that leads nowhere
    Column("by_id", ID),
    Column("before", JSON),
    Column("after", JSON),
    Column("why", String(64), nullable=False),
)
