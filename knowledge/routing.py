"""Choose which topics a clause is answered on: exact slots and names first, then the router's probabilities."""

from dataclasses import dataclass

from knowledge.evidence import Context
from knowledge.linking import Sort
from knowledge.reading import Clause
from knowledge.topics import Kind

_CLOSE = 0.5  # a second topic is answered too when it is so near to the first
_SURE = 0.6  # from here on the first topic stands alone
_NAMED = 0.5  # below it, a session or place that is named decides
_HINT = 0.08  # a topic that a slot points to needs no more than this from the router


@dataclass(frozen=True, slots=True)
class Choice:
    """The topics to answer on, and the other events asked about."""

    topics: tuple[str, ...]
    cities: tuple[str, ...] = ()
    is_home_too: bool = False


def choose_topics(clause: Clause, context: Context) -> Choice:
    """Return what to answer: on the home event unless clause names another city's event."""
    cities, is_home_too = _events(clause, context)
    topic = _by_slots(clause, context) or _by_name(clause, context) or clause.topic
    return Choice((topic, *_second(clause, context, topic)), cities, is_home_too)


def _events(clause: Clause, context: Context) -> tuple[tuple[str, ...], bool]:
    """Return the other events that clause is about, and whether it is about the home event as well."""
    home = context.library.home
    others = tuple(city for city in clause.cities if city in context.library.other_events)
    names_home = home is not None and home.city in clause.cities
    if not others and clause.previous is not None and not names_home and clause.confidence < _SURE:
        others = tuple(city for city in clause.previous.cities if city in context.library.other_events)
    if context.topics[clause.topic].kind in (Kind.SOCIAL, Kind.REFUSED) and clause.confidence >= _SURE:
        return (), True
    if names_home and not clause.slots.compares and len(others) == 1:
        return (), True  # "is the Harbin Initiative released in Wuhan?" asks about Wuhan
    return others, names_home


def _by_slots(clause: Clause, context: Context) -> str | None:
    """Return the topic that days, times, numbers and 'after' point to."""
    slots, topic = clause.slots, clause.topic
    if slots.asks_next or slots.asks_previous:
        if clause.probability("agenda.next") >= _HINT and topic.startswith(("agenda.", "session.")):
            return "agenda.next"
    if slots.day is not None and (topic.startswith("agenda.") or clause.confidence < _NAMED):
        if topic in ("agenda.end", "agenda.free_time") and clause.confidence >= _NAMED:
            return topic
        if not _named_sessions(clause, context) and context.topics[topic].kind is not Kind.GAP:
            return "agenda.day"
    if slots.times and topic.startswith("agenda.") and not _named_sessions(clause, context):
        return "agenda.time"
    if slots.numbers and topic in ("session.dialogues", "event.subthemes"):
        return {"session.dialogues": "session.dialogue", "event.subthemes": "event.subtheme"}[topic]
    return None


def _by_name(clause: Clause, context: Context) -> str | None:
    """Return the topic of a session or place that is named, where the router is in doubt."""
    if clause.confidence >= _NAMED:
        return None
    if context.linker.named(clause.bare, [Sort.ROUTE, Sort.STOP]) and clause.probability("session.visit") >= _HINT:
        return "session.visit"
    for title in _named_sessions(clause, context):
        for topic in context.topics.values():
            if topic.family == "session" and topic.kind is Kind.FACT and topic.is_evidenced_by(title):
                if clause.probability(topic.id) >= _HINT:
                    return topic.id
    return None


def _named_sessions(clause: Clause, context: Context) -> list[str]:
    return [link.entity.wording for link in context.linker.named(clause.bare, [Sort.SESSION, Sort.ITEM])]


def _second(clause: Clause, context: Context, first: str) -> tuple[str, ...]:
    """Return a second fact that clause may ask for; none beside small talk, refusals and gaps."""
    if clause.probability(first) >= _SURE or context.topics[first].kind is not Kind.FACT:
        return ()
    for topic, probability in clause.topics.items():
        if topic != first and probability >= _CLOSE * clause.confidence:
            return (topic,) if context.topics[topic].kind is Kind.FACT else ()
    return ()
