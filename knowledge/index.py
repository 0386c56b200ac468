"""Find passages by meaning (Chroma) and by words (BM25), and keep both in step with the library."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from knowledge.embeddings import DEFAULT, SentenceEncoder, Vectors
from knowledge.folding import fold
from knowledge.passages import Passage

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

_BATCH: Final = 256
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")
_WORD = re.compile(r"\w+")


class IndexMissing(Exception):
    """The vector index does not hold the passages that the library lists; `desk ingest` rebuilds it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with how near it is: relevance is 1 - cosine distance; words is BM25, 0 to 1 of the best hit."""

    passage: Passage
    relevance: float
    words: float


class PassageIndex:
    """The passages of one library version, in a Chroma collection that may also hold those of the next."""

    def __init__(self, folder: Path, embeddings: "Embeddings", *, name: str = DEFAULT, url: str = "") -> None:
        """Keep vectors below folder, or on the Chroma server at url.

        name: of the embeddings; vectors of other embeddings are kept apart, for they cannot be compared.
        """
        self._folder = folder
        self._embeddings = embeddings
        self._collection = f"passages-1-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}"
        self._url = url
        self._passages: Mapping[str, Passage] = {}

    def serve(self, passages: Sequence[Passage]) -> None:
        """Answer from these passages from now on; what else the collection holds is never returned."""
        self._passages = {passage.id: passage for passage in passages}
        self.__dict__.pop("_words", None)

    def add(self, passages: Sequence[Passage]) -> int:
        """Embed and store those passages, and translations of them, that the collection lacks; return how many."""
        entries = {identity: (text, p) for p in passages for identity, text in _entries(p)}
        known = set(self._store.get(ids=list(entries), include=[])["ids"]) if entries else set()
        fresh = [(identity, *entry) for identity, entry in entries.items() if identity not in known]
        for start in range(0, len(fresh), _BATCH):
            batch = fresh[start : start + _BATCH]
            self._store.add_texts(
                [text for _, text, _ in batch],
                metadatas=[{"document": passage.document, "passage": passage.id} for _, _, passage in batch],
                ids=[identity for identity, _, _ in batch],
            )
        return len({passage.id for _, _, passage in fresh})

    def forget_all_but(self, passages: Sequence[Passage]) -> None:
        """Remove from the collection what no longer belongs to the library."""
        kept = {identity for passage in passages for identity, _ in _entries(passage)}
        gone = [identity for identity in self._store.get(include=[])["ids"] if identity not in kept]
        for start in range(0, len(gone), _BATCH):
            self._store.delete(ids=gone[start : start + _BATCH])

    def check(self) -> None:
        """Compare the collection with the library.

        Chroma serves an empty or shortened collection without a word when its files were damaged.

        Raises:
            IndexMissing: passages of the library are not in the collection.
        """
        found = len(self._store.get(ids=list(self._passages), include=[])["ids"]) if self._passages else 0
        if found < len(self._passages):
            raise IndexMissing(f"the index holds {found} of {len(self._passages)} passages; run `desk ingest` again")

    def search(self, question: str, vector: Vectors, *, k: int, documents: Collection[str]) -> list[Hit]:
        """Return at most k hits of each kind for question within documents, unordered; vector is its embedding.

        Raises:
            IndexMissing: nothing has been ingested.
        """
        if not self._passages:
            raise IndexMissing("nothing has been ingested; run `desk ingest`")
        dense = self._by_meaning(question, vector, k, documents)
        words = self._by_words(question, k, documents)
        return [
            Hit(self._passages[identity], dense.get(identity, 0.0), words.get(identity, 0.0))
            for identity in dict.fromkeys((*dense, *words))
        ]

    def _by_meaning(self, question: str, vector: Vectors, k: int, documents: Collection[str]) -> dict[str, float]:
        everywhere = {passage.document for passage in self._passages.values()} <= set(documents)
        is_own = isinstance(self._embeddings, SentenceEncoder)
        found = self._store.similarity_search_by_vector_with_relevance_scores(
            vector.tolist() if is_own else self._embeddings.embed_query(question), k=k, filter=None if everywhere else {"document": {"$in": sorted(documents)}}
        )
        # The wrapper's "relevance" is Chroma's distance; in cosine space 1 - distance is the similarity.
        best: dict[str, float] = {}
        for hit, distance in found:
            identity = hit.metadata["passage"]
            if identity in self._passages and identity not in best:
                best[identity] = 1 - distance
        return best

    def _by_words(self, question: str, k: int, documents: Collection[str]) -> dict[str, float]:
        identities, model = self._words
        scores = model.get_scores(word_tokens(question)) if word_tokens(question) else np.zeros(len(identities))
        best = np.argsort(-scores)[: k * 4]
        hits = [(identities[i], float(scores[i])) for i in best if scores[i] > 0]
        inside = [(identity, score) for identity, score in hits if self._passages[identity].document in documents][:k]
        top = max((score for _, score in inside), default=1.0)
        return {identity: score / top for identity, score in inside}

    @cached_property
    def _words(self) -> "tuple[list[str], BM25]":
        import bm25s  # noqa: PLC0415 - heavy; only questions that need a search pay for it

        model = bm25s.BM25()
        model.index([_tokens(passage) or ["-"] for passage in self._passages.values()], show_progress=False)
        return list(self._passages), model

    @cached_property
    def _store(self) -> "Chroma":
        import chromadb  # noqa: PLC0415 - 1 s to import; only questions that need a search pay for it
        from langchain_chroma import Chroma  # noqa: PLC0415

        settings = chromadb.Settings(anonymized_telemetry=False)
        if self._url:
            host, _, port = self._url.removeprefix("http://").rstrip("/").partition(":")
            client = chromadb.HttpClient(host=host, port=int(port or 8000), settings=settings)
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            client = chromadb.PersistentClient(path=str(self._folder), settings=settings)
        return Chroma(
            client=client,
            collection_name=self._collection,
            embedding_function=self._embeddings,
            collection_metadata={"hnsw:space": "cosine"},  # Chroma's default space gives negative scores
        )


def _entries(passage: Passage) -> list[tuple[str, str]]:
    """Return the texts under which a passage is found, each with its id in the collection."""
    digests = ((language, hashlib.sha256(text.encode()).hexdigest()[:8], text) for language, text in passage.translations)
    return [(passage.id, passage.text), *((f"{passage.id}/{lang}/{digest}", text) for lang, digest, text in digests)]


def _tokens(passage: Passage) -> list[str]:
    return [token for _, text in _entries(passage) for token in word_tokens(text)]


def word_tokens(text: str) -> list[str]:
    """Return the words of text; two-letter pieces where the script has no spaces."""
    folded = fold(text)
    pieces = [run[i : i + 2] for run in _UNSPACED.findall(folded) for i in range(max(1, len(run) - 1))]
    return [*_WORD.findall(_UNSPACED.sub(" ", folded)), *pieces]


if TYPE_CHECKING:
    from bm25s import BM25
