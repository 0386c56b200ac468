"""Editions hold what was changed of the places of activities with them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("edition", sa.Column("resizes", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("edition", "resizes")
