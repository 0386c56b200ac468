"""How an invite code is written: four groups of four, of letters that nobody mistakes for others."""

import re
from typing import Final

_WRITTEN: Final = r"(?:[A-HJ-NP-Z2-9]{4}-?){4}"
IN_TEXT: Final = re.compile(rf"(?<![A-Za-z0-9]){_WRITTEN}(?![A-Za-z0-9])")
ALONE: Final = re.compile(_WRITTEN, re.IGNORECASE)  # for fullmatch: nothing stands beside it
