"""Say a frame in a language: gettext catalogs for words, CLDR for months and lists."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.pofile import read_po

from knowledge import phrases
from knowledge.languages import LANGUAGES

_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN", "zh-TW": "zh_Hant_TW"}
_SEMICOLONS = {"ar": "؛ ", "ja": "；", "th": ", ", "zh": "；", "zh-TW": "；"}  # Thai uses none
_COLONS = {"fr": "\u00a0: ", "ja": "：", "zh": "：", "zh-TW": "："}
_BRACKETS = {"ja": "（{}）", "zh": "（{}）", "zh-TW": "（{}）"}


class Wording:
    """The frames of replies in one language; English where a catalog lacks a message."""

    def __init__(self, language: str, package: str = "knowledge") -> None:
        """package: whose catalogs, in its folder locale/, translate the frames."""
        if language not in LANGUAGES:
            raise ValueError(f"the desk does not speak {language!r}")
        self.language = language
        self._messages = _catalog(language, package)
        self._locale = Locale.parse(_LOCALES.get(language, language))

    def say(self, frame: str, **values: object) -> str:
        """Return the frame in this language with its placeholders filled by values."""
        text = self._messages.get(frame, frame)
        return text.format(**values) if values else text

    def times(self, start: time | None, end: time | None) -> str:
        """Return '10:30-12:00', '19:00', or '' where no start is known; always 24 hours."""
        if start is None:
            return ""
        if end is None:
            return clock(start)
        return self.say(phrases.SPAN, start=clock(start), end=clock(end))

    def when(self, day: int, start: time | None, end: time | None, *, on: date | None = None) -> str:
        """Return the day and the times of a session, as far as they are known; on: the date of the day."""
        text = self._when(day, start, end)
        return text if on is None else self.bracketed(text, format_date(on, "medium", locale=self._locale))

    def _when(self, day: int, start: time | None, end: time | None) -> str:
        if start is None:
            return self.say(phrases.DAY_UNTIMED, day=day)
        if end is None:
            return self.say(phrases.DAY_AT, day=day, start=clock(start))
        return self.say(phrases.DAY_SPAN, day=day, start=clock(start), end=clock(end))

    def month(self, frame: str, month: int, year: int) -> str:
        """Return a frame such as 'mid-{month_year}' with the month in this language."""
        first = date(year, month, 1)
        alone = format_skeleton("yMMMM", first, locale=self._locale)
        in_sentence = format_date(first, "MMMM y", locale=self._locale)
        return self._messages.get(frame, frame).format(month_year=alone, month_year_genitive=in_sentence)

    def short_date(self, day: date) -> str:
        """Return a day and its month, without the year, as short as may be."""
        return format_skeleton("MMMd", day, locale=self._locale)

    def date(self, day: date) -> str:
        """Return a calendar date in long form."""
        return format_date(day, "long", locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """Return items as a list in running text: 'a, b and c'."""
        return format_list(list(items), locale=self._locale)

    def enumerated(self, items: Iterable[str]) -> str:
        """Return longer items, which may hold commas themselves, behind a label: 'a; b; c'."""
        return _SEMICOLONS.get(self.language, "; ").join(items)

    def labelled(self, label: str, value: str) -> str:
        """Return 'label: value'."""
        return f"{label}{_COLONS.get(self.language, ': ')}{value}"

    def bracketed(self, text: str, remark: str) -> str:
        """Return 'text (remark)'."""
        return f"{text}{_BRACKETS.get(self.language, ' ({})').format(remark)}"


def clock(moment: time) -> str:
    """Return a time as HH:MM."""
    return moment.strftime("%H:%M")


@lru_cache(maxsize=2 * len(LANGUAGES))
def wording(language: str, package: str = "knowledge") -> Wording:
    """Return the frames of a package in language, loaded once."""
    return Wording(language, package)


@lru_cache(maxsize=2 * len(LANGUAGES))
def _catalog(language: str, package: str) -> dict[str, str]:
    if language == "en":
        return {}
    with files(package).joinpath(f"locale/{language}.po").open("rb") as file:
        catalog = read_po(file)
    return {str(message.id): str(message.string) for message in catalog if message.id and message.string}
