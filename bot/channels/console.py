"""The same conversation on a terminal, and over JSON lines for programs."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, TextIO

from rich.console import Console
from rich.text import Text

from bot.json_messages import BadMessage, as_json, message_of
from bot.outbox import Sent
from handlers.concierge import sorry
from handlers.errors import Away
from handlers.model import Address, Choice, Incoming, Reply
from knowledge import base_language

CHANNEL: Final = "console"
_QUIT: Final = {"/quit", "/exit", "/bye", "/q"}

Respond = Callable[[Incoming], Reply]
Tell = Callable[[], object]  # have what the desk says on its own said


class BadLine(ValueError):
    """A line is not a message; str() names its number and says what is wrong."""


def chat(respond: Respond, lines: Iterable[str], console: Console, *, language: str) -> None:
    """Talk with one person on a terminal until the lines end; a number presses the button of that number."""
    person, respond = Address(CHANNEL, "terminal"), _always(respond)
    choices = _show(respond(Incoming(person, "/start", language=language)), console)
    if console.is_terminal:
        _print(Text("Type a question, or the number of a button. /quit leaves.", style="dim"), console)
    for line in lines:
        text = line.strip()
        if text.lower() in _QUIT:
            return
        if text:
            pressed = _pressed(text, choices)
            incoming = Incoming(person, "" if pressed else text, pressed, language=language)
            choices = _show(respond(incoming), console) or choices


def started_with(code: str) -> Incoming:
    """Return the message by which the person at the terminal shows an invite code."""
    return Incoming(Address(CHANNEL, "terminal"), f"/start {code}")


def _always(respond: Respond) -> Respond:
    """Return respond where what cannot be answered now does not come again by itself."""

    def responded(incoming: Incoming) -> Reply:
        try:
            return respond(incoming)
        except Away:
            return sorry(base_language(incoming.language or "en") or "en")

    return responded


def _pressed(text: str, choices: tuple[Choice, ...]) -> str:
    """Return the payload of the button whose number text is; '' where it is none."""
    number = int(text) if text.isdecimal() and len(text) < 3 else 0
    return choices[number - 1].payload if 0 < number <= len(choices) else ""


def _show(reply: Reply, console: Console) -> tuple[Choice, ...]:
    """Print a reply and its buttons with numbers; return the buttons."""
    _print(Text(reply.text), console)
    for number, choice in enumerate(reply.choices, 1):
        _print(Text.assemble((f"  {number}  ", "bold cyan"), choice.label), console)
    if console.is_terminal:
        console.print()
    return reply.choices


def _print(text: Text, console: Console) -> None:
    console.print(text, soft_wrap=not console.is_terminal)  # a program wants the lines as they are


def chat_in_json(respond: Respond, tell: Tell, lines: Iterable[str], out: TextIO) -> None:
    """Answer messages given as JSON lines, in order: replies, then {"done": true}, for each line.

    What the desk says on its own comes before the next {"done": true}. A line that is not a message is answered with
    {"error": ...}, and the next one is read.
    """
    respond = _always(respond)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            incoming = read_message(line, number)
        except BadLine as error:
            _write({"error": str(error)}, out)
        else:
            _write(as_json(incoming.sender, respond(incoming)), out)
        with suppress(Away):  # what waits is a row, and waits on
            tell()
        _write({"done": True}, out)


class Told:
    """Say in JSON lines what the desk says on its own; a line's number is the id of the message."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._count = 0

    gap = timedelta(0)

    async def until_few_wait(self) -> None:
        """Return at once: nothing waits."""

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Sent:
        """Write a reply; it has no parts."""
        _write(as_json(address, reply), self._out)
        self._count += 1
        return Sent(str(self._count + done))


def read_message(line: str, number: int) -> Incoming:
    """Return the message on a line: {"from": address, "say": text} or {"from": address, "press": payload}.

    Raises:
        BadLine: it is none.
    """
    try:
        return message_of(line, CHANNEL)
    except BadMessage as error:
        raise BadLine(f"line {number}: {error}") from error


def _write(content: dict[str, Any], out: TextIO) -> None:
    out.write(json.dumps(content, ensure_ascii=False) + "\n")
    out.flush()
