"""Conversations in browsers, tokens of the API, and webhooks with their calls."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("done IS NULL AND failed IS NULL")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "web_line",
        sa.Column("session", sa.String(length=200), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("notice_id", _ID, nullable=True),
        sa.Column("taken", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_web_line_notice_id_notice", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session", "number", name="pk_web_line"),
        sa.UniqueConstraint("session", "key", name="uq_web_line_session"),
    )
    op.create_index("ix_web_line_at", "web_line", ["at"])
    op.create_index("ix_web_line_notice_id", "web_line", ["notice_id"])
    op.create_table(
        "api_token",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("used", _MOMENT, nullable=True),
        sa.Column("revoked", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
    )
    op.create_table(
        "webhook",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("removed", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_table(
        "call",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("webhook_id", _ID, nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("ready", _MOMENT, nullable=False),
        sa.Column("leased", _MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", _MOMENT, nullable=True),
        sa.Column("failed", _MOMENT, nullable=True),
        sa.Column("why", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name="fk_call_webhook_id_webhook", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
    )
    op.create_index("ix_call_created", "call", ["created"])
    op.create_index("ix_call_turn", "call", ["ready", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    """Take it back."""
    for table in ("call", "webhook", "api_token", "web_line"):
        op.drop_table(table)
