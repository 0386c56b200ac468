"""Everything that has been ingested, as one immutable value: documents, passages, names, the home event."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property

from knowledge.briefing import Briefing, read_briefing
from knowledge.documents import Document, Origin, Paragraph, Table
from knowledge.editions import Edition, amended
from knowledge.folding import fold
from knowledge.lexicon import cities, cities_in
from knowledge.names import Names
from knowledge.passages import Passage, passages_of
from knowledge.programme import Programme, read_programme
from knowledge.topics import Topic


class Authority(IntEnum):
    """Whose word counts more where documents differ."""

    BACKGROUND = 1
    STAFF = 2
    BRIEFING = 3


@dataclass(frozen=True)
class Library:
    """What the desk knows. Made anew by every ingest, never changed."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    names: Names
    edition: Edition = field(default=Edition())
    origins: Mapping[str, Origin] = field(default_factory=dict)  # by stem; what was ingested long ago has none

    @classmethod
    def of(cls, documents: Sequence[Document], names: Names, topics: Mapping[str, Topic]) -> "Library":
        """Return the library of documents, cut into passages."""
        ordered = tuple(sorted(documents, key=lambda document: document.stem))
        cut = [passage for document in ordered for passage in passages_of(document, topics)]
        passages = tuple(replace(p, translations=tuple(names.passages.get(p.key, {}).items())) for p in cut)
        return cls(ordered, passages, names)

    @cached_property
    def home(self) -> Briefing | None:
        """The event that the desk serves: of the documents with authority, the one with the fullest agenda."""
        own = [document for document in self.documents if self.authority[document.stem] is Authority.BRIEFING]
        fullest = max(own, key=lambda document: len(read_programme(document).sessions), default=None)
        if fullest is None:
            return None
        briefing = read_briefing(fullest, city_of(fullest))
        return replace(briefing, programme=amended(briefing.programme, self.edition))

    def at(self, edition: Edition) -> "Library":
        """Return this library with what the organizers have published since."""
        if not edition.changes:
            return self
        programme = None if self.home is None else amended(self.home.programme, edition)
        titles = {session.key: session.title for session in programme.sessions} if programme else {}
        renamed = {titles[key]: name for key, name in edition.names.items() if key in titles}
        return replace(self, names=self.names.renamed(renamed), edition=edition)

    def is_outdated(self, passage: Passage) -> bool:
        """Tell whether a passage is of the agenda, and the organizers have changed the agenda since."""
        home = self.home
        if home is None or not self.edition.changes_sessions or passage.document != home.document:
            return False
        text = fold(passage.text)
        return passage.section == home.agenda_section or any(title in text for title in self._changed_titles)

    @cached_property
    def _changed_titles(self) -> frozenset[str]:
        """The titles of sessions that are not as the documents have them, folded."""
        changed = {change.session for change in self.edition.changes}
        sessions = self.programme.sessions if self.programme else ()
        return frozenset(fold(session.title) for session in sessions if session.key in changed)

    @cached_property
    def programme(self) -> Programme | None:
        """The agenda of the home event, as its document has it."""
        return None if self.home is None else self.home.programme

    @cached_property
    def authority(self) -> Mapping[str, Authority]:
        """The authority of each document, by stem: its front matter's, else briefing where it holds an agenda."""
        return {document.stem: _authority(document) for document in self.documents}

    @cached_property
    def city(self) -> Mapping[str, str]:
        """The city that each document is about, by stem; '' where it names none."""
        return {document.stem: city_of(document) for document in self.documents}

    @cached_property
    def other_events(self) -> Mapping[str, tuple[Document, ...]]:
        """The background documents on events of other cities, by city."""
        events: dict[str, tuple[Document, ...]] = {}
        for document in self.documents:
            city = self.city[document.stem]
            if city and self.home is not None and city != self.home.city:
                events[city] = (*events.get(city, ()), document)
        return events

    @cached_property
    def home_background(self) -> tuple[str, ...]:
        """The stems of background documents on the host city itself."""
        return tuple(
            stem
            for stem, authority in self.authority.items()
            if authority is Authority.BACKGROUND and self.home is not None and self.city[stem] in ("", self.home.city)
        )

    @cached_property
    def authoritative(self) -> tuple[str, ...]:
        """The stems of documents that speak for the home event, the most authoritative first."""
        stems = [stem for stem, authority in self.authority.items() if authority > Authority.BACKGROUND]
        return tuple(sorted(stems, key=lambda stem: (-self.authority[stem], stem)))

    @cached_property
    def topics_by_document(self) -> Mapping[str, frozenset[str]]:
        """The topics that each document tells of, by stem."""
        told: dict[str, set[str]] = {}
        for passage in self.passages:
            told.setdefault(passage.document, set()).update(passage.topics)
        return {stem: frozenset(topics) for stem, topics in told.items()}

    @cached_property
    def labelled(self) -> tuple[Passage, ...]:
        """The passages of which staff have said what they are about."""
        return tuple(passage for passage in self.passages if passage.is_labelled)

    def holding(self, word: str) -> tuple[Passage, ...]:
        """Return the passages that hold a word, in any language; it is compared folded."""
        return tuple(p for p in self._by_word.get(fold(word), {}).values() if not self.is_outdated(p))

    @cached_property
    def _by_word(self) -> Mapping[str, Mapping[str, Passage]]:
        found: dict[str, dict[str, Passage]] = {}
        for passage in self.passages:
            for text in (passage.text, *dict(passage.translations).values()):
                for word in re.findall(r"[^\W\d_]+", fold(text)):
                    found.setdefault(word, {})[passage.id] = passage
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """The longer words of all documents and names, folded."""
        texts = [passage.text for passage in self.passages] + _text_of_all(self.documents)
        return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]{4,}", fold(text)))

    @cached_property
    def by_stem(self) -> Mapping[str, Document]:
        """The documents by stem."""
        return {document.stem: document for document in self.documents}

    def evidence(self, topic: str) -> tuple[Passage, ...]:
        """Return what the home event's own documents say on a topic, the most authoritative first."""
        found = [p for p in self.passages if topic in p.topics and self._speaks(p)]
        return tuple(sorted(found, key=lambda passage: self.authoritative.index(passage.document)))

    def _speaks(self, passage: Passage) -> bool:
        return passage.document in self.authoritative and not self.is_outdated(passage)

    def label(self, stem: str) -> str:
        """Return how a source is named to people: the front matter's label, else the file's name."""
        return self.by_stem[stem].meta.get("label") or stem

    def event_name(self, stem: str) -> str:
        """Return the name of the event that a document is about; where it states none, city and year."""
        document = self.by_stem[stem]
        year = document.meta.get("year") or document.meta.get("date", "")[:4]
        return document.meta.get("event") or f"{self.city[stem]} {year}".strip() or document.title

    def is_undated(self, stem: str) -> bool:
        """Tell whether a document does not say when it was written."""
        meta = self.by_stem[stem].meta
        return self.authority[stem] is Authority.BACKGROUND and not (meta.get("date") or meta.get("year"))


def _text_of_all(documents: Sequence[Document]) -> list[str]:
    return [text for document in documents for text in _text(document)]


def _authority(document: Document) -> Authority:
    stated = document.meta.get("authority", "").upper()
    if stated in Authority.__members__:
        return Authority[stated]
    return Authority.BRIEFING if read_programme(document).sessions else Authority.BACKGROUND


def city_of(document: Document) -> str:
    """Return the city that a document is about: stated, else named in its title, else named most often."""
    if document.meta.get("city"):
        return document.meta["city"]
    in_title = [city for city in cities_in(document.title) if city != "Sweden"]
    if in_title:
        return in_title[0]
    text = fold(" ".join(_text(document)))
    counts = Counter({city: len(pattern.findall(text)) for city, pattern in cities().items()})
    return next((city for city, count in counts.most_common(1) if count), "")


def _text(document: Document) -> list[str]:
    texts = []
    for section in document.sections:
        for block in section.blocks:
            match block:
                case Paragraph(text=text):
                    texts.append(text)
                case Table(rows=rows):
                    texts += [cell for row in rows for cell in row]
    return texts
