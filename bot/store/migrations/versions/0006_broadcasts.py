"""Broadcasts are planned, approved, paused, cancelled, corrected and read; a city has a liaison."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _waits_where(condition: str) -> None:
    op.drop_index("ix_notice_waiting", table_name="notice")
    waits = sa.text(condition)
    op.create_index("ix_notice_waiting", "notice", ["id"], sqlite_where=waits, postgresql_where=waits)


def upgrade() -> None:
    """Make the change."""
    op.add_column("notice", sa.Column("is_held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("notice", sa.Column("cancelled", _MOMENT, nullable=True))
    op.add_column("notice", sa.Column("read", _MOMENT, nullable=True))
    _waits_where("sent IS NULL AND failed IS NULL AND cancelled IS NULL")
    op.add_column("delegation", sa.Column("liaison", sa.String(length=200), server_default="", nullable=False))
    with op.batch_alter_table("broadcast") as broadcast:
        broadcast.add_column(sa.Column("bodies", sa.JSON(), server_default="{}", nullable=False))
        broadcast.add_column(sa.Column("state", sa.String(length=16), server_default="sending", nullable=False))
        broadcast.add_column(sa.Column("plan", sa.JSON(), server_default="{}", nullable=False))
        broadcast.add_column(sa.Column("due", _MOMENT, nullable=True))
        broadcast.add_column(sa.Column("asks_reading", sa.Boolean(), server_default=sa.false(), nullable=False))
        broadcast.add_column(sa.Column("approved_by_id", sa.BigInteger(), nullable=True))
        corrects = sa.ForeignKey("broadcast.id", name="fk_broadcast_corrects_id_broadcast", ondelete="SET NULL")
        broadcast.add_column(
            sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), corrects, nullable=True)
        )
    op.create_index("ix_broadcast_due", "broadcast", ["due"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_broadcast_due", table_name="broadcast")
    with op.batch_alter_table("broadcast") as broadcast:
        broadcast.drop_constraint("fk_broadcast_corrects_id_broadcast", type_="foreignkey")
        for column in ("corrects_id", "approved_by_id", "asks_reading", "due", "plan", "state", "bodies"):
            broadcast.drop_column(column)
    with op.batch_alter_table("delegation") as delegation:
        delegation.drop_column("liaison")
    _waits_where("sent IS NULL AND failed IS NULL")
    for column in ("read", "cancelled", "is_held"):
        op.drop_column("notice", column)
