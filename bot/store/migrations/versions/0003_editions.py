"""Editions of the agenda and broadcasts: what the organizers have published, and what they have sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "edition",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_edition")),
    )
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "broadcast",
        sa.Column("id", key, autoincrement=True, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", key, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    with op.batch_alter_table("activity") as activity:
        activity.add_column(sa.Column("place", sa.String(length=200), server_default="", nullable=False))
        activity.add_column(sa.Column("is_cancelled", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("broadcast_id", key, nullable=True))
        notice.create_foreign_key(
            op.f("fk_notice_broadcast_id_broadcast"), "broadcast", ["broadcast_id"], ["id"], ondelete="CASCADE"
        )
        notice.create_index(op.f("ix_notice_broadcast_id"), ["broadcast_id"])


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("notice") as notice:
        notice.drop_index(op.f("ix_notice_broadcast_id"))
        notice.drop_constraint(op.f("fk_notice_broadcast_id_broadcast"), type_="foreignkey")
        notice.drop_column("broadcast_id")
    with op.batch_alter_table("activity") as activity:
        activity.drop_column("is_cancelled")
        activity.drop_column("place")
    op.drop_table("broadcast")
    op.drop_table("edition")
