"""Telling other programs what happens: signed, tried again with growing pauses, and never to addresses inside.

Signed as https://www.standardwebhooks.com asks, version 1.0.0, for which there are libraries in most languages.
"""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.scopes import Event

PAUSES: Final = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 7200, 21600, 43200))  # then it is given up
_WITHIN: Final = aiohttp.ClientTimeout(total=10)
_AT_ONCE: Final = 20  # calls
_EVERY_WAY: Final = ("64:ff9b::/96", "2002::/16", "2001::/32")  # addresses of IPv6 that hold one of IPv4


class Call(Protocol):
    """What an address is to be told."""

    @property
    def id(self) -> int:
        """Its number: the same when it is told again."""
        ...

    @property
    def url(self) -> str:
        """Where."""
        ...

    @property
    def secret(self) -> str:
        """What it is signed with."""
        ...

    @property
    def event(self) -> Event:
        """Of what kind it is."""
        ...

    @property
    def content(self) -> Mapping[str, Any]:
        """What is told."""
        ...

    @property
    def created(self) -> datetime:
        """When it happened."""
        ...

    @property
    def tries(self) -> int:
        """How often, this time counted."""
        ...


class Calls(Protocol):
    """The rows. Each call is one transaction."""

    async def claim(self, most: int) -> Sequence[Call]:
        """Return at most so many calls that are due, in order, and keep others off them."""
        ...

    async def settle(self, call: int) -> None:
        """Note that a call was taken."""
        ...

    async def put_off(self, call: int, why: str, pause: timedelta | None) -> None:
        """Note that a call was not taken; make it again after a pause, or (None) give it up."""
        ...


class BadAddress(ValueError):
    """An address is not to be called; str() says why."""


class Inside(OSError):
    """A name leads to an address inside, which is none of a stranger's business."""


class Caller:
    """Make the calls that are due."""

    def __init__(self, calls: Calls, now: Callable[[], datetime], *, may_call_inside: bool) -> None:
        """may_call_inside: also addresses of this machine and of private networks, and without encryption."""
        self._calls = calls
        self._now = now
        self._may_call_inside = may_call_inside

    async def call_due(self) -> None:
        """Make all calls that are due; one that fails holds up no other."""
        resolver = None if self._may_call_inside else OutsideOnly()
        connector = aiohttp.TCPConnector(resolver=resolver, limit=_AT_ONCE)
        async with aiohttp.ClientSession(connector=connector, timeout=_WITHIN, trust_env=False) as http:
            while claimed := await self._calls.claim(_AT_ONCE):
                await asyncio.gather(*(self._call(http, one) for one in claimed))

    async def _call(self, http: aiohttp.ClientSession, call: Call) -> None:
        why = await self._tried(http, call)
        if why:
            pause = PAUSES[call.tries - 1] if call.tries <= len(PAUSES) else None
            await self._calls.put_off(call.id, why, pause)
        else:
            await self._calls.settle(call.id)

    async def _tried(self, http: aiohttp.ClientSession, call: Call) -> str:
        """Make a call; return why it was not taken, '' where it was."""
        told = {"type": call.event.value, "timestamp": call.created.isoformat(timespec="seconds"), "data": call.content}
        body = json.dumps(told, ensure_ascii=False).encode()
        try:
            checked(call.url, may_be_inside=self._may_call_inside)
            headers = signed(call, body, int(self._now().timestamp()))
            async with http.post(call.url, data=body, headers=headers, allow_redirects=False) as response:
                return "" if response.status in range(200, 300) else f"it answered {response.status}"
        except BadAddress as reason:
            return str(reason)
        except TimeoutError:
            return "no answer in time"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            is_inside = isinstance(error, Inside) or isinstance(getattr(error, "os_error", None), Inside)
            return _IS_INSIDE if is_inside else f"out of reach ({type(error).__name__})"


_IS_INSIDE: Final = "the address is inside; DESK_WEBHOOKS_INSIDE allows that"


class OutsideOnly(AbstractResolver):
    """Look names up, and call only what is outside: what was looked up is what is connected to."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a host.

        Raises:
            OSError: it has none, or (Inside) one that is inside.
        """
        found = await asyncio.get_running_loop().getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        results = []
        for kind, _, protocol, _, address in found:
            if not is_outside(str(address[0])):
                raise Inside(_IS_INSIDE)
            results.append(
                ResolveResult(
                    hostname=host,
                    host=str(address[0]),
                    port=port,
                    family=kind,
                    proto=protocol,
                    flags=socket.AI_NUMERICHOST,
                )
            )
        return results

    async def close(self) -> None:
        """Do nothing: nothing is held."""


def checked(url: str, *, may_be_inside: bool) -> str:
    """Return url, if a webhook may have it.

    Raises:
        BadAddress: it is none, or not one of HTTPS, or names an address inside.
    """
    parts = urlsplit(url)
    try:
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.password:
        raise BadAddress(f"expected an address such as https://example.org/desk, not {parts.scheme or 'this'}")
    if may_be_inside:
        return url
    if parts.scheme != "https":
        raise BadAddress("what is told may be read on the way: expected https://")
    if _is_number(host) and not is_outside(host):
        raise BadAddress(_IS_INSIDE)
    return url


def is_outside(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, whichever way it is written."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_outside(str(found.ipv4_mapped))
        if any(found in ipaddress.ip_network(network) for network in _EVERY_WAY):
            return False
    return found.is_global and not found.is_multicast


def signed(call: Call, body: bytes, timestamp: int) -> Mapping[str, str]:
    """Return the headers of a call: its id, which stays the same, the moment, and the signature of all three."""
    key = base64.b64decode(call.secret.removeprefix("whsec_"))
    identity = f"msg_{call.id}"
    mark = hmac.digest(key, f"{identity}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "User-Agent": "delegate-desk",
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
    }


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
