"""Charts as SVG, drawn here: no script is needed to see them, and each stands beside a table that says the same.

Lengths across are shares of the width, so that letters keep their size on a phone and on a wall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from markupsafe import Markup

_ROW: Final = 46  # px of a bar with its label
_BAR: Final = 12
_LETTERS: Final = 34  # of a label: what a phone has room for; the table has all of it
_HIGH: Final = 150  # px of the columns
_FOOT: Final = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, the figures of its parts, what it is measured by (None: nothing), what stands at its end."""

    label: str
    parts: tuple[int, ...]
    of: int | None = None
    told: str = ""


def bars(rows: Sequence[Bar], title: str, *, is_rtl: bool = False) -> Markup:
    """Return bars below each other; title: what a screen reader says in place of the picture."""
    most = max((max(sum(row.parts), row.of or 0) for row in rows), default=0) or 1
    drawn = "".join(_bar(row, place, most, is_rtl=is_rtl) for place, row in enumerate(rows))
    return _svg("bars", len(rows) * _ROW, title, drawn)


def columns(days: Sequence[tuple[str, tuple[int, ...]]], title: str, *, is_rtl: bool = False) -> Markup:
    """Return a column of stacked parts for each label."""
    most = max((sum(parts) for _, parts in days), default=0) or 1
    wide = 100 / max(1, len(days))
    ordered = list(reversed(days)) if is_rtl else days
    drawn = [f'<line class="axis" x1="0" x2="100%" y1="{_HIGH}.5" y2="{_HIGH}.5"/>']
    for place, (label, parts) in enumerate(ordered):
        left, top = place * wide, float(_HIGH)
        for number, part in enumerate(parts):
            high = part / most * (_HIGH - 24)
            top -= high
            if part:
                at = f'x="{left + wide * 0.15:.2f}%" y="{top:.1f}" width="{wide * 0.7:.2f}%" height="{high:.1f}"'
                drawn.append(f'<rect class="part-{number}" {at}/>')
        middle = f'x="{left + wide / 2:.2f}%" text-anchor="middle"'
        if sum(parts):
            drawn.append(f'<text class="value" {middle} y="{top - 6:.1f}">{sum(parts)}</text>')
        if place % max(1, round(len(days) / 7)) == 0 or len(days) <= 7:
            drawn.append(f'<text class="label" {middle} y="{_HIGH + 18}">{escape(label)}</text>')
    return _svg("columns", _HIGH + _FOOT, title, "".join(drawn))


def _bar(row: Bar, place: int, most: int, *, is_rtl: bool) -> str:
    top = place * _ROW
    start, end = ("100%", "0") if is_rtl else ("0", "100%")
    short = row.label if len(row.label) <= _LETTERS else f"{row.label[: _LETTERS - 1].rstrip()}…"
    label = f'<text class="label" x="{start}" y="{top + 15}">{escape(short)}</text>'
    told = f'<text class="value" x="{end}" y="{top + 15}" text-anchor="end">{escape(row.told)}</text>'
    at = top + 23
    drawn = [label, told, _rect("track", 0, 100, at, is_rtl=is_rtl)]
    if row.of is not None:
        drawn.append(_rect("room", 0, row.of / most * 100, at, is_rtl=is_rtl))
    left = 0.0
    for number, part in enumerate(row.parts):
        if part:
            drawn.append(_rect(f"part-{number}", left, part / most * 100, at, is_rtl=is_rtl))
        left += part / most * 100
    return "".join(drawn)


def _rect(kind: str, left: float, wide: float, top: int, *, is_rtl: bool) -> str:
    x = 100 - left - wide if is_rtl else left
    return f'<rect class="{kind}" x="{x:.2f}%" y="{top}" width="{wide:.2f}%" height="{_BAR}" rx="3"/>'


def _svg(kind: str, high: int, title: str, drawn: str) -> Markup:
    return Markup(  # noqa: S704 - every text in it is escaped above
        f'<svg class="chart {kind}" role="img" aria-label="{escape(title)}" width="100%" height="{high}"'
        f' xmlns="http://www.w3.org/2000/svg">{drawn}</svg>'
    )
