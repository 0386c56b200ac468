"""What is shown in browsers, and what other programs may read or are told."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.types import JSON

from bot.store.tables.columns import ID, UtcDateTime, key, metadata

web_line = Table(  # a conversation in a browser, as its page shows it
    "web_line",
    metadata,
    Column("session", String(200), primary_key=True),  # the channel_id of its address
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # grows in the order of the commits
    Column("key", String(200), nullable=False),  # what is written twice is there once
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("is_own", Boolean, nullable=False),  # said by the person
    Column("content", JSON, nullable=False),  # a reply, as in seen
    Column("notice_id", ID, ForeignKey("notice.id", ondelete="CASCADE"), index=True),  # that it tells
    Column("taken", UtcDateTime),  # when a page has said that it shows a notice
    UniqueConstraint("session", "key"),
)

api_token = Table(
    "api_token",
    metadata,
    key(),
    Column("name", String(200), nullable=False),  # of the integration that has it
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the token, which itself is not kept
    Column("scopes", JSON, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("used", UtcDateTime),  # last, to the hour
    Column("revoked", UtcDateTime),
)

webhook = Table(  # an address of another program that is told of what happens
    "webhook",
    metadata,
    key(),
    Column("url", Text, nullable=False),
    Column("secret", String(100), nullable=False),  # what is told is signed with it, so it is kept as it is
    Column("events", JSON, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("removed", UtcDateTime),
)

call = Table(  # of a webhook: written with the change that it tells of
    "call",
    metadata,
    key(),
    Column("webhook_id", ID, ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False),
    Column("event", String(32), nullable=False),
    Column("about", JSON, nullable=False),  # numbers and states, never words or names: those are read when it is made
    Column("created", UtcDateTime, nullable=False, index=True),
    Column("ready", UtcDateTime, nullable=False),  # when it is made next
    Column("leased", UtcDateTime),  # in the hands of a process until then
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done", UtcDateTime),
    Column("failed", UtcDateTime),  # given up
    Column("why", String(200), nullable=False, server_default=""),
)
OPEN_CALL = call.c.done.is_(None) & call.c.failed.is_(None)
Index("ix_call_turn", call.c.ready, call.c.id, sqlite_where=OPEN_CALL, postgresql_where=OPEN_CALL)
