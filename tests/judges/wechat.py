"""WeChat's side of a callback, encrypted and signed by libraries that nobody here wrote."""

import hashlib
import io
import itertools
import json
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from lxml import etree

from tests.judges import FOLDER, need_node

LIBRARIES = ("@wecom/crypto", "wechat-crypto")
TOKEN, KEY = "a-token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OWNER = "wx5823bf96d3bd56c7"


class Judge:
    """A library that encrypts as WeChat does."""

    def __init__(self, process: "subprocess.Popen[str]", library: str) -> None:
        self._process = process
        self._library = library

    def ask(self, does: str, **values: str) -> str:
        """Return what the library makes of values."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"library": self._library, "does": does, "token": TOKEN, "key": KEY, "owner": OWNER} | values
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answered: dict[str, str] = json.loads(self._process.stdout.readline())
        assert "error" not in answered, answered
        return answered["result"]


@contextmanager
def judge(library: str) -> Iterator[Judge]:
    """Run a library."""
    need_node(library)
    with subprocess.Popen(
        ["node", "--no-deprecation", "wechat.js"],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield Judge(process, library)
        process.stdin.close()
    assert process.returncode == 0


@dataclass
class Request:
    """A request that WeChat makes."""

    query: Mapping[str, str]
    body: bytes


@dataclass
class WeChat:
    """The platform: people write, and see what is answered. Without a judge messages are plain."""

    url: str  # of the callback
    judge: Judge | None = None
    owner: str = OWNER
    ahead: float = 0  # seconds by which the desk's clock is ahead of this machine's
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def message(self, who: str, **values: object) -> Request:
        """Return the request for a message of somebody."""
        number = next(self.numbers)
        content = {"ToUserName": "gh_desk", "FromUserName": who, "CreateTime": int(time.time()), "MsgType": "text"}
        content |= {"MsgId": 10_000 + number} if values.get("MsgType", "text") != "event" else {}
        return self.request(xml_of(content | values))

    def request(self, xml: str, *, age: float = 0, nonce: str = "") -> Request:
        """Return the request for an XML document."""
        stamp, nonce = str(int(time.time() + self.ahead - age)), nonce or f"nonce-{next(self.numbers)}-{time.time_ns()}"
        own = {"timestamp": stamp, "nonce": nonce}
        if self.judge is None:
            return Request(own | {"signature": plain_signature(stamp, nonce)}, xml.encode())
        sealed = self.judge.ask("encrypt", message=xml, owner=self.owner)
        signature = self.judge.ask("sign", timestamp=stamp, nonce=nonce, message=sealed)
        body = f"<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return Request(own | {"msg_signature": signature, "encrypt_type": "aes"}, body.encode())

    async def post(self, request: Request) -> tuple[int, str]:
        """Return the status and the text that the person reads; '' where nothing is shown."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, params=request.query, data=io.BytesIO(request.body)) as response,
        ):
            return response.status, self.read(await response.text())

    async def say(self, who: str, text: str) -> str:
        """Return what somebody reads who has written a text."""
        status, answered = await self.post(self.message(who, Content=text))
        assert status == 200, status
        return answered

    async def does(self, who: str, event: str, key: str = "") -> str:
        """Return what somebody reads after an event."""
        status, answered = await self.post(self.message(who, MsgType="event", Event=event, EventKey=key))
        assert status == 200, status
        return answered

    def read(self, body: str) -> str:
        """Return the text in an answer, decrypted and with its signature checked."""
        if body in ("", "success"):
            return ""
        if self.judge is not None:
            sealed = value_of(body, "Encrypt")
            stamp, nonce = value_of(body, "TimeStamp"), value_of(body, "Nonce")
            assert self.judge.ask("sign", timestamp=stamp, nonce=nonce, message=sealed) == value_of(
                body, "MsgSignature"
            )
            body = self.judge.ask("decrypt", message=sealed, owner=self.owner)
        assert value_of(body, "MsgType") == "text"
        return value_of(body, "Content")


def plain_signature(stamp: str, nonce: str) -> str:
    """Return the signature of a request that is not encrypted."""
    return hashlib.sha1("".join(sorted([TOKEN, stamp, nonce])).encode(), usedforsecurity=False).hexdigest()


def xml_of(content: Mapping[str, Any]) -> str:
    """Return a message as the platform writes it."""
    return "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in content.items()) + "</xml>"


def value_of(xml: str, name: str) -> str:
    """Return the text of an element, read as the platform would."""
    found = etree.fromstring(xml.encode()).find(name)
    assert found is not None, f"{name}: {re.sub(r'<', ' <', xml)[:200]}"
    return found.text or ""
