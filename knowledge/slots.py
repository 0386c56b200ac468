"""The exact parts of a question: which day, which number, what time, which part of the day, before or after."""

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from knowledge.folding import fold, has_spaces_between_words
from knowledge.lexicon import Lexicon, lexicon

_NEAR = 14  # letters between an ordinal and the day or item that it counts: "the second conference day"
_CLOCK = re.compile(r"(?<![\d:.])(\d{1,2}) ?(?:[:h]|[.](?=\d\d\b)|點|点|時|시|u|uhr) ?(\d{2})(?!\d)(?! ?\d*%)(?: ?분|分)?")
_ORDINAL_SIGN = r"(?:\.|-?(?:st|nd|rd|th|er|re|e|eme|ieme|ste|de|te|ter|tes|ten|й|я|го|ий|ый|ой|м|º|ª|o|a|inci|uncu|ci)\b)"
_LAST = -1
_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_HOUR = re.compile("[一二两三四五六七八九十]{1,3}(?=[点點時](?!间|間))")


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


def read_slots(text: str, language: str) -> Slots:
    """Return the slots of text, read with the words of its language."""
    folded = _with_digits(fold(text))
    words = lexicon(language)
    day, day_span = _day(folded, words)
    rest = folded if day_span is None else folded[: day_span[0]] + " " + folded[day_span[1] :]
    return Slots(
        day=day,
        numbers=_item_numbers(rest, words),
        times=_times(folded, words),
        part=_part(folded, words),
        asks_next=_has(words, "next_words", folded),
        asks_previous=_has(words, "previous_words", folded),
        compares=_has(words, "compare_words", folded),
    )


def _with_digits(folded: str) -> str:
    """Return folded with the Chinese numerals of clock times as digits: '三点半' as '3点半'."""
    return _HAN_HOUR.sub(lambda match: str(_han_number(match.group())), folded)


def _han_number(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _HAN_DIGITS.index(numeral[-1].replace("两", "二"))
    return 10 * (_HAN_DIGITS.index(tens) if tens else 1) + (_HAN_DIGITS.index(ones) if ones else 0)


def _has(words: Lexicon, key: str, folded: str) -> bool:
    return key in words.words and words.words[key].search(folded) is not None


def _day(folded: str, words: Lexicon) -> tuple[int | None, tuple[int, int] | None]:
    """Return the day counted in folded, and where it stands."""
    for match in words.days.finditer(folded):
        after = re.match(r" ?(\d{1,2})(?![\d:.]?\d)(?! ?(?:%|h\b|uhr))", folded[match.end() :])
        if after and has_spaces_between_words(match.group() + "x") or (after and "วันที่" in match.group()):
            return int(after[1]), (match.start(), match.end() + after.end())
        for number, pattern in words.numbers.items():
            spelled = pattern.match(folded[match.end() :].lstrip())
            if spelled and has_spaces_between_words(match.group()):
                return number, (match.start(), match.end() + 1 + spelled.end())
        before = _counted_before(folded[: match.start()], words, match.group())
        if before is not None:
            return before[0], (before[1], match.end())
        spelled_after = _ordinal_after(folded[match.end() :], words)
        if spelled_after is not None:
            return spelled_after[0], (match.start(), match.end() + spelled_after[1])
    return None, None


def _counted_before(head: str, words: Lexicon, day_word: str) -> tuple[int, int] | None:
    """Return the ordinal that ends head, shortly before a day word, and where it starts."""
    counted_days = len(day_word) > 1 and not has_spaces_between_words(day_word) or day_word.startswith("일")
    sign = "" if counted_days else _ORDINAL_SIGN
    digits = re.search(rf"(?<![\d:.])(\d{{1,2}}){sign} ?(?:\w{{2,10}} )?$", head) if sign else re.search(r"(\d{1,2}) ?$", head)
    if digits:
        return int(digits[1]), digits.start()
    for number, pattern in (*words.ordinals.items(), (_LAST, words.words.get("last"))):
        if pattern is None:
            continue
        last = next(reversed(list(pattern.finditer(head))), None)
        room = _NEAR if has_spaces_between_words(head + "x") else 1
        if last and len(head) - last.end() <= room:
            return number, last.start()
    return None


def _ordinal_after(tail: str, words: Lexicon) -> tuple[int, int] | None:
    for number, pattern in words.ordinals.items():
        match = pattern.search(tail[:_NEAR])
        if match and match.start() <= 2:
            return number, match.end()
    return None


def _item_numbers(folded: str, words: Lexicon) -> tuple[int, ...]:
    """Return the numbers of dialogues, subthemes and the like: bare ordinals, and digits behind an item word."""
    found = {number for number, pattern in words.ordinals.items() if pattern.search(folded)}
    for match in re.finditer(rf"(?<![\d:.])([1-9]){_ORDINAL_SIGN}(?![\w.]*\d)", folded):
        found.add(int(match[1]))
    items = words.words["item_words"]
    for item in items.finditer(folded):
        tail = folded[item.end() : item.end() + 22]
        for digit in re.finditer(r"(?<![\d:.])([1-9])(?!\d|[:.]\d| ?(?:pm|am|h\b|uhr|点|時|시))", tail):
            found.add(int(digit[1]))
        for number, pattern in words.numbers.items():
            if (spelled := pattern.match(tail.lstrip(" #"))) and has_spaces_between_words(spelled.group()):
                found.add(number)
    return tuple(sorted(found))


def _times(folded: str, words: Lexicon) -> tuple[time, ...]:
    found = []
    for match in _CLOCK.finditer(folded):
        found.append(_time(int(match[1]), int(match[2]), _is_pm(folded, match.span(), words)))
    hours = "|".join(words.words[key].pattern for key in ("am", "pm", "hour_words")).replace(r"(?<!\w)", "")
    bare = re.compile(rf"(?<![\d:.])(\d{{1,2}})(?: ?(?:{hours})| ?h\b)(半|반)?")
    before = re.compile(rf"(?:{words.words['pm'].pattern}) ?(\d{{1,2}})(?![\d:.]\d)")
    for match in bare.finditer(_CLOCK.sub(lambda m: " " * len(m.group()), folded)):
        found.append(_time(int(match[1]), 30 if match[2] else 0, _is_pm(folded, match.span(), words)))
    found += [_time(int(match[1]), 0, True) for match in before.finditer(folded)]
    return tuple(dict.fromkeys(moment for moment in found if moment is not None))


def _is_pm(folded: str, span: tuple[int, int], words: Lexicon) -> bool:
    around = folded[max(0, span[0] - 8) : span[1] + 10]
    return any(words.words[key].search(around) for key in ("pm", "evening", "afternoon"))


def _time(hour: int, minute: int, is_pm: bool) -> time | None:
    if is_pm and hour < 12:  # noqa: PLR2004
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004


def _part(folded: str, words: Lexicon) -> PartOfDay | None:
    return next((part for part in PartOfDay if _has(words, part.value, folded)), None)
