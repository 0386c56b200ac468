"""Questions as JSON lines in, answers as JSON lines out."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from handlers.ask import ask
from handlers.model import Reply
from handlers.ports import Library, Rewording
from knowledge import base_language


class BadQuestion(ValueError):
    """A line holds no question; str() names its number and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is known of the person who asks."""

    id: str
    text: str
    language: str | None = None
    history: tuple[str, ...] = ()  # their questions before, oldest first


def read_questions(lines: Iterable[str]) -> Iterator[Question | BadQuestion]:
    """Yield the question of each line that is not blank, or what is wrong with the line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _question(json.loads(line), number)
        except json.JSONDecodeError as error:
            yield BadQuestion(f"line {number}: not JSON ({error.msg})")
        except RecursionError:
            yield BadQuestion(f"line {number}: not JSON that can be read")
        except BadQuestion as error:
            yield error


def _question(item: object, number: int) -> Question:
    if not isinstance(item, dict) or not isinstance(item.get("question"), str):
        raise BadQuestion(f'line {number}: expected {{"id": "...", "question": "..."}}')
    language, history = item.get("lang"), item.get("history") or []
    if not (language is None or isinstance(language, str)):
        raise BadQuestion(f'line {number}: "lang" is to be a language such as "fr"')
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        raise BadQuestion(f'line {number}: "history" is to be a list of questions')
    return Question(str(item.get("id", number)), item["question"], language, tuple(history))


async def answered(
    question: Question, library: Library, rewording: Rewording | None, *, fallback: str
) -> dict[str, Any]:
    """Return the answer to question as what is printed of it; fallback is the language of who tells none."""
    started = time.perf_counter()
    # Who has asked before goes on in that language, unless another is stated.
    spoken = None if question.history and not question.language else fallback
    language = base_language(question.language or "") or spoken
    reply = await ask(question.text, library=library, rewording=rewording, language=language, history=question.history)
    return as_json(question.id, reply, (time.perf_counter() - started) * 1000)


def as_json(identity: str, reply: Reply, milliseconds: float) -> dict[str, Any]:
    """Return what is printed of a reply."""
    return {
        "id": identity,
        "reply": reply.text,
        "answered": reply.is_answer,
        "sources": list(reply.sources),
        "certainty": reply.certainty,
        "lang": reply.language,
        "ms": round(milliseconds, 2),
    }
