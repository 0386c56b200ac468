"""Times of day as people write them in a question: 10:30, 3h30 de l'après-midi, halb elf, 晚上七点半, 7 مساء."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from knowledge.folding import alternation, has_spaces_between_words
from knowledge.lexicon import NUMBER_SIGN, Lexicon, Trait, lexicon
from knowledge.months import any_month

PARTS = ("morning", "noon", "afternoon", "evening")
_END = r"(?!\w)"
_CLOCK = re.compile(
    r"(?<![\d:./§$€])(?<!\d,)(?P<hour>\d{1,2})"
    r"(?: ?(?:[:h点點時时시]|uhr|u) ?(?P<minute>[0-5]\d)(?!\d)| ?[点點時时시] ?(?P<minutes>\d)(?= ?[分분])"
    r"|\.(?P<dotted>[0-5][05])(?![\d%]|\.\d| ?(?:%|km\b|euro?s?\b|usd\b|rmb\b|yuan\b|元|€|\$)))"
    r"(?: ?[분分])?"
)
_UNITS = r"(?:%|km|cm|m|kg|min\w*|мин\w*|dakika\w*|€|\$|eur\w*|евро|usd|rmb|yuan|x)(?!\w)"
_FEW_HOURS = 7  # up to it "2 h" is as likely how long as when
_NAMED_HOURS = 13  # from here on "14 heures" is when
_AFTERNOON_HOURS = range(1, 6)  # no conference meets at 3 at night: "at 3" is 15:00
_LATIN_HALVES = ("am", "pm", "a.m.", "p.m.", "a. m.", "p. m.")
_DAY = 24 * 60
_HALF_DAY = 12 * 60
_NIGHT_HOURS = range(1, 5)  # "at 2 at night" is no 14:00
_NEAR = 24  # letters between an hour and its "in the evening"
_JUST_BEFORE = 9  # letters between "this evening" and its hour: " a las "


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """A time and where it stands in the text."""

    at: time
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Hour:
    """A number that may be an hour."""

    number: int
    minutes: int  # to add: 30 for "half past"
    start: int
    end: int
    is_time: bool  # by what stands around it; else only as one end of a span such as "10-12 Uhr"
    is_padded: bool = False  # "05:30" is no afternoon


@dataclass(frozen=True, slots=True)
class _Patterns:
    hour: re.Pattern[str]  # a number, perhaps with "half" before
    before: re.Pattern[str]
    behind: re.Pattern[str]
    half_behind: re.Pattern[str]
    no_hour: re.Pattern[str]  # what follows a number that counts something else
    closed: re.Pattern[str]  # what may follow "at seven": the end
    brief: re.Pattern[str]  # what may follow "at 7": the end, or a short word
    duration: re.Pattern[str]
    span: re.Pattern[str]
    halves: Mapping[str, re.Pattern[str]]  # words for the early and late half of the day, and for the evening
    moment: re.Pattern[str]
    item_before: re.Pattern[str]


def spoken_times(folded: str, language: str) -> list[SpokenTime]:
    """Return the times in folded text in the order they are written, read with the words of language."""
    words, patterns = lexicon(language), _patterns(language)
    hours = [*_clock_times(folded, patterns), *_hours(folded, words, patterns)]
    hours = _with_spans(sorted(hours, key=lambda hour: hour.start), folded, patterns)
    found = [SpokenTime(at, hour.start, hour.end) for hour in hours if (at := _at(hour, folded, patterns)) is not None]
    named = (SpokenTime(words.moments[m.group()], *m.span()) for m in patterns.moment.finditer(folded))
    return sorted([*found, *named], key=lambda moment: moment.start)


def _clock_times(folded: str, patterns: _Patterns) -> Iterator[_Hour]:
    for match in _CLOCK.finditer(folded):
        half = patterns.half_behind.match(folded, match.end())
        end = half.end() if half else match.end()
        minute = next(filter(None, match.group("minute", "minutes", "dotted")), "0")
        yield _Hour(
            int(match["hour"]), int(minute), match.start(), end, is_time=True, is_padded=match["hour"][0] == "0"
        )


def _hours(folded: str, words: Lexicon, patterns: _Patterns) -> Iterator[_Hour]:
    rest = _CLOCK.sub(lambda match: "\n" * len(match.group()), folded)
    for match in patterns.hour.finditer(rest):
        written = match["behind_half"] or match["number"]
        number = int(written) if written.isdecimal() else words.numerals["hours"].value(written)
        behind = patterns.behind.match(rest, match.end())
        if behind is None or number > 23:
            continue
        minutes = _minutes(match["half"], behind["minutes"], words)
        is_time = _is_time(rest, match, behind, words, patterns)
        yield _Hour(number, minutes, match.start(), behind.end() if is_time else match.end(), is_time)


def _minutes(half: str | None, behind: str | None, words: Lexicon) -> int:
    if half:
        return words.numerals["minutes_before"].value(half.strip())
    return words.numerals["minutes_after"].value(behind.strip()) if behind else 0


def _is_time(rest: str, match: re.Match[str], behind: re.Match[str], words: Lexicon, patterns: _Patterns) -> bool:
    """Tell whether the number of match is an hour, by the words before and behind it."""
    if behind.end() == match.end() and patterns.no_hour.match(rest, match.end()):
        return False
    head = rest[max(0, match.start() - _NEAR) : match.start()]
    before = patterns.before.search(head)
    if behind["half"] and not patterns.item_before.search(head):
        return behind["half"].strip() not in words.lists["day_words"] or before is not None
    if match["half"]:
        return True
    number, minutes = match["number"], _minutes(None, behind["minutes"], words)
    if behind["hour"]:
        return before is not None or _is_hour_named(behind["hour"], number, words)
    if behind["minutes"] and (before or minutes or behind["minutes"].startswith("'")):
        return patterns.duration.match(rest, behind.end()) is None
    return before is not None and _is_bare_hour(rest, match, before, words, patterns)


def _is_bare_hour(rest: str, match: re.Match[str], before: re.Match[str], words: Lexicon, patterns: _Patterns) -> bool:
    """Tell whether a number behind a word such as "at" is an hour, by what follows it."""
    number, surely = match["number"], before["surely"]
    if not number.isdecimal():
        follows = patterns.brief if surely else patterns.closed
        is_surely = bool(surely) and Trait.PART_BEFORE_HOUR in words.traits  # "öğleden sonra üçte"
        return is_surely or (Trait.HOUR_IS_NAMED not in words.traits and bool(follows.match(rest, match.end())))
    is_surely = bool(surely) and (surely in words.lists["hour_words"] or Trait.PART_BEFORE_HOUR not in words.traits)
    return is_surely or int(number) >= _NAMED_HOURS or patterns.brief.match(rest, match.end()) is not None


def _is_hour_named(hour_word: str, number: str, words: Lexicon) -> bool:
    """Tell whether a number with "h" or "hours" behind it is when, not how long."""
    if hour_word.strip() != "h" and Trait.HOURS_ARE_DURATIONS not in words.traits:
        return True
    needed = _FEW_HOURS if hour_word.strip() == "h" else _NAMED_HOURS
    return number.isdecimal() and int(number) >= needed


def _with_spans(hours: Sequence[_Hour], folded: str, patterns: _Patterns) -> list[_Hour]:
    """Return the hours that are times, by themselves or as the other end of a span."""
    kept = []
    for place, hour in enumerate(hours):
        beside = hours[max(0, place - 1) : place + 2]
        if hour.is_time or any(_is_span(hour, other, folded, patterns) for other in beside if other.is_time):
            kept.append(hour)
    return kept


def _is_span(one: _Hour, other: _Hour, folded: str, patterns: _Patterns) -> bool:
    first, last = sorted((one, other), key=lambda hour: hour.start)
    if not folded[one.start].isdecimal() or patterns.item_before.search(folded[max(0, one.start - _NEAR) : one.start]):
        return False
    return patterns.span.fullmatch(folded, first.end, last.start) is not None


def _at(hour: _Hour, folded: str, patterns: _Patterns) -> time | None:
    """Return the time of day that hour means; None where there is no such time."""
    total = hour.number * 60 + hour.minutes
    if hour.minutes < _HALF_DAY:
        total = _in_half_of_day(total, hour, folded, patterns)
    return time(*divmod(total % _DAY, 60)) if 0 <= total <= _DAY else None


def _in_half_of_day(total: int, hour: _Hour, folded: str, patterns: _Patterns) -> int:
    if not 60 <= total < 13 * 60:
        return total + _HALF_DAY if total < 60 and hour.minutes < 0 else total
    half = _half_named(hour, folded, patterns)
    if half == "early" or (half == "evening" and total // 60 in _NIGHT_HOURS):
        return total % _HALF_DAY
    is_late = half or (total // 60 in _AFTERNOON_HOURS and not hour.is_padded)
    return total + _HALF_DAY if is_late and total < _HALF_DAY else total


def _half_named(hour: _Hour, folded: str, patterns: _Patterns) -> str:
    """Return "early", "late" or "evening" by the nearest word for a part of the day, or "" where there is none."""
    inside = re.sub(r"\d", "\n", folded[hour.start : hour.end])
    tail = re.split(r"\d|\n", folded[hour.end : hour.end + _NEAR], maxsplit=1)[0]
    head = re.split(r"\d|\n", folded[max(0, hour.start - _NEAR) : hour.start])[-1]
    nearest = (_NEAR, "")
    for half, pattern in patterns.halves.items():
        if pattern.search(inside):
            return half
        for match in pattern.finditer(tail):
            nearest = min(nearest, (match.start(), half))
        for match in pattern.finditer(head):
            if len(head) - match.end() <= _JUST_BEFORE:
                nearest = min(nearest, (len(head) - match.end() + 1, half))
    return nearest[1]


@lru_cache(maxsize=32)
def _patterns(language: str) -> _Patterns:
    words = lexicon(language)
    lists, numerals = words.lists, words.numerals
    day, item = alternation(lists["day_words"]), alternation(lists["item_words"])
    is_first = Trait.HOUR_WORD_FIRST in words.traits
    hour_behind = hour_behind_source(words)
    surely = alternation((*lists["time_words"], *(lists["hour_words"] if is_first else ())))
    halves = _behind_the_hour(words)
    parts = alternation(term for key in ("am", "pm", *PARTS) for term in lists[key])
    joint = alternation((*lists["until_words"], *lists["and_words"]))
    return _Patterns(
        hour=re.compile(_hour_source(words, hour_behind)),
        before=re.compile(rf"(?:(?P<surely>(?<!\d )(?:{surely}))|(?:{alternation(lists['maybe_time_words'])})) ?$"),
        behind=re.compile(
            rf"(?P<hour> ?{hour_behind})?(?P<minutes> ?(?:{numerals['minutes_after'].attached}))?"
            rf"(?P<half> ?(?:{halves}))?"
        ),
        half_behind=re.compile(rf" ?(?:{halves})"),
        no_hour=re.compile(rf" ?{_UNITS}| ?(?:{day})| ?(?:{item})"),
        closed=re.compile(rf"\s*(?:$|[?!.,;:)\n–-](?!\d)| ?(?:{parts}))"),
        brief=re.compile(rf"\s*(?:$|[?!.,;:)\n'–-](?!\d)| ?(?:{parts}|{joint})| [^\W\d]{{1,4}}(?!\w))"),
        duration=re.compile(rf" ?(?:{alternation(lists['hour_words'])}|{day})"),
        span=re.compile(rf" ?(?:-|~|{alternation(lists['until_words'])}) ?"),
        halves={
            "evening": re.compile(alternation(set(lists["evening"]) - set(lists["pm"]))),
            "early": re.compile(_half_source(words, "am", "morning")),
            "late": re.compile(_half_source(words, "pm", "afternoon")),
        },
        moment=re.compile(alternation(words.moments)),
        item_before=re.compile(rf"(?:{item})[ #:-]*(?:{NUMBER_SIGN}[. ]*)?$"),
    )


def hour_behind_source(words: Lexicon) -> str:
    """Return a regular expression for the word that makes the number before it an hour: "uhr", "h", "点"."""
    terms = [term for term in words.lists["hour_words"] if term == "h" or Trait.HOUR_WORD_FIRST not in words.traits]
    return rf"(?:{alternation(terms, stand_alone=False)})(?![间間])"


def _hour_source(words: Lexicon, hour_behind: str) -> str:
    """Return a regular expression for a number that may be an hour, in digits or spelled."""
    spelled = sorted(map(re.escape, words.numerals["hours"].terms), key=len, reverse=True)
    number, bound = "|".join(spelled) or "(?!)", ""
    if has_spaces_between_words(number):
        number, bound = rf"(?:{number})(?:(?!\w)|(?={hour_behind}))", r"(?<!\w)"
    digits = r"\d{1,2}(?!\d|[:.,/]\d)"
    no_date = rf"(?!\.? ?(?:{any_month(words.language)}))"
    return (
        rf"(?P<half>{words.numerals['minutes_before'].source.replace(_END, '')}) ?(?P<behind_half>{digits}|{number})"
        rf"|(?P<number>(?<![\d:./§$€a-zа-я])(?<!\d,){digits}{no_date}|{bound}(?:{number}))"
    )


def _behind_the_hour(words: Lexicon) -> str:
    """Return a regular expression for "am", "pm" and the like directly behind an hour."""
    terms = [*words.lists["am"], *words.lists["pm"], *_LATIN_HALVES]
    if Trait.PART_BEFORE_HOUR in words.traits:
        terms = list(_LATIN_HALVES)
    return alternation(terms, stand_alone=False)


def _half_source(words: Lexicon, short: str, *parts: str) -> str:
    """Return a regular expression for the words of a half of the day; "am" and "pm" count only behind a number."""
    terms = [term for key in (short, *parts) for term in words.lists[key] if term not in _LATIN_HALVES]
    latin = [re.escape(half) for half in _LATIN_HALVES if half.startswith(short[0])]
    return rf"{alternation(terms)}|(?<=\n)(?: ?)(?:{'|'.join(latin)})(?!\w)"
