"""Who is who, and where they write from."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.types import JSON

from bot.store.tables.columns import ID, UtcDateTime, key, metadata, person_key

delegation = Table(
    "delegation",
    metadata,
    key(),
    Column("city", String(200), nullable=False),
    Column("folded", String(200), nullable=False, unique=True),  # the city as it is compared
    Column("country", String(200), nullable=False, server_default=""),
    Column("quota", Integer, nullable=False, server_default="3"),
    Column("liaison", String(200), nullable=False, server_default=""),  # who looks after them, and their telephone
    CheckConstraint("quota >= 0", name="quota"),
)

person = Table(
    "person",
    metadata,
    key(),
    Column("name", String(200), nullable=False, server_default=""),
    Column("role", String(16), nullable=False),
    Column("delegation_id", ID, ForeignKey("delegation.id"), index=True),
    Column("is_verified", Boolean, nullable=False),
    Column("is_covered", Boolean, nullable=False),
    Column("is_head", Boolean, nullable=False, server_default=false()),  # of the delegation
    Column("is_subscribed", Boolean, nullable=False),
    Column("has_reminders", Boolean, nullable=False, server_default=true()),  # wants them
    Column("has_digest", Boolean, nullable=False, server_default=true()),  # wants the daily report, if of the staff
    Column("is_example", Boolean, nullable=False, server_default="0"),  # invented, for a demonstration
    Column("created", UtcDateTime, nullable=False),
)

address = Table(
    "address",
    metadata,
    key(),
    Column("channel", String(32), nullable=False),
    Column("channel_id", String(200), nullable=False),
    person_key(index=True),
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
    key(),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the code, which itself is not kept
    person_key(nullable=False),
    Column("expires", UtcDateTime, nullable=False),
    Column("used", UtcDateTime),
)

guess = Table(
    "guess",
    metadata,
    key(),
    Column("channel", String(32), nullable=False),
    Column("channel_id", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)
