"""Read labelled questions: what delegates ask, with what a reply must and must not state."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from knowledge.matching import PATTERN

LONGEST_REPLY: Final = 2000  # letters; so that reciting a whole document does not pay


class UnreadableQuestion(ValueError):
    """A line of a file of labelled questions does not say what it should."""


class Task(StrEnum):
    """What a labelled question asks of the desk."""

    ANSWER = "answer"  # the documents hold it
    ADMIT = "admit"  # they do not
    BE_POLITE = "be polite"  # small talk, or nothing to do with the conference
    STAY_SAFE = "stay safe"  # instructions smuggled into a question


_TASKS: Final = {"chitchat": Task.BE_POLITE, "out_of_scope": Task.BE_POLITE, "injection": Task.STAY_SAFE}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with what its reply must and must not state."""

    id: str
    language: str
    kind: str
    question: str
    answerable: bool
    history: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_any: tuple[tuple[str, ...], ...] = ()  # of each, one is enough
    must_not: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # stems of the documents to cite
    section: str | None = None
    max_chars: int = LONGEST_REPLY

    @property
    def task(self) -> Task:
        """What is asked of the desk; a kind that is none of its own goes by whether it can be answered."""
        return _TASKS.get(self.kind, Task.ANSWER if self.answerable else Task.ADMIT)

    @property
    def expected(self) -> tuple[tuple[str, ...], ...]:
        """What the reply must state; of each, one writing is enough."""
        return (*((one,) for one in self.must), *self.must_any)


def read_questions(path: Path) -> list[Labelled]:
    """Return the labelled questions in the JSON Lines file at path, in order.

    Raises:
        UnreadableQuestion: a line is no such question, or repeats an id; the message names file and line.
    """
    items: dict[str, Labelled] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = _labelled(json.loads(line))
        except ValueError as error:
            raise UnreadableQuestion(f"{path}:{number}: {error}") from error
        if item.id in items:
            raise UnreadableQuestion(f"{path}:{number}: the id {item.id!r} stands twice")
        items[item.id] = item
    return list(items.values())


def _labelled(entry: object) -> Labelled:
    if not isinstance(entry, dict):
        raise ValueError("not a JSON object")
    source = _field(entry, "source", str | None, None)
    item = Labelled(
        id=_field(entry, "id", str),
        language=_field(entry, "lang", str),
        kind=_field(entry, "kind", str),
        question=_field(entry, "question", str),
        answerable=_field(entry, "answerable", bool),
        history=_texts(entry, "history"),
        must=_texts(entry, "must"),
        must_any=tuple(_strings(part, "must_any") for part in _field(entry, "must_any", list, [])),
        must_not=_texts(entry, "must_not"),
        sources=(*([source] if source else ()), *_texts(entry, "source_also")),
        section=_field(entry, "section", str | None, None),
        max_chars=_field(entry, "max_chars", int, LONGEST_REPLY),
    )
    _check_patterns(item)
    return item


def _field(entry: dict[str, Any], name: str, kind: Any, *default: Any) -> Any:  # noqa: ANN401 - JSON holds anything
    if name not in entry and not default:
        raise ValueError(f"{name} is missing")
    value = entry.get(name, *default)
    if not isinstance(value, kind):
        raise ValueError(f"{name} is {value!r}, not {getattr(kind, '__name__', kind)}")
    return value


def _texts(entry: dict[str, Any], name: str) -> tuple[str, ...]:
    return _strings(_field(entry, name, list, []), name)


def _strings(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
        raise ValueError(f"{name} is {value!r}, not a list of texts")
    return tuple(value)


def _check_patterns(item: Labelled) -> None:
    for expected in (*item.must_not, *(writing for writings in item.expected for writing in writings)):
        try:
            re.compile(expected.removeprefix(PATTERN) if expected.startswith(PATTERN) else "")
        except re.error as error:
            raise ValueError(f"{expected!r} is no regular expression: {error}") from error
