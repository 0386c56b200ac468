"""A local API of WeChat that holds to its rules: tokens that expire, windows, budgets, lengths, error codes."""

import itertools
import re
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

_LONGEST = 2048  # bytes of a text
_LARGEST = 20 * 2**20  # of a file; it has more than five


@dataclass(frozen=True)
class Sent:
    """A message that the desk has sent on its own."""

    to: str
    text: str


@dataclass(frozen=True)
class SentFile:
    """A file that the desk has sent."""

    to: str
    name: str
    content: bytes


class FakeWeChatApi:
    """The API of an Official Account and of WeCom. budget: messages that a person's account still takes; None: any."""

    def __init__(self) -> None:
        self.url = ""
        self.sent: list[Sent] = []
        self.templates: list[Sent] = []
        self.menus: list[Any] = []
        self.calls: Counter[str] = Counter()
        self.budget: dict[str, int] = {}
        self.strangers: set[str] = set()
        self.always: dict[str, int] = {}  # by person, the error code for each message
        self.once: dict[str, int] = {}  # the same, for the next one
        self.cards: list[tuple[str, Any]] = []
        self.files: list[SentFile] = []
        self.media: dict[str, SentFile] = {}
        self._tokens = itertools.count(1)
        self._token = ""
        self._failures: deque[int] = deque()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2 * _LARGEST)
        app.router.add_route("*", "/cgi-bin/{path:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def expire(self) -> None:
        """Let the access token expire."""
        self._token = ""

    def fail_next(self, *codes: int) -> None:
        """Answer the next messages with error codes."""
        self._failures.extend(codes)

    async def _answer(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        self.calls[path] += 1
        if path in ("stable_token", "gettoken"):
            self._token = f"token-{next(self._tokens)}"
            return web.json_response({"access_token": self._token, "expires_in": 7200})
        if not self._token or request.query.get("access_token") != self._token:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        if path == "media/upload":
            return await self._upload(request)
        content = await request.json()
        if path == "menu/create":
            self.menus.append(content)
            return web.json_response({"errcode": 0, "errmsg": "ok"})
        code = self._failures.popleft() if self._failures else self._refusal(path, content)
        if code:
            return web.json_response({"errcode": code, "errmsg": "refused"})
        self._keep(path, content)
        number = len(self.sent) + len(self.templates)
        named = {} if path == "message/custom/send" else {"msgid": number}  # customer messages have no id
        return web.json_response({"errcode": 0, "errmsg": "ok"} | named)

    async def _upload(self, request: web.Request) -> web.Response:
        file = (await request.post())["media"]
        assert isinstance(file, web.FileField)
        held = file.file.read()
        if not 5 < len(held) <= _LARGEST or request.query["type"] != "file":
            return web.json_response({"errcode": 40006, "errmsg": "invalid media size"})
        identity = f"media-{len(self.media) + 1}"
        self.media[identity] = SentFile("", file.filename, held)
        return web.json_response({"errcode": 0, "errmsg": "ok", "type": "file", "media_id": identity})

    def _keep(self, path: str, content: dict[str, Any]) -> None:
        if path == "message/template/send":
            self.templates.append(Sent(content["touser"], str(content["data"])))
        elif content["msgtype"] == "template_card":
            self.cards.append((content["touser"], content["template_card"]))
        elif content["msgtype"] == "file":
            kept = self.media[content["file"]["media_id"]]
            self.files.append(SentFile(content["touser"], kept.name, kept.content))
        else:
            self.sent.append(Sent(content["touser"], content[content["msgtype"]]["content"]))

    def _refusal(self, path: str, content: dict[str, Any]) -> int:
        to = content["touser"]
        if code := self.once.pop(to, 0) or self.always.get(to, 0):
            if code in (40001, 42001):
                self.expire()
            return code
        if to in self.strangers:
            return 81013 if path == "message/send" else 43004
        if path == "message/template/send":
            return 0
        is_own = path == "message/custom/send"
        return self._of_content(content, is_own) or (self._of_budget(to) if is_own else 0)

    def _of_content(self, content: dict[str, Any], is_official_account: bool) -> int:  # noqa: FBT001 - a fake's own
        if content["msgtype"] == "template_card":
            return 0 if self._is_card(content["template_card"]) and not is_official_account else 42014
        if content["msgtype"] == "file":
            if is_official_account:
                return 40008  # it sends no files
            return 0 if content["file"]["media_id"] in self.media else 40007
        if content["msgtype"] == "markdown" and is_official_account:
            return 40008
        return 45002 if len(content[content["msgtype"]]["content"].encode()) > _LONGEST else 0

    def _is_card(self, card: dict[str, Any]) -> bool:
        buttons, task = card["button_list"], card["task_id"]
        is_new = task not in {one["task_id"] for _, one in self.cards}
        has_keys = all(0 < len(button["key"].encode()) <= 1024 and button["text"] for button in buttons)
        is_task = re.fullmatch(r"[\w@-]{1,128}", task, re.ASCII) is not None
        return is_new and has_keys and is_task and 0 < len(buttons) <= 6 and bool(card["main_title"]["title"])

    def _of_budget(self, to: str) -> int:
        if self.budget.get(to) is None:
            return 45015
        if self.budget[to] <= 0:
            return 45047
        self.budget[to] -= 1
        return 0
