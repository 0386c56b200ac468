"""Copies of what cannot be made again: the database, the library and the documents that were uploaded."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.settings import Settings
from bot.store.copy import NotCopied, copied

# As in a data folder.
_DATABASE: Final = "desk.sqlite3"
_LIBRARY: Final = "knowledge/library.json"
_UPLOADS: Final = "uploads"


class NotBackedUp(Exception):
    """No backup was made; str(): why."""


def is_on_a_server(settings: Settings) -> bool:
    """Tell whether the database is on a server, whose own program makes its copies."""
    return not settings.database.startswith("sqlite")


async def backed_up(settings: Settings, folder: Path) -> Path:
    """Make a folder inside folder, named by the time, that a desk can be started on; return it.

    Nobody else who uses this machine can read it: it holds what people wrote. The index is not in it, for that is made
    again by itself, nor is a database on a server.

    Raises:
        NotBackedUp: there is nothing to copy, or it cannot be written; nothing is left behind.
    """
    sources = {_LIBRARY: settings.knowledge_folder / "library.json", _UPLOADS: settings.uploads_folder}
    if not (settings.has_database or any(source.exists() for source in sources.values())):
        raise NotBackedUp(f"{settings.home} holds nothing to copy")
    made = folder / f"desk-{settings.clock():%Y%m%d-%H%M%S}"
    try:
        with _written(made) as part:
            if settings.has_database and not is_on_a_server(settings):
                await copied(settings.database, part / _DATABASE)
            for name, source in sources.items():
                _copy(source, part / name)
    except (NotCopied, OSError) as error:
        raise NotBackedUp(f"{made} cannot be written: {error}") from error
    return made


@contextmanager
def _written(target: Path) -> Iterator[Path]:
    """Yield a folder that becomes target once everything is in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".desk-", dir=target.parent))  # which its owner alone can read
    try:
        yield part
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)
