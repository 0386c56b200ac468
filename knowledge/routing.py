"""Choose which topics a clause is answered on: exact slots and names first, then the router's probabilities."""

from dataclasses import dataclass, replace

from knowledge.clauses import Clause
from knowledge.evidence import Context
from knowledge.linking import Entity, Link, Sort
from knowledge.thresholds import thresholds
from knowledge.topics import Kind

_NAMED = 0.5  # below it, a session or place that is named decides
_RIVAL = 0.5  # what is named decides when its topic has this share of the first one's probability
_NEAR_TIE = 0.6  # the same where the router is fairly sure
_HINT = 0.08  # a topic that a slot points to needs no more than this from the router
_NUMBERED = {"session.dialogues": "session.dialogue", "event.subthemes": "event.subtheme"}
_TRAVEL = ("agenda.arrival", "agenda.departure")  # "do we leave on the third day or the fourth?"
_OF_A_DAY = ("agenda.start", "agenda.end", "agenda.free_time")
# Topics whose answers tell much the same: a second one of them is not worth its lines.
_ALIKE = (
    ("cost.covered", "cost.extra_delegate"),
    ("session.visits", "session.visit", "session.visits_optional"),
    ("session.dialogues", "session.dialogue", "event.subthemes", "event.subtheme", "session.overlap"),
    ("session.opening", "session.opening_end", "session.keynote", "session.anniversary", "session.signing"),
)
_SAME_ANSWER = {topic: group for group in _ALIKE for topic in group}
# Beside another city's event, "the dialogue" is the event itself, and its date is all the time its report tells.
MEANS_THE_EVENT = ("session.dialogues", "session.dialogue", "session.opening", "agenda.day", "event.duration")


@dataclass(frozen=True, slots=True)
class Choice:
    """The topics to answer on, and the other events asked about."""

    topics: tuple[str, ...]
    cities: tuple[str, ...] = ()
    is_home_too: bool = False
    is_exact: bool = False  # a day, number or name decided, not the router alone


def choose_topics(clause: Clause, context: Context) -> Choice:
    """Return what to answer: on the home event unless clause names another city's event."""
    cities, is_home_too = _events(clause, context)
    if joined := _joined(clause, context):
        return Choice(joined, cities, is_home_too, is_exact=True)
    clause = _without_hasty_refusal(clause, context)
    topic = _by_slots(clause, context) or _by_name(clause, context)
    if topic is not None:  # something exact decided: no second guess beside it
        is_date = cities and is_home_too and topic in MEANS_THE_EVENT
        return Choice(("event.dates" if is_date else topic,), cities, is_home_too, is_exact=True)
    topic = _with_gap(clause, context)
    if cities and is_home_too and topic in MEANS_THE_EVENT:
        topic = "event.dates"
    return Choice((topic, *_second(clause, context, topic)), cities, is_home_too)


def _without_hasty_refusal(clause: Clause, context: Context) -> Clause:
    """Return clause without small talk and refusals that the router is not sure of: a question deserves better."""
    if clause.confidence >= thresholds().refused or context.topics[clause.topic].kind in (
        Kind.FACT,
        Kind.GAP,
    ):
        return clause
    kept = {key: p for key, p in clause.topics.items() if context.topics[key].kind in (Kind.FACT, Kind.GAP)}
    rival = next(iter(kept.values()), 0.0)
    return replace(clause, topics=kept) if rival >= _RIVAL * clause.confidence else clause


def _events(clause: Clause, context: Context) -> tuple[tuple[str, ...], bool]:
    """Return the other events that clause is about, and whether it is about the home event as well."""
    home = context.library.home
    others = tuple(city for city in clause.cities if city in context.library.other_events)
    names_home = home is not None and home.city in clause.cities
    if not others and clause.previous is not None and not names_home and clause.is_elliptic and not clause.slots:
        others = tuple(city for city in clause.previous.cities if city in context.library.other_events)
    if context.topics[clause.topic].kind in (Kind.SOCIAL, Kind.REFUSED) and clause.confidence >= thresholds().sure:
        return (), True
    if names_home and not clause.slots.compares and len(others) == 1:
        return (), True  # "is the Harbin Initiative released in Wuhan?" asks about Wuhan
    return others, names_home


