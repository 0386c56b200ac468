"""The key that cookies and drafts are signed with, and signing."""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

_FILE: Final = "secret.key"
_BYTES: Final = 32


def key_of(configured: str, home: Path) -> bytes:
    """Return the key that is set; where none is, one that is made once and kept in the data folder, for its owner only.

    Raises:
        OSError: the data folder cannot be written.
    """
    if configured:
        return hashlib.sha256(configured.encode()).digest()
    path = home / _FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f"{_FILE}.{secrets.token_hex(4)}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        with suppress(FileExistsError):  # another process was quicker: its key is the one
            os.link(fresh, path)
        fresh.unlink()
    return path.read_bytes()


class Signer:
    """Sign texts for one purpose; what is signed for another does not pass."""

    def __init__(self, key: bytes, purpose: str) -> None:
        self._key = hmac.digest(key, purpose.encode(), "sha256")

    def mark(self, text: str) -> str:
        """Return the signature of a text."""
        digest = hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def is_marked(self, text: str, mark: str) -> bool:
        """Tell whether mark is the signature of text."""
        return hmac.compare_digest(self.mark(text).encode(), mark.encode("utf-8", "replace"))

    def signed(self, text: str) -> str:
        """Return text with its signature in front."""
        return f"{self.mark(text)}.{text}"

    def opened(self, signed: str) -> str | None:
        """Return the text that was signed; None where it was not signed here."""
        mark, _, text = signed.partition(".")
        return text if self.is_marked(text, mark) else None
