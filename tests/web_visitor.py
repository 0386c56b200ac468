"""A browser as far as the wire goes: cookies, posts, and the stream of events of the chat."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from bot.web.signing import Signer, key_of

KEY = "a-key-of-tests-that-signs-sessions-123"
_NUMBERS = itertools.count(1)
_PATIENCE = 30  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered with."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Visitor:
    """Somebody who has opened the chat."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.lines: list[Mapping[str, Any]] = []  # as the stream has brought them
        self.early: list[Mapping[str, Any]] = []  # answers ahead of their lines
        self._http = http
        self._taken = 0
        self._listening: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    @property
    def session(self) -> str:
        """The id under which the desk knows the visitor: what the cookie has signed."""
        return next(c.value for c in self._http.cookie_jar if c.key == "desk-chat").partition(".")[2]

    @property
    def last(self) -> int:
        return self.lines[-1]["number"] if self.lines else 0

    async def get(self, path: str, **options: Any) -> Answer:
        return await self._asked("GET", path, **options)

    async def post(self, path: str, content: Any, **options: Any) -> Answer:
        headers = {"Origin": self.url, **options.pop("headers", {})}
        return await self._asked("POST", path, json=content, headers=headers, **options)

    async def submit(self, path: str, **fields: str) -> Answer:
        """Send a form, and follow where it leads."""
        return await self._asked("POST", path, data=fields, headers={"Origin": self.url})

    async def _asked(self, method: str, path: str, **options: Any) -> Answer:
        async with self._http.request(method, self.url + path, **options) as response:
            return Answer(response.status, await response.text("utf-8", "replace"), dict(response.headers))

    async def listen(self, after: int | None = None) -> None:
        """Open the stream, as a browser does that has the lines up to a number."""
        self.hang_up()
        url = f"{self.url}/chat/events?after={self.last if after is None else after}"
        opened = asyncio.Event()
        self._listening = asyncio.create_task(self._listen(url, opened))
        async with asyncio.timeout(_PATIENCE):
            await opened.wait()

    def hang_up(self) -> None:
        """Lose the connection of the stream."""
        if self._listening:
            self._listening.cancel()

    async def _listen(self, url: str, opened: asyncio.Event) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._http.get(url, timeout=timeout) as response:
            async for raw in response.content:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                if (name, value) == ("event", "open"):
                    opened.set()
                if name == "data" and value != "{}":
                    line = json.loads(value)
                    (self.lines if line["number"] else self.early).append(line)
                    self._news.set()

    async def ask(self, text: str) -> Mapping[str, Any]:
        """Post a question, and return the answer as soon as it is shown."""
        identity = f"visitor-{next(_NUMBERS)}"
        posted, shown = await asyncio.gather(
            self.post("/chat/messages", {"id": identity, "text": text}), self.line(f"answer:{identity}", is_early=True)
        )
        assert posted.status == 202, posted
        return shown

    async def say(self, text: str = "", *, pressed: str = "", identity: str = "") -> Mapping[str, Any]:
        """Post a message, and return the line of its answer once the stream has brought it."""
        identity = identity or f"visitor-{next(_NUMBERS)}"
        while True:
            posted = await self.post("/chat/messages", {"id": identity, "text": text, "pressed": pressed})
            if posted.status != 429:
                break
            await asyncio.sleep(posted.json["seconds"] / 10)
        assert posted.status == 202, posted
        return await self.line(f"answer:{identity}")

    async def take(self) -> None:
        """Say that all is shown that the desk has told on its own."""
        notices = [one["number"] for one in self.lines if one["notice"]]
        if notices and notices[-1] > self._taken:
            self._taken = notices[-1]
            taken = await self.post("/chat/taken", {"number": self._taken})
            assert taken.status == 204, taken

    def _shown(self, *, is_early: bool) -> list[Mapping[str, Any]]:
        return [*self.lines, *self.early] if is_early else self.lines

    async def line(self, key: str, *, is_early: bool = False) -> Mapping[str, Any]:
        """Return the line whose key begins so, once it is there; is_early: once it is shown."""
        async with asyncio.timeout(_PATIENCE):
            while not (found := [one for one in self._shown(is_early=is_early) if one["key"].startswith(key)]):
                self._news.clear()
                await self._news.wait()
        return found[-1]


@asynccontextmanager
async def visiting(url: str, language: str = "en", *, session: str = "") -> AsyncIterator[Visitor]:
    """Open the chat in a browser of its own, and listen. session: its id, where the desk signs with KEY."""
    jar = aiohttp.CookieJar(unsafe=True)  # of an address that is a number
    headers = {"Accept-Language": language}
    if session:
        jar.update_cookies({"desk-chat": Signer(key_of(KEY, Path()), "chat").signed(session)}, URL(url))
    connector = aiohttp.TCPConnector(force_close=True)  # the server ends one that is idle, maybe just as it is used
    async with aiohttp.ClientSession(cookie_jar=jar, headers=headers, connector=connector) as http:
        visitor = Visitor(url, http)
        opened = await visitor.get("/chat")
        assert opened.status == 200, opened.text
        await visitor.listen()
        try:
            yield visitor
        finally:
            visitor.hang_up()
