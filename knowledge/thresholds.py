"""The probabilities at which the desk decides, as `desk calibrate` measured them on the catalogue's samples."""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "catalogue" / "thresholds.json"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities and shares, 0 to 1; calibration.py says how each is measured."""

    sure: float  # from this probability on the first topic is right 19 times in 20
    floor: float  # below it, it is wrong four times in five: better to say that nothing was found
    lost: float  # below it, it is wrong more often than right
    refused: float  # from here on small talk, or something to refuse, is really that
    close: float  # a second topic with this share of the first one's probability is worth a line of its own
    gap_beside: float  # with this share, the gap is meant and not the fact beside it
    fits: float  # score of a passage of the host's background papers from which on it answers
    fits_elsewhere: float  # the same for the papers on another event that the question names

    def save(self) -> None:
        """Write the thresholds to the catalogue."""
        FILE.write_text(json.dumps({key: round(value, 3) for key, value in asdict(self).items()}, indent=2) + "\n")


@lru_cache(maxsize=1)
def thresholds() -> Thresholds:
    """Return the shipped thresholds, read once."""
    return Thresholds(**json.loads(FILE.read_text("utf-8")))
