"""Read plain text and Markdown into lines: headings by number or mark, bullets, and tables by tab or pipe."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from knowledge.lines import (
    MAX_CHARACTERS,
    Content,
    Fault,
    Kind,
    Line,
    Unreadable,
    bullet_text,
    cell_text,
    clean_text,
    names_a_day,
    numbered,
    printable,
    unlabelled,
)

_MARKED_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_PIPE_RULE = re.compile(r"^\|?[\s:|-]*-[\s:|-]*\|?$")
_PIPE = re.compile(r"(?<!\\)\|")
_CLOCK = r"\d{1,2}[:.h]\d{2}"
_TIMED_LINE = re.compile(rf"^\s*({_CLOCK}(?:\s*[-–—~]\s*{_CLOCK})?)(?:[ \t]+|$)(?![-–—~,])(.*)$")
_TIMETABLE_LINES = 3  # so many lines that begin with a time make a timetable; fewer may be prose
_WRAP_LIMIT = 130  # characters; a document with a longer line has one paragraph on each line
_EMPHASIS = re.compile(
    r"(?<![\w*])(\*{1,3})(?=\S)(.{1,300}?)(?<=\S)\1(?![\w*])|(?<!\w)(_{1,2})(?=\S)(.{1,300}?)(?<=\S)\3(?!\w)"
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s\"[^\"]*\")?\)")
_COMMENT = re.compile(r"<!--(?:(?!-->).)*+(?:-->|\Z)", re.DOTALL)
COMMON_HAN_SHARE = 0.7  # level 1 of GB 2312 covers over nine in ten of the characters of Chinese texts
_DATED_START = re.compile(r"^\s*date[ \t]+(\d{4}-\d{2}-\d{2})[ \t]*")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def decoded(raw: bytes) -> str:
    """Return the text of raw: UTF-8, UTF-16 with its mark, or GB18030 when that makes Chinese of it.

    Raises:
        Unreadable: it is none of these.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_as(raw, "utf-16")
    if b"\0" in raw:
        raise Unreadable(Fault.DAMAGED, "damaged or misnamed: it is not text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decoded_as(raw, "gb18030")
    if _share_of_common_han(text) < COMMON_HAN_SHARE:
        raise Unreadable(Fault.DAMAGED, "not readable: its encoding is not UTF-8, UTF-16 or GB18030; save it as UTF-8")
    return text


def text_content(text: str, *, markdown: bool) -> Content:
    """Return the content of plain text or Markdown; meta is its front matter, or the date it starts with.

    Raises:
        Unreadable: too large.
    """
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(Fault.TOO_LARGE, f"too large: {len(text):,} characters, {MAX_CHARACTERS:,} are allowed")
    meta: dict[str, str] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        pairs = (line.partition(":") for line in front[1].splitlines())
        meta = {key.strip(): value.strip().strip("\"'") for key, colon, value in pairs if colon}
        text = text[front.end() :]
    dated = _DATED_START.match(text)
    if dated:
        meta = {"date": dated[1], **meta}
        text = text[dated.end() :]
    return Content(text_lines(text, markdown=markdown), meta.get("title", ""), meta)


def text_lines(text: str, *, markdown: bool = False) -> list[Line]:
    """Return the lines of plain text or Markdown; tables become rows, hard-wrapped paragraphs are joined."""
    if markdown:
        text = _unmarked(text)
    raw = [line.rstrip(" ") for line in printable(text).splitlines()]
    raw = _tabbed_timetable(raw) if not markdown else raw
    return settled(_classified(_joined(raw, _wrap_width(raw, markdown=markdown))))


def line_of(text: str) -> Line:
    """Return the line that a piece of text is by its first characters and its length."""
    bullet = bullet_text(text.strip())
    if bullet is not None:
        return Line(Kind.BULLET, clean_text(bullet))
    text = clean_text(text)
    parts = numbered(text)
    if parts:
        return Line(Kind.HEADING, parts[1], number=parts[0])
    if names_a_day(text) and text.lower().startswith(("day", "第")):
        return Line(Kind.HEADING, unlabelled(text))
    return Line(Kind.TEXT, text)


def heading_of(text: str, level: int) -> Line:
    """Return the heading that marked-up text is, its number apart."""
    text = clean_text(text)
    number, heading = numbered(text) or ("", unlabelled(text))
    return Line(Kind.HEADING, heading, number=number, level=level)


def table_lines(rows: Sequence[Sequence[str]]) -> list[Line]:
    """Return rows, equally wide; one that holds nothing but the name of a day is a heading."""
    width = max((len(row) for row in rows), default=0)
    lines = []
    for row in rows:
        cells = tuple(row) + ("",) * (width - len(row))
        said = {cell for cell in cells if cell}  # a cell merged across the table is repeated in each column
        if len(said) == 1 and names_a_day(alone := said.pop()):
            lines.append(Line(Kind.HEADING, unlabelled(alone)))
        elif any(cells):
            lines.append(Line(Kind.ROW, cells=cells))
    return lines


def settled(lines: Iterable[Line]) -> list[Line]:
    """Return lines with runs of numbered lines as bullets, and a date above a table as its heading."""
    kept = [line for line in lines if line.cells or re.search(r"\w", line.text)]  # not mere rules and stars
    for index, (line, following) in enumerate(pairwise(kept)):
        if _is_date(line) and following.kind is Kind.ROW:
            kept[index] = replace(line, kind=Kind.HEADING, text=unlabelled(line.text))
    return [_unlisted(kept, index) for index in range(len(kept))]


def _decoded_as(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            Fault.DAMAGED, "damaged: its encoding is not UTF-8, UTF-16 or GB18030; save it as UTF-8"
        ) from error


def _share_of_common_han(text: str) -> float:
    """Return the share of level 1 of GB 2312 among Han characters; other encodings decode to rare ones."""
    han = [character for character in text if "\u3400" <= character <= "\u9fff"]
    codes = [character.encode("gb18030") for character in han]
    common = sum(len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and code[1] > 0xA0 for code in codes)
    return common / len(han) if han else 0.0


def _unmarked(text: str) -> str:
    text = _LINK.sub(r"\1", _COMMENT.sub("", text))
    return _EMPHASIS.sub(lambda found: found[2] or found[4], text)


def _tabbed_timetable(raw: list[str]) -> list[str]:
    """Put a tab between the time and the text of lines that a PDF or a typist aligned with blanks."""
    found = [None if "\t" in line else _TIMED_LINE.match(line) for line in raw]
    if sum(match is not None for match in found) < _TIMETABLE_LINES:
        return raw
    tabbed: list[str] = []
    held: list[str] = []  # lines below a timed one: the rest of its cell if another timed line follows
    for line, match in zip(raw, found, strict=True):
        if match:
            tabbed += [_with_rest(tabbed.pop(), held)] if held else []
            tabbed.append(f"{match[1]}\t{match[2]}")
            held = []
        elif _is_rest(line) and tabbed and "\t" in tabbed[-1]:
            held.append(line.strip())
        else:
            tabbed += [*_with_first(tabbed.pop(), held), line] if held else [line]
            held = []
    return [*tabbed[:-1], *_with_first(tabbed[-1], held)] if held else tabbed


def _is_rest(line: str) -> bool:
    return bool(line.strip()) and "\t" not in line and not _is_heading(line)


def _with_rest(row: str, rest: Sequence[str]) -> str:
    return row + "".join(f"<br>{line}" if bullet_text(line) else f" {line}" for line in rest)


def _with_first(row: str, rest: Sequence[str]) -> list[str]:
    """Give a row without text the line below it: some PDFs say each cell on a line of its own."""
    return [_with_rest(row, rest[:1]), *rest[1:]] if row.endswith("\t") else [row, *rest]


def _wrap_width(raw: Sequence[str], *, markdown: bool) -> int | None:
    """Return the length from which a line counts as wrapped; None when no line of the document is."""
    if markdown:
        return 0
    lengths = sorted(len(line) for line in raw if line and "\t" not in line)
    if not lengths or lengths[-1] > _WRAP_LIMIT or lengths[-1] < 40:
        return None
    return int(0.8 * lengths[int(0.9 * (len(lengths) - 1))])


def _joined(raw: Sequence[str], wrap_width: int | None) -> list[str]:
    if wrap_width is None:
        return list(raw)
    joined: list[str] = []
    length = 0
    for line in raw:
        if joined and length >= wrap_width and _can_continue(joined[-1]) and _can_be_continuation(line):
            joined[-1] = _rejoined(joined[-1], line.strip())
        else:
            joined.append(line)
        length = len(line)
    return joined


def _rejoined(start: str, rest: str) -> str:
    if re.search(r"[^\W\d]-$", start) and rest[:1].islower():
        return start[:-1] + rest
    return start + rest if re.search(r"[一-鿿，、]$", start) else f"{start} {rest}"


def _can_continue(line: str) -> bool:
    plain = bool(line.strip()) and not line.startswith(("#", "|")) and "\t" not in line.strip()
    return plain and not _is_heading(line)


def _can_be_continuation(line: str) -> bool:
    text = line.strip()
    item = bullet_text(text) is not None or re.match(r"\d{1,2}[.)]\s", text)
    return not item and "\t" not in line and _can_continue(line)


def _is_heading(line: str) -> bool:
    return line_of(line).kind is Kind.HEADING


def _classified(raw: Sequence[str]) -> Iterator[Line]:
    table: list[str] = []
    for line in raw:
        if _is_row(line, table):
            table.append(line)
        elif line.strip() or not table:
            yield from _table(table)
            table = []
            yield from _single(line)
    yield from _table(table)


def _is_row(line: str, table: Sequence[str]) -> bool:
    if line.lstrip().startswith("|"):
        return not table or "\t" not in table[0]
    return "\t" in line and bool(line.strip()) and not (table and table[0].lstrip().startswith("|"))


def _table(raw: Sequence[str]) -> Iterator[Line]:
    if not raw:
        return
    if raw[0].lstrip().startswith("|"):
        rows = [_PIPE.split(_between_pipes(line)) for line in raw if not _PIPE_RULE.match(line.strip())]
    else:
        rows = [line.split("\t") for line in raw]
    cells = [[cell_text(cell.replace(r"\|", "|")) for cell in row] for row in rows]
    if any(sum(map(bool, row)) > 1 for row in cells):
        yield from table_lines(cells)
    else:  # lines that are merely indented with a tab
        for line in raw:
            yield from _single(line.strip())


def _between_pipes(line: str) -> str:
    return re.sub(r"^\||(?<!\\)\|$", "", line.strip())


def _single(line: str) -> Iterator[Line]:
    if not line.strip():
        return
    marked = _MARKED_HEADING.match(line)
    yield heading_of(marked[2], len(marked[1])) if marked else line_of(line)


def _is_date(line: Line) -> bool:
    return line.kind is Kind.TEXT and names_a_day(line.text)


def _unlisted(lines: Sequence[Line], index: int) -> Line:
    """Return the line at index; as a bullet when it is one of several numbered lines in a row."""
    line = lines[index]
    if not _counts(line):
        return line
    neighbours = [*lines[max(index - 1, 0) : index], *lines[index + 1 : index + 2]]
    in_list = any(_counts(other) and abs(int(other.number) - int(line.number)) == 1 for other in neighbours)
    return Line(Kind.BULLET, f"{line.number}. {line.text}") if in_list else line


def _counts(line: Line) -> bool:
    return line.kind is Kind.HEADING and not line.level and line.number.isdecimal()
