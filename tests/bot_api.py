"""A Bot API on the loopback interface, as strict as Telegram's: what a bot sends is checked, kept and answered."""

import asyncio
import itertools
import math
import re
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests import bot_api_rules as rules
from tests.bot_api_rules import Refused, Rows, Upload, bad
from tests.bot_api_wire import Asked, broken, chat_of, error, read, too_many

BOT = {"id": 42, "is_bot": True, "first_name": "Desk", "username": "desk_test_bot"}
_OVERALL, _SECOND, _JITTER = 30, 1.0, 0.05  # messages a second overall; the last: how much too early is let pass
_ENDINGS = ("reset", "lost", "timeout")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that reached a person, or a change of one."""

    method: str
    chat_id: int
    message_id: int
    text: str  # as it is read, without markup; the caption of a file
    html: str  # as it was sent
    buttons: Rows
    time: float  # time.monotonic()
    file: Upload | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the bot, and the status it was answered with; 0 where it was not answered."""

    method: str
    parameters: Mapping[str, Any]
    status: int
    time: float


@dataclass(slots=True)
class _Fault:
    left: int
    status: int | str
    retry_after: int
    chat_id: int | None
    method: str

    def meets(self, method: str, chat_id: int | None) -> bool:
        """Tell whether a call is to fail: of the method, or, where none is named, any that has a chat."""
        is_chosen = method == self.method if self.method else chat_id is not None
        return self.left > 0 and is_chosen and self.chat_id in (None, chat_id)


