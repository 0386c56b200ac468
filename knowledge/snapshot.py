"""The library as one ingest left it: the file that holds it, and the vectors of the names beside it."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from knowledge.documents import Document, Origin, Paragraph, Section, Table
from knowledge.embeddings import Vectors
from knowledge.names import Names
from knowledge.translations import Approvals

_FORMAT: Final = 1  # of the file; a desk that writes another way counts it up


class LibraryDamaged(Exception):
    """The file that holds the library cannot be used; str() names it and says what to do."""


class NotSaved(Exception):
    """The new library could not be written, and the one before stays in use; str() says why."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an ingest left: documents, the names in use, which text each translation was made for, origins by stem."""

    documents: tuple[Document, ...] = ()
    names: Names = field(default_factory=Names)
    approvals: Approvals = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Put a snapshot in the place of the one at path, in one step.

    Raises:
        NotSaved: the disk is full, or the folder cannot be written.
    """
    content = {
        "documents": [asdict(document) | {"meta": dict(document.meta)} for document in snapshot.documents],
        "names": asdict(snapshot.names),
        "approvals": snapshot.approvals,
        "origins": {stem: [one.file, one.read.isoformat()] for stem, one in snapshot.origins.items()},
    }
    whole = {"format": _FORMAT, "digest": _digest(content), **content}
    replace_file(path, lambda file: file.write(json.dumps(whole, ensure_ascii=False).encode()))


def read_snapshot(path: Path) -> Snapshot:
    """Return the snapshot at path.

    Raises:
        FileNotFoundError: there is none.
        LibraryDamaged: it is not as it was written, or another version of the desk has written it.
    """
    remedy = "ingest all documents again with `desk ingest --only PATH...`"
    try:
        whole = json.loads(path.read_bytes())
        form, digest = whole.pop("format"), whole.pop("digest")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryDamaged(f"{path} is damaged; {remedy}") from error
    if form != _FORMAT:
        raise LibraryDamaged(f"{path} was written by another version of the desk; {remedy}")
    if digest != _digest(whole):
        raise LibraryDamaged(f"{path} is damaged; {remedy}")
    names = Names(**{key: _with_tuples(value) for key, value in whole["names"].items()})
    origins = {stem: Origin(file, datetime.fromisoformat(at)) for stem, (file, at) in whole.get("origins", {}).items()}
    return Snapshot(tuple(map(_document, whole["documents"])), names, whole["approvals"], origins)


def write_vectors(vectors: Vectors, texts: Iterable[str], path: Path) -> None:
    """Put the vectors of texts in the place of those at path, in one step.

    Raises:
        NotSaved: the disk is full, or the folder cannot be written.
    """
    digest = np.array(_digest(list(texts)))
    replace_file(path, lambda file: np.savez(file, vectors=vectors.astype(np.float16), digest=digest))


def read_vectors(texts: Iterable[str], path: Path) -> Vectors | None:
    """Return the vectors at path; None where they are damaged, or belong to other texts than these."""
    try:
        with path.open("rb") as file, np.load(file) as stored:
            if str(stored["digest"]) != _digest(list(texts)):
                return None
            return np.asarray(stored["vectors"], dtype=np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def replace_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file beside path, force it to disk, and rename it over path."""
    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise NotSaved(f"{path} cannot be written: {error.strerror}; the library is as it was") from error
    finally:
        new.unlink(missing_ok=True)


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


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


def _with_tuples(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in mapping.items()}
