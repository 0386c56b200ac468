"""The index of when notices were sent holds those that were: SQLite walked through all that were not."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SENT = sa.text("sent IS NOT NULL")


def upgrade() -> None:
    """Make the change."""
    op.drop_index("ix_notice_sent", "notice")
    op.create_index("ix_notice_sent", "notice", ["sent"], sqlite_where=_SENT, postgresql_where=_SENT)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_notice_sent", "notice")
    op.create_index("ix_notice_sent", "notice", ["sent"])
