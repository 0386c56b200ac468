"""Read the tables of an agenda into entries: when, what, and what is said about it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.clocktimes import NO_TIMES, Times, clock_times
from knowledge.documents import Paragraph, Section, Table

PLAIN_ROW_WORDS = 20  # a longer paragraph below a day's heading explains the day; it is not an entry
_TIME_HEADER = re.compile(r"^(?:time|hours?|when|时间)\b", re.IGNORECASE)
_TEXT_HEADER = re.compile(
    r"^(?:session|activit|event|item|programme|program|agenda|title|content|内容|活动)", re.IGNORECASE
)
_REMARK = re.compile(r"^[(（]([^()（）]+(?:[(（][^()（）]*[)）][^()（）]*)*)[)）]$")
_NO_CLOCK = re.compile(
    r"^(?:morning|noon|afternoon|evening|night|all day|whole day|TBC|TBA|TBD|to be .*|[-–—]*)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an agenda; without a title, items are parallel entries of their own."""

    times: Times
    title: str
    items: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class _Row:
    times: Times
    text: str
    remark: str = ""
    continues: bool = False  # its time cell is empty


def entries_of(section: Section) -> list[Entry]:
    """Return the entries of the agenda tables of section; without tables, of its short paragraphs."""
    return table_entries(section) or [_entry(row) for row in _rows_of_paragraphs(section)]


def table_entries(section: Section) -> list[Entry]:
    """Return the entries of the agenda tables of section in order; none when it has no such table."""
    rows = [row for block in section.blocks if isinstance(block, Table) for row in _table_rows(block)]
    return [_entry(row) for row in _continued(rows)]


def _table_rows(table: Table) -> Iterator[_Row]:
    width = max(map(len, table.rows), default=0)
    rows = [row + ("",) * (width - len(row)) for row in table.rows]
    header = rows.pop(0) if rows and any(map(_TIME_HEADER.match, rows[0])) else ()
    if not rows or width < 2:
        return
    when = _time_column(header, rows)
    if not header and not all(clock_times(row[when]).start or _NO_CLOCK.match(row[when]) for row in rows):
        return
    what = _text_column(header, rows, when)
    for row in rows:
        others = [_labelled(header, row, column) for column in range(len(row)) if column not in (when, what)]
        times = clock_times(row[when])
        said = "" if times.start or row[when] == row[what] else row[when]
        yield _Row(times, row[what], "; ".join(filter(None, (said, *others))), continues=not row[when])


def _time_column(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    for column, cell in enumerate(header):
        if _TIME_HEADER.match(cell):
            return column
    columns = range(len(rows[0]))
    return max(columns, key=lambda column: sum(clock_times(row[column]).start is not None for row in rows))


def _text_column(header: Sequence[str], rows: Sequence[Sequence[str]], when: int) -> int:
    others = [column for column in range(len(rows[0])) if column != when]
    for column in others:
        if header and _TEXT_HEADER.match(header[column]):
            return column
    return max(others, key=lambda column: sum(len(row[column]) for row in rows))


def _labelled(header: Sequence[str], row: Sequence[str], column: int) -> str:
    label = header[column] if header else ""
    return f"{label}: {row[column]}" if label and row[column] else row[column]


def _rows_of_paragraphs(section: Section) -> list[_Row]:
    """Return the entries of a day that has no table, next to days that have one."""
    rows: list[_Row] = []
    for block in section.blocks:
        if not isinstance(block, Paragraph) or len(block.text.split()) > PLAIN_ROW_WORDS:
            continue
        if block.bullet and rows:
            rows[-1] = replace(rows[-1], text=f"{rows[-1].text}\n· {block.text}")
        else:
            rows.append(_Row(NO_TIMES, block.text))
    return rows


def _continued(rows: Sequence[_Row]) -> list[_Row]:
    """Join a row without a time to the timed row before it: a page break parted them."""
    joined: list[_Row] = []
    for row in rows:
        if row.continues and joined and joined[-1].times.start:
            remark = "; ".join(filter(None, (joined[-1].remark, row.remark)))
            joined[-1] = replace(joined[-1], text=_continuation(joined[-1].text, row.text), remark=remark)
        else:
            joined.append(row)
    return [row for row in joined if row.text]


def _continuation(text: str, rest: str) -> str:
    in_item = text.rpartition("\n")[2].startswith("·") and not rest.startswith(("·", "("))
    return f"{text} {rest}" if in_item else f"{text}\n{rest}".strip()


def _entry(row: _Row) -> Entry:
    lines = [line.strip() for line in row.text.splitlines() if line.strip("· ")]
    remarks = [found[1].strip() for line in lines if (found := _REMARK.match(line))]
    said = [line for line in lines if not _REMARK.match(line)] or remarks[:1]
    title = "" if said and said[0].startswith("·") else "".join(said[:1])
    items = tuple(line.lstrip("· ") for line in (said[1:] if title else said))
    notes = (row.remark, *(remark for remark in remarks if remark != title))
    return Entry(row.times, title, items, "; ".join(filter(None, notes)))
