"""Answer a question from the documents."""

import asyncio
from collections.abc import Sequence

from handlers.legible import legible
from handlers.model import Choice, Reply
from handlers.ports import Library, Rewording
from knowledge import Answer, NoAnswer, phrases, wording

MENU = {
    "agenda.full": phrases.MENU_PROGRAMME,
    "event.dates": phrases.MENU_DATES,
    "session.visits": phrases.MENU_VISITS,
    "cost.covered": phrases.MENU_EXPENSES,
}
_WELCOMED_WITH_MENU = ("social.hello", "social.bot", "social.mood")


async def ask(
    question: str,
    *,
    library: Library,
    rewording: Rewording | None = None,
    language: str | None = None,
    history: Sequence[str] = (),
    spoken: str | None = None,
) -> Reply:
    """Return the reply to question; the search runs in a thread, because it would hold up everybody else.

    spoken: the language to answer in, whatever the question is written in.
    """
    asked, before = legible(question), [legible(earlier) for earlier in history]
    answer = library.answered_lately(asked, language=language, history=before, spoken=spoken)
    if answer is None:
        answer = await asyncio.to_thread(library.answer, asked, language=language, history=before, spoken=spoken)
    if rewording is not None and isinstance(answer, Answer):
        answer = await rewording.reworded(asked, answer)
    return to_reply(answer)


async def look_up(topic: str, *, library: Library, language: str) -> Reply:
    """Return the reply to a menu button."""
    return to_reply(await asyncio.to_thread(library.about, topic, language=language))


def welcome(language: str) -> Reply:
    """Return the first message a person gets, with the menu."""
    return Reply(wording(language).say(phrases.HELLO), menu(language), language)


def menu(language: str) -> tuple[Choice, ...]:
    """Return the buttons of what people ask most."""
    return tuple(Choice(wording(language).say(label), f"topic:{topic}") for topic, label in MENU.items())


def to_reply(answer: Answer | NoAnswer) -> Reply:
    """Return what is sent for an answer."""
    has_menu = any(topic in _WELCOMED_WITH_MENU for topic in answer.topics)
    return Reply(
        text=answer.text,
        choices=menu(answer.language) if has_menu else (),
        language=answer.language,
        is_answer=isinstance(answer, Answer),
        certainty=answer.certainty.value,
        sources=tuple(sorted({source.document for source in answer.sources})),
        topics=answer.topics,
    )
