"""What a bridge says has become of what the desk says on its own."""

from collections.abc import Mapping
from typing import Any, Final

from bot.outbox import Refused, Sent, Unreachable

EXPECTED: Final = 'expected {"id": "of the message"}, {"unreachable": "why"} or {"refused": "why"}'
_LONGEST_ID: Final = 64


def outcome_of(told: Mapping[str, Any]) -> Sent | Unreachable | Refused | None:
    """Return what has become of a delivery; None where that is not told. Without an id nothing counts as sent."""
    for name, outcome in (("unreachable", Unreachable), ("refused", Refused)):
        if isinstance(told.get(name), str):
            return outcome(told[name] or "the bridge does not say why")
    identity = told.get("id")
    is_id = isinstance(identity, str | int) and not isinstance(identity, bool)
    written = str(identity).strip() if is_id else ""
    return Sent(written[:_LONGEST_ID]) if written else None