class FakeBotApi:
    """Queue what people do; serve it to the bot; check and keep what the bot sends."""

    def __init__(self, port: int = 0) -> None:
        self.url = ""
        self.limits = False  # refuse with 429 what is more than 30 messages a second, or one a second in a chat
        self.revoked: set[str] = set()  # tokens
        self.blocked: set[int] = set()  # chats
        self.unknown: set[int] = set()
        self.migrated: dict[int, int] = {}  # from the id of a group to that of the supergroup
        self.stale: set[str] = set()  # callback queries that are too old to be answered
        self.sent: list[Sent] = []
        self.calls: list[Call] = []
        self.answered: list[Mapping[str, Any]] = []  # callback and inline queries
        self.settings: dict[str, Mapping[str, Any]] = {}  # by method, scope and language: menus and descriptions
        self.webhook: dict[str, Any] = {}
        self.queue: list[dict[str, Any]] = []  # updates that the bot has not acknowledged
        self._port = port
        self._files: dict[str, Upload] = {}  # by their ids; sent by people and by the bot
        self._ids = itertools.count(1000)  # of updates, messages and queries
        self._messages: dict[tuple[int, int], Sent] = {}
        self._queries: set[str] = set()
        self._faults: list[_Fault] = []
        self._stalls: dict[int, float] = {}
        self._recent: deque[float] = deque()
        self._last: dict[int, float] = {}
        self._news = asyncio.Event()
        self._poller = 0

    async def __aenter__(self) -> Self:
        """Listen on the port, or on a free one."""
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{file_id}", self._download)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the port and every connection."""
        await self._runner.cleanup()

    # What people do

    def say(
        self,
        chat_id: int,
        text: str,
        *,
        user: int | None = None,
        language_code: str = "en",
        chat_type: str = "private",
        edited: bool = False,
    ) -> int:
        """Queue a text message; return its update_id."""
        message = self.message(chat_id, user=user, language_code=language_code, chat_type=chat_type) | {"text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.update({"edited_message" if edited else "message": message})

    def attach(self, chat_id: int, name: str, content: bytes, *, caption: str = "") -> int:
        """Queue a document; return its update_id."""
        file = {"file_id": self._filed(Upload(name, content)), "file_unique_id": "u", "file_name": name}
        message = self.message(chat_id) | {"document": file | {"file_size": len(content)}}
        return self.update({"message": message | ({"caption": caption} if caption else {})})

    def press(
        self, chat_id: int, data: str, message_id: int, *, user: int | None = None, language_code: str = "en"
    ) -> int:
        """Queue the press of a button below a message of the bot; return its update_id."""
        query = str(next(self._ids))
        self._queries.add(query)
        pressed = self.message(chat_id) | {"message_id": message_id, "from": BOT, "text": "…"}
        if (chat_id, message_id) in self._messages:
            pressed["text"] = self._messages[chat_id, message_id].text or "…"
        sender = _person(user or chat_id, language_code)
        told = {"id": query, "from": sender, "message": pressed, "chat_instance": "1", "data": data}
        return self.update({"callback_query": told})

    def message(
        self, chat_id: int, *, user: int | None = None, language_code: str = "en", chat_type: str = "private"
    ) -> dict[str, Any]:
        """Return a new message of a person without content, for update()."""
        chat = {"id": chat_id, "type": chat_type, **({} if chat_type == "private" else {"title": "Delegation"})}
        sender = _person(user or chat_id, language_code)
        return {"message_id": next(self._ids), "date": int(time.time()), "chat": chat, "from": sender}

    def update(self, content: Mapping[str, Any]) -> int:
        """Queue an update as it is, with an update_id where it has none; return that."""
        made = {"update_id": next(self._ids), **content}
        self.queue.append(made)
        self._news.set()
        return int(made["update_id"])

    # What goes wrong

    def fail_next(
        self, n: int, status: int | str = 500, *, retry_after: int = 1, chat_id: int | None = None, method: str = ""
    ) -> None:
        """Let the next n calls fail that have a chat: of chat_id, where it is given; or those of method.

        status: an HTTP status; "reset", the connection breaks before anything is done; "lost", it breaks after all is
        done; "timeout", there is no answer; "garbage", the answer is no JSON.
        """
        self._faults.append(_Fault(n, status, retry_after, chat_id, method))

    def stall(self, chat_id: int, seconds: float) -> None:
        """Let every call for a chat take that long; 0 ends it."""
        self._stalls[chat_id] = seconds

    # What tests look at

    async def wait_for(self, count: int, timeout: float = 30) -> list[Sent]:  # noqa: ASYNC109 - a test's patience
        """Wait until count messages have been sent; return all of them.

        Raises:
            TimeoutError: they were not; str() says how many.
        """
        ends = time.monotonic() + timeout
        while len(self.sent) < count:
            if time.monotonic() > ends:
                raise TimeoutError(f"{len(self.sent)} of {count} messages in {timeout} s; calls: {self.statuses}")
            await asyncio.sleep(0.01)
        return self.sent

    def to(self, chat_id: int) -> list[Sent]:
        """Return what reached one chat."""
        return [sent for sent in self.sent if sent.chat_id == chat_id]

    @property
    def statuses(self) -> Counter[int]:
        """How often each status was answered; 0 stands for no answer."""
        return Counter(call.status for call in self.calls)

    async def deliver(self, url: str = "", *, pause: float = 0.05, timeout: float = 60) -> None:  # noqa: ASYNC109
        """Post what is queued to the webhook, or to url, until each update is acknowledged.

        As from Telegram: with the secret, a chat's updates one after another and different chats' side by side, and
        again after any answer but 200: at once, then after pauses that double from pause seconds.
        """
        lines: dict[object, list[dict[str, Any]]] = {}
        for update in self.queue:
            lines.setdefault(_line(update), []).append(update)
        places = asyncio.Semaphore(int(self.webhook.get("max_connections") or 40))
        target = url or self.webhook["url"]
        async with asyncio.timeout(timeout), aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
            for line in lines.values():
                group.create_task(self._post(session, target, line, places, pause))

    async def _post(
        self,
        session: aiohttp.ClientSession,
        url: str,
        line: list[dict[str, Any]],
        places: asyncio.Semaphore,
        pause: float,
    ) -> None:
        secret = self.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": str(secret)} if secret else {}
        for update in line:
            for wait in itertools.chain([0.0], (min(60, pause * 2**n) for n in itertools.count())):
                async with places:
                    with suppress(aiohttp.ClientError):
                        async with session.post(url, json=update, headers=headers) as response:
                            if response.status == 200:
                                break
                await asyncio.sleep(wait)
            self.queue.remove(update)

    # What the bot gets

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        parameters, uploads = await read(request)
        asked = request.match_info["method"]
        method = next((name for name in _METHODS if name.lower() == asked.lower()), asked)
        status = 0
        try:
            self._check_known(request.match_info["token"], method)
            chat_id = chat_of(parameters)
            await asyncio.sleep(self._stalls.get(chat_id or 0, 0))
            ending = self._failing(method, chat_id)
            if isinstance(ending, web.Response):
                status = ending.status
                return ending
            if ending in ("reset", "timeout"):
                return await broken(request, hangs=ending == "timeout")
            result = await _METHODS[method](self, Asked(method, parameters, uploads, chat_id))
            if ending == "lost":
                return await broken(request)
            status = 200
            return web.json_response({"ok": True, "result": result})
        except Refused as refused:
            status = refused.status
            return error(refused)
        finally:
            self.calls.append(Call(method, parameters, status, time.monotonic()))

    def _check_known(self, token: str, method: str) -> None:
        if token in self.revoked:
            raise Refused(401, "Unauthorized")
        if method not in _METHODS:
            raise Refused(404, "Not Found: method not found")

    def _failing(self, method: str, chat_id: int | None) -> web.Response | str:
        """Return how a call is to fail: the answer, the name of a broken connection, or '' where it is not."""
        fault = next((fault for fault in self._faults if fault.meets(method, chat_id)), None)
        if fault is None:
            return ""
        fault.left -= 1
        if fault.status == 429:
            raise too_many(fault.retry_after)
        if fault.status == "garbage":
            return web.Response(text='{"ok": tr', content_type="application/json")
        if fault.status in _ENDINGS:
            return str(fault.status)
        status = HTTPStatus(int(fault.status))
        if status < HTTPStatus.BAD_GATEWAY:
            raise Refused(status, status.phrase)
        page = f"<html><body><h1>{status} {status.phrase}</h1></body></html>"  # as the proxy before Telegram has it
        return web.Response(text=page, status=status, content_type="text/html")

    async def _get_updates(self, asked: Asked) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            why = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise Refused(409, f"Conflict: {why}")
        self._poller += 1
        mine, offset = self._poller, asked.number("offset", 0)
        self._news.set()  # whoever polls already is sent away
        kept = (u for u in self.queue if u["update_id"] >= offset) if offset >= 0 else iter(self.queue[offset:])
        self.queue = list(kept)
        ends = time.monotonic() + asked.number("timeout", 0)
        while not self.queue and time.monotonic() < ends:
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(ends - time.monotonic()):
                    await self._news.wait()
            if mine != self._poller:
                why = "terminated by other getUpdates request; make sure that only one bot instance is running"
                raise Refused(409, f"Conflict: {why}")
        return self.queue[: asked.number("limit", 100)]

    async def _set_webhook(self, asked: Asked) -> bool:
        if not re.fullmatch(r"[\w-]{0,256}", asked.text("secret_token"), re.ASCII):
            raise bad("secret token contains unallowed characters")
        self.webhook = dict(asked.parameters)
        if asked.parameters.get("drop_pending_updates") in ("true", "True", True):
            self.queue.clear()
        return True

    async def _webhook_info(self, _: Asked) -> dict[str, Any]:
        waiting = len(self.queue)
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": waiting}

    async def _me(self, _: Asked) -> dict[str, Any]:
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}

    async def _send(self, asked: Asked) -> dict[str, Any]:
        text = rules.shown(asked.text("text"), asked.text("parse_mode"))
        return self._keep(asked, text, asked.text("text"), None)

    async def _send_file(self, asked: Asked) -> dict[str, Any]:
        upload = asked.upload()
        if upload is None and (file_id := asked.text(asked.method.removeprefix("send").lower())):
            if file_id not in self._files:
                raise bad("wrong file identifier/HTTP URL specified")
            upload = self._files[file_id]
        rules.check_file(asked.method, upload)
        caption = rules.shown(asked.text("caption"), asked.text("parse_mode"), limit=rules.CAPTION_LIMIT)
        return self._keep(asked, caption, asked.text("caption"), upload)

    def _keep(self, asked: Asked, text: str, html: str, upload: Upload | None) -> dict[str, Any]:
        rows = rules.buttons(asked.parameters.get("reply_markup"))
        chat_id = self._reached(asked)
        self._admit(chat_id)
        sent = Sent(asked.method, chat_id, next(self._ids), text, html, rows, time.monotonic(), upload)
        return self._note(sent)

    def _note(self, sent: Sent) -> dict[str, Any]:
        self.sent.append(sent)
        self._messages[sent.chat_id, sent.message_id] = sent
        kind = {"type": "private"} if sent.chat_id > 0 else {"type": "supergroup", "title": "Delegation"}
        told = {
            "message_id": sent.message_id,
            "date": int(time.time()),
            "chat": {"id": sent.chat_id, **kind},
            "from": BOT,
        }
        if sent.file is None:
            return told | {"text": sent.text}
        file = {"file_id": self._filed(sent.file), "file_unique_id": "u", "file_size": len(sent.file.content)}
        if sent.method == "sendPhoto":
            return told | {"photo": [file | {"width": 1, "height": 1}], "caption": sent.text}
        return told | {"document": file | {"file_name": sent.file.name}, "caption": sent.text}

    def _filed(self, upload: Upload) -> str:
        """Return the id under which a file is known from now on."""
        known = next((file_id for file_id, kept in self._files.items() if kept is upload), f"file{next(self._ids)}")
        self._files[known] = upload
        return known

    async def _file(self, asked: Asked) -> dict[str, Any]:
        file_id = asked.text("file_id")
        if file_id not in self._files:
            raise bad("invalid file_id")
        size = len(self._files[file_id].content)
        if size > 20 * 2**20:
            raise bad("file is too big")
        return {"file_id": file_id, "file_unique_id": "u", "file_size": size, "file_path": file_id}

    async def _download(self, request: web.Request) -> web.Response:
        upload = self._files.get(request.match_info["file_id"])
        return web.Response(status=404) if upload is None else web.Response(body=upload.content)

    async def _edit(self, asked: Asked) -> dict[str, Any]:
        chat_id = self._reached(asked)
        old = self._messages.get((chat_id, asked.number("message_id", 0)))
        if old is None:
            raise bad("message to edit not found")
        new = replace(old, buttons=rules.buttons(asked.parameters.get("reply_markup")))
        if asked.method == "editMessageText":
            if old.file:
                raise bad("there is no text in the message to edit")
            html = asked.text("text")
            new = replace(new, text=rules.shown(html, asked.text("parse_mode")), html=html)
        if new == old:
            same = "specified new message content and reply markup are exactly the same as a current content and"
            raise bad(f"message is not modified: {same} reply markup of the message")
        return self._note(replace(new, method=asked.method, time=time.monotonic()))

    async def _delete(self, asked: Asked) -> bool:
        if self._messages.pop((self._reached(asked), asked.number("message_id", 0)), None) is None:
            raise bad("message to delete not found")
        return True

    async def _answer_press(self, asked: Asked) -> bool:
        query = asked.text("callback_query_id")
        if query not in self._queries or query in self.stale:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(asked.text("text")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answered.append(asked.parameters)
        return True

    async def _answer_inline(self, asked: Asked) -> bool:
        rules.check_results(asked.parameters.get("results"))
        self.answered.append(asked.parameters)
        return True

    async def _show_action(self, asked: Asked) -> bool:
        self._reached(asked)
        if asked.text("action") not in ("typing", "upload_document", "upload_photo"):
            raise bad("wrong parameter action in request")
        return True

    async def _set(self, asked: Asked) -> bool:
        if asked.method == "setMyCommands":
            rules.check_commands(asked.parameters.get("commands"))
        if len(asked.text("description")) > 512 or len(asked.text("short_description")) > 120:
            raise bad("description is too long")
        self.settings[asked.setting] = asked.parameters
        return True

    async def _commands(self, asked: Asked) -> list[dict[str, str]]:
        kept = self.settings.get(replace(asked, method="setMyCommands").setting, {})
        return rules.check_commands(kept.get("commands"))

    def _reached(self, asked: Asked) -> int:
        """Return the chat that a call is for.

        Raises:
            Refused: nobody is reached there.
        """
        chat_id = asked.chat_id
        if chat_id is None or chat_id in self.unknown:
            raise bad("chat not found")
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat_id in self.migrated:
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, why, {"migrate_to_chat_id": self.migrated[chat_id]})
        return chat_id

    def _admit(self, chat_id: int) -> None:
        """Count a message against the limits.

        Raises:
            Refused: it is one too many.
        """
        now = time.monotonic()
        while self._recent and now - self._recent[0] >= _SECOND:
            self._recent.popleft()
        too_early = _SECOND - _JITTER - (now - self._last.get(chat_id, -math.inf))
        if self.limits and (len(self._recent) >= _OVERALL or too_early > 0):
            raise too_many(1)
        self._recent.append(now)
        self._last[chat_id] = now


