"""Another number of places of an activity: a part of a change, but none of the agenda, for which it is kept beside."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from handlers import texts
from handlers.model import Activity
from handlers.speech import Speech


@dataclass(frozen=True, slots=True)
class Resize:
    """Places of an activity before and after; None: no limit. offers: that this makes to its waitlist."""

    activity: str  # its key
    before: int | None
    after: int | None
    offers: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Resize":
        """Return what was kept with as_json."""
        return cls(**kept)


def lines_of(resizes: Sequence[Resize], activities: Sequence[Activity], speech: Speech) -> list[str]:
    """Return for staff what is different of the places, and how many parties of the waitlist get an offer by that."""
    known = {activity.key: activity for activity in activities}
    lines = []
    for one in (one for one in resizes if one.activity in known):
        places = {"before": one.before, "after": one.after}
        values = {name: speech.say(texts.NO_LIMIT) if number is None else number for name, number in places.items()}
        lines.append(speech.say(texts.PLACES_SET, activity=known[one.activity], offers=one.offers, **values))
    return lines
