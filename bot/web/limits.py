"""How often somebody may ask: so many times at once, and then so many in a second."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final

_REMEMBERED: Final = 10_000  # askers; who has not asked for longest is forgotten


class RateLimit:
    """Let each asker ask `burst` times at once; one more after every `seconds`."""

    def __init__(self, burst: int, seconds: float, now: Callable[[], datetime]) -> None:
        self._burst = burst
        self._seconds = seconds
        self._now = now
        self._left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def wait(self, asker: str) -> float:
        """Return 0 where asker may ask, which counts as one time; else in how many seconds they may."""
        now = self._now()
        left, since = self._left.pop(asker, (float(self._burst), now))
        left = min(self._burst, left + (now - since).total_seconds() / self._seconds)
        is_fine = left >= 1
        self._left[asker] = (left - 1 if is_fine else left, now)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        return 0.0 if is_fine else (1 - left) * self._seconds
