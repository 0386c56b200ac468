"""Keep the library on disk: read it, and replace documents in it so that no reader sees half a change."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from knowledge.documents import Document, Origin, UnreadableDocument, find_documents, read_document
from knowledge.embeddings import SentenceEncoder
from knowledge.exclusive import exclusively
from knowledge.index import PassageIndex
from knowledge.library import Library
from knowledge.lines import Fault
from knowledge.linking import Linker, entities_of
from knowledge.names import Names
from knowledge.snapshot import (
    LibraryDamaged,
    Snapshot,
    read_snapshot,
    read_vectors,
    write_snapshot,
    write_vectors,
)
from knowledge.topics import Topic
from knowledge.translations import approvals, merged, without_outdated

_LIBRARY: Final = "library.json"
_NAMES: Final = "names.npz"
_ANOTHER_INGEST: Final = timedelta(minutes=1)  # how long to wait for it; a briefing pack takes ten seconds

_PRESENT: Final = partial(datetime.now, UTC)

Version = tuple[int, int, int]  # of the file: time of change, number, size


class NothingIngested(Exception):
    """The data folder holds no library; run `desk ingest`."""


class NothingToIngest(Exception):
    """No document could be read, and the library stays as it is; str() says why."""

    def __init__(self, told: str, unreadable: Sequence[UnreadableDocument] = ()) -> None:
        super().__init__(told)
        self.unreadable = unreadable


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did."""

    library: Library
    read: tuple[Document, ...]
    unreadable: tuple[UnreadableDocument, ...]
    embedded: int  # passages that were new
    outdated: tuple[str, ...] = ()  # translations left out, as document/heading (language)


class Shelf:
    """The library below a folder. One process ingests at a time; any number read."""

    def __init__(
        self,
        folder: Path,
        index: PassageIndex,
        encoder: SentenceEncoder,
        topics: Mapping[str, Topic],
        *,
        now: Callable[[], datetime] = _PRESENT,
    ) -> None:
        self._now = now
        self._folder = folder
        self._index = index
        self._encoder = encoder
        self._topics = topics

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing has been ingested."""
        return self.version is None

    @property
    def version(self) -> Version | None:
        """What changes with every ingest; None for an empty shelf. Ask for it before reading, not after."""
        try:
            found = (self._folder / _LIBRARY).stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def read(self) -> Library:
        """Return the library as last ingested.

        Raises:
            NothingIngested: there is none.
            LibraryDamaged: its file is damaged.
        """
        try:
            return self._library(read_snapshot(self._folder / _LIBRARY))
        except FileNotFoundError as error:
            raise NothingIngested("nothing has been ingested yet; run `desk ingest`") from error

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        only: bool = False,
        instead: Path | None = None,
        progress: Callable[[str], object] = str,
    ) -> Ingested:
        """Replace the documents at paths, or with only make them the whole library; return what was done.

        instead: a folder that may be missing; its documents are read too, in place of those of the same name at paths.

        New passages are stored first, then one file is renamed into place, then old passages are removed: a
        reader sees the whole library before or the whole library after. A file that cannot be read leaves its
        document as it was. progress is called with the name of each file, and "passages" for the rest.

        Raises:
            NothingToIngest: no file could be read.
            LibraryDamaged: the library to add to is damaged.
            Busy: another ingest does not come to its end.
            NotSaved, IndexNotWritten: the disk is full, or the folder cannot be written.
        """
        with exclusively(self._folder / "ingest.lock", activity="ingesting", within=_ANOTHER_INGEST):
            return self._ingest(self._looked_at(list(paths), only=only, instead=instead, progress=progress), progress)

    def tried(self, paths: Iterable[Path]) -> Ingested:
        """Return what an ingest of the documents at paths would do; nothing is done, and nothing is embedded.

        Raises:
            NothingToIngest: no file could be read.
            LibraryDamaged: the library to add to is damaged.
        """
        seen = self._looked_at(list(paths))
        return Ingested(self._library(seen.after), tuple(seen.read), tuple(seen.unreadable), 0, seen.outdated)

    def linker(self, library: Library) -> Linker | None:
        """Return the linker of the home event's programme, with its vectors from disk or made anew."""
        linker = linker_of(library)
        if linker is not None:
            texts = list(chain.from_iterable(linker.texts))
            stored = read_vectors(texts, self._folder / _NAMES)
            linker.learn(self._encoder.encode(texts) if stored is None else stored)
        return linker

    def _looked_at(
        self,
        paths: list[Path],
        *,
        only: bool = False,
        instead: Path | None = None,
        progress: Callable[[str], object] = str,
    ) -> "_Look":
        before = self._snapshot_before(only=only)
        files = _files(paths, instead)
        reading = _read_all(files, progress)
        if not reading.documents:
            reasons = "; ".join(map(str, reading.unreadable))
            raise NothingToIngest(reasons or f"no documents in {', '.join(map(str, paths))}", reading.unreadable)
        kept = [d for d in before.documents if d.stem in reading.failed or not (only or d.stem in reading.documents)]
        given = Names.load(path for path in paths if path.is_dir())
        names = given if only else merged(before.names, given)
        documents = (*kept, *reading.documents.values())
        after, outdated = self._approved(documents, names, before)
        now = self._now()
        fresh = {path.stem: Origin(path.name, now) for path in files if path.stem in reading.documents}
        origins = {d.stem: before.origins[d.stem] for d in kept if d.stem in before.origins} | fresh
        return _Look(before, replace(after, origins=origins), reading.documents.values(), reading.unreadable, outdated)

    def _ingest(self, seen: "_Look", progress: Callable[[str], object]) -> Ingested:
        progress("passages")
        library = self._library(seen.after)
        embedded = self._index.store(library.passages)
        self._write(seen.after, library)
        self._index.serve(library.passages)
        # Who reads the library before may be in the middle of a question.
        self._index.forget_all_but(self._library(seen.before).passages, library.passages)
        return Ingested(library, tuple(seen.read), tuple(seen.unreadable), embedded, seen.outdated)

    def _snapshot_before(self, *, only: bool) -> Snapshot:
        try:
            return read_snapshot(self._folder / _LIBRARY)
        except FileNotFoundError:
            return Snapshot()
        except LibraryDamaged:
            if only:
                return Snapshot()
            raise

    def _approved(
        self, documents: Sequence[Document], names: Names, before: Snapshot
    ) -> tuple[Snapshot, tuple[str, ...]]:
        """Return the snapshot without outdated translations, and which those are."""
        passages = Library.of(documents, names, self._topics).passages
        approved = approvals(names, passages, before.approvals)
        current = without_outdated(names, passages, approved)
        outdated = tuple(
            f"{key} ({language})"
            for key, translations in names.passages.items()
            for language in translations
            if language not in current.passages[key]
        )
        return Snapshot(tuple(documents), current, approved), outdated

    def _library(self, snapshot: Snapshot) -> Library:
        return replace(Library.of(snapshot.documents, snapshot.names, self._topics), origins=snapshot.origins)

    def _write(self, snapshot: Snapshot, library: Library) -> None:
        linker = linker_of(library)
        texts = list(chain.from_iterable(linker.texts)) if linker else []
        write_vectors(self._encoder.encode(texts), texts, self._folder / _NAMES)
        write_snapshot(snapshot, self._folder / _LIBRARY)


