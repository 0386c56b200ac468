"""One version of the library's passages: the texts to be found, and the name that they give the version."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.passages import Passage
from knowledge.words import WordIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """A text under which a passage is found: its own, or a translation of it."""

    id: str
    text: str
    passage: Passage


class Version:
    """The passages of one version of the library; never changed."""

    def __init__(self, passages: Sequence[Passage], *, embeddings: str) -> None:
        """Keep passages, whose texts are embedded with the embeddings of that name."""
        self.passages: Mapping[str, Passage] = {passage.id: passage for passage in passages}
        self.entries = tuple(entry for passage in self.passages.values() for entry in _entries(passage))
        self.documents = frozenset(passage.document for passage in passages)
        ids = "\n".join([embeddings, *sorted(entry.id for entry in self.entries)])
        self.name = hashlib.sha256(ids.encode()).hexdigest()[:16]

    def share_within(self, documents: Collection[str]) -> float:
        """Return which share of all entries stands in documents."""
        return sum(n for document, n in self._entries_by_document.items() if document in documents) / len(self.entries)

    @cached_property
    def passage_ids(self) -> Mapping[str, str]:
        """The id of the passage of each entry, by the entry's: to be told it by Chroma takes longer than the search."""
        return {entry.id: entry.passage.id for entry in self.entries}

    @cached_property
    def _entries_by_document(self) -> Mapping[str, int]:
        return Counter(entry.passage.document for entry in self.entries)

    @cached_property
    def words(self) -> WordIndex:
        """The index of the words of these passages."""
        texts = {identity: [entry.text for entry in _entries(p)] for identity, p in self.passages.items()}
        return WordIndex(texts, [passage.document for passage in self.passages.values()])


def _entries(passage: Passage) -> list[Entry]:
    translated = [
        Entry(f"{passage.id}/{language}/{hashlib.sha256(text.encode()).hexdigest()[:8]}", text, passage)
        for language, text in passage.translations
    ]
    return [Entry(passage.id, passage.text, passage), *translated]
