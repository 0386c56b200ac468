"""Who is signed in to the dashboard; viewers; what has happened since a moment."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FOUR = {"delegate", "aide", "staff", "organizer"}  # everybody, before there were viewers
_ACTIVITY = sa.table("activity", sa.column("key", sa.String), sa.column("eligible", sa.JSON))


def upgrade() -> None:
    """Make the change."""
    for name, own in (
        ("sign_in_link", [sa.Column("expires", _time(), nullable=False), sa.Column("used", _time())]),
        (
            "signed_in",
            [
                sa.Column("since", _time(), nullable=False),
                sa.Column("expires", _time(), nullable=False),
                sa.Column("ended", _time()),
            ],
        ),
    ):
        op.create_table(
            name,
            sa.Column("digest", sa.String(length=64), nullable=False),
            sa.Column("person_id", _ID, nullable=False),
            *own,
            sa.ForeignKeyConstraint(
                ["person_id"], ["person.id"], name=f"fk_{name}_person_id_person", ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("digest", name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_person_id", name, ["person_id"])
    op.create_index("ix_history_at", "history", ["at"])
    _set_eligible(_FOUR, _FOUR | {"viewer"})


def downgrade() -> None:
    """Take it back."""
    _set_eligible(_FOUR | {"viewer"}, _FOUR)
    op.execute("UPDATE person SET role = 'delegate' WHERE role = 'viewer'")
    op.drop_index("ix_history_at", "history")
    for name in ("sign_in_link", "signed_in"):
        op.drop_index(f"ix_{name}_person_id", name)
        op.drop_table(name)


def _set_eligible(before: set[str], after: set[str]) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_ACTIVITY)).all():
        kept = json.loads(row.eligible) if isinstance(row.eligible, str) else row.eligible
        if set(kept) == before:
            changed = sa.update(_ACTIVITY).where(_ACTIVITY.c.key == row.key).values(eligible=sorted(after))
            connection.execute(changed)


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)
