"""In which language a page of the chat speaks, and what a line is in it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.lines import Line
from bot.web.translation import Translation
from handlers.model import Reply
from knowledge import LANGUAGES, base_language

PACKAGE: Final = "bot.channels.web"


def speech(language: str) -> Translation:
    """Return the texts of the pages in a language."""
    return Translation(PACKAGE, language)


def accepted(header: str) -> str:
    """Return the language that a browser likes best of those that the desk speaks; '' where it likes none."""
    liked: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = base_language(tag.strip()) if tag.strip() not in ("", "*") else None
        if language in LANGUAGES and _number(weight) > 0:
            liked.append((_number(weight), language))
    return max(liked, key=lambda one: one[0])[1] if liked else ""


def shown(line: Line, files_at: str) -> dict[str, Any]:
    """Return a line as pages get it; files_at: the path below which its files are."""
    return {
        "number": line.number,
        "key": line.key,
        "at": line.at.isoformat(timespec="seconds"),
        "own": line.is_own,
        "notice": line.is_notice,
        "text": line.reply.text,
        "language": "" if line.is_own else line.reply.language,
        "choices": [[choice.label, choice.payload] for choice in line.reply.choices],
        "files": [[file.name, f"{files_at}/{line.number}/{n}"] for n, file in enumerate(line.reply.files)],
    }


def event_of(told: Mapping[str, Any]) -> str:
    """Return a line as an event of the stream."""
    return f"event: line\ndata: {json.dumps(told, ensure_ascii=False, separators=(',', ':'))}\n\n"


def ahead(key: str, reply: Reply) -> dict[str, Any]:
    """Return an answer as pages get it before it is a line, which has a number and a time."""
    line = Line(0, key, datetime.fromtimestamp(0, UTC), reply, is_own=False)
    return shown(line, "") | {"at": ""}


def _number(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0
