"""The same conversation on a terminal, and over JSON lines for programs."""

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final, TextIO

from rich.console import Console
from rich.markup import escape

from handlers.concierge import Concierge
from handlers.model import Address, Choice, Incoming, Reply

CHANNEL: Final = "console"
_QUIT = {"/quit", "/exit", "/bye"}


class BadLine(ValueError):
    """A line is not a message; str() names its number and says what is wrong."""


async def chat(concierge: Concierge, lines: AsyncIterator[str], console: Console, *, language: str) -> None:
    """Talk with one person on a terminal until the lines end; a number presses the button of that number."""
    person = Address(CHANNEL, "terminal")
    choices = _show(await concierge.respond(Incoming(person, "/start", language=language)), console)
    async for line in lines:
        text = line.strip()
        if text.lower() in _QUIT:
            return
        if not text:
            continue
        pressed = choices[int(text) - 1].payload if text.isdigit() and 0 < int(text) <= len(choices) else ""
        incoming = Incoming(person, "" if pressed else text, pressed, language=language)
        choices = _show(await concierge.respond(incoming), console)


def _show(reply: Reply, console: Console) -> tuple[Choice, ...]:
    console.print(escape(reply.text))
    if reply.choices:
        console.print("  ".join(f"[bold cyan]{i}[/] {escape(c.label)}" for i, c in enumerate(reply.choices, 1)))
    return reply.choices


async def chat_in_json(concierge: Concierge, lines: Iterable[str], out: TextIO) -> None:
    """Answer messages given as JSON lines, in order: replies, then {"done": true}, for each line.

    A line that is not a message is answered with {"error": ...}, and the next one is read.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            incoming = read_message(line, number)
        except BadLine as error:
            _write({"error": str(error)}, out)
        else:
            reply = await concierge.respond(incoming)
            _write(_as_json(incoming.sender, reply), out)
        _write({"done": True}, out)


def read_message(line: str, number: int) -> Incoming:
    """Return the message on a line: {"from": address, "say": text} or {"from": address, "press": payload}.

    Raises:
        BadLine: it is none.
    """
    try:
        message = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadLine(f"line {number}: not JSON ({error.msg})") from error
    if not isinstance(message, dict) or not isinstance(message.get("from"), str):
        raise BadLine(f'line {number}: expected {{"from": "address", "say": "text"}}')
    said, pressed = message.get("say", ""), message.get("press", "")
    if not (isinstance(said, str) and isinstance(pressed, str)) or not (said or pressed):
        raise BadLine(f'line {number}: expected a text under "say" or "press"')
    return Incoming(Address(CHANNEL, message["from"]), said, pressed)


def _as_json(to: Address, reply: Reply) -> dict[str, Any]:
    buttons = [{"label": choice.label, "payload": choice.payload} for choice in reply.choices]
    return {"to": to.id, "text": reply.text, "buttons": buttons, "files": []}


def _write(content: dict[str, Any], out: TextIO) -> None:
    out.write(json.dumps(content, ensure_ascii=False) + "\n")
    out.flush()
