"""Keep the library on disk: read it, and replace documents in it so that no reader sees half a change."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from knowledge.documents import Document, Paragraph, Section, Table, UnreadableDocument, find_documents, read_document
from knowledge.embeddings import SentenceEncoder, Vectors
from knowledge.index import PassageIndex
from knowledge.library import Library
from knowledge.linking import Linker, entities_of
from knowledge.names import Names
from knowledge.topics import Topic

_LIBRARY: Final = "library.json"
_NAMES: Final = "names.npz"


class NothingIngested(Exception):
    """The data folder holds no library; run `desk ingest`."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did."""

    library: Library
    read: tuple[Document, ...]
    unreadable: tuple[UnreadableDocument, ...]
    embedded: int  # passages that were new


class Shelf:
    """The library below a folder. One process ingests at a time; any number read."""

    def __init__(self, folder: Path, index: PassageIndex, encoder: SentenceEncoder, topics: Mapping[str, Topic]) -> None:
        self._folder = folder
        self._index = index
        self._encoder = encoder
        self._topics = topics

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing has been ingested."""
        return not (self._folder / _LIBRARY).exists()

    @property
    def version(self) -> int:
        """A number that changes with every ingest; 0 for an empty shelf."""
        path = self._folder / _LIBRARY
        return path.stat().st_mtime_ns if path.exists() else 0

    def read(self) -> Library:
        """Return the library as last ingested.

        Raises:
            NothingIngested: there is none.
        """
        try:
            stored = json.loads((self._folder / _LIBRARY).read_text("utf-8"))
        except FileNotFoundError as error:
            raise NothingIngested("nothing has been ingested yet; run `desk ingest`") from error
        names = Names(**{key: _frozen(value) for key, value in stored["names"].items()})
        return Library.of([_document(entry) for entry in stored["documents"]], names, self._topics)

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        only: bool = False,
        progress: Callable[[Path], None] = lambda path: None,
    ) -> Ingested:
        """Replace the documents at paths, or with only make them the whole library; return what was done.

        New passages are stored first, then one file is renamed into place, then old passages are removed: a reader
        sees the whole library before or the whole library after. A file that cannot be read leaves its document as
        it was.
        """
        given = list(paths)
        before = None if self.is_empty else self.read()
        read, unreadable = _read_all(find_documents(given), progress)
        kept = [d for d in (before.documents if before else ()) if not _is_dropped(d, read, unreadable, only=only)]
        names = Names.load(path for path in given if path.is_dir())
        if before and not only and not names.official:
            names = before.names
        library = Library.of([*kept, *read], names, self._topics)
        embedded = self._index.add(library.passages)
        linker = linker_of(library)
        self._write(library, self._names_vectors(linker))
        self._index.serve(library.passages)
        self._index.forget_all_but(library.passages)
        return Ingested(library, tuple(read), tuple(unreadable), embedded)

    def linker(self, library: Library) -> Linker | None:
        """Return the linker of the home event's programme, with its vectors from disk or made anew."""
        linker = linker_of(library)
        if linker is not None:
            vectors = self._stored_vectors(linker)
            linker.learn(self._names_vectors(linker) if vectors is None else vectors)
        return linker

    def _names_vectors(self, linker: Linker | None) -> Vectors:
        return self._encoder.encode([text for texts in linker.texts for text in texts] if linker else [])

    def _stored_vectors(self, linker: Linker) -> Vectors | None:
        path = self._folder / _NAMES
        if not path.exists():
            return None
        with np.load(path) as stored:
            vectors = stored["vectors"].astype(np.float32)
        return vectors if len(vectors) == sum(map(len, linker.texts)) else None

    def _write(self, library: Library, vectors: Vectors) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        content = {
            "documents": [asdict(document) | {"meta": dict(document.meta)} for document in library.documents],
            "names": asdict(library.names),
        }
        with (self._folder / f"{_NAMES}.new").open("wb") as file:
            np.savez(file, vectors=vectors.astype(np.float16))
        new = self._folder / f"{_LIBRARY}.new"
        with new.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        (self._folder / f"{_NAMES}.new").replace(self._folder / _NAMES)
        new.replace(self._folder / _LIBRARY)


def linker_of(library: Library) -> Linker | None:
    """Return a linker for the home event's programme, without vectors; None where no event is known."""
    if library.home is None:
        return None
    return Linker(entities_of(library.home.programme, library.home), library.names)


def _read_all(paths: Sequence[Path], progress: Callable[[Path], None]) -> tuple[list[Document], list[UnreadableDocument]]:
    read: dict[str, Document] = {}
    unreadable = []
    for path in paths:
        progress(path)
        try:
            document = read_document(path)
        except UnreadableDocument as error:
            unreadable.append(error)
            continue
        read[document.stem] = document
    return list(read.values()), unreadable


def _is_dropped(
    document: Document, read: Sequence[Document], unreadable: Sequence[UnreadableDocument], *, only: bool
) -> bool:
    if any(document.stem == other.stem for other in read):
        return True
    damaged = any(document.stem in str(error) for error in unreadable)
    return only and not damaged


def _document(entry: Mapping[str, Any]) -> Document:
    sections = tuple(
        Section(section["heading"], section["number"], tuple(map(_block, section["blocks"])))
        for section in entry["sections"]
    )
    return Document(entry["stem"], entry["title"], entry["meta"], sections, entry["digest"])


def _block(entry: Mapping[str, Any]) -> Paragraph | Table:
    if "rows" in entry:
        return Table(tuple(tuple(row) for row in entry["rows"]))
    return Paragraph(entry["text"], entry["bullet"])


def _frozen(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in mapping.items()}
