"""What Telegram accepts: texts, buttons, files and lists of commands, with the words in which it refuses others."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024  # UTF-16 code units, after entities are parsed
_TAGS = frozenset("a b strong i em u ins s strike del span tg-spoiler tg-emoji code pre blockquote".split())
_PIECE = re.compile(r"<(/?)([^\s>]*)([^>]*)(>?)|[^<]+", re.DOTALL)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_ACTIONS = ("callback_data", "url", "switch_inline_query", "switch_inline_query_current_chat", "web_app", "copy_text")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")

Rows = tuple[tuple[tuple[str, str], ...], ...]  # of buttons: what they say, and the payload or link behind them


@dataclass
class Refused(Exception):
    """Telegram would not do this; the fields are those of its answer."""

    status: int
    description: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived."""

    name: str
    content: bytes


def bad(description: str) -> Refused:
    """Return a refusal of a wrong request."""
    return Refused(400, f"Bad Request: {description}")


def shown(text: str, parse_mode: str, *, limit: int = TEXT_LIMIT) -> str:
    """Return text as a person reads it, without its markup.

    Raises:
        Refused: the markup does not parse, or what it leaves is empty or longer than limit.
    """
    read = (unmarked(text) if parse_mode.upper() == "HTML" else text).strip()
    if len(read.encode("utf-16-le")) // 2 > limit:
        raise bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    if not read and limit == TEXT_LIMIT:
        raise bad("message text is empty")
    return read


def unmarked(text: str) -> str:
    """Return the text of HTML.

    Raises:
        Refused: a tag is not one of Telegram's, or is not closed.
    """
    found, opened = [], list[str]()
    for piece in _PIECE.finditer(text):
        if not piece[0].startswith("<"):
            found.append(_ENTITY.sub(lambda entity: html.unescape(entity[0]), piece[0]))
            continue
        _check_tag(piece, opened, len(text[: piece.start()].encode()))
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\"")
    return "".join(found)


def _check_tag(piece: re.Match[str], opened: list[str], offset: int) -> None:
    is_end, name, attributes, closed = piece[1], piece[2].lower(), piece[3], piece[4]
    if not closed:
        raise bad(f"can't parse entities: Unclosed {'end' if is_end else 'start'} tag at byte offset {offset}")
    if is_end:
        if not opened:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
        if opened.pop() != name:
            raise bad(f'can\'t parse entities: Unmatched end tag at byte offset {offset}, found "</{name}>"')
        return
    if name not in _TAGS or (name == "span" and "tg-spoiler" not in attributes):
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
    opened.append(name)


def buttons(markup: object) -> Rows:
    """Return the rows of buttons of an inline keyboard; none of any other markup.

    Raises:
        Refused: a button says nothing, does nothing, or carries more than 64 bytes.
    """
    keyboard = parsed(markup, {}).get("inline_keyboard", [])
    if sum(map(len, keyboard)) > 100:
        raise bad("reply markup is too long")
    return tuple(tuple(_button(button) for button in row) for row in keyboard)


def _button(button: Mapping[str, Any]) -> tuple[str, str]:
    actions = [name for name in _ACTIONS if name in button]
    if not str(button.get("text", "")).strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    payload = str(button[actions[0]])
    if actions[0] == "callback_data" and not 1 <= len(payload.encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    return button["text"], payload


def check_file(method: str, upload: Upload | None) -> None:
    """Refuse a file that is missing, empty, too large, or no picture where one is due."""
    if upload is None:
        raise bad(f"there is no {method.removeprefix('send').lower()} in the request")
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > (50 if method == "sendDocument" else 10) * 2**20:
        raise Refused(413, "Request Entity Too Large")
    if method == "sendPhoto" and not upload.content.startswith(_PICTURES):
        raise bad("IMAGE_PROCESS_FAILED")


def check_commands(commands: object) -> list[dict[str, str]]:
    """Return a menu of commands.

    Raises:
        Refused: it holds one that Telegram does not show.
    """
    menu: list[dict[str, str]] = parsed(commands, [])
    if len(menu) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for entry in menu:
        if not _COMMAND.fullmatch(entry.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(entry.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return menu


def check_results(results: object) -> None:
    """Refuse results of an inline query that Telegram would not show."""
    found: list[dict[str, Any]] = parsed(results, [])
    ids = [str(result.get("id", "")) for result in found]
    if len(found) > 50:
        raise bad("RESULTS_TOO_MUCH")
    if len(set(ids)) < len(ids) or any(not 1 <= len(identity.encode()) <= 64 for identity in ids):
        raise bad("RESULT_ID_INVALID")
    for result in found:
        content = result.get("input_message_content", {})
        if "message_text" in content:
            shown(content["message_text"], content.get("parse_mode") or "")
        buttons(result.get("reply_markup"))


def parsed(value: object, default: Any) -> Any:
    """Return a parameter that is JSON, whether or not it came as text.

    Raises:
        Refused: it is text and no JSON.
    """
    if not isinstance(value, str):
        return default if value is None else value
    try:
        return json.loads(value) if value else default
    except json.JSONDecodeError as error:
        raise bad("can't parse JSON object") from error
