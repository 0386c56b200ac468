"""Nonces of signed requests, choices by number, windows for replies, and access tokens that processes share."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "nonce",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("nonce", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "nonce", name="pk_nonce"),
    )
    op.create_index("ix_nonce_at", "nonce", ["at"])
    op.create_table(
        "shown",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=200), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "channel_id", name="pk_shown"),
    )
    op.create_table(
        "reply_window",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("left_over", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "channel_id", "kind", name="pk_reply_window"),
    )
    op.create_table(
        "access",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("expires", _MOMENT, nullable=False),
        sa.Column("leased", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_access"),
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("access", "reply_window", "shown", "nonce"):
        op.drop_table(table)
