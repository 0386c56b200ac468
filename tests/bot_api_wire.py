"""The wire of the Bot API: parameters in three encodings in, answers and broken connections out."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.bot_api_rules import Refused, Upload, bad


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of the bot."""

    method: str
    parameters: Mapping[str, Any]
    uploads: Mapping[str, Upload]
    chat_id: int | None

    def text(self, name: str) -> str:
        """Return a parameter as text; '' where it is not given."""
        return str(self.parameters.get(name) or "")

    def number(self, name: str, default: int) -> int:
        """Return a parameter as a number."""
        return int(self.parameters.get(name) or default)

    def upload(self) -> Upload | None:
        """Return the file that is sent, by its field or by the name that the field gives."""
        field = self.method.removeprefix("send").lower()
        return self.uploads.get(field) or self.uploads.get(self.text(field).removeprefix("attach://"))

    @property
    def setting(self) -> str:
        """What is set: the method, and for whom."""
        return " ".join(filter(None, (self.method, self.text("scope"), self.text("language_code"))))


async def read(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Return the parameters and files of a request, from its address, JSON or a form."""
    parameters: dict[str, Any] = dict(request.query)
    uploads = {}
    if request.content_type == "application/json":
        parameters |= await request.json()
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.file.read())
            else:
                parameters[name] = value
    return parameters, uploads


def chat_of(parameters: Mapping[str, Any]) -> int | None:
    """Return the chat that a call is for; None where it is for none.

    Raises:
        Refused: it is no number.
    """
    value = str(parameters.get("chat_id") or "")
    if not value:
        return None
    if not value.removeprefix("-").isdecimal():
        raise bad("chat not found")
    return int(value)


def too_many(retry_after: int) -> Refused:
    """Return the refusal of a message that comes too early."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def error(refused: Refused) -> web.Response:
    """Return the answer to a call that is refused."""
    told = {"ok": False, "error_code": refused.status, "description": refused.description}
    if refused.parameters:
        told["parameters"] = dict(refused.parameters)
    return web.json_response(told, status=refused.status)


async def broken(request: web.Request, *, hangs: bool = False) -> web.Response:
    """Break the connection; hangs: leave it to the bot to give up, which cancels this."""
    if hangs:
        await asyncio.Event().wait()
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
