"""Notice a wrong premise: a time, month or title in the question that the documents contradict."""

import re
from datetime import time

from knowledge.clauses import Clause
from knowledge.evidence import Context, Part
from knowledge.folding import fold
from knowledge.lexicon import lexicon
from knowledge.months import months
from knowledge.topics import Topic
from knowledge.wording import clock
from knowledge.words import tokens_of

_BRIEF = 9  # words; of scripts without spaces, two-letter pieces
_CLOCK = re.compile(r"\b(\d\d:\d\d)\b")


def corrects(context: Context, clause: Clause, topic: Topic, part: Part) -> bool:
    """Tell whether part contradicts what clause takes for granted."""
    if topic.id == "event.theme" and clause.quoted:
        theme = context.library.home.theme if context.library.home else None
        return theme is not None and fold(clause.quoted) not in fold(f"{theme.text} {part.text}")
    if topic.id in ("event.dates", "session.dialogues", "session.dialogue") and _names_another_month(context, clause):
        return True
    if topic.family == "session" and clause.slots.day and _asks_to_confirm(clause, context):
        days = {s.day for s in context.programme.sessions if topic.is_evidenced_by(s.title)}
        if days and clause.slots.day > 0 and clause.slots.day not in days:
            return True
    if topic.family == "session" and clause.slots.times and _asks_to_confirm(clause, context):
        stated = set(_CLOCK.findall(part.text))
        return not stated & {reading for moment in clause.slots.times for reading in _readings(moment)}
    return False


def mistakes_the_month(context: Context, clause: Clause) -> bool:
    """Tell whether clause speaks of the event as being in a month that the documents contradict."""
    words = lexicon(context.words.language)
    home = context.library.home
    speaks_of_event = any(pattern.search(clause.text) for pattern in (words.event_names, words.event_kinds))
    is_home = speaks_of_event or (home is not None and home.city in clause.cities)
    return is_home and _names_another_month(context, clause)


def _asks_to_confirm(clause: Clause, context: Context) -> bool:
    """Tell whether clause states something and asks for a yes: 'at 20:00, right?', or briefly 'is it at 20:00?'.

    A time in a longer sentence may be the person's own: 'if my train gets in at 15:00, ...'.
    """
    words = lexicon(context.words.language).words.get("confirm_words")
    is_confirmed = words is not None and words.search(fold(clause.text)) is not None
    return is_confirmed or len(tokens_of(clause.text)) <= _BRIEF


def _names_another_month(context: Context, clause: Clause) -> bool:
    home = context.library.home
    if home is None or home.period is None or not home.period.month:
        return False
    named = _months_in(fold(clause.text), context.words.language)
    return bool(named) and home.period.month not in named


def _months_in(folded: str, language: str) -> set[int]:
    return {month for month, pattern in months(language).items() if pattern.search(folded)}


def _readings(moment: time) -> set[str]:
    """Return what a time may mean: 'at 7:30' is in the morning or in the evening."""
    later = {f"{moment.hour + 12:02d}:{moment.minute:02d}"} if moment.hour < 12 else set()
    return {clock(moment), *later}
