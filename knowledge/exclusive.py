"""Let one process at a time do what two would spoil."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

_LOOK_AGAIN: Final = 0.05  # seconds


class Busy(Exception):
    """Another process is at it, and was not done in time; str() says at what, and what to do."""


@contextmanager
def exclusively(path: Path, *, activity: str, within: timedelta) -> Iterator[None]:
    """Hold the lock file at path; wait for whoever holds it, but no longer than within.

    activity: what the lock is for, as in "another process is ...". The system frees the lock of a process
    that ends, however it ends; the file stays, and means nothing by itself.

    Raises:
        Busy: it was not free in time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + within.total_seconds()
    while (file := held(path)) is None:
        if time.monotonic() >= until:
            raise Busy(f"another process is {activity}; try again when it is done")
        threading.Event().wait(_LOOK_AGAIN)
    with file:
        yield


def held(path: Path) -> IO[bytes] | None:
    """Return the lock file at path, held until it is closed; None where somebody else holds it."""
    file = path.open("a+b")
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - there is none elsewhere

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - there is none on Windows

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.close()
        return None
    return file
