"""The hours in which people sleep, and the desk keeps for the morning what can wait."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")  # where the conference is
_HOURS: Final = re.compile(r"(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From begins until ends, by the conference's clock; past midnight where it ends earlier than it begins."""

    begins: time
    ends: time

    @classmethod
    def of_text(cls, text: str) -> "QuietHours | None":
        """Return the hours that a text such as 22:00-07:00 tells; None for "off".

        Raises:
            ValueError: it is neither.
        """
        if text.strip().lower() == "off":
            return None
        told = _HOURS.fullmatch(text.strip())
        if told is None:
            raise ValueError(f'{text!r} is neither hours such as 22:00-07:00 nor "off"')
        hours = [int(part) for part in told.groups()]
        return cls(time(hours[0], hours[1]), time(hours[2], hours[3]))

    def until(self, moment: datetime) -> datetime | None:
        """Return when the quiet hours end that a moment lies in; None where it lies in none."""
        local = moment.astimezone(ZONE)
        ends = local.replace(hour=self.ends.hour, minute=self.ends.minute, second=0, microsecond=0)
        clock = local.time()
        if self.begins <= self.ends:
            return ends if self.begins <= clock < self.ends else None
        if clock >= self.begins:
            return ends + timedelta(days=1)
        return ends if clock < self.ends else None
