"""What all tables are made of. Times are UTC; ids of channels are text, as they outgrow 32 bits and some are words."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    TypeDecorator,
)

# A migration on SQLite copies a table; it needs the names of what it copies.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
ID = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, in UTC. SQLite returns what it is given without a zone; PostgreSQL with one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Return value in UTC; a moment without a zone is a mistake of ours."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def key() -> Column[Any]:
    """Return the column that numbers the rows of a table."""
    return Column("id", ID, primary_key=True, autoincrement=True)


def person_key(name: str = "person_id", **options: Any) -> Column[Any]:  # noqa: ANN401 - as Column takes them
    """Return a column that leads to a person; the row goes with them."""
    return Column(name, ID, ForeignKey("person.id", ondelete="CASCADE"), **options)
