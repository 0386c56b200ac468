"""Make what a person has sent fit to be read, stored and shown."""

import re
import unicodedata

# Marks that steer the direction of writing or join nothing: they change how text looks, not what it says. The
# joiners U+200C and U+200D stay, for Persian spelling and emoji need them.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def legible(text: str) -> str:
    """Return text without control characters, invisible marks and halves of characters; accents composed."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _CONTROL.sub(" ", whole)))
