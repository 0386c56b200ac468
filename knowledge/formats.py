"""Read PDF, Word and HTML files into lines; run as a module, in a process that may die alone."""

import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from io import BytesIO
from typing import TYPE_CHECKING

from knowledge.lines import (
    MAX_CHARACTERS,
    Content,
    Fault,
    Kind,
    Line,
    Unreadable,
    cell_text,
    clean_text,
)
from knowledge.plaintext import heading_of, line_of, settled, table_lines, text_lines

if TYPE_CHECKING:
    from docx.table import _Row
    from docx.text.paragraph import Paragraph

MAX_PAGES = 300  # a briefing has tens of pages; more is a book, and minutes of parsing
MAX_UNPACKED = 200 * 2**20  # bytes; python-docx holds the unpacked XML in memory several times over
MAX_RATIO = 200  # of unpacked to packed bytes; Word's own XML packs up to about 50 times
MEMORY = 1536 * 2**20  # bytes of address space of the parsing process; the parsers alone map some 300 MB
CPU_SECONDS = 60  # 300 pages take some 20 s
PARSED_SUFFIXES = (".pdf", ".docx", ".html", ".htm")
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*$", re.IGNORECASE)


def parse(suffix: str, raw: bytes) -> Content:
    """Return the content of a .pdf, .docx or .html file.

    Raises:
        Unreadable: encrypted, too large, without text, or of another kind than suffix says.
    """
    match suffix:
        case ".pdf":
            content = _pdf_content(raw)
        case ".docx":
            content = _docx_content(raw)
        case _:
            from knowledge.webpage import html_content  # noqa: PLC0415 - bs4 is heavy, see _pdf_content

            content = html_content(raw)
    if sum(len(line.text) + sum(map(len, line.cells)) for line in content.lines) > MAX_CHARACTERS:
        raise Unreadable(Fault.TOO_LARGE, f"too large: it holds more than {MAX_CHARACTERS:,} characters of text")
    return content


def check_kind(suffix: str, raw: bytes) -> None:
    """Raise Unreadable when the first bytes of raw are not those of a suffix file."""
    found = _magic(raw)
    wanted = {".pdf": "a PDF", ".docx": "a Word or ZIP file"}.get(suffix, "")
    if found == "an old Office file" and b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0" in raw:
        raise Unreadable(Fault.ENCRYPTED, "encrypted; save it without a password")
    if found and found != wanted:
        raise Unreadable(Fault.MISNAMED, f"misnamed: it is {found}, not a {suffix} file")
    if found != wanted:
        raise Unreadable(Fault.DAMAGED, f"damaged or misnamed: it does not begin as a {suffix} file does")


def to_json(content: Content) -> str:
    """Return content as JSON, for the pipe between the two processes."""
    return json.dumps({**asdict(content), "lines": [asdict(line) for line in content.lines]})


def from_json(encoded: str) -> Content:
    """Return the content that to_json() wrote.

    Raises:
        Unreadable: the other process wrote the reason of a failure instead.
    """
    found = json.loads(encoded)
    if "error" in found:
        raise Unreadable(Fault(found["fault"]), found["error"])
    lines = [Line(**{**line, "kind": Kind(line["kind"]), "cells": tuple(line["cells"])}) for line in found["lines"]]
    return Content(lines, found["title"], found["meta"])


def _magic(raw: bytes) -> str:
    if b"%PDF-" in raw[:1024]:  # PDF readers allow for some bytes before it (ISO 32000-1, annex H)
        return "a PDF"
    if raw.startswith(b"PK\x03\x04"):
        return "a Word or ZIP file"
    return "an old Office file" if raw.startswith(b"\xd0\xcf\x11\xe0") else ""


