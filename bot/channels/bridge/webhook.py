"""What the desk says on its own, posted to the bridge."""

import io
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import aiohttp

from bot.channels.bridge.outcome import EXPECTED, outcome_of
from bot.channels.bridge.signature import Signatures
from bot.http_connections import Connections
from bot.json_messages import BadMessage, as_json, object_of
from bot.outbox import Postponed, Refused, Sent, Unreachable
from handlers.model import Address, Reply

_WITHIN: Final = 10.0  # seconds for an answer
_LONGEST_ANSWER: Final = 64 * 1024  # bytes
_NEVER: Final = (400, 413, 415, 422)  # the bridge does not take this message, however often it comes
_LATER: Final = (429, 503)
_LONGEST_PAUSE: Final = 3600.0  # seconds

Outcome = Sent | Unreachable | Refused


class WebhookSender(Connections):
    """Post replies to the address that the bridge has named; ends as an asynchronous context."""

    def __init__(self, url: str, signatures: Signatures) -> None:
        super().__init__(_WITHIN)
        self._url = url
        self._signatures = signatures

    @property
    def gap(self) -> timedelta:
        """Return that nothing has to lie between two messages: the bridge knows what its platform wants."""
        return timedelta(0)

    async def until_few_wait(self) -> None:
        """Return at once: nothing waits for its turn."""

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Outcome:  # noqa: ARG002 - it has no parts
        """Post a reply; the bridge's answer says what has become of it.

        Raises:
            Postponed: not now, or the answer does not say.
        """
        content = {"delivery": reply.notice} | as_json(address, reply, with_content=True)
        body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json"} | self._signatures.headers(body)
        try:
            async with self.session.post(
                self._url, data=io.BytesIO(body), headers=headers, allow_redirects=False
            ) as response:
                return _outcome(response.status, response.headers, await response.content.read(_LONGEST_ANSWER))
        except TimeoutError:
            raise Postponed("the bridge does not answer in time", may_have_arrived=True) from None
        except aiohttp.ClientConnectorError:
            raise Postponed("the bridge is out of reach") from None
        except aiohttp.ClientError as error:
            raise Postponed(f"no answer that can be read ({type(error).__name__})", may_have_arrived=True) from None


def _outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Return what an answer says.

    Raises:
        Postponed: it does not.
    """
    if status in _NEVER:
        return Refused(f"the bridge answers {status}")
    if status in _LATER:
        told = headers.get("Retry-After", "")
        seconds = min(float(told), _LONGEST_PAUSE) if told.isascii() and told.isdigit() else None
        raise Postponed(f"the bridge answers {status}", seconds=seconds)
    if not 200 <= status < 300:
        raise Postponed(f"the bridge answers {status}", may_have_arrived=status >= 500)
    try:
        outcome = outcome_of(object_of(body))
    except BadMessage:
        outcome = None
    if outcome is None:
        raise Postponed(f"the bridge does not say whether it was sent: {EXPECTED}", may_have_arrived=True)
    return outcome
