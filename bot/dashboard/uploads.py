"""Documents that are uploaded: kept aside while they are looked at, then where the next ingest finds them."""

import re
import secrets
import shutil
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Final

from knowledge.documents import MAX_BYTES, UnreadableDocument, find_documents
from knowledge.exclusive import exclusively
from knowledge.lines import Fault
from knowledge.shelf import Ingested, NothingToIngest, Shelf
from knowledge.snapshot import LibraryDamaged

_ASIDE: Final = ".aside"  # hidden, so that no ingest reads what is not taken in yet
_STAYS: Final = timedelta(days=1)  # for which it can be taken in
_AFTER_ANOTHER: Final = timedelta(minutes=1)
_LONGEST: Final = 120  # bytes of a name; file systems allow 255


class Gone(Exception):
    """What was looked at is not there any more: it was taken in, or has waited for too long."""


class Uploads:
    """The documents below a folder that all processes share."""

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self._folder = folder
        self._shelf = shelf

    def keep(self, name: str, content: bytes) -> str:
        """Keep a file aside; return the name by which look() and take() know it.

        Raises:
            UnreadableDocument: it is too large, or its name is none for a file.
            OSError: the disk is full, or the folder cannot be written.
        """
        if len(content) > MAX_BYTES:
            raise UnreadableDocument(
                Fault.TOO_LARGE, f"{name}: too large: {len(content):,} bytes, {MAX_BYTES:,} are allowed"
            )
        kept = f"{secrets.token_hex(16)}/{name}"
        path = self._folder / _ASIDE / kept
        path.parent.mkdir(parents=True)
        self._forget_older_than(path.parent.stat().st_mtime - _STAYS.total_seconds())
        path.write_bytes(content)
        return kept

    def look(self, kept: str) -> Ingested:
        """Return what the library would be with a file that was kept aside; one that cannot be read is dropped.

        Raises:
            NothingToIngest: it cannot be read.
            LibraryDamaged: the library to add to is damaged.
        """
        try:
            return self._shelf.tried([self._folder / _ASIDE / kept])
        except (NothingToIngest, LibraryDamaged):
            self.drop(kept)
            raise

    def take(self, kept: str) -> Ingested:
        """Take a file into the library, in place of the document of its name, and keep it for the next ingest.

        Raises:
            Gone: it is not there any more.
            NothingToIngest, LibraryDamaged, Busy, NotSaved, IndexNotWritten: the library is as it was.
        """
        path = self._folder / _ASIDE / kept
        with exclusively(self._folder / ".lock", activity="taking in a document", within=_AFTER_ANOTHER):
            if not path.is_file():
                raise Gone(kept)
            done = self._shelf.ingest([path])
            path.replace(self._folder / path.name)
            for other in find_documents([self._folder]):
                if other.stem == path.stem and other.name != path.name:
                    other.unlink()
        self.drop(kept)
        return done

    def drop(self, kept: str) -> None:
        """Forget a file that was kept aside."""
        shutil.rmtree((self._folder / _ASIDE / kept).parent, ignore_errors=True)

    def _forget_older_than(self, seconds: float) -> None:
        """Forget what was kept aside before a time of the file system."""
        for path in (self._folder / _ASIDE).iterdir():
            if path.stat().st_mtime < seconds:
                shutil.rmtree(path, ignore_errors=True)


def name_of(told: str, replaces: str) -> str:
    """Return the name of a file that a browser tells; replaces: the document whose name it takes on, '' for its own.

    Raises:
        UnreadableDocument: it is none for a file.
    """
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", told))[-1].strip()
    name = replaces + Path(bare).suffix.lower() if replaces else bare
    is_hidden = name.startswith((".", "~$"))
    if is_hidden or not name.isprintable() or not Path(name).suffix or len(name.encode()) > _LONGEST:
        raise UnreadableDocument(Fault.NAME, f"{name}: not a name")
    return name