def _pdf_content(raw: bytes) -> Content:
    from pypdf import PdfReader  # noqa: PLC0415 - heavy, and wanted in the parsing process only

    if b"%%EOF" not in raw[-4096:]:
        raise Unreadable(Fault.DAMAGED, "damaged: the end of the file is missing")
    reader = PdfReader(BytesIO(raw))
    if reader.is_encrypted:
        raise Unreadable(Fault.ENCRYPTED, "encrypted; save it without a password")
    if len(reader.pages) > MAX_PAGES:
        raise Unreadable(Fault.TOO_LARGE, f"too large: {len(reader.pages)} pages, {MAX_PAGES} are allowed")
    pages = [page.extract_text().splitlines() for page in reader.pages]
    text = "\n".join(line for page in _without_running_lines(pages) for line in page)
    if not text.strip():
        raise Unreadable(Fault.WITHOUT_TEXT, "without text: its pages are images, or empty")
    return Content(text_lines(text))


def _without_running_lines(pages: list[list[str]]) -> Iterator[list[str]]:
    """Drop page numbers, and what the first or last lines of most pages repeat."""
    edges = Counter(line.strip() for page in pages for line in {*page[:1], *page[-1:]})
    for number, page in enumerate(pages):
        running = {line for line in (*page[:1], *page[-1:]) if _PAGE_NUMBER.match(line)}
        if number:
            running |= {line for line in (*page[:1], *page[-1:]) if edges[line.strip()] > max(2, len(pages) // 2)}
        yield [line for line in page if line not in running]


def _docx_content(raw: bytes) -> Content:
    from docx import Document  # noqa: PLC0415 - heavy, and wanted in the parsing process only
    from docx.table import Table  # noqa: PLC0415

    with zipfile.ZipFile(BytesIO(raw)) as archive:
        _check_archive(archive)
    lines: list[Line] = []
    title = ""
    for block in Document(BytesIO(raw)).iter_inner_content():
        if isinstance(block, Table):
            lines += table_lines([_docx_row(row) for row in block.rows])
            continue
        style = block.style.name or "" if block.style else ""
        if style == "Title" and not title:
            title = clean_text(block.text)
        else:
            lines += _docx_lines(block, style)
    return Content(settled(lines), title)


def _check_archive(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if "word/document.xml" not in archive.namelist():
        raise Unreadable(Fault.DAMAGED, "damaged or misnamed: it is a ZIP archive, not a Word document")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(Fault.ENCRYPTED, "encrypted; save it without a password")
    if unpacked > MAX_UNPACKED or (unpacked > 2**20 and unpacked > MAX_RATIO * packed):
        raise Unreadable(Fault.TOO_LARGE, f"too large: its {packed:,} bytes unpack to {unpacked:,}")


def _docx_lines(paragraph: "Paragraph", style: str) -> Iterator[Line]:
    for text in filter(str.strip, paragraph.text.split("\n")):
        if style.startswith("Heading"):
            yield heading_of(text, int(re.sub(r"\D", "", style) or 1))
        elif _is_item(paragraph, style):
            yield Line(Kind.BULLET, clean_text(text))
        else:
            yield line_of(text)


def _docx_row(row: "_Row") -> list[str]:
    return [cell_text("<br>".join(map(_docx_cell_line, cell.paragraphs))) for cell in row.cells]


def _docx_cell_line(paragraph: "Paragraph") -> str:
    style = paragraph.style.name or "" if paragraph.style else ""
    text = paragraph.text.replace("\n", "<br>")
    return f"· {text}" if _is_item(paragraph, style) and text.strip() else text


def _is_item(paragraph: "Paragraph", style: str) -> bool:
    return style.startswith("List") or bool(paragraph.paragraph_format.element.xpath("./w:pPr/w:numPr"))


def main() -> None:
    """Parse the file on standard input, of the kind that the first argument names, and print it as JSON."""
    _limit_resources()
    try:
        content = to_json(parse(sys.argv[1], sys.stdin.buffer.read()))
    except Unreadable as error:
        content = json.dumps({"error": str(error), "fault": error.fault})
    sys.stdout.write(content)


def _limit_resources() -> None:
    if sys.platform != "linux":  # macOS refuses a limit on the address space, Windows has none; the caller's
        return  # time-out remains
    import resource  # noqa: PLC0415 - there is none on Windows

    for limit, wanted in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS)):
        allowed = resource.getrlimit(limit)[1]
        value = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
