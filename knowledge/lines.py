"""The lines a document is made of before anything is thrown away, and what a single line says."""

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

MAX_CHARACTERS = 2_000_000  # of one document; about 300 pages of dense text, with room to spare


class Kind(StrEnum):
    """What a line is by its layout."""

    HEADING = "heading"
    TEXT = "text"
    BULLET = "bullet"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, heading, bullet or row; only a row has cells, only a heading a number."""

    kind: Kind
    text: str = ""
    number: str = ""
    level: int = 0  # of a marked-up heading, 1 the highest; 0: the heading was recognised by its number
    cells: tuple[str, ...] = ()


class Fault(StrEnum):
    """What is wrong with a file."""

    UNSUPPORTED = "unsupported"
    NAME = "name"
    CLOSED = "closed"  # it is not there, or may not be opened
    TOO_LARGE = "too large"
    EMPTY = "empty"
    WITHOUT_TEXT = "without text"
    ENCRYPTED = "encrypted"
    MISNAMED = "misnamed"
    DAMAGED = "damaged"
    BOILERPLATE = "boilerplate"


class Unreadable(Exception):
    """The content of a file cannot be read; str() says what is wrong, the caller knows the name."""

    def __init__(self, fault: Fault, told: str) -> None:
        super().__init__(told)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: its lines in order, and what its markup or front matter states about it."""

    lines: Sequence[Line]
    title: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)


