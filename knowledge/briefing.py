"""The facts that a briefing states under its headings: date, organizer, theme, expenses and so on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.documents import Document, Paragraph, Section
from knowledge.folding import fold
from knowledge.programme import Certainty, Programme, read_programme


class Slot(StrEnum):
    """What a section of a briefing can be about."""

    TIME = "time"
    ORGANIZER = "organizer"
    OBJECTIVE = "objective"
    INVITEES = "invitees"
    THEME = "theme"
    EXPENSES = "expenses"


_HEADINGS: Final = {
    Slot.TIME: re.compile(r"\b(times?|dates?|when)\b|时间|日期|會期"),
    Slot.ORGANIZER: re.compile(r"\b(organi[sz]ers?|hosts?|organi[sz]ed by)\b|主办|主辦"),
    Slot.OBJECTIVE: re.compile(r"\b(objectives?|purpose|aims?|goals?)\b|目的|宗旨"),
    Slot.INVITEES: re.compile(r"\b(invitees?|participants?|audience|who should attend)\b|对象|對象|嘉宾"),
    Slot.THEME: re.compile(r"\bthemes?\b|主题|主題"),
    Slot.EXPENSES: re.compile(r"\b(expenses?|costs?)\b|费用|費用"),
}
_MONTHS: Final = "january february march april may june july august september october november december".split()
_PERIOD = re.compile(rf"(?:\b(early|mid|late)\b[- ]*)?\b({'|'.join(_MONTHS)})\b,? *(\d{{4}})")
_OPEN = re.compile(r"to be (?:confirmed|determined|announced)|\btb[cda]\b|待定|待确认")
_TENTATIVE = re.compile(r"\b(?:tentative|draft|provisional|preliminary)\b|暂定|草案")
_SUBTHEME = re.compile(r"sub-?theme *(\d+) *[:.-] *(.+)", re.IGNORECASE)
_THEME = re.compile(r"(?:main |general )?theme *: *(.+)", re.IGNORECASE)
_DELEGATES = re.compile(
    r"\b(\d+|one|two|three|four|five) (?:delegates?|persons?|people|participants?|representatives?)\b"
)
_COUNTS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_COVERED: Final = {
    "accommodation": re.compile(r"accommodation|lodging|hotel"),
    "transport": re.compile(r"transport|local travel"),
    "meals": re.compile(r"\bmeals?\b|catering"),
    "flights": re.compile(r"air ?fares?|flights?|air tickets?"),
}
_INVITATION = re.compile(r"\binvitation\b.*\b(?:signed|sent|presented|issued|follow)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A text of a document, and the section it stands in."""

    text: str
    document: str
    section: str


@dataclass(frozen=True, slots=True)
class Period:
    """When the event is: part ('early', 'mid', 'late' or '') of a month, as far as the document tells."""

    part: str
    month: int  # 1 to 12; 0 where the text names no month
    year: int
    is_open: bool  # the exact dates are still to be confirmed
    statement: Statement


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the organizer pays, and for how many delegates per city."""

    delegates: int
    items: tuple[str, ...]  # of: accommodation, transport, meals, flights
    statement: Statement


@dataclass(frozen=True, slots=True)
class Briefing:
    """The facts of one event, each with the place where it is stated."""

    document: str
    title: str
    city: str
    programme: Programme
    agenda_section: str
    is_tentative: bool  # the theme and subthemes may still change
    period: Period | None
    coverage: Coverage | None
    invitation: Statement | None
    theme: Statement | None
    subthemes: tuple[Statement, ...]
    statements: Mapping[Slot, Statement]


def read_briefing(document: Document, city: str) -> Briefing:
    """Return what document states about its event; what it does not state is None or missing."""
    sections = {slot: _section(document, slot) for slot in Slot}
    statements = {
        slot: Statement(" ".join(_lines(section)), document.stem, _place(section))
        for slot, section in sections.items()
        if section is not None and _lines(section)
    }
    programme = read_programme(document)
    return Briefing(
        document=document.stem,
        title=document.title,
        city=city,
        programme=programme,
        agenda_section=_agenda_section(document),
        is_tentative=_is_tentative(sections[Slot.THEME]),
        period=_period(statements.get(Slot.TIME)),
        coverage=_coverage(_coverage_statement(document, statements)),
        invitation=_find_statement(document, _INVITATION),
        theme=next(iter(_themes(document, sections[Slot.THEME], _THEME)), None),
        subthemes=tuple(_themes(document, sections[Slot.THEME], _SUBTHEME)),
        statements=statements,
    )


def _section(document: Document, slot: Slot) -> Section | None:
    pattern = _HEADINGS[slot]
    return next((section for section in document.sections if pattern.search(fold(section.heading))), None)


def _place(section: Section) -> str:
    return section.number or section.heading


def _lines(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Paragraph)]


def _agenda_section(document: Document) -> str:
    for section in document.sections:
        if re.search(r"\b(agenda|programme|program|schedule)\b|议程|日程", fold(section.heading)):
            return _place(section)
    return ""


def _is_tentative(section: Section | None) -> bool:
    return (
        section is not None and _TENTATIVE.search(fold(section.heading + " " + " ".join(_lines(section)))) is not None
    )


def _period(statement: Statement | None) -> Period | None:
    if statement is None:
        return None
    folded = fold(statement.text)
    found = _PERIOD.search(folded)
    is_open = _OPEN.search(folded) is not None
    if found is None:
        return Period("", 0, 0, is_open, statement)
    return Period(found[1] or "", _MONTHS.index(found[2]) + 1, int(found[3]), is_open, statement)


def _coverage_statement(document: Document, statements: Mapping[Slot, Statement]) -> Statement | None:
    """Return the sentence that says for how many delegates the organizer pays."""
    expenses = statements.get(Slot.EXPENSES)
    if expenses is None:
        return None
    for sentence in re.split(r"(?<=[.!?])\s+", expenses.text):
        if _DELEGATES.search(fold(sentence)):
            return Statement(sentence, document.stem, expenses.section)
    return None


def _coverage(statement: Statement | None) -> Coverage | None:
    if statement is None:
        return None
    folded = fold(statement.text)
    found = _DELEGATES.search(folded)
    items = tuple(item for item, pattern in _COVERED.items() if pattern.search(folded))
    if found is None or not items:
        return None
    return Coverage(_COUNTS.get(found[1]) or int(found[1]), items, statement)


def _find_statement(document: Document, pattern: re.Pattern[str]) -> Statement | None:
    for section in document.sections:
        for line in _lines(section):
            for sentence in re.split(r"(?<=[.!?])\s+", line):
                if pattern.search(fold(sentence)):
                    return Statement(sentence, document.stem, _place(section))
    return None


def _themes(document: Document, section: Section | None, pattern: re.Pattern[str]) -> list[Statement]:
    lines = [] if section is None else _lines(section)
    found = [match for line in lines if (match := pattern.match(line.strip()))]
    place = "" if section is None else _place(section)
    return [Statement(match.group(match.re.groups).strip(), document.stem, place) for match in found]


def certainty_of(period: Period) -> Certainty:
    """Return how certain the date is."""
    return Certainty.TO_BE_CONFIRMED if period.is_open else Certainty.CONFIRMED
