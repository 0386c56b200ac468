"""Find passages by meaning (Chroma) and by words (BM25), for one version of the library at a time.

Every version has a build of its own, filled under another name, renamed when it is complete, and never
written to again. So a reader finds all of a version or nothing of it, and a damaged build is replaced without
touching what others read.
"""

import logging
import math
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

import numpy as np

from knowledge.build_folder import BuildsInFolder
from knowledge.builds import Build, BuildsOnServer, Damaged, IndexMissing
from knowledge.embeddings import DEFAULT, Embeddings, SentenceEncoder, Vectors
from knowledge.exclusive import exclusively
from knowledge.passages import Passage
from knowledge.versions import Version

__all__ = ["Hit", "IndexMissing", "IndexNotWritten", "PassageIndex"]

_log = logging.getLogger(__name__)
_BATCH: Final = 256
_LARGE_SHARE: Final = 0.1  # of all entries; below it, Chroma's own filter is fast
_WIDEST: Final = 1000  # entries looked at without a filter
_PROBES: Final = 4  # texts that are embedded again to see whether a build still holds their vectors
_SAME: Final = 0.95  # cosine similarity; the same model on another machine gives 0.999 and more
_WRITTEN_WITHIN: Final = timedelta(minutes=5)  # by another process: 20,000 passages take one


class IndexNotWritten(Exception):
    """A build of the index could not be written, and nothing has changed; str() says why."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with how near it is: relevance is 1 - cosine distance; words is BM25, 1 for the best hit."""

    passage: Passage
    relevance: float
    words: float


