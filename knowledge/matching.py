"""Tell whether a text states an expected word, number or time, however it is written."""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import Final

from knowledge.folding import fold

PATTERN: Final = "re:"  # what follows is a regular expression on the folded text
SHORT_WORD: Final = 4  # letters; "tre" inside "centre" is chance, a longer stem is meant to take endings

_TAG = re.compile(r"</?[a-z][^<>]{0,60}>", re.IGNORECASE)
_EMPHASIS = str.maketrans("", "", "*_\\|")
_LETTER = "a-z\u00df-\u024f\u0370-\u04ff"  # of the scripts whose words stand between blanks and are short
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A text in the form that expectations are compared with."""

    text: str
    markup: str  # the same with its tags
    times: frozenset[time]

    @classmethod
    def of(cls, written: str) -> "Statement":
        """Return written as a statement."""
        text = _plain(_TAG.sub(" ", html.unescape(written)))
        return cls(text, _plain(html.unescape(written)), times_in(text))

    def says(self, expected: str) -> bool:
        """Tell whether this states expected: a phrase, a time as "HH:MM", or a pattern as "re:...".

        A number is not found inside a longer one, nor a word of up to four letters inside a longer word;
        scripts without blanks between words match anywhere.
        """
        if expected.startswith(PATTERN):
            return re.search(expected.removeprefix(PATTERN), self.text) is not None
        if clock := _CLOCK.fullmatch(_plain(expected)):
            return int(clock[1]) < 24 and time(int(clock[1]), int(clock[2])) in self.times
        return _phrase(expected).search(self.markup if "<" in expected else self.text) is not None


def _plain(text: str) -> str:
    folded = fold(text.translate(_EMPHASIS))
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in folded)


@lru_cache(maxsize=4096)
def _phrase(expected: str) -> re.Pattern[str]:
    phrase = _plain(expected)
    letters = [sign for sign in phrase if sign.isalpha()]
    whole = len(letters) <= SHORT_WORD and all(re.match(f"[{_LETTER}]", letter) for letter in letters)
    before = after = ""
    if phrase[:1].isdigit():
        before = r"(?<!\d)(?<!\d[.,:])"
    elif phrase[:1].isalpha() and whole:
        before = rf"(?<![{_LETTER}\d])"
    if phrase[-1:].isdigit():
        after = r"(?!\d)(?![.,:]\d)"
    elif phrase[-1:].isalpha() and whole:
        after = rf"(?![{_LETTER}\d])"
    return re.compile(before + re.escape(phrase) + after)


def _any_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True)) + ")"


# The hours of a twelve-hour clock in words, where a language writes them so: one to twelve.
_HOUR_WORDS: Final = {
    word: hour
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
        "หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ สิบเอ็ด สิบสอง",
        "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두",
    )
    for hour, word in enumerate(fold(words).split(), start=1)
}
_HAN: Final = dict(zip("〇零一二两兩三四五六七八九十", (0, 0, 1, 2, 2, 2, *range(3, 11)), strict=True))
_HAN_RUN = re.compile(f"[{''.join(_HAN)}]{{1,4}}(?=[点點時时分])")
_HOUR = rf"(?<![\d:.,])(\d{{1,2}}|{_any_of(_HOUR_WORDS)})"
_HALF = _any_of(["半", "반", "ครึ่ง"])
_NOON = re.compile(
    r"\b(?:noon|midday|midi|mediodia|mezzogiorno|meio-dia|mittags?|oglen|w poludnie)\b"
    r"|полдень|(?<!после )полудн|"
    + _any_of(["正午", "정오", "الثانية عشرة ظهرا"])
    + rf"|{fold('เที่ยง')}(?!{fold('คืน')})"
)
_HALF_PAST = re.compile(rf"\bhalf past {_HOUR}")
_HALF_BEFORE = re.compile(rf"\bhal[bf] {_HOUR}")
_EVENING = re.compile(rf"{_HOUR} ?{fold('ทุ่ม')}( ?{_HALF})?")  # Thai counts these from six in the evening
_AFTER_NOON = re.compile(rf"{fold('บ่าย')} ?{_HOUR}?(?: ?{fold('โมง')})?( ?{_HALF})?")
_O_CLOCK = re.compile(rf"\b{_any_of(_HOUR_WORDS)}(?= o'clock| ?시(?!간))")

_UNITS = (
    r"(?:h|hrs?|heures?|uhr|uur|u|o'clock|час(?:а|ов)?|horas?)\b|点|點|[時시](?!間|간)|时(?!间)"
    rf"|{fold('นาฬิกา')}|{fold('น.')}|{fold('โมง')}"
)
_TO_THE_MINUTE = re.compile(
    r"(?<![\d:.,])(\d{1,2}) ?(?:[:.hu时時点點시]|uhr) ?([0-5]\d)(?!\d)(?![.,]\d) ?[分분]?(?: ?([ap])\.?m\b)?"
)
_TO_THE_HALF = re.compile(rf"(?<!\d)(\d{{1,2}}) ?(?:[点點時时시]|{fold('โมง')}) ?{_HALF}()()")
_TO_THE_HOUR = re.compile(rf"(?<![\d:.,])(\d{{1,2}})() ?(?:([ap])\.?m\b|(?:{_UNITS})(?! ?(?:\d|{_HALF})))")
_AFTER_A_WORD = re.compile(
    rf"(?:\b(?:at|las?|alle|as|saat|aksam|sabah|в|o|godz\.?|um|om)|{fold('الساعة')}) "
    r"(\d{1,2})(?![\d:h]|[.,]\d)()()"
)
_PART_OF_DAY = re.compile(
    r"(?<![\d:.,])(\d{1,2}) (?=вечера|дня|утра|d[ea] (?:la )?(?:tarde|noche|noite|manana|manha)"
    r"|d(?:i|ella) sera|del (?:pomeriggio|mattino)|du (?:soir|matin)|wieczorem|rano|aksam"
    r"|مساء|صباحا|ظهرا)()()"
)
_LATER = re.compile(  # said beside a time of the twelve-hour clock, these put it after noon
    _any_of("下午 晚上 傍晚 夜 午後 夕方 오후 저녁 밤 مساء ظهرا عصرا вечера дня wieczor".split())
    + r"|\b(?:afternoon|evening|at night|abends|nachmittags|apres-midi|du soir|de la (?:tarde|noche)|aksam"
    r"|da (?:tarde|noite)|d(?:i|ella) sera|del pomeriggio|s (?:avonds|middags)|po poludniu|ogleden sonra)"
)
_BESIDE: Final = 16  # letters


def times_in(text: str) -> frozenset[time]:
    """Return the times of day that a folded text states; where it leaves the half of the day open, both."""
    plain = _in_digits(text)
    stated: set[time] = set()
    for writing in (_TO_THE_MINUTE, _TO_THE_HALF, _TO_THE_HOUR, _AFTER_A_WORD, _PART_OF_DAY):
        for found in writing.finditer(plain):
            minute = "30" if writing is _TO_THE_HALF else found[2]
            before = plain[max(0, found.start() - _BESIDE) : found.start()]
            around = f"{before} {plain[found.end() : found.end() + _BESIDE]}"
            stated.update(_readings(int(found[1]), int(minute or 0), found[3], around))
    return frozenset(stated)


def _readings(hour: int, minute: int, half: str | None, around: str) -> Iterable[time]:
    if half:
        return [time(hour % 12 + (12 if half == "p" else 0), minute)]
    if hour > 23:
        return []
    is_open = hour < 12 and _LATER.search(around)
    return [time(hour, minute), time(hour + 12, minute)] if is_open else [time(hour, minute)]


def _in_digits(text: str) -> str:
    """Return text with hours in words, halves and noon written as HH:MM."""
    text = _HAN_RUN.sub(lambda found: str(_han_number(found[0])), text)
    text = _NOON.sub(" 12:00 ", text)
    text = _HALF_PAST.sub(lambda found: _either_half(_number(found[1]), 30), text)
    text = _HALF_BEFORE.sub(lambda found: _either_half(_number(found[1]) - 1, 30), text)
    text = _EVENING.sub(lambda found: _clock(_number(found[1]) + 18, 30 if found[2] else 0), text)
    text = _AFTER_NOON.sub(lambda found: _clock(_number(found[1] or "1") + 12, 30 if found[2] else 0), text)
    return _O_CLOCK.sub(lambda found: _either_half(_number(found[0]), 0), text)


def _han_number(written: str) -> int:
    tens, ten, ones = written.partition("十")
    if ten:
        return 10 * (_HAN[tens] if tens else 1) + (_HAN[ones] if ones else 0)
    return int("".join(str(_HAN[sign]) for sign in written))


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _HOUR_WORDS[written]


def _either_half(hour: int, minute: int) -> str:
    return _clock(hour % 24, minute) + _clock((hour + 12) % 24, minute)


def _clock(hour: int, minute: int) -> str:
    return f" {hour:02}:{minute:02} "
