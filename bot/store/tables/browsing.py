"""Who is signed in to the dashboard. Of links and cookies only digests are kept: who reads the table cannot sign in."""

from sqlalchemy import Column, String, Table

from bot.store.tables.columns import UtcDateTime, metadata, person_key

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256, as in the next
    person_key(nullable=False, index=True),
    Column("expires", UtcDateTime, nullable=False),
    Column("used", UtcDateTime),
)

signed_in = Table(
    "signed_in",
    metadata,
    Column("digest", String(64), primary_key=True),
    person_key(nullable=False, index=True),
    Column("since", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
    Column("ended", UtcDateTime),
)
