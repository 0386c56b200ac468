"""The desk on each of its channels, as people use it: what they write and press, and all that it says to whom."""

import asyncio
import time
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import exists, or_, select

from bot.store import tables
from bot.store.whole import Store
from handlers.model import Address
from tests.bot_api import FakeBotApi, Sent
from tests.chat_process import ChatProcess, chatting
from tests.serving import serving
from tests.web_visitor import KEY, Visitor, visiting

_PATIENCE = 60  # seconds
_LOOKS_EVERY = 0.01


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, or what the desk says on its own."""

    to: str
    text: str
    labels: tuple[str, ...] = ()  # of its buttons
    files: tuple[str, ...] = ()  # their names


class Channel(Protocol):
    """A desk that people talk with on one channel, one message after the other."""

    def address(self, who: str) -> Address:
        """Return under which address the desk knows somebody."""
        ...

    async def say(self, who: str, text: str) -> Sequence[Said]:
        """Return what the desk says to a text: the reply, and what it tells others because of it."""
        ...

    async def press(self, who: str, label: str) -> Sequence[Said]:
        """Return what the desk says to the last button that somebody was shown whose label holds these words."""
        ...


class OverConsole:
    """`desk chat --jsonl`."""

    def __init__(self, chat: ChatProcess) -> None:
        self._chat = chat
        self._shown: dict[str, list[Mapping[str, str]]] = {}

    def address(self, who: str) -> Address:
        """Return an address of the console."""
        return Address("console", who)

    async def say(self, who: str, text: str) -> Sequence[Said]:
        """Write a line that says something."""
        return self._heard(self._chat.say(who, text))

    async def press(self, who: str, label: str) -> Sequence[Said]:
        """Write a line that presses a button."""
        button = next(b for b in reversed(self._shown[who]) if label.lower() in b["label"].lower())
        return self._heard(self._chat.press(who, button["payload"]))

    def _heard(self, replies: Sequence[Mapping[str, Any]]) -> Sequence[Said]:
        for reply in replies:
            self._shown.setdefault(reply["to"], []).extend(reversed(reply["buttons"]))
        return [
            Said(
                reply["to"],
                reply["text"],
                tuple(button["label"] for button in reply["buttons"]),
                tuple(file["name"] for file in reply["files"]),
            )
            for reply in replies
        ]


async def has_notices(store: Store, channel: str) -> bool:
    """Tell whether there is a notice for somebody on a channel that is, or soon will be, due."""
    n, a, soon = tables.notice.c, tables.address.c, store.now() + timedelta(seconds=_PATIENCE)
    is_due = (tables.OPEN, n.is_held.is_(False), or_(n.due.is_(None), n.due <= soon))
    is_for = or_(a.id == n.address_id, n.address_id.is_(None) & (a.person_id == n.person_id))
    found = select(n.id).where(*is_due, exists().where(a.channel == channel, is_for)).limit(1)
    async with store.database.reading() as connection:
        return (await connection.execute(found)).first() is not None


class OverTelegram:
    """`desk serve` that polls a Bot API."""

    def __init__(self, api: FakeBotApi, store: Store, language: str) -> None:
        """store: of the same database as the desk's. language: of everybody's app."""
        self._api = api
        self._store = store
        self._language = language
        self._people: dict[int, str] = {}

    def address(self, who: str) -> Address:
        """Return an address on Telegram: a number."""
        identity = zlib.crc32(who.encode()) + 1
        self._people[identity] = who
        return Address("telegram", str(identity))

    async def say(self, who: str, text: str) -> Sequence[Said]:
        """Send a message in the private chat with the bot."""
        before = len(self._api.sent)
        self._api.say(int(self.address(who).id), text, language_code=self._language)
        return await self._heard(before)

    async def press(self, who: str, label: str) -> Sequence[Said]:
        """Press a button below a message in that chat."""
        chat, before = int(self.address(who).id), len(self._api.sent)
        message, payload = next(
            (sent.message_id, payload)
            for sent in reversed(self._api.to(chat))
            for row in sent.buttons
            for said, payload in row
            if label.lower() in said.lower()
        )
        self._api.press(chat, payload, message, language_code=self._language)
        return await self._heard(before)

    async def _heard(self, before: int) -> Sequence[Said]:
        """Wait until the desk has nothing more to say; return what it has said since."""
        ends = time.monotonic() + _PATIENCE
        while self._api.queue or await self._store.inbox.count_waiting() or await has_notices(self._store, "telegram"):
            assert time.monotonic() < ends, "the desk has not answered"
            await asyncio.sleep(_LOOKS_EVERY)
        return [self._said(sent) for sent in self._api.sent[before:]]

    def _said(self, sent: Sent) -> Said:
        labels = tuple(label for row in sent.buttons for label, _ in row)
        return Said(self._people[sent.chat_id], sent.text, labels, (sent.file.name,) if sent.file else ())


class OverWeb:
    """`desk serve` that is talked with in browsers; each person has one, which shows at once what comes."""

    def __init__(self, url: str, store: Store, language: str, stack: AsyncExitStack) -> None:
        self._url = url
        self._store = store
        self._language = language
        self._stack = stack
        self._visitors: dict[str, Visitor | None] = {}

    def address(self, who: str) -> Address:
        """Return an address on the web: a session."""
        self._visitors.setdefault(who, None)
        return Address("web", who)

    async def say(self, who: str, text: str) -> Sequence[Said]:
        """Write a message."""
        return await self._heard(who, text)

    async def press(self, who: str, label: str) -> Sequence[Said]:
        """Press a button of the newest line that has it."""
        visitor = await self._visitor(who)
        shown = [choice for line in reversed(visitor.lines) for choice in line["choices"]]
        return await self._heard(who, pressed=next(payload for said, payload in shown if label.lower() in said.lower()))

    async def _heard(self, who: str, text: str = "", pressed: str = "") -> Sequence[Said]:
        """Post a message, and wait until the desk has nothing more to say; return what it has said since."""
        self.address(who)
        visitors = {one: await self._visitor(one) for one in list(self._visitors)}
        before = {one: len(visitor.lines) for one, visitor in visitors.items()}
        await visitors[who].say(text, pressed=pressed)
        ends = time.monotonic() + _PATIENCE
        while await self._store.inbox.count_waiting() or await has_notices(self._store, "web"):
            assert time.monotonic() < ends, "the desk has not answered"
            for visitor in visitors.values():
                await visitor.take()
            await asyncio.sleep(_LOOKS_EVERY)
        return [
            Said(
                one,
                line["text"],
                tuple(label for label, _ in line["choices"]),
                tuple(name for name, _ in line["files"]),
            )
            for one, visitor in visitors.items()
            for line in visitor.lines[before[one] :]
            if not line["own"]
        ]

    async def _visitor(self, who: str) -> Visitor:
        known = self._visitors[who]
        if known is None:
            known = await self._stack.enter_async_context(visiting(self._url, self._language, session=who))
            self._visitors[who] = known
        return known


@asynccontextmanager
async def over_web(home: Path, store: Store, language: str, **settings: str) -> AsyncIterator[Channel]:
    """Run a desk that is talked with in browsers."""
    own = {"DESK_TELEGRAM_TOKEN": "", "DESK_SECRET_KEY": KEY}
    async with serving(home, "http://127.0.0.1:9", **own, **settings) as desk, AsyncExitStack() as stack:
        yield OverWeb(desk.url, store, language, stack)


@asynccontextmanager
async def over_console(home: Path, store: Store, language: str, **settings: str) -> AsyncIterator[Channel]:
    """Run a desk that is talked with on its console."""
    with chatting(home, **settings) as chat:
        yield OverConsole(chat)


@asynccontextmanager
async def over_telegram(home: Path, store: Store, language: str, **settings: str) -> AsyncIterator[Channel]:
    """Run a desk that is talked with on Telegram."""
    async with FakeBotApi() as api, serving(home, api.url, **settings):
        yield OverTelegram(api, store, language)


OPENED = {"console": over_console, "telegram": over_telegram, "web": over_web}
