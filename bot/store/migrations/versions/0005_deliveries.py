"""Notices are claimed, sent and settled: who has them in hand, the platform's message id, and why not."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("notice", sa.Column("message_id", sa.String(length=64), nullable=True))
    op.add_column("notice", sa.Column("due", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("leased", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("notice", sa.Column("done", sa.Integer(), server_default="0", nullable=False))
    op.add_column("notice", sa.Column("is_repeated", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("notice", sa.Column("failed", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("why", sa.String(length=200), server_default="", nullable=False))
    waits = sa.text("sent IS NULL AND failed IS NULL")
    op.create_index("ix_notice_waiting", "notice", ["id"], sqlite_where=waits, postgresql_where=waits)
    why = sa.Column("unreachable_why", sa.String(length=200), server_default="", nullable=False)
    op.add_column("address", why)


def downgrade() -> None:
    """Take it back."""
    op.drop_column("address", "unreachable_why")
    op.drop_index("ix_notice_waiting", table_name="notice")
    op.drop_column("notice", "why")
    op.drop_column("notice", "failed")
    op.drop_column("notice", "is_repeated")
    op.drop_column("notice", "done")
    op.drop_column("notice", "tries")
    op.drop_column("notice", "leased")
    op.drop_column("notice", "due")
    op.drop_column("notice", "message_id")