_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff\ufffe\uffff]")
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|br|h[1-6]|tr|table|tbody|thead|blockquote|section|article|figure|figcaption|hr|center|pre)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_LIST_TAG = re.compile(r"<(?:ul|ol)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_LIST_END = re.compile(r"</(?:ul|ol|li)>", re.IGNORECASE)
_ITEM_TAG = re.compile(r"<li(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_INLINE_TAG = re.compile(
    r"</?(?:i|b|u|s|em|strong|span|a|font|sup|sub|small|mark|code|img|td|th|o:p|q|cite|abbr|del|ins|time|label)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_LIST_REGION = re.compile(r"<(?:ul|ol)(?:\s[^<>]{0,500})?>([^<]*)", re.IGNORECASE)
BULLET_MARKS = "·•▪●‣◦"
_BULLET = re.compile(rf"^(?:[{BULLET_MARKS}]|[-*](?=\s))\s*")

_ROMAN = re.compile(r"^(X{0,3}(?:IX|IV|V?I{0,3}))[.、．]\s+(?=\S)")
_DIGITS = re.compile(r"^(\d{1,2}(?=[.)、．])|\d{1,2}(?:\.[1-9]){1,3}(?!\d))[.)、．]?\s+(?=[^\W\d])")
_HANZI = re.compile(r"^([一二三四五六七八九十]{1,3})、\s*(?=\S)")
MAX_DATE_LINE = 80  # characters; a date with its place, time and source
MAX_HEADING = 120  # characters; longer numbered lines are numbered paragraphs
_SENTENCE_END = re.compile(r"[.!?。！？；;…][\"'”’」』)）\]]*$")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_CALENDAR_DAY = (
    rf"(?:{_MONTH}\s+{_NTH}|{_NTH}\s+(?:of\s+)?{_MONTH}|(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日|\d{{4}}-\d\d-\d\d)"
    r"(?:,?\s+\d{4})?"
)
_ORDINAL_DAY = re.compile(
    r"^(?:day\s+(\d{1,2}|one|two|three|four|five|six|seven)\b|第\s*(\d{1,2}|[一二三四五六七八九十])\s*天)",
    re.IGNORECASE,
)
_DATE_DAY = re.compile(
    rf"^(?:{_WEEKDAY}|(?:{_WEEKDAY},?\s+)?{_CALENDAR_DAY}(?:,?\s*\(?{_WEEKDAY}\)?)?)\s*[:：]?$", re.IGNORECASE
)
_ORDINALS = {
    word: number
    for words in (("one", "two", "three", "four", "five", "six", "seven"), "一二三四五六七八九十")
    for number, word in enumerate(words, start=1)
}

_DATES = (
    re.compile(rf"\b(?P<month>{_MONTH})\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LABEL = re.compile(r"^\s*([^\W\d][\w ]*)[:：]")
_DATE_LABELS = {"date", "published", "posted", "updated", "last updated", "发布时间", "日期"}


def clean_text(text: str) -> str:
    """Return text as one line in NFC: no markup, no entities, no control characters, single spaces."""
    return " ".join(cell_text(text, split_bullets=False).split())


def cell_text(text: str, *, split_bullets: bool = True) -> str:
    """Return the text of a table cell: block tags end a line, list items are lines that start with "· ".

    With split_bullets, marks that follow <ul>, or that open a cell written on one line, part it into items.
    """
    text = _INLINE_TAG.sub("", printable(html.unescape(text)))
    if split_bullets:
        text = _split_one_line(_LIST_REGION.sub(_split_marks, text))
    for tag, replacement in ((_ITEM_TAG, "\n· "), (_LIST_TAG, "\n"), (_LIST_END, "\n"), (_BLOCK_TAG, "\n")):
        text = tag.sub(replacement, text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(_as_bullet(line) for line in lines if line.strip(BULLET_MARKS + " "))


def printable(text: str) -> str:
    """Return text in NFC without control or invisible characters; tabs and line ends stay."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def bullet_text(text: str) -> str | None:
    """Return what follows the bullet mark that text starts with; None when it starts with none."""
    found = _BULLET.match(text)
    return text[found.end() :].strip() if found and text[found.end() :].strip() else None


def ends_a_sentence(text: str) -> bool:
    """Tell whether text ends with the punctuation of a sentence."""
    return bool(_SENTENCE_END.search(text.rstrip()))


def numbered(text: str) -> tuple[str, str] | None:
    """Split "VI. Draft agenda:" into ("VI", "Draft agenda"); None when it is not so short and numbered."""
    if len(text) > MAX_HEADING or ends_a_sentence(text):
        return None
    found = _ROMAN.match(text) or _DIGITS.match(text) or _HANZI.match(text)
    if not found or not found[1]:
        return None
    return found[1], unlabelled(text[found.end() :])


def unlabelled(heading: str) -> str:
    """Return heading without the colon it ends with."""
    return heading.strip().rstrip(":：").strip()


def day_number(text: str) -> int | None:
    """Return 2 for "Day 2", "Day Two: visits" or "第二天"; None for other text."""
    found = _ORDINAL_DAY.match(text.strip())
    if not found:
        return None
    word = (found[1] or found[2]).lower()
    return int(word) if word.isdecimal() else _ORDINALS.get(word)


def names_a_day(text: str) -> bool:
    """Tell whether a short line is the heading of one day: "Day 2", a weekday or a calendar day."""
    text = text.strip()
    if len(text) > 80 or ends_a_sentence(text):
        return False
    if day_number(text) is None:
        return bool(_DATE_DAY.match(text))
    rest = _ORDINAL_DAY.sub("", text).strip()
    return not rest or not rest[0].isalpha()


def stated_date(text: str) -> date | None:
    """Return the day of a date line ("16:56, February 3, 2031"); None when the line says more than that."""
    if len(text) > MAX_DATE_LINE:
        return None
    label = _LABEL.match(text)
    if label and label[1].strip().lower() not in _DATE_LABELS:
        return None
    for pattern in _DATES:
        found = pattern.search(text)
        if found and len(re.findall(r"[^\W\d]{3,}", pattern.sub("", text))) <= 4:
            return _calendar_day(found)
    return None


def _calendar_day(found: re.Match[str]) -> date | None:
    month = found["month"]
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(found["year"]), number, int(found["day"]))
    except ValueError:
        return None


def _split_marks(region: re.Match[str]) -> str:
    return re.sub(rf"\s*[{BULLET_MARKS}]\s*", "\n· ", region[0])


def _split_one_line(text: str) -> str:
    if "<" in text or "\n" in text or not text.lstrip().startswith(tuple(BULLET_MARKS)):
        return text
    return re.sub(rf"\s*[{BULLET_MARKS}]\s*", "\n· ", text)


def _as_bullet(line: str) -> str:
    text = bullet_text(line)
    return line if text is None else f"· {text}"
