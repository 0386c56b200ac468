"""The inbox: what has come in is a row before the platform is told so. And who can no longer be reached."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("handled", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "message_id", name=op.f("uq_inbox_channel")),
    )
    waits = sa.text("handled IS NULL AND parked IS NULL")
    op.create_index("ix_inbox_waiting", "inbox", ["id"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("ix_inbox_sender", "inbox", ["channel", "sender"])
    op.create_index(op.f("ix_inbox_received"), "inbox", ["received"])
    op.add_column("address", sa.Column("unreachable", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("address", "unreachable")
    op.drop_table("inbox")
