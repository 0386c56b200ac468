"""Read a briefing document, whatever its format, into the sections that are its own."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from knowledge.cleaning import is_structured, own_lines, word_count
from knowledge.formats import MAX_PAGES, PARSED_SUFFIXES, check_kind, from_json
from knowledge.lines import (
    MAX_CHARACTERS,
    Content,
    Fault,
    Kind,
    Line,
    Unreadable,
    ends_a_sentence,
    names_a_day,
    stated_date,
)
from knowledge.plaintext import decoded, text_content

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "MAX_PAGES",
    "Block",
    "Document",
    "Origin",
    "Paragraph",
    "Section",
    "Table",
    "UnreadableDocument",
    "find_documents",
    "read_document",
]

MAX_BYTES = 20 * 2**20  # bytes; an invitation with photographs has a few megabytes
MAX_WAIT = 90  # seconds for one file; the parsing process stops itself after a minute of work
SUFFIXES = (".txt", ".md", *PARSED_SUFFIXES)
_TITLE_LINES = 4


class UnreadableDocument(Exception):
    """A file cannot be used as a briefing document; str() is one line that names the file and the reason."""

    def __init__(self, fault: Fault, told: str) -> None:
        super().__init__(told)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or an item of a list."""

    text: str
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equally many cells; inside a cell, list items are lines that start with "· "."""

    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; number is the heading's, or for a day that of the agenda."""

    heading: str
    number: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A briefing document without its page furniture; digest is the SHA-256 of the file in hexadecimal."""

    stem: str
    title: str
    meta: Mapping[str, str]
    sections: tuple[Section, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The name of the file that a document was read from, and when."""

    file: str
    read: datetime


def read_document(path: Path) -> Document:
    """Return the document in the file at path.

    Raises:
        UnreadableDocument: missing, empty, damaged, encrypted, too large, unsupported, or boilerplate only.
    """
    try:
        raw = _file_bytes(path)
        content = _content(path.suffix.lower(), raw)
        lines = _own_lines(path, content)
    except Unreadable as error:
        raise UnreadableDocument(error.fault, f"{path.name}: {error}") from error
    title, lines = _title(content, lines)
    sections = tuple(_sections(lines))
    meta = {**_meta(lines), **content.meta}
    return Document(path.stem, title or path.stem, meta, sections, hashlib.sha256(raw).hexdigest())


def find_documents(paths: Iterable[Path]) -> list[Path]:
    """Return the files among paths as they are, and the supported files in the folders among them, sorted.

    Raises:
        UnreadableDocument: a path does not exist.
    """
    found: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise UnreadableDocument(Fault.CLOSED, f"{path}: no such file or folder")
        found.update(_files_in(path) if path.is_dir() else [path])
    return sorted(found)


def _files_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "~$")) for part in parts)  # ~$: the lock files of Word
        if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
            yield path


def _file_bytes(path: Path) -> bytes:
    if path.suffix.lower() not in SUFFIXES:
        raise Unreadable(Fault.UNSUPPORTED, f"not a supported kind; use one of {', '.join(SUFFIXES)}")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Unreadable(Fault.TOO_LARGE, f"too large: {size:,} bytes, {MAX_BYTES:,} are allowed")
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(Fault.CLOSED, f"cannot be opened: {error.strerror}") from error
    if not raw.strip():
        raise Unreadable(Fault.EMPTY, "empty")
    return raw


def _content(suffix: str, raw: bytes) -> Content:
    check_kind(suffix, raw)
    if suffix in PARSED_SUFFIXES:
        content = _parsed_apart(suffix, raw)
    else:
        content = text_content(decoded(raw), markdown=suffix == ".md")
    if not content.lines:
        raise Unreadable(Fault.EMPTY, "empty: it holds no text")
    return content


def _parsed_apart(suffix: str, raw: bytes) -> Content:
    """Parse in another process: a hostile or broken file may exhaust or crash that one, not ours."""
    packages = str(Path(__file__).parents[1])
    search = os.pathsep.join([packages, *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module; suffix is one of ours
            [sys.executable, "-P", "-m", "knowledge.formats", suffix],
            input=raw,
            capture_output=True,
            timeout=MAX_WAIT,
            check=True,
            env={**os.environ, "PYTHONPATH": search},
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(Fault.DAMAGED, f"damaged or too complex: not parsed within {MAX_WAIT} seconds") from error
    except subprocess.CalledProcessError as error:
        raise Unreadable(
            Fault.DAMAGED, f"damaged: it cannot be parsed as {suffix}{_last_words(error.stderr)}"
        ) from error
    return from_json(done.stdout.decode("ascii"))


def _last_words(stderr: bytes) -> str:
    said = stderr.decode("utf-8", "replace").strip().splitlines()
    return f" ({said[-1][:120]})" if said else ""


def _own_lines(path: Path, content: Content) -> list[Line]:
    """Return the lines without page furniture, which Word and Markdown files and front matter are free of."""
    if path.suffix.lower() in (".docx", ".md") or content.meta.keys() - {"date"}:
        return list(content.lines)
    lines = own_lines(content.lines)
    if not lines:
        raise Unreadable(
            Fault.BOILERPLATE, "nothing but boilerplate: menus, notices or teasers, and no text of its own"
        )
    return lines


def _title(content: Content, lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """Return the title, and the lines without those that say nothing else."""
    first = lines[0]
    if first.kind is Kind.HEADING and first.level == 1 and not first.number:
        return content.title or first.text, list(lines[1:])
    if content.title:
        return content.title, [line for line in lines if line.text != content.title]
    count = _title_line_count(lines)
    title = " ".join(line.text for line in lines[:count])
    if count == 1 and ends_a_sentence(title):
        return title, list(lines)  # a headline that is a statement is evidence, too
    return title, list(lines[count:])


def _title_line_count(lines: Sequence[Line]) -> int:
    """Count the lines of the title: one headline, or the short lines above the first section."""
    if not is_structured(lines):
        return int(lines[0].kind is Kind.TEXT and word_count(lines[0].text) <= 30)
    kinds = [line.kind for line in lines]
    above = lines[: kinds.index(Kind.HEADING)] if Kind.HEADING in kinds else lines[:0]
    titles = [line for line in above if line.kind is Kind.TEXT and not ends_a_sentence(line.text)]
    return len(above) if above and len(titles) == len(above) <= _TITLE_LINES else 0


def _meta(lines: Sequence[Line]) -> dict[str, str]:
    """Return the date that a line of its own above the first section states."""
    for line in lines:
        if line.kind is Kind.HEADING:
            break
        if line.kind is Kind.TEXT and (found := stated_date(line.text)):
            return {"date": found.isoformat()}
    return {}


def _sections(lines: Sequence[Line]) -> Iterator[Section]:
    heading, number, start = "", "", 0
    for index, line in enumerate(lines):
        if line.kind is not Kind.HEADING:
            continue
        if heading or index > start:
            yield Section(heading, number, tuple(_blocks(lines[start:index])))
        heading, start = line.text, index + 1
        number = number if names_a_day(line.text) and not line.number else line.number
    if heading or start < len(lines):
        yield Section(heading, number, tuple(_blocks(lines[start:])))


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    rows: list[tuple[str, ...]] = []
    for line in lines:
        if line.kind is Kind.ROW:
            if rows and len(rows[0]) != len(line.cells):
                yield Table(tuple(rows))
                rows = []
            rows.append(line.cells)
            continue
        if rows:
            yield Table(tuple(rows))
            rows = []
        yield Paragraph(line.text, bullet=line.kind is Kind.BULLET)
    if rows:
        yield Table(tuple(rows))