def _person(identity: int, language_code: str) -> dict[str, Any]:
    return {"id": identity, "is_bot": False, "first_name": "Ana", "language_code": language_code}


def _line(update: Mapping[str, Any]) -> object:
    """Return what keeps updates in order: Telegram has one queue a chat, and one for the presses of each person."""
    if "callback_query" in update:
        return "press", update["callback_query"]["from"]["id"]
    content: Mapping[str, Any] = next((value for key, value in update.items() if key != "update_id"), {})
    return content.get("chat", content.get("from", {})).get("id")


_METHODS: dict[str, Callable[[FakeBotApi, Asked], Awaitable[object]]] = {
    "getMe": FakeBotApi._me,
    "getUpdates": FakeBotApi._get_updates,
    "setWebhook": FakeBotApi._set_webhook,
    "deleteWebhook": FakeBotApi._set_webhook,
    "getWebhookInfo": FakeBotApi._webhook_info,
    "sendMessage": FakeBotApi._send,
    "sendDocument": FakeBotApi._send_file,
    "sendPhoto": FakeBotApi._send_file,
    "getFile": FakeBotApi._file,
    "editMessageText": FakeBotApi._edit,
    "editMessageReplyMarkup": FakeBotApi._edit,
    "deleteMessage": FakeBotApi._delete,
    "answerCallbackQuery": FakeBotApi._answer_press,
    "answerInlineQuery": FakeBotApi._answer_inline,
    "sendChatAction": FakeBotApi._show_action,
    "setMyCommands": FakeBotApi._set,
    "setMyDescription": FakeBotApi._set,
    "setMyShortDescription": FakeBotApi._set,
    "getMyCommands": FakeBotApi._commands,
}