def _by_slots(clause: Clause, context: Context) -> str | None:
    """Return the topic that days, times, numbers and 'after' point to."""
    slots, topic = clause.slots, clause.topic
    asks_neighbour = slots.asks_next or slots.asks_previous
    if asks_neighbour and clause.probability("agenda.next") >= _HINT and topic.startswith(("agenda.", "session.")):
        return "agenda.next"
    if slots.numbers and topic in _NUMBERED:
        return _NUMBERED[topic]
    if slots.numbers and topic.startswith("agenda.") and clause.probability("session.dialogue") >= _in_doubt(clause):
        return "session.dialogue"
    is_part_of_day = slots.part is not None and topic == "agenda.start"  # "what's at noon on day 2?"
    is_settled = topic in _OF_A_DAY or (topic in _TRAVEL and clause.confidence >= thresholds().sure)
    if (is_settled and not is_part_of_day) or _named(clause, context):
        return None
    if slots.times and topic.startswith("agenda."):
        return "agenda.time"
    is_open = clause.confidence < thresholds().lost and context.topics[topic].kind is Kind.FACT
    is_open = is_open and not topic.startswith("session.visit")
    return "agenda.day" if slots.day is not None and (topic.startswith("agenda.") or is_open) else None


def _by_name(clause: Clause, context: Context) -> str | None:
    """Return the topic of a session, place or subject that is named, where the router is in doubt."""
    second = list(clause.topics.values())[1:2] or [0.0]
    if clause.confidence >= _NAMED and second[0] < _NEAR_TIE * clause.confidence:
        return None
    needed = _in_doubt(clause)
    in_question = {link.entity for link in context.linker.named(clause.bare, list(Sort))}
    for link in _named(clause, context):
        for topic in _topics_of(link.entity, context):
            if topic in (*context.topics[clause.topic].near, *_SAME_ANSWER.get(clause.topic, ())):
                continue  # the first topic's own answer tells this fact as well
            is_place = link.entity.sort in (Sort.ROUTE, Sort.STOP) and link.entity in in_question
            is_all_there_is = clause.confidence < thresholds().lost and is_place
            if clause.probability(topic) >= needed or is_all_there_is:
                return topic
    return None


def _in_doubt(clause: Clause) -> float:
    """Return the probability from which a topic that something else points to beats the first one."""
    return clause.confidence * (_RIVAL if clause.confidence < _NAMED else _NEAR_TIE)


def _topics_of(entity: Entity, context: Context) -> list[str]:
    """Return the topics under which people ask for an entity."""
    match entity.sort:
        case Sort.ROUTE | Sort.STOP:
            return ["session.visit"]
        case Sort.SUBTHEME:
            return ["session.dialogue", "event.subtheme"]
        case _:
            facts = [t for t in context.topics.values() if t.family == "session" and t.kind is Kind.FACT]
            return [topic.id for topic in facts if topic.is_evidenced_by(entity.wording)]


def _with_gap(clause: Clause, context: Context) -> str:
    """Return the first topic, or the gap beside it that names it as nearest fact: its answer tells both."""
    if clause.confidence >= thresholds().sure:
        return clause.topic
    alike = sum(p for topic, p in clause.topics.items() if topic in _SAME_ANSWER.get(clause.topic, (clause.topic,)))
    for topic, probability in clause.topics.items():
        if clause.topic in context.topics[topic].near and probability >= thresholds().gap_beside * alike:
            return topic
    return clause.topic


def _named(clause: Clause, context: Context) -> list[Link]:
    return context.linker.named(clause.bare, list(Sort)) or context.linker.named(clause.wide, list(Sort))


def _joined(clause: Clause, context: Context) -> tuple[str, ...]:
    """Return the topics of two sessions that are named side by side: "the cruise and the reception, when?"."""
    if context.topics[clause.topic].family != "session" or context.topics[clause.topic].kind is not Kind.FACT:
        return ()
    if max(clause.probability("session.parallel"), clause.probability("session.overlap")) >= _HINT:
        return ()  # "can I attend both X and Y?"
    sessions = [link.entity for link in _named(clause, context) if link.entity.sort is Sort.SESSION]
    topics = [topic for entity in sessions for topic in _topics_of(entity, context)[:1]]
    likely = [topic for topic in dict.fromkeys(topics) if clause.probability(topic) >= _HINT / 2]
    return tuple(likely) if len(likely) > 1 else ()


def _second(clause: Clause, context: Context, first: str) -> tuple[str, ...]:
    """Return a second fact that clause may ask for; none beside small talk, refusals and gaps."""
    if clause.probability(first) >= thresholds().sure or context.topics[first].kind is not Kind.FACT:
        return ()
    for topic, probability in clause.topics.items():
        if topic != first and probability >= thresholds().close * clause.confidence:
            is_other_fact = context.topics[topic].kind is Kind.FACT and "agenda." not in (first + topic)
            return (topic,) if is_other_fact and topic not in _SAME_ANSWER.get(first, ()) else ()
    return ()