def linker_of(library: Library) -> Linker | None:
    """Return a linker for the home event's programme, without vectors; None where no event is known."""
    if library.home is None:
        return None
    return Linker(entities_of(library.home.programme, library.home), library.names)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What reading files gave."""

    documents: dict[str, Document] = field(default_factory=dict)  # by stem
    unreadable: list[UnreadableDocument] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)  # stems of documents to be left as they were


@dataclass(frozen=True, slots=True)
class _Look:
    """What an ingest finds, before anything is written."""

    before: Snapshot
    after: Snapshot
    read: Iterable[Document]
    unreadable: Sequence[UnreadableDocument]
    outdated: tuple[str, ...]


def _files(paths: Sequence[Path], instead: Path | None) -> list[Path]:
    """Return the files at paths, those that have the same name as one in the folder instead left out for that one."""
    own = find_documents([instead]) if instead is not None and instead.is_dir() else []
    replaced = {path.stem for path in own}
    return [*(path for path in find_documents(paths) if path.stem not in replaced), *own]


def _read_all(paths: Sequence[Path], progress: Callable[[str], object]) -> _Reading:
    reading, read_from = _Reading(), dict[str, Path]()
    for path in paths:
        progress(path.name)
        if path.stem in reading.documents:
            other = read_from[path.stem]
            doubled = f"{path}: not read, for {other} has the same name; rename one of them, or ingest it alone"
            reading.unreadable.append(UnreadableDocument(Fault.NAME, doubled))
            continue
        try:
            reading.documents[path.stem] = read_document(path)
            read_from[path.stem] = path
        except UnreadableDocument as error:
            reading.unreadable.append(error)
    reading.failed.update({path.stem for path in paths} - reading.documents.keys())
    return reading
