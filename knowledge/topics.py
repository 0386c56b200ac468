"""The catalogue of topics: what delegates of any conference ask, with labelled sample questions."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

from knowledge.folding import fold
from knowledge.yaml_files import read_yaml

CATALOGUE = Path(__file__).parent / "catalogue"


class Kind(StrEnum):
    """How a topic is answered."""

    FACT = "fact"
    GAP = "gap"
    SOCIAL = "social"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that people ask about; topics.yaml explains the fields."""

    id: str
    kind: Kind
    about: str
    subject: str
    near: tuple[str, ...]
    unsaid: str
    evidence: re.Pattern[str] | None

    @property
    def family(self) -> str:
        """The part of the id before the dot: event, agenda, session, cost, practical, sister, social, refused."""
        return self.id.partition(".")[0]

    def is_evidenced_by(self, text: str) -> bool:
        """Tell whether text holds one of the words that make it evidence for this topic."""
        return self.evidence is not None and self.evidence.search(fold(text)) is not None


@dataclass(frozen=True, slots=True)
class Sample:
    """A question labelled with its topic."""

    topic: str
    language: str
    text: str


@dataclass(frozen=True)
class Catalogue:
    """All topics and all samples."""

    topics: Mapping[str, Topic]
    samples: tuple[Sample, ...]

    @cached_property
    def digest(self) -> str:
        """A hash of the samples: weights fitted to other samples do not fit this catalogue."""
        lines = sorted(f"{sample.topic}\t{sample.language}\t{sample.text}" for sample in self.samples)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @classmethod
    def load(cls, folder: Path = CATALOGUE) -> Self:
        """Read topics.yaml and samples/*.txt below folder.

        Raises:
            ValueError: a sample stands under a topic that does not exist.
        """
        entries: dict[str, dict[str, Any]] = read_yaml(folder / "topics.yaml")
        topics = {key: _topic(key, entry) for key, entry in entries.items()}
        samples = tuple(sample for path in sorted(folder.glob("samples/*.txt")) for sample in read_samples(path))
        unknown = {sample.topic for sample in samples} - topics.keys()
        if unknown:
            raise ValueError(f"samples for topics that do not exist: {', '.join(sorted(unknown))}")
        return cls(topics, samples)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the shipped catalogue, read once."""
    return Catalogue.load()


def texts_by_language(samples: Iterable[Sample]) -> dict[str, list[str]]:
    """Return the samples' texts by language."""
    texts: dict[str, list[str]] = {}
    for sample in samples:
        texts.setdefault(sample.language, []).append(sample.text)
    return texts


def _topic(key: str, entry: Mapping[str, Any]) -> Topic:
    words = entry.get("evidence", ())
    return Topic(
        id=key,
        kind=Kind(entry["kind"]),
        about=entry["about"],
        subject=entry.get("subject", ""),
        near=tuple(entry.get("near", "").split()),
        unsaid=entry.get("unsaid", ""),
        evidence=re.compile("|".join(words)) if words else None,
    )


def read_samples(path: Path) -> Iterable[Sample]:
    """Read one file, named after its language: "# topic" lines, each followed by samples."""
    language = path.stem
    topic = ""
    for line in path.read_text("utf-8").splitlines():
        text = line.strip()
        if text.startswith("# "):
            topic = text[2:].strip()
        elif text:
            yield Sample(topic, language, text)
