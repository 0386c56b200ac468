"""Read the agenda of a document into sessions with times, and report what it leaves open."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from itertools import combinations, pairwise

from knowledge.agenda import entries_of, table_entries
from knowledge.documents import Document, Paragraph, Section
from knowledge.lines import day_number, names_a_day

SLUG_LENGTH = 40  # characters; with day and time a key stays below the 64 bytes of Telegram's callback data
STATEMENT_LENGTH = 160  # characters of a statement that something is open

_DRAFT = re.compile(r"\b(?:draft|tentative(?:ly)?|provisional(?:ly)?)\b|草案|暂定|初稿", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:to be (?:confirmed|announced|determined)|TBC|TBA|TBD)\b|待定|待确认", re.IGNORECASE)
_OPTIONAL = re.compile(r"\b(?:optional|voluntary)\b|可选|自愿|自选", re.IGNORECASE)
_AGENDA = re.compile(r"\b(?:agenda|programme|program|schedule|timetable)\b|日程|议程", re.IGNORECASE)
_ROUTE = re.compile(r"^([^:：()（）]{1,80})(?::\s+|：)(.+)$", re.DOTALL)
_GROUPED = re.compile(r"^([^()（）]+?)\s*[(（]([^()（）]+)[)）]$")


class Certainty(StrEnum):
    """How far what the documents say may be relied on."""

    CONFIRMED = "confirmed"
    DRAFT = "draft"
    TO_BE_CONFIRMED = "to_be_confirmed"
    CONTRADICTORY = "contradictory"
    NOT_STATED = "not_stated"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Route:
    """One themed route of a visit; detail is what groups the stops, where something does."""

    title: str
    stops: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Changed:
    """That the organizers have changed when a session is: on which day they did, and when it was before."""

    made: date
    day: int
    start: time | None
    end: time | None


@dataclass(frozen=True, slots=True)
class Session:
    """One entry of the agenda; key is stable and readable: "day-2-0930-opening"."""

    key: str
    day: int
    start: time | None
    end: time | None
    title: str
    items: tuple[str, ...]
    routes: tuple[Route, ...]
    note: str
    certainty: Certainty
    place: str = ""  # where people meet, as the organizers have told it since
    is_cancelled: bool = False
    changed: Changed | None = None

    @property
    def is_optional(self) -> bool:
        """Whether the agenda's remark says that nobody has to take part."""
        return _OPTIONAL.search(self.note) is not None


@dataclass(frozen=True, slots=True)
class Programme:
    """The sessions of all days in the order of the document."""

    sessions: tuple[Session, ...]
    days: tuple[int, ...]
    certainty: Certainty

    @property
    def timed(self) -> list[Session]:
        """The sessions that take place and whose start is known."""
        return [session for session in self.sessions if session.start and not session.is_cancelled]

    @property
    def parallel(self) -> tuple[tuple[Session, Session], ...]:
        """The pairs of sessions that are listed for the very same time."""
        return tuple(pair for pair in self._pairs if _at_the_same_times(*pair))

    @property
    def overlaps(self) -> tuple[tuple[Session, Session], ...]:
        """The pairs of sessions whose times contradict each other: they intersect, but are not the same."""
        return tuple(pair for pair in self._pairs if not _at_the_same_times(*pair) and _intersect(*pair))

    @property
    def gaps(self) -> tuple[tuple[int, time, time], ...]:
        """The intervals between sessions for which nothing is listed: (day, from, to)."""
        return tuple(_gaps(self.timed))

    @property
    def _pairs(self) -> list[tuple[Session, Session]]:
        return [pair for pair in combinations(self.timed, 2) if pair[0].day == pair[1].day]


@dataclass(frozen=True, slots=True)
class ProgrammeReport:
    """What a programme leaves open; parallel sessions have the very same times, gaps are (day, from, to)."""

    overlaps: tuple[tuple[Session, Session], ...]
    parallel: tuple[tuple[Session, Session], ...]
    gaps: tuple[tuple[int, time, time], ...]
    untimed: tuple[Session, ...]
    open_ended: tuple[Session, ...]
    to_be_confirmed: tuple[str, ...]


def read_programme(document: Document) -> Programme:
    """Return the programme that the agenda tables of document state; without sessions when it has none."""
    sessions: dict[str, Session] = {}
    agendas = list(_agenda_sections(document))
    if not any(table_entries(section) for section, _ in agendas):
        return Programme((), (), Certainty.NOT_STATED)
    day, begun = 0, False
    for section, certainty in agendas:
        day = day_number(section.heading) or (day if begun else day + 1)
        begun = not section.blocks  # "Day 2" with the date as a heading of its own below it
        for session in _sessions_of(day, section, certainty):
            key = _unused(session.key, sessions)
            sessions[key] = replace(session, key=key)
    days = tuple(dict.fromkeys(session.day for session in sessions.values()))
    return Programme(tuple(sessions.values()), days, _loosest(certainty for _, certainty in agendas))


