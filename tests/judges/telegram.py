"""telegram-test-api, a Bot API that nobody here wrote, with what bots need and it lacks.

It takes in what people do, and keeps what the bot says and edits. What stands before it here adds only what makes that
version usable: who the bot is, seconds instead of milliseconds, updates that wait until they are acknowledged, webhooks
with their secret and a second try, files, menus, and the limits of texts and buttons.
"""

import asyncio
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests import bot_api_rules as rules
from tests.bot_api_rules import Refused, Upload
from tests.bot_api_wire import Asked, chat_of, error, read

PACKAGE, SCRIPT = "telegram-test-api", "telegram.js"
NAME = "TestNameBot"  # as the emulator has it
_HOOK = "/arrived"
_LOOKS_EVERY = 0.02  # seconds
_ANSWERED_HERE = ("sendChatAction", "setMyCommands", "setMyDescription", "setMyShortDescription")


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the bot as it is now, after all edits."""

    id: int
    text: str  # without markup; the caption of a file
    buttons: rules.Rows
    file: Upload | None

    def payload(self, label: str) -> str:
        """Return what is behind a button."""
        return next(payload for row in self.buttons for said, payload in row if said == label)


class Emulator:
    """People and a bot on telegram-test-api."""

    def __init__(self, stock: str, token: str) -> None:
        """stock: the address of the emulator."""
        self.url = ""
        self.public = ("", "")  # an address of the desk's choice, and where it leads: what a reverse proxy knows
        self.settings: list[str] = []  # menus and descriptions that were set
        self.posted: list[int] = []  # what the desk answered to the webhook
        self.refused: list[str] = []  # why calls of the bot were refused
        self._stock = stock
        self._token = token
        self._hook: Mapping[str, Any] = {}
        self._arrived: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._has_arrived = asyncio.Event()
        self._waiting: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)
        self._files: dict[str, Upload] = {}

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._http = aiohttp.ClientSession(self._stock)
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_post(_HOOK, self._take)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._posting = asyncio.create_task(self._post_for_ever())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the port and every connection."""
        self._posting.cancel()
        await asyncio.gather(self._posting, return_exceptions=True)
        await self._runner.cleanup()
        await self._http.close()

    # What people do

    async def say(self, person: int, text: str) -> None:
        """Send a text or a command to the bot."""
        message = {"botToken": self._token, "date": int(time.time()), "text": text} | _private(person)
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        await self._do("/sendCommand" if "entities" in message else "/sendMessage", message)

    async def press(self, person: int, message: Told, data: str) -> None:
        """Press the button with that data below a message of the bot."""
        below = {"message_id": message.id, "date": int(time.time()), "text": message.text} | _private(person)
        pressed = {"botToken": self._token, "from": below["from"], "message": below, "data": data}
        await self._do("/sendCallback", pressed)

    async def _do(self, path: str, done: Mapping[str, Any]) -> None:
        """Do something; with a webhook, wait until it has gone out, so that the next comes after it."""
        self._has_arrived.clear()
        await self._ask(path, done)
        if self._hook:
            await self._has_arrived.wait()

    async def told(self, person: int, count: int, *, until: str = "", within: float = 30) -> list[Told]:
        """Return what the bot has said to a person, once it is count messages and the last holds the words of until.

        Raises:
            TimeoutError: it is not; str() says what there is.
        """
        ends = time.monotonic() + within
        while len(found := await self._history(person)) < count or until not in found[-1].text:
            if time.monotonic() > ends:
                raise TimeoutError(f"{count} messages with {until!r} at the end expected, not {found}")
            await asyncio.sleep(_LOOKS_EVERY)
        return found

    async def _history(self, person: int) -> list[Told]:
        kept = await self._ask("/getUpdatesHistory", {"token": self._token})
        return [
            self._told(update["messageId"], update["message"])
            for update in kept
            if str(update.get("message", {}).get("chat_id")) == str(person)
        ]

    def _told(self, identity: int, message: Mapping[str, Any]) -> Told:
        file = self._files.get(message.get("document", {}).get("file_id", ""))
        return Told(identity, rules.unmarked(message["text"]), rules.buttons(message.get("reply_markup")), file)

    # What the bot gets

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        parameters, uploads = await read(request)
        asked = Asked(request.match_info["method"], parameters, uploads, chat_of(parameters))
        try:
            return web.json_response({"ok": True, "result": await self._result(asked)})
        except Refused as refused:
            self.refused.append(refused.description)
            return error(refused)

    async def _result(self, asked: Asked) -> object:
        match asked.method:
            case "getUpdates":
                return await self._updates(asked)
            case "setWebhook":
                self._hook = dict(asked.parameters)
                await self._call("setWebhook", {"url": self.url + _HOOK})
            case "sendMessage":
                return _message_of(await self._call("sendMessage", _checked(asked, "text", rules.TEXT_LIMIT)))
            case "sendDocument" | "sendPhoto":
                return await self._keep_file(asked)
            case "editMessageText":
                edited = {"reply_markup": {"inline_keyboard": []}} | _checked(asked, "text", rules.TEXT_LIMIT)
                await self._call("editMessageText", edited)
                return _message_of({**edited, "message_id": asked.number("message_id", 0), "date": time.time() * 1000})
            case "getMe":
                return {**await self._call("getMe", {}), "id": int(self._token.partition(":")[0]), "is_bot": True}
            case method if method in _ANSWERED_HERE:
                self.settings += [asked.setting] if method.startswith("set") else []
            case method:  # what it does not know is an error
                await self._call(method, dict(asked.parameters))
        return True

    async def _keep_file(self, asked: Asked) -> dict[str, Any]:
        upload = asked.upload()
        rules.check_file(asked.method, upload)
        assert upload is not None
        kept = _checked(asked, "caption", rules.CAPTION_LIMIT)
        identity = f"file-{len(self._files)}"
        self._files[identity] = upload
        document = {"file_id": identity, "file_unique_id": identity, "file_name": upload.name}
        told = {"chat_id": asked.chat_id, "text": kept.pop("caption", ""), "document": document}
        return _message_of(await self._call("sendMessage", kept | told))

    async def _updates(self, asked: Asked) -> Sequence[Mapping[str, Any]]:
        self._waiting = [update for update in self._waiting if update["update_id"] >= asked.number("offset", 0)]
        ends = time.monotonic() + asked.number("timeout", 0)
        while True:
            self._waiting += map(self._completed, await self._call("getUpdates", {}))
            if self._waiting or time.monotonic() > ends:
                return self._waiting[: asked.number("limit", 100)]
            await asyncio.sleep(_LOOKS_EVERY)

    async def _take(self, request: web.Request) -> web.Response:
        """Take an update for the webhook: any answer but 200 would end the emulator."""
        self._arrived.put_nowait(self._completed(await request.json()))
        self._has_arrived.set()
        return web.Response()

    async def _post_for_ever(self) -> None:
        while True:
            await self._post(await self._arrived.get())

    async def _post(self, update: Mapping[str, Any]) -> None:
        """Post an update until it is acknowledged: at once, at once again, then after pauses that double."""
        url = str(self._hook["url"]).replace(*self.public) if self.public[0] else self._hook["url"]
        headers = {"X-Telegram-Bot-Api-Secret-Token": str(self._hook.get("secret_token", ""))}
        for pause in itertools.chain([0.0], (0.05 * 2**n for n in itertools.count())):
            with suppress(aiohttp.ClientError):
                async with aiohttp.request("POST", url, json=update, headers=headers) as response:
                    self.posted.append(response.status)
                    if response.status == 200:
                        return
            await asyncio.sleep(pause)

    def _completed(self, update: Mapping[str, Any]) -> dict[str, Any]:
        """Return an update with what the emulator leaves out, and without the token that it puts in.

        The emulator gives two updates the same number where the second comes before the webhook has answered the first.
        """
        made: dict[str, Any] = json.loads(json.dumps(update)) | {"update_id": next(self._numbers)}
        if "callback_query" in made:
            made["callback_query"]["chat_instance"] = "1"
        else:
            made["message"].pop("botToken", None)
        return made

    async def _call(self, method: str, parameters: Mapping[str, Any]) -> Any:
        return await self._ask(f"/bot{self._token}/{method}", parameters)

    async def _ask(self, path: str, parameters: Mapping[str, Any]) -> Any:
        async with self._http.post(path, json=parameters) as response:
            answer = await response.json(content_type=None)
        if not answer.get("ok", "result" in answer or isinstance(answer, list)):
            raise Refused(404, f"Not Found: {answer.get('message')}")
        return answer["result"]


def _private(person: int) -> dict[str, Any]:
    sender = {"id": person, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    return {"from": sender, "chat": {"id": person, "type": "private", "first_name": "Ana"}}


def _checked(asked: Asked, field: str, limit: int) -> dict[str, Any]:
    """Return the parameters of a call that Telegram would accept, with an HTML text and a parsed keyboard."""
    rules.shown(asked.text(field), asked.text("parse_mode"), limit=limit)
    rules.buttons(asked.parameters.get("reply_markup"))
    keyboard = asked.parameters.get("reply_markup")
    return {**asked.parameters, **({"reply_markup": rules.parsed(keyboard, {})} if keyboard else {})}


def _message_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message as Telegram would: with the chat, and the date in seconds."""
    chat = {"id": int(kept["chat_id"]), "type": "private", "first_name": "Ana"}
    told = {key: kept[key] for key in ("message_id", "text", "document") if key in kept}
    return {**told, "date": int(kept["date"] / 1000), "chat": chat}
