"""Lists as CSV that a spreadsheet may open: no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# What spreadsheets take for the start of one: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(cell: object) -> object:
    """Return a cell as it may be written: a text that looks like a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8, with the mark by which Excel knows it."""
    file = io.StringIO()
    csv.writer(file).writerows([safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()
