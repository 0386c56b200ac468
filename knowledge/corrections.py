"""Notice a wrong premise: a time, month or title in the question that the documents contradict."""

import re
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from knowledge.evidence import Context, Part
from knowledge.folding import fold, has_spaces_between_words
from knowledge.lexicon import lexicon
from knowledge.reading import Clause
from knowledge.topics import Topic
from knowledge.words import tokens_of

_BRIEF = 9  # words; of scripts without spaces, two-letter pieces
_CLOCK = re.compile(r"\b(\d\d:\d\d)\b")
_INFLECTED_FROM = 5
_LOCALES = {"zh": "zh_Hans_CN", "zh-TW": "zh_Hant_TW"}


def corrects(context: Context, clause: Clause, topic: Topic, part: Part) -> bool:
    """Tell whether part contradicts what clause takes for granted."""
    if topic.id == "event.theme" and clause.quoted:
        theme = context.library.home.theme if context.library.home else None
        return theme is not None and fold(clause.quoted) not in fold(f"{theme.text} {part.text}")
    if topic.id in ("event.dates", "session.dialogues", "session.dialogue"):
        if _names_another_month(context, clause):
            return True
    if topic.family == "session" and clause.slots.times and _asks_to_confirm(clause, context):
        stated = set(_CLOCK.findall(part.text))
        return not stated & {moment.strftime("%H:%M") for moment in clause.slots.times}
    return False


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
    return {month for month, pattern in _months(language).items() if pattern.search(folded)}


def _ending(name: str) -> str:
    """Return what may follow a month's name: a case ending of two letters, but none behind a short name ("may")."""
    if not has_spaces_between_words(name) or name[-1] in "月월":
        return ""
    return r"\w{0,2}(?!\w)" if len(name) >= _INFLECTED_FROM else r"(?!\w)"


@lru_cache(maxsize=16)
def _months(language: str) -> dict[int, re.Pattern[str]]:
    """Return the patterns of the months' names, in the forms that CLDR knows."""
    locale = Locale.parse(_LOCALES.get(language, language))
    patterns = {}
    for month in range(1, 13):
        first = date(2026, month, 1)
        names = {fold(format_date(first, form, locale=locale)) for form in ("LLLL", "MMMM")}
        names |= {f"{month}月"} if language in ("zh", "zh-TW", "ja") else set()
        names |= {f"{month}월"} if language == "ko" else set()
        bodies = [rf"(?<![\d\w]){re.escape(name)}{_ending(name)}" for name in names]
        patterns[month] = re.compile("|".join(bodies))
    return patterns
