"""The exact parts of a question: which day, which number, what time, which part of the day, before or after."""

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from knowledge.folding import fold
from knowledge.lexicon import Lexicon, Trait, lexicon
from knowledge.slotpatterns import SlotPatterns, slot_patterns
from knowledge.spokentimes import spoken_times

_CUT = " \n "  # stands where something was read already
_LAST = -1
_FIRST_DATE = 10  # no programme has so many days: "dia 10" is a date
_RARE_ORDINAL = 4  # "quarto" is a room more often than a fourth item
_HAN_DIGITS = "〇一二三四五六七八九"
_NUMERAL = "[一二两兩三四五六七八九十]"
_HAN_NUMERAL = re.compile(
    rf"(?!(?<![午晨上後后前])一[点點時时](?![钟鐘半整]|[二三四五]?十)){_NUMERAL}{{1,3}}(?=[点點時时](?![间間候段]))"
    rf"|(?<=[点點時时]){_NUMERAL}{{1,3}}(?=分)|(?<=[点點])[二三四五]?十[一二三四五六七八九]?(?![个個位人名场場家])"
)


class PartOfDay(StrEnum):
    """Parts of a day, with the hours that they mean in a conference programme."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @property
    def hours(self) -> tuple[time, time]:
        """First moment, and the first moment after."""
        return {
            PartOfDay.MORNING: (time(6), time(12)),
            PartOfDay.NOON: (time(12), time(13, 30)),
            PartOfDay.AFTERNOON: (time(12), time(18)),
            PartOfDay.EVENING: (time(17), time(23, 59)),
        }[self]


@dataclass(frozen=True, slots=True)
class Slots:
    """What a clause says exactly; empty where it does not."""

    day: int | None = None  # 1 is the first day; -1 the last
    numbers: tuple[int, ...] = ()  # "dialogue 2", "subthemes 1 and 2", "the third one"
    times: tuple[time, ...] = ()
    part: PartOfDay | None = None
    asks_next: bool = False
    asks_previous: bool = False
    compares: bool = False

    def __bool__(self) -> bool:
        return self != Slots()


@dataclass(frozen=True, slots=True)
class _Day:
    number: int
    start: int
    end: int


def read_slots(text: str, language: str) -> Slots:
    """Return the slots of text, read with the words of its language."""
    words, patterns = lexicon(language), slot_patterns(language)
    folded = _with_digits(patterns.idiom.sub(_CUT, fold(text)))
    undated = _without_dates(folded, words, patterns)
    day = _day(undated, words, patterns)
    rest = undated if day is None else undated[: day.start] + _CUT + undated[day.end :]
    times = spoken_times(rest, language)
    part, partless = _part(undated, day, words, patterns), patterns.part.sub(_CUT, rest)
    for moment in reversed(times):
        rest = rest[: moment.start] + _CUT + rest[moment.end :]
    return Slots(
        day=None if day is None else day.number,
        numbers=_item_numbers(patterns.part.sub(_CUT, rest), words, patterns),
        times=tuple(dict.fromkeys(moment.at for moment in times)),
        part=part,
        asks_next=words.words["next_words"].search(partless) is not None,
        asks_previous=words.words["previous_words"].search(partless) is not None,
        compares=words.words["compare_words"].search(folded) is not None,
    )


def _with_digits(folded: str) -> str:
    """Return folded with the Chinese numerals of clock times as digits: '三点半' as '3点半'."""
    return _HAN_NUMERAL.sub(lambda match: str(_han_number(match.group())), folded)


def _han_number(numeral: str) -> int:
    tens, ten, ones = numeral.replace("两", "二").replace("兩", "二").rpartition("十")
    if not ten:
        return _HAN_DIGITS.index(numeral[-1].replace("两", "二").replace("兩", "二"))
    return 10 * (_HAN_DIGITS.index(tens) if tens else 1) + (_HAN_DIGITS.index(ones) if ones else 0)


def _without_dates(folded: str, words: Lexicon, patterns: SlotPatterns) -> str:
    """Return folded without dates such as "2 September"; "day 2 may I" holds none, "dia 2 de maio" does."""

    def cut(match: re.Match[str]) -> str:
        is_day = Trait.DAY_OF_MONTH not in words.traits and patterns.day_before.search(folded[: match.start()])
        return match.group() if is_day else _CUT

    return patterns.date.sub(cut, folded)


def _day(undated: str, words: Lexicon, patterns: SlotPatterns) -> _Day | None:
    """Return the day that is counted in undated text: "first day", "day 1", "giorno primo"."""
    name, ordinal = patterns.day_name.search(undated), patterns.ordinal_day.search(undated)
    if name and (ordinal is None or name.start() <= ordinal.start()):
        return _Day(_number(name.group(), words, "day_names"), *name.span())
    if ordinal:
        return _Day(_ordinal_of(ordinal, words), *ordinal.span())
    for match in patterns.day_number.finditer(undated):
        number = int(match["digits"]) if match["digits"] else words.numerals["numbers"].value(match["word"])
        is_date = number >= _FIRST_DATE and Trait.DAY_OF_MONTH in words.traits
        if number and not is_date and not patterns.count_before.search(undated[: match.start()]):
            return _Day(number, *match.span())
    if Trait.ORDINAL_AFTER_DAY in words.traits and (behind := patterns.day_ordinal.search(undated)):
        return _Day(_ordinal_of(behind, words), *behind.span())
    return None


def _ordinal_of(match: re.Match[str], words: Lexicon) -> int:
    return _LAST if match["last"] else _number(match["ordinal"], words, "ordinals")


def _number(written: str, words: Lexicon, key: str) -> int:
    digits = re.search(r"\d+", written)
    return int(digits.group()) if digits else words.numerals[key].value(written)


def _part(undated: str, day: _Day | None, words: Lexicon, patterns: SlotPatterns) -> PartOfDay | None:
    """Return the first part of the day that is named; the longest name where several begin in the same place."""
    for match in patterns.part.finditer(undated):
        is_day = day is not None and day.start <= match.start() < day.end
        if not (is_day and words.days.fullmatch(match.group())):
            return next(part for part in PartOfDay if patterns.parts[part].fullmatch(match.group()))
    return None


def _item_numbers(rest: str, words: Lexicon, patterns: SlotPatterns) -> tuple[int, ...]:
    """Return the numbers of dialogues, subthemes and the like: ordinals, and numbers behind an item word."""
    found = {int(digit) for match in patterns.dotted.finditer(rest) for digit in re.findall(r"\d", match.group())}
    for match in patterns.ordinal.finditer(rest):
        number = _number(match.group(), words, "ordinals")
        if number < _RARE_ORDINAL or _is_beside_item(rest, match, patterns):
            found.add(number)
    for match in patterns.item_number.finditer(rest):
        found |= _listed_numbers(match["list"], words)
    return tuple(sorted(number for number in found if number))


def _is_beside_item(rest: str, match: re.Match[str], patterns: SlotPatterns) -> bool:
    return bool(patterns.item_behind.match(rest, match.end()) or patterns.item_before.search(rest[: match.start()]))


def _listed_numbers(listed: str, words: Lexicon) -> set[int]:
    """Return the numbers of "1, 2 and 3" or "1-3"."""
    if span := re.fullmatch(r"([1-9]) ?- ?([1-9])", listed):
        return set(range(int(span[1]), int(span[2]) + 1))
    spelled = re.findall(words.numerals["numbers"].source, listed)
    romans = re.findall(r"(?<!\w)i(?:ii|i|v)(?!\w)", listed)
    digits = re.findall(r"\d", listed)
    return {*map(int, digits), *map(words.numerals["numbers"].value, spelled), *(_ROMANS[roman] for roman in romans)}


_ROMANS = {"ii": 2, "iii": 3, "iv": 4}
