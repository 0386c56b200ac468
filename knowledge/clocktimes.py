"""Read the times of day in a cell of an agenda."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

_MOMENT = r"(\d{1,2})(?:\s?[:.h]\s?([0-5]\d))?(?!\d)\s*(?:([ap])\.?m\b\.?|(h)\b)?"
_SPAN = re.compile(
    rf"(?<![\d.:]){_MOMENT}(?:\s*(?:[-‐‑‒–—―−~〜至到]+|to\b|till\b|until\b)\s*{_MOMENT})?",
    re.IGNORECASE,
)
_NOON = 12


@dataclass(frozen=True, slots=True)
class Times:
    """When something starts and ends, as far as it is stated."""

    start: time | None = None
    end: time | None = None


NO_TIMES = Times()


def clock_times(text: str) -> Times:
    """Return the first time or span in text ("9.30 - 10.15", "9h30", "2 to 3:30 pm"); NO_TIMES without.

    An hour alone is a time only with "h", "am" or "pm", or as the start of a span that ends in one.
    """
    for found in _SPAN.finditer(unicodedata.normalize("NFKC", text)):
        hour, minute, half, unit, end_hour, end_minute, end_half, end_unit = found.groups()
        end = _time(end_hour, end_minute, end_half) if end_minute or end_half or end_unit else None
        if not (minute or half or unit or end):
            continue
        start = _time(hour, minute, half)
        if start and end and not half and end_half:
            start = _in_half_of(start, end)
        if start:
            return Times(start, end)
    return NO_TIMES


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    number = int(hour)
    if half and 1 <= number <= _NOON:
        number = number % _NOON + (_NOON if half.lower() == "p" else 0)
    return time(number, int(minute or 0)) if number < 24 else None


def _in_half_of(start: time, end: time) -> time:
    """Return the start of "2-3:30 pm" in the afternoon, that of "10-1 pm" in the morning."""
    later = start.replace(hour=start.hour % _NOON + _NOON)
    return later if later < end else start
