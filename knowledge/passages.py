"""Cut documents into passages: the pieces that can be found, quoted and cited."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.documents import Document, Paragraph, Section, Table
from knowledge.lines import names_a_day
from knowledge.topics import Kind, Topic

_LABEL = re.compile(r"\s*\{#([\w.]+)\}\s*$")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])[\"”’)]*\s+(?=[\"“(A-Z0-9\u3400-\u9fff])")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|Nos|vs|etc|Co|Inc|Ltd|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_DATE_WORDS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b\.?|\b(?:AM|PM|ET|GMT|UTC)\b",
    re.IGNORECASE,
)
_SHORT = 25  # letters; a shorter piece says too little to stand alone and joins the one before


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or short section of a document."""

    id: str
    document: str
    section: str  # the number of the section, otherwise its heading
    heading: str
    text: str
    topics: tuple[str, ...]  # what it is evidence for
    translations: tuple[tuple[str, str], ...] = ()  # (language, text), approved by staff
    is_labelled: bool = False  # staff said what it is about; otherwise its words suggest it

    @property
    def key(self) -> str:
        """The name under which the pack translates it: document/heading."""
        return f"{self.document}/{re.sub(r'[^a-z0-9]+', '-', self.heading.lower()).strip('-')}"


def passages_of(document: Document, topics: Mapping[str, Topic]) -> list[Passage]:
    """Return the passages of document in its order.

    A section whose heading carries a label, `## Dates {#event.dates}`, is one passage, evidence for that topic.
    Otherwise every sentence is one, and is evidence for the topics whose words it holds.
    """
    return [passage for section in document.sections for passage in _passages(document, section, topics)]


def _passages(document: Document, section: Section, topics: Mapping[str, Topic]) -> Iterable[Passage]:
    label = _LABEL.search(section.heading)
    heading = _LABEL.sub("", section.heading)
    pieces = [" ".join(_texts(section))] if label else [piece for text in _texts(section) for piece in sentences(text)]
    for text in pieces:
        if not _says_something(text):
            continue
        about = (label[1],) if label else tuple(topic.id for topic in topics.values() if _is_evidence(topic, text))
        yield Passage(
            _identity(document.stem, heading, text),
            document.stem,
            section.number or heading,
            heading,
            text,
            about,
            is_labelled=label is not None,
        )


def _says_something(text: str) -> bool:
    """Tell whether a piece is more than a date line, such as 'January 07, 2026 | 11:01'."""
    words = re.findall(r"[^\W\d_]{2,}", _DATE_WORDS.sub("", text))
    return bool(words) and not (len(words) < 3 and re.search(r"\d{4}|\d:\d\d", text) and _DATE_WORDS.search(text))


def _texts(section: Section) -> list[str]:
    texts = []
    for block in section.blocks:
        match block:
            case Paragraph(text=text):
                texts.append(text)
            case Table(rows=rows) if not names_a_day(section.heading):  # a day's timetable is read as sessions
                texts += [" · ".join(filter(None, row)).replace("\n", " ") for row in rows]
    return texts


def _is_evidence(topic: Topic, text: str) -> bool:
    return topic.kind is not Kind.REFUSED and topic.is_evidenced_by(text)


def sentences(text: str) -> list[str]:
    """Return the sentences of text; a full stop after an initial or 'Jan.' ends none."""
    pieces: list[str] = []
    for piece in _SENTENCE_END.split(text.strip()):
        if pieces and (_ABBREVIATION.search(pieces[-1]) or len(pieces[-1]) < _SHORT):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces


def _identity(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]
