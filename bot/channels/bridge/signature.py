"""How a bridge and the desk know that a request is the other's: signed, in time, and never the same twice."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.arrivals import NotAuthentic

TIME: Final = "X-Desk-Timestamp"  # seconds since 1970
NONCE: Final = "X-Desk-Nonce"  # 1 to 200 visible characters of ASCII, never the same twice
SIGNATURE: Final = "X-Desk-Signature"  # see Signatures.of
WINDOW: Final = timedelta(seconds=300)  # by which a request's time may be off
CHANNEL: Final = "bridge"


class Nonces(Protocol):
    """The nonces of requests."""

    async def is_unused(self, channel: str, nonce: str) -> bool:
        """Tell whether a nonce comes for the first time."""
        ...


class Signatures:
    """Sign what goes to the bridge, and check what comes from it, by one secret."""

    def __init__(self, secret: str, now: Callable[[], datetime]) -> None:
        self._key = secret.encode()
        self._now = now

    def of(self, time: str, nonce: str, body: bytes) -> str:
        """Return the HMAC-SHA256 of time, nonce and body, joined by full stops, in hexadecimal digits."""
        signed = b".".join((time.encode(), nonce.encode("utf-8", "replace"), body))
        return hmac.new(self._key, signed, hashlib.sha256).hexdigest()

    def headers(self, body: bytes) -> dict[str, str]:
        """Return the headers by which a body is known to be the desk's."""
        time, nonce = str(int(self._now().timestamp())), secrets.token_hex(16)
        return {TIME: time, NONCE: nonce, SIGNATURE: self.of(time, nonce, body)}

    async def check(self, headers: Mapping[str, str], body: bytes, nonces: Nonces) -> str:
        """Return the nonce of a request that comes from the bridge, now, and for the first time.

        Raises:
            NotAuthentic: it does not, or cannot be shown to.
            bot.arrivals.NotKept: the database does not say whether the nonce was used before.
        """
        time, nonce, shown = (headers.get(name, "") for name in (TIME, NONCE, SIGNATURE))
        if not (time and nonce and shown):
            raise NotAuthentic(f"expected the headers {TIME}, {NONCE} and {SIGNATURE}")
        expected = self.of(time, nonce, body).encode()
        if not hmac.compare_digest(expected, shown.lower().encode("utf-8", "replace")):
            raise NotAuthentic("the signature is wrong")
        if not re.fullmatch("[0-9]{1,12}", time) or abs(self._now().timestamp() - int(time)) > WINDOW.total_seconds():
            raise NotAuthentic("the time is off by more than five minutes")
        if not re.fullmatch("[!-~]{1,200}", nonce):
            raise NotAuthentic("the nonce is not 1 to 200 visible characters of ASCII")
        if not await nonces.is_unused(CHANNEL, nonce):
            raise NotAuthentic("the nonce was used before")
        return nonce
