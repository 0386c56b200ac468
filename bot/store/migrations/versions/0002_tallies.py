"""Tallies: the sums of RSVPs by activity, delegation and whether the person is verified."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SUMS = """
INSERT INTO tally (activity, delegation_id, is_verified, parties, confirmed, offered, waitlisted)
SELECT rsvp.activity, COALESCE(person.delegation_id, 0), person.is_verified,
       SUM(CASE WHEN rsvp.status = 'confirmed' THEN 1 ELSE 0 END),
       SUM(CASE WHEN rsvp.status = 'confirmed' THEN rsvp.party ELSE 0 END),
       SUM(CASE WHEN rsvp.status = 'offered' THEN rsvp.party ELSE 0 END),
       SUM(CASE WHEN rsvp.status = 'waitlisted' THEN rsvp.party ELSE 0 END)
FROM rsvp JOIN person ON person.id = rsvp.person_id
GROUP BY rsvp.activity, COALESCE(person.delegation_id, 0), person.is_verified
"""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "tally",
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("parties", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("offered", sa.Integer(), nullable=False),
        sa.Column("waitlisted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.key"], name=op.f("fk_tally_activity_activity")),
        sa.PrimaryKeyConstraint("activity", "delegation_id", "is_verified", name=op.f("pk_tally")),
    )
    op.execute(_SUMS)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("tally")
