"""What platforms demand to be remembered: requests that have come, who may be written to, and access to them."""

from sqlalchemy import Column, Integer, String, Table, Text
from sqlalchemy.types import JSON

from bot.store.tables.columns import UtcDateTime, metadata

nonce = Table(  # of requests that platforms sign: one that comes again in another request is somebody else's
    "nonce",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("nonce", String(200), primary_key=True),
    Column("digest", String(64), nullable=False),  # SHA-256 of the request's body
    Column("at", UtcDateTime, nullable=False, index=True),
)

shown = Table(  # the choices below the last reply, where a platform has no buttons: "2" means the second
    "shown",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("channel_id", String(200), primary_key=True),
    Column("choices", JSON, nullable=False),  # label and payload of each
)

reply_window = Table(  # how long, and how often, a platform lets the desk write to somebody
    "reply_window",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("channel_id", String(200), primary_key=True),
    Column("kind", String(16), primary_key=True),  # what has opened it
    Column("until", UtcDateTime, nullable=False),
    Column("left_over", Integer, nullable=False),  # messages
)

access = Table(  # access tokens, which all processes share
    "access",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("token", Text, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
    Column("leased", UtcDateTime),  # until when a process is fetching a new one
)
