"""The names of the months in each language, as CLDR has them, for text that was folded."""

import re
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from knowledge.folding import fold, has_spaces_between_words

_LOCALES = {"zh": "zh_Hans_CN", "zh-TW": "zh_Hant_TW"}
_VERBS = ("may", "march")  # names of months that mean something else as well
_BEFORE_A_MONTH = r"in|of|for|since|until|till|by|from|to|or|and|this|next|last|early|mid|late|\d+(?:st|nd|rd|th)?"
_INFLECTED_FROM = 5  # letters; a shorter name, such as "may", takes no case ending


@lru_cache(maxsize=32)
def months(language: str) -> dict[int, re.Pattern[str]]:
    """Return the patterns of the months' names in language, by number, for folded text."""
    return {month: re.compile("|".join(_sources(language, month))) for month in range(1, 13)}


def any_month(language: str) -> str:
    """Return a regular expression for the name of any month in language."""
    return "|".join(pattern.pattern for pattern in months(language).values())


def _sources(language: str, month: int) -> list[str]:
    locale = Locale.parse(_LOCALES.get(language, language))
    names = {fold(format_date(date(2026, month, 1), form, locale=locale)) for form in ("LLLL", "MMMM")}
    if language in ("ja", "ko", "zh", "zh-TW"):
        names |= {f"{month}{'월' if language == 'ko' else '月'}"}
    return [_pattern(name) for name in sorted(names)]


def _pattern(name: str) -> str:
    if name in _VERBS:  # "how long may each mayor speak?"
        return rf"(?<!\w)(?:{_BEFORE_A_MONTH})[ -]{name}(?!\w)|(?<!\w){name} \d"
    return rf"(?<![\d\w]){re.escape(name)}{_ending(name)}"


def _ending(name: str) -> str:
    """Return what may follow a month's name: a case ending of two letters, but none behind a short name."""
    if not has_spaces_between_words(name) or name[-1] in "月월":
        return ""
    return r"\w{0,2}(?!\w)" if len(name) >= _INFLECTED_FROM else r"(?!\w)"
