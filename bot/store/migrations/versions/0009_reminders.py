"""Reminders, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("person", sa.Column("has_reminders", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table(
        "reminder",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reminder_person_id_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "kind", "at", "about", name="pk_reminder"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("reminder")
    op.drop_column("person", "has_reminders")
