"""Builds of the passage index in a folder, read from copies that were checked.

Chroma writes into a database that it only reads, is not made for several processes, and its native code may crash on
a damaged file of vectors. So a build is never opened where it lies: every process reads a copy of its own, made of
files that are as they were written.
"""

import hashlib
import json
import shutil
import weakref
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from knowledge.builds import Build, Damaged, Draft, build_at, draft_at
from knowledge.embeddings import Embeddings
from knowledge.exclusive import exclusively, held

_DIGESTS: Final = "digests.json"  # of all files of a build but this one
_COPY: Final = "copy-"  # what the names of copies begin with
_AT_REST_WITHIN: Final = timedelta(minutes=1)
_IN_USE: Final = "in-use"  # the lock file of the process that has made a copy


class BuildsInFolder:
    """Builds below a folder, each a Chroma database of its own with the digests of its files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Return the names of all builds, the newest first."""
        paths = list(self._folder.iterdir()) if self._folder.is_dir() else []
        builds = [path for path in paths if not path.name.startswith(_COPY)]
        return [path.name for path in sorted(builds, key=_changed, reverse=True)]

    def draft(self, name: str, embeddings: Embeddings) -> AbstractContextManager[Draft]:
        """Make a draft, whose texts embeddings embeds.

        Raises:
            Damaged: it cannot be written.
        """
        return draft_at(self._folder / name, embeddings)

    def open(self, name: str) -> Build:
        """Return a build, to be read.

        Raises:
            Damaged: its files are not as they were written.
        """
        copy = self._folder / f"{_COPY}{uuid4().hex[:8]}"
        with ExitStack() as closing:
            closing.callback(shutil.rmtree, copy, ignore_errors=True)
            try:
                closing.enter_context(self._in_use(copy))
                _copy_checked(self._folder / name, copy)
                build = closing.enter_context(build_at(copy))
            except (OSError, ValueError, Damaged) as error:
                raise Damaged(f"{name}: {error}") from error
            weakref.finalize(build, closing.pop_all().close)
            return build

    def publish(self, draft: str, name: str) -> None:
        """Give a closed draft its name as a build, in one step."""
        path = self._folder / draft
        files = [file for file in path.rglob("*") if file.is_file()]
        digests = {file.relative_to(path).as_posix(): _digest(file.read_bytes()) for file in files}
        (path / _DIGESTS).write_text(json.dumps(digests))
        path.rename(self._folder / name)

    def drop(self, name: str) -> None:
        """Remove a build, if there is one; who has opened it reads on."""
        path = self._folder / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.exists():
            path.unlink()

    def tidy(self) -> None:
        """Remove the copies of processes that were killed."""
        with self._copies_at_rest():
            for copy in self._folder.glob(f"{_COPY}*"):
                with suppress(FileNotFoundError), held(copy / _IN_USE) or nullcontext() as using:
                    if using is not None:
                        shutil.rmtree(copy, ignore_errors=True)

    def _in_use(self, copy: Path) -> AbstractContextManager[object]:
        """Make the folder of a copy, with a lock file that keeps others from removing it until it is closed."""
        with self._copies_at_rest():
            copy.mkdir()
            return held(copy / _IN_USE) or nullcontext()

    def _copies_at_rest(self) -> AbstractContextManager[None]:
        """Keep others from making or tidying copies; between making a copy and locking it, it looks abandoned."""
        lock = self._folder.with_name(f"{self._folder.name}-copies.lock")
        return exclusively(lock, activity="copying the passage index", within=_AT_REST_WITHIN)


def _copy_checked(build: Path, copy: Path) -> None:
    """Copy the files of a build.

    Raises:
        OSError, ValueError: they are not as they were published.
    """
    digests: dict[str, str] = json.loads((build / _DIGESTS).read_bytes())
    for name, digest in digests.items():
        content = (build / name).read_bytes()
        if _digest(content) != digest:
            raise ValueError(f"{name} is not as it was written")
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process has just removed it
        return 0.0
