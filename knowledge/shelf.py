"""Keep the library on disk: read it, and replace documents in it so that no reader sees half a change."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Final

from knowledge.documents import Document, UnreadableDocument, find_documents, read_document
from knowledge.embeddings import SentenceEncoder
from knowledge.exclusive import exclusively
from knowledge.index import PassageIndex
from knowledge.library import Library
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

Version = tuple[int, int, int]  # of the file: time of change, number, size


class NothingIngested(Exception):
    """The data folder holds no library; run `desk ingest`."""


class NothingToIngest(Exception):
    """No document could be read, and the library stays as it is; str() says why."""


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
        self, folder: Path, index: PassageIndex, encoder: SentenceEncoder, topics: Mapping[str, Topic]
    ) -> None:
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
        progress: Callable[[str], object] = str,
    ) -> Ingested:
        """Replace the documents at paths, or with only make them the whole library; return what was done.

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
            return self._ingest(list(paths), only=only, progress=progress)

    def linker(self, library: Library) -> Linker | None:
        """Return the linker of the home event's programme, with its vectors from disk or made anew."""
        linker = linker_of(library)
        if linker is not None:
            texts = list(chain.from_iterable(linker.texts))
            stored = read_vectors(texts, self._folder / _NAMES)
            linker.learn(self._encoder.encode(texts) if stored is None else stored)
        return linker

    def _ingest(self, paths: list[Path], *, only: bool, progress: Callable[[str], object]) -> Ingested:
        before = self._snapshot_before(only=only)
        reading = _read_all(find_documents(paths), progress)
        if not reading.documents:
            reasons = "; ".join(map(str, reading.unreadable))
            raise NothingToIngest(reasons or f"no documents in {', '.join(map(str, paths))}")
        kept = [d for d in before.documents if d.stem in reading.failed or not (only or d.stem in reading.documents)]
        given = Names.load(path for path in paths if path.is_dir())
        names = given if only else merged(before.names, given)
        documents = (*kept, *reading.documents.values())
        after, outdated = self._approved(documents, names, before)
        progress("passages")
        library = self._library(after)
        embedded = self._index.store(library.passages)
        self._write(after, library)
        self._index.serve(library.passages)
        # Who reads the library before may be in the middle of a question.
        self._index.forget_all_but(self._library(before).passages, library.passages)
        return Ingested(library, tuple(reading.documents.values()), tuple(reading.unreadable), embedded, outdated)

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
        return Library.of(snapshot.documents, snapshot.names, self._topics)

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


def _read_all(paths: Sequence[Path], progress: Callable[[str], object]) -> _Reading:
    reading, read_from = _Reading(), dict[str, Path]()
    for path in paths:
        progress(path.name)
        if path.stem in reading.documents:
            other = read_from[path.stem]
            doubled = f"{path}: not read, for {other} has the same name; rename one of them, or ingest it alone"
            reading.unreadable.append(UnreadableDocument(doubled))
            continue
        try:
            reading.documents[path.stem] = read_document(path)
            read_from[path.stem] = path
        except UnreadableDocument as error:
            reading.unreadable.append(error)
    reading.failed.update({path.stem for path in paths} - reading.documents.keys())
    return reading
