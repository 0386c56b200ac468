"""Lists as files."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from bot.dashboard.asking import NotFound
from bot.registry import formatted

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def exported(rows: Sequence[tuple[object, ...]], name: str, form: str) -> Response:
    """Return rows, the first of which names the columns, as a file; form: csv or xlsx.

    Raises:
        NotFound: it is neither.
    """
    if form not in _TYPES:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(formatted(rows, form), media_type=_TYPES[form], headers=headers)