def report_on(programme: Programme, document: Document) -> ProgrammeReport:
    """Return what programme leaves open, and the statements of document that something is open."""
    return ProgrammeReport(
        overlaps=programme.overlaps,
        parallel=programme.parallel,
        gaps=programme.gaps,
        untimed=tuple(session for session in programme.sessions if session.start is None),
        open_ended=tuple(session for session in programme.timed if session.end is None),
        to_be_confirmed=tuple(dict.fromkeys(_open_statements(document))),
    )


def _agenda_sections(document: Document) -> Iterator[tuple[Section, Certainty]]:
    """Yield the sections that hold a day, or an agenda of one day, with the certainty that is stated."""
    whole = _stated_certainty(document.meta.get("status", ""))
    agenda = whole
    for section in document.sections:
        own = _stated_certainty(section.heading, *_paragraphs(section))
        if names_a_day(section.heading):
            yield section, _loosest((agenda, own))
            continue
        agenda = _loosest((whole, own))
        if _AGENDA.search(section.heading) and _is_timetable(section):
            yield section, agenda


def _stated_certainty(*texts: str) -> Certainty:
    return Certainty.DRAFT if any(map(_DRAFT.search, texts)) else Certainty.CONFIRMED


def _loosest(certainties: Iterable[Certainty]) -> Certainty:
    return Certainty.DRAFT if Certainty.DRAFT in certainties else Certainty.CONFIRMED


def _paragraphs(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Paragraph)]


def _is_timetable(section: Section) -> bool:
    entries = table_entries(section)
    return sum(entry.times.start is not None for entry in entries) * 2 > len(entries)


def _sessions_of(day: int, section: Section, certainty: Certainty) -> Iterator[Session]:
    for entry in entries_of(section):
        items = entry.items if entry.title else ()
        routes = tuple(filter(None, map(_route, items))) if entry.times.start is None else ()
        if routes:
            items = tuple(item for item in items if _route(item) is None)
        is_open = _OPEN.search(" ".join((entry.title, *entry.items, entry.note)))
        for title in [entry.title] if entry.title else entry.items:
            yield Session(
                key=_key(day, entry.times.start, title),
                day=day,
                start=entry.times.start,
                end=entry.times.end,
                title=title,
                items=items,
                routes=routes,
                note=entry.note,
                certainty=Certainty.TO_BE_CONFIRMED if is_open else certainty,
            )


def _route(item: str) -> Route | None:
    found = _ROUTE.match(item)
    if not found:
        return None
    stops = _stops(found[2])
    grouped = _GROUPED.match(found[2])
    if len(stops) == 1 and grouped and len(inner := _stops(grouped[2])) > 1:
        return Route(found[1].strip(), inner, grouped[1].strip())
    return Route(found[1].strip(), stops, "")


def _stops(text: str) -> tuple[str, ...]:
    """Split text at the commas that stand outside brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "(（") - (character in ")）")
        if character in ",，、" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    stops = (re.sub(r"^(?:and|or)\s+", "", part.strip()).rstrip(".。") for part in parts)
    return tuple(stop for stop in stops if stop)


def _key(day: int, start: time | None, title: str) -> str:
    words = re.findall(r"\w+", title.lower().replace("'", "").replace("’", ""))
    slug = "-".join(words)
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    return "-".join(filter(None, (f"day-{day}", start.strftime("%H%M") if start else "", slug)))


def _unused(key: str, taken: Mapping[str, Session]) -> str:
    number = 2
    unused = key
    while unused in taken:
        unused, number = f"{key}-{number}", number + 1
    return unused


def _at_the_same_times(one: Session, other: Session) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _intersect(one: Session, other: Session) -> bool:
    """Tell whether two timed sessions share time; an open-ended one ends where the next starts."""
    first, second = sorted((one, other), key=lambda session: session.start or time.min)
    if first.start == second.start:
        return one.end is not None and other.end is not None
    return first.start is not None and second.start is not None and second.start < _last_moment(first)


def _last_moment(session: Session) -> time:
    start = session.start or time.min
    if session.end is None:
        return start
    return session.end if session.end > start else time.max  # "22:00-01:00" runs past midnight


def _gaps(timed: Sequence[Session]) -> Iterator[tuple[int, time, time]]:
    for day in dict.fromkeys(session.day for session in timed):
        today = sorted((s for s in timed if s.day == day), key=lambda session: session.start or time.min)
        busy_until = time.min
        for session, following in pairwise(today):
            busy_until = max(busy_until, _last_moment(session))
            if session.end and following.start and following.start > busy_until:
                yield day, busy_until, following.start


def _open_statements(document: Document) -> Iterator[str]:
    for text in (text for section in document.sections for text in _texts(section)):
        for sentence in re.split(r"(?<=[.!?])\s+|(?<=[。！？])|\n", text):
            if _DRAFT.search(sentence) or _OPEN.search(sentence):
                yield sentence.strip("· ")[:STATEMENT_LENGTH]


def _texts(section: Section) -> Iterator[str]:
    yield section.heading
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell for row in block.rows for cell in row)
