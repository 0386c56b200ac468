"""What comes in, and what was asked."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.types import JSON

from bot.store.tables.columns import ID, UtcDateTime, key, metadata, person_key

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
    key(),
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
    key(),
    Column("address_id", ID, ForeignKey("address.id", ondelete="SET NULL"), index=True),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("is_answered", Boolean, nullable=False),
    Column("certainty", String(16), nullable=False),
    Column("topics", JSON, nullable=False),
    Column("asked", UtcDateTime, nullable=False),
    Column("faq_id", ID, ForeignKey("faq.id", ondelete="SET NULL")),
)
Index("ix_question_open", question.c.is_answered, question.c.faq_id, question.c.asked)

faq = Table(
    "faq",
    metadata,
    key(),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("language", String(8), nullable=False),
    person_key("owner_id"),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)