class PassageIndex:
    """The passages of one version of the library; safe for any number of threads and processes."""

    def __init__(self, folder: Path, embeddings: Embeddings, *, name: str = DEFAULT, url: str = "") -> None:
        """Keep builds below folder, or on the Chroma server at url, which is to serve no other desk.

        name: of the embeddings; vectors of different embeddings cannot be compared, so they are not mixed.
        """
        self._folder = folder
        self._embeddings = embeddings
        self._name = name
        self._builds: BuildsInFolder | BuildsOnServer = BuildsOnServer(url) if url else BuildsInFolder(folder)
        self._served: _Served | None = None

    def serve(self, passages: Sequence[Passage]) -> None:
        """Answer from these passages from now on."""
        self._served = _Served(self._version(passages))

    def serving(self, passages: Sequence[Passage]) -> Self:
        """Return an index like this that answers from these passages; this one goes on as it is."""
        other = copy(self)
        other.serve(passages)
        return other

    def store(self, passages: Sequence[Passage]) -> int:
        """Make a build of passages, unless there is one; return how many of them had to be embedded.

        Raises:
            IndexNotWritten: the disk is full, or the folder or server refuses.
        """
        version = self._version(passages)
        with self._alone():
            if not version.entries or self._sound_build(version) is not None:
                return 0
            remembered = self._remembered(version)
            self._write(version, remembered)
        return len({entry.passage.id for entry in version.entries if entry.text not in remembered})

    def forget_all_but(self, *versions: Sequence[Passage]) -> None:
        """Remove the builds of all versions but these, and what interrupted work has left."""
        kept = tuple(f"{self._version(passages).name}-" for passages in versions)
        with self._alone():
            for build in self._builds.names():
                if not build.startswith(kept):
                    self._builds.drop(build)
            self._builds.tidy()

    def check(self) -> None:
        """Compare the index with the passages that are served.

        Raises:
            IndexMissing: the index does not hold them all, or not with the vectors of these embeddings.
        """
        version = self._what_is_served().version
        if version.entries and self._sound_build(version) is None:
            raise IndexMissing("the passage index is missing or damaged; a question that needs it will rebuild it")

    def search(self, question: str, vector: Vectors, *, k: int, documents: Collection[str]) -> list[Hit]:
        """Return at most k hits of each kind for question within documents; vector is its embedding.

        An index that is missing or damaged is rebuilt first, from the passages that are served.

        Raises:
            IndexMissing: nothing has been ingested, or the Chroma server is out of reach.
            IndexNotWritten: the index is damaged and cannot be rebuilt.
        """
        served = self._what_is_served()
        version = served.version
        inside = version.documents & set(documents)
        if not inside:
            return []
        asked = vector if isinstance(self._embeddings, SentenceEncoder) else self._embedded([question])[0]
        dense = self._by_meaning(served, asked, k, inside)
        words = version.words.best(question, k=k, documents=inside)
        return [
            Hit(version.passages[identity], dense.get(identity, 0.0), words.get(identity, 0.0))
            for identity in dict.fromkeys((*dense, *words))
        ]

    def _what_is_served(self) -> "_Served":
        if self._served is None:
            raise IndexMissing("nothing has been ingested; run `desk ingest`")
        return self._served

    def _by_meaning(self, served: "_Served", vector: Vectors, k: int, documents: frozenset[str]) -> dict[str, float]:
        """Return the relevance of the k passages nearest to vector, by id."""
        version = served.version
        # A passage stands in the index once in each language: k passages may take up that many entries.
        most = min(len(version.entries), math.ceil(k * len(version.entries) / len(version.passages)))
        # Chroma's filter walks through all that it lets pass: for a large share, looking at more and leaving out the
        # rest is ten times as fast. Where too little is left, or all would be looked at, the filter is used after all.
        share = version.share_within(documents)
        wide = min(len(version.entries), math.ceil(2 * most / share))
        is_narrower = wide < len(version.entries) or share == 1.0
        if share > _LARGE_SHARE and wide <= _WIDEST and is_narrower:
            found = self._nearest(served, vector, wide, None)
            inside = {i: d for i, d in found.items() if version.passages[i].document in documents}
            if len(inside) >= k // 2 or share == 1.0:
                return {identity: 1 - distance for identity, distance in list(inside.items())[:k]}
        distances = self._nearest(served, vector, most, documents)
        return {identity: 1 - distance for identity, distance in list(distances.items())[:k]}

    def _nearest(
        self, served: "_Served", vector: Vectors, most: int, documents: frozenset[str] | None
    ) -> dict[str, float]:
        """Return the distances of the nearest passages; a build that proves damaged is made anew first."""
        try:
            found = self._build_of(served).nearest(vector, most, documents)
        except Damaged:
            served.build = None
            found = self._build_of(served).nearest(vector, most, documents)
        distances: dict[str, float] = {}
        for entry, distance in found.items():
            distances.setdefault(served.version.passage_ids[entry], distance)
        return distances

    def _build_of(self, served: "_Served") -> Build:
        """Return the build of what is served, opened and found sound; it is made anew where there is none."""
        build = served.build
        if build is not None:
            return build
        with served.opening:
            served.build = served.build or self._sound_build(served.version) or self._rebuilt(served.version)
            return served.build

    def _rebuilt(self, version: Version) -> Build:
        with self._alone():
            found = self._sound_build(version)  # another process may have been faster
            if found is not None:
                return found
            _log.warning("the passage index is missing or damaged: it is rebuilt from the library")
            damaged = [name for name in self._builds.names() if name.startswith(f"{version.name}-")]
            self._write(version, {})
            for name in damaged:
                self._builds.drop(name)
        found = self._sound_build(version)
        if found is None:
            raise IndexMissing("the passage index was rebuilt, and still does not hold the library")
        return found

    def _sound_build(self, version: Version) -> Build | None:
        """Return the newest build of version that holds what it should; None where there is none."""
        for name in self._builds.names():
            if not name.startswith(f"{version.name}-"):
                continue
            try:
                build = self._builds.open(name)
                if build.count() == len(version.entries) and self._are_own(build.vectors(_probes(version))):
                    return build
            except Damaged as error:
                _log.info("build %s is damaged: %s", name, error)
        return None

    def _remembered(self, version: Version) -> dict[str, Vectors]:
        """Return the vectors of those texts of version that a sound build of another version holds."""
        wanted = {entry.text for entry in version.entries}
        remembered: dict[str, Vectors] = {}
        for name in self._builds.names():
            try:
                vectors = self._builds.open(name).vectors()
            except Damaged:
                continue
            if self._are_own(dict(list(vectors.items())[:_PROBES])):
                remembered |= {text: vector for text, vector in vectors.items() if text in wanted}
        return remembered

    def _are_own(self, vectors: Mapping[str, Vectors]) -> bool:
        """Tell whether these embeddings make such vectors of such texts; they may be another model by now."""
        stored, made = np.array(list(vectors.values())), self._embedded(list(vectors))
        return stored.shape == made.shape and bool((_cosines(stored, made) > _SAME).all())

    def _embedded(self, texts: list[str]) -> Vectors:
        return np.array(self._embeddings.embed_documents(texts), dtype=np.float32)

    def _write(self, version: Version, remembered: Mapping[str, Vectors]) -> None:
        """Write a build of version; vectors of remembered texts are taken from there."""
        draft, name = f"draft-{uuid4().hex[:8]}", f"{version.name}-{uuid4().hex[:8]}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._builds.draft(draft, _Remembering(self._embeddings, remembered)) as filled:
                for start in range(0, len(version.entries), _BATCH):
                    filled.add(version.entries[start : start + _BATCH])
            self._builds.publish(draft, name)
        except (Damaged, OSError) as error:
            self._builds.drop(draft)
            raise IndexNotWritten(f"the passage index cannot be written: {error}") from error

    def _alone(self) -> AbstractContextManager[None]:
        path = self._folder.with_name(f"{self._folder.name}.lock")
        return exclusively(path, activity="writing the passage index", within=_WRITTEN_WITHIN)

    def _version(self, passages: Sequence[Passage]) -> Version:
        return Version(passages, embeddings=self._name)


class _Served:
    """A version that is searched, and its build as soon as one is opened."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.build: Build | None = None
        self.opening = threading.Lock()


class _Remembering:
    """Embeddings that know some texts' vectors already."""

    def __init__(self, embeddings: Embeddings, known: Mapping[str, Vectors]) -> None:
        self._embeddings = embeddings
        self._known = known

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        fresh = [text for text in texts if text not in self._known]
        made = dict(zip(fresh, self._embeddings.embed_documents(fresh), strict=True)) if fresh else {}
        return [made[text] if text in made else self._known[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._embeddings.embed_query(text)


def _probes(version: Version) -> list[str]:
    """Return ids of entries spread over version, with the first and the last: a cut file lacks the end."""
    places = np.linspace(0, len(version.entries) - 1, _PROBES).astype(int)
    return [version.entries[place].id for place in dict.fromkeys(places.tolist())]


def _cosines(one: Vectors, other: Vectors) -> Vectors:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return np.asarray((one * other).sum(axis=1) / np.maximum(lengths, 1e-9))
