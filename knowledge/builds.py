"""Builds of the passage index in Chroma: the only module that knows it."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

import numpy as np

from knowledge.embeddings import Embeddings, Vectors
from knowledge.versions import Entry

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.config import Settings
    from langchain_core.embeddings import Embeddings as LangChainEmbeddings

_COLLECTION: Final = "passages"
_ON_SERVER: Final = "desk-"  # what the names of our collections begin with


class IndexMissing(Exception):
    """There is no sound index of the library; str() says what is wrong and what to do."""


class Damaged(IndexMissing):
    """Chroma cannot read or write a build; str() has its words."""


class Build:
    """An opened build."""

    def __init__(self, client: "Client", collection: str) -> None:
        """Open a collection that is complete.

        Raises:
            Damaged: it is not there.
        """
        with _told_as_damage():
            self._collection = client.get_collection(collection)

    def count(self) -> int:
        """Return how many entries there are. Chroma serves an emptied collection without a word.

        Raises:
            Damaged: it cannot be read.
        """
        with _told_as_damage():
            return self._collection.count()

    def vectors(self, ids: list[str] | None = None) -> dict[str, Vectors]:
        """Return the vectors of the entries with these ids, or of all, by their texts.

        Raises:
            Damaged: one of them cannot be read.
        """
        with _told_as_damage():
            found = self._collection.get(ids=ids, include=["documents", "embeddings"])
        vectors = np.array(found["embeddings"], dtype=np.float32)
        return dict(zip(found["documents"] or (), vectors, strict=True))

    def nearest(self, vector: Vectors, most: int, documents: Collection[str] | None) -> dict[str, float]:
        """Return the ids of the entries nearest to vector with their cosine distances, nearest first.

        most: of entries. documents: where to look; None: all.

        Raises:
            Damaged: it cannot be searched.
        """
        within: Any = None if documents is None else {"document": {"$in": sorted(documents)}}
        asked: Any = [vector]
        with _told_as_damage():
            found: Any = self._collection.query(
                query_embeddings=asked, n_results=most, where=within, include=["distances"]
            )
        return dict(zip(found["ids"][0], found["distances"][0], strict=True))


class Draft:
    """A build that is being filled."""

    def __init__(self, client: "Client", collection: str, embeddings: Embeddings) -> None:
        """Make a collection, whose texts embeddings embeds.

        Raises:
            Damaged: it cannot be written.
        """
        from langchain_chroma import Chroma  # noqa: PLC0415 - 1 s to import, which no question should pay

        with _told_as_damage():
            self._store = Chroma(
                client=client,
                collection_name=collection,
                embedding_function=cast("LangChainEmbeddings", embeddings),
                collection_metadata={"hnsw:space": "cosine"},  # Chroma's default space is not comparable
            )

    def add(self, entries: Sequence[Entry]) -> None:
        """Embed and store entries.

        Raises:
            Damaged: they cannot be stored.
        """
        with _told_as_damage():
            self._store.add_texts(
                [entry.text for entry in entries],
                metadatas=[{"document": entry.passage.document} for entry in entries],
                ids=[entry.id for entry in entries],
            )


@contextmanager
def draft_at(path: Path, embeddings: Embeddings) -> Iterator[Draft]:
    """Make a database in the folder at path, to be filled and closed.

    Raises:
        Damaged: Chroma cannot use the folder.
    """
    with _client_at(path) as client:
        yield Draft(client, _COLLECTION, embeddings)


@contextmanager
def build_at(path: Path) -> Iterator[Build]:
    """Open the build in the folder at path.

    Raises:
        Damaged: Chroma cannot use the folder.
    """
    with _client_at(path) as client:
        yield Build(client, _COLLECTION)


@contextmanager
def _client_at(path: Path) -> Iterator["Client"]:
    import chromadb  # noqa: PLC0415 - 0.5 s to import, which only searches and ingests should pay

    try:
        with _told_as_damage():
            client = cast("Client", chromadb.PersistentClient(str(path), settings=_settings()))
    except (AttributeError, ValueError) as error:  # Chroma 1.5.9 trips while it clears up after a failure
        raise Damaged(f"{path} cannot be used as a database") from error
    try:
        yield client
    finally:
        client.close()


class BuildsOnServer:
    """Builds on a Chroma server, each a collection."""

    def __init__(self, url: str) -> None:
        self._url = url

    def names(self) -> list[str]:
        """Return the names of all builds.

        Raises:
            IndexMissing: the server is out of reach.
        """
        with _told_as_damage():
            names = [collection.name for collection in self._client.list_collections()]
        return [name.removeprefix(_ON_SERVER) for name in names if name.startswith(_ON_SERVER)]

    @contextmanager
    def draft(self, name: str, embeddings: Embeddings) -> Iterator[Draft]:
        """Make a draft, whose texts embeddings embeds.

        Raises:
            IndexMissing: the server is out of reach.
        """
        yield Draft(self._client, _ON_SERVER + name, embeddings)

    def open(self, name: str) -> Build:
        """Return a build, to be read.

        Raises:
            IndexMissing: the server is out of reach.
        """
        return Build(self._client, _ON_SERVER + name)

    def publish(self, draft: str, name: str) -> None:
        """Give a draft its name as a build, in one step."""
        with _told_as_damage():
            self._client.get_collection(_ON_SERVER + draft).modify(name=_ON_SERVER + name)

    def drop(self, name: str) -> None:
        """Remove a build, if there is one."""
        with _told_as_damage():
            self._client.delete_collection(_ON_SERVER + name)

    def tidy(self) -> None:
        """Do nothing: a server leaves nothing behind."""

    @cached_property
    def _client(self) -> "Client":
        import chromadb  # noqa: PLC0415 - see _client_at

        parts = urlsplit(self._url)
        is_safe = parts.scheme == "https"
        host, port = parts.hostname or "localhost", parts.port or (443 if is_safe else 8000)
        try:
            client = chromadb.HttpClient(host=host, port=port, ssl=is_safe, settings=_settings())
        except ValueError as error:  # its word for a refused connection
            raise IndexMissing(f"DESK_CHROMA_URL: no Chroma server answers at {self._url}") from error
        return cast("Client", client)


def _settings() -> "Settings":
    from chromadb.config import Settings  # noqa: PLC0415 - see _client_at

    return Settings(anonymized_telemetry=False)


@contextmanager
def _told_as_damage() -> Iterator[None]:
    """Turn what Chroma raises into Damaged."""
    from chromadb.errors import ChromaError  # noqa: PLC0415 - see _client_at
    from httpx import TransportError  # noqa: PLC0415 - Chroma's client of servers lets it through

    try:
        yield
    except ChromaError as error:
        raise Damaged(str(error)) from error
    except TransportError as error:
        raise IndexMissing("DESK_CHROMA_URL: the Chroma server does not answer") from error
