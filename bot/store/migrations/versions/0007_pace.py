"""Notices know by which channel they go, can be urgent and expire; one row a channel says how fast it speaks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OPEN = "sent IS NULL AND failed IS NULL AND cancelled IS NULL AND expired IS NULL"
_FREE = f"{_OPEN} AND is_held IS false"


def _index(name: str, columns: list[str], where: str) -> None:
    as_sqlite_says = where.replace("IS false", "IS 0")  # as the queries do: it compares the words
    op.create_index(name, "notice", columns, sqlite_where=sa.text(as_sqlite_says), postgresql_where=sa.text(where))


def upgrade() -> None:
    """Make the change."""
    op.drop_index("ix_notice_waiting", table_name="notice")
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
        notice.add_column(sa.Column("expires", _MOMENT, nullable=True))
        notice.add_column(sa.Column("expired", _MOMENT, nullable=True))
        notice.add_column(sa.Column("ready", _MOMENT, nullable=True))
        notice.add_column(sa.Column("channel", sa.String(length=32), nullable=True))
        place = sa.ForeignKey("address.id", name="fk_notice_goes_to_id_address", ondelete="SET NULL")
        number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        notice.add_column(sa.Column("goes_to_id", number, place, nullable=True))
        notice.add_column(sa.Column("rank", sa.Integer(), server_default="1", nullable=False))
    op.execute("UPDATE notice SET leased = NULL, is_repeated = true WHERE leased IS NOT NULL AND sent IS NULL")
    op.execute(
        "DELETE FROM notice WHERE broadcast_id IS NOT NULL AND id NOT IN "
        "(SELECT min(id) FROM notice WHERE broadcast_id IS NOT NULL GROUP BY broadcast_id, person_id)"
    )
    op.drop_index("ix_notice_broadcast_id", table_name="notice")
    op.create_index("uq_notice_broadcast_id", "notice", ["broadcast_id", "person_id"], unique=True)
    op.create_index("ix_notice_goes_to_id", "notice", ["goes_to_id"])
    _index("ix_notice_turn", ["channel", "rank", "ready", "id"], _FREE)
    _index("ix_notice_new", ["due"], f"{_FREE} AND ready IS NULL")
    _index("ix_notice_expires", ["expires"], f"{_OPEN} AND expires IS NOT NULL")
    op.create_table(
        "pace",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("free", sa.Float(53), server_default="0", nullable=False),
        sa.Column("told", sa.Float(53), server_default="0", nullable=False),
        sa.Column("held", sa.Float(53), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_pace")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("pace")
    for name in ("ix_notice_expires", "ix_notice_new", "ix_notice_turn", "ix_notice_goes_to_id"):
        op.drop_index(name, table_name="notice")
    op.drop_index("uq_notice_broadcast_id", table_name="notice")
    op.create_index("ix_notice_broadcast_id", "notice", ["broadcast_id"])
    op.execute("UPDATE notice SET failed = expired WHERE expired IS NOT NULL")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint("fk_notice_goes_to_id_address", type_="foreignkey")
        for column in ("rank", "goes_to_id", "channel", "ready", "expired", "expires", "is_urgent"):
            notice.drop_column(column)
    waits = sa.text("sent IS NULL AND failed IS NULL AND cancelled IS NULL")
    op.create_index("ix_notice_waiting", "notice", ["id"], sqlite_where=waits, postgresql_where=waits)
