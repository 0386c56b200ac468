"""A bridge's side of the door: it signs what it asks, and answers what the desk posts to it."""

import hashlib
import hmac
import io
import json
import time
import uuid
from collections import deque
from typing import Any, Self

import aiohttp
from aiohttp import web

BRIDGE_SECRET = "a-secret-of-the-bridge"


def signed(body: bytes, *, secret: str = BRIDGE_SECRET, age: float = 0, nonce: str = "") -> dict[str, str]:
    """Return the headers of a request."""
    stamp, nonce = str(int(time.time() - age)), nonce or uuid.uuid4().hex
    digest = hmac.new(secret.encode(), f"{stamp}.{nonce}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Desk-Timestamp": stamp, "X-Desk-Nonce": nonce, "X-Desk-Signature": digest}


class Bridge:
    """A bridge that asks a desk."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def request(self, method: str, path: str, body: bytes = b"", headers: Any = None) -> tuple[int, list[Any]]:
        """Return the status and the lines of JSON of an answer; signed where no headers are given."""
        headers = signed(body) if headers is None else headers
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.url}/bridge/{path}", data=io.BytesIO(body), headers=headers) as response,
        ):
            return response.status, [json.loads(line) for line in (await response.text()).splitlines()]

    async def say(self, who: str, text: str, **more: Any) -> list[Any]:
        """Return the replies to a text."""
        return await self._replies({"from": who, "say": text} | more)

    async def press(self, who: str, payload: str) -> list[Any]:
        """Return the replies to a button."""
        return await self._replies({"from": who, "press": payload})

    async def fetch(self) -> list[Any]:
        """Return what the desk says on its own."""
        status, lines = await self.request("GET", "messages")
        assert (status, lines[-1]) == (200, {"done": True})
        return lines[:-1]

    async def acknowledge(self, delivery: int, **outcome: Any) -> bool:
        """Tell what became of a delivery; return whether the desk has waited for it."""
        body = json.dumps({"delivery": delivery} | outcome).encode()
        status, lines = await self.request("POST", "acknowledgements", body)
        assert status == 200, lines
        return lines[0]["settled"]

    async def _replies(self, message: Any) -> list[Any]:
        status, lines = await self.request("POST", "messages", json.dumps(message).encode())
        assert (status, lines[-1]) == (200, {"done": True}), lines
        return lines[:-1]


class BridgeWebhook:
    """Where a bridge has the desk post to: it checks the signature, and answers what it is told to, in turn."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.url = ""
        self.posted: list[Any] = []
        self.answers = deque(answers)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        stamp, nonce = request.headers["X-Desk-Timestamp"], request.headers["X-Desk-Nonce"]
        digest = hmac.new(BRIDGE_SECRET.encode(), f"{stamp}.{nonce}.".encode() + body, hashlib.sha256).hexdigest()
        assert request.headers["X-Desk-Signature"] == digest
        self.posted.append(json.loads(body))
        status, told = self.answers.popleft() if self.answers else (200, {"id": f"m-{len(self.posted)}"})
        if isinstance(told, str):
            return web.Response(text=told, status=status)
        return web.json_response(told, status=status)
