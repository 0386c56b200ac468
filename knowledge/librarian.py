"""The front desk of knowledge: a question in, an answer with sources out, or an honest 'not stated'."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge import phrases
from knowledge.activities import Signable, signable
from knowledge.composer import Composer
from knowledge.evidence import ORGANIZERS, Context, Part, Source, least_certain
from knowledge.index import PassageIndex
from knowledge.languages import LanguageDetector
from knowledge.lexicon import lexicon
from knowledge.library import Library
from knowledge.linking import Linker
from knowledge.people import Introduction, read_introduction
from knowledge.programme import Certainty, Programme
from knowledge.reading import Reader
from knowledge.recent import Recent
from knowledge.topics import Topic
from knowledge.wishes import Message, WishReader
from knowledge.wording import wording

_NUMBER = re.compile(r"[IVXLC]+|[\d.]+")  # of a section; a heading is in the document's language, not the reader's
_WORD = re.compile(r"[^\W_]{2,}|[^\W_\x00-\x7f]")  # two letters or digits; one, of a script that is not Latin
_KEPT_IN_MEMORY = 1024  # answers
LONGEST_QUESTION = 2000  # letters; the rest of a longer message is not read


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say."""

    text: str
    language: str
    certainty: Certainty
    sources: tuple[Source, ...]
    topics: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """That the documents do not say it, or that the desk does not answer such things; text says which."""

    text: str
    language: str
    certainty: Certainty
    sources: tuple[Source, ...]
    topics: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads messages: their language, what they ask, what they want done."""

    languages: LanguageDetector
    questions: Reader
    wishes: WishReader


class Librarian:
    """Answer questions from a library."""

    def __init__(
        self,
        *,
        library: Library,
        topics: dict[str, Topic],
        readers: Readers,
        linker: Linker,
        index: PassageIndex,
    ) -> None:
        self.library = library
        self._topics = topics
        self._detector = readers.languages
        self._reader = readers.questions
        self._wishes = readers.wishes
        self._linker = linker
        self._index = index
        self._given_lately: Recent[Answer | NoAnswer] = Recent(_KEPT_IN_MEMORY)

    def answer(
        self,
        question: str,
        *,
        language: str | None = None,
        history: Sequence[str] = (),
        spoken: str | None = None,
    ) -> Answer | NoAnswer:
        """Return the answer to question, in the language it is written in; in spoken, where one is given.

        language: the person's own, used where the question could be in several. history: their earlier questions,
        oldest first.
        """
        key = (question, language, tuple(history[-1:]), spoken)
        known = self._given_lately.get(key)
        if known is not None:
            return known
        text = question.strip()[:LONGEST_QUESTION]
        written = self._spoken(text, language or self._spoken_before(history))
        context = self._context(spoken or written)
        composer = Composer(context, self._index)
        clauses = self._reader.read(text, written, history) if _WORD.search(text) else []
        parts = [part for clause in clauses for part in composer.compose(clause)]
        return self._given_lately.keep(key, self._reply(context, parts or [composer.wordless(text)]))

    def forget(self) -> None:
        """Drop the answers and readings kept in memory."""
        self._given_lately.clear()
        self._reader.forget()

    def introduced(self, text: str, *, language: str) -> Introduction:
        """Return the name and city in a text that was asked for as one line."""
        return read_introduction(text, language, is_expected=True)

    def read(self, text: str, *, language: str | None = None) -> Message:
        """Return what text wants to be done; language is used where it could be in several."""
        message = text.strip()[:LONGEST_QUESTION]
        written = self._spoken(message, language or "en")
        return self._wishes.read(message, self._reader.mended(message, written), written, self._linker)

    def activities(self) -> list[Signable]:
        """Return what people can sign up for."""
        return signable(self.library, self.library.programme) if self.library.programme else []

    def _spoken(self, text: str, fallback: str) -> str:
        """Return the language of text. The event's English name stands in texts of every language."""
        english = lexicon("en")
        return self._detector.detect(
            english.event_kinds.sub(" ", english.event_names.sub(" ", text)), fallback=fallback
        )

    def about(self, topic: str, *, language: str) -> Answer | NoAnswer:
        """Return what the documents say on a topic of the catalogue.

        Raises:
            KeyError: there is no such topic.
        """
        context = self._context(language)
        return self._reply(context, [Composer(context, self._index).on_topic(self._topics[topic])])

    def _context(self, language: str) -> Context:
        return Context(
            library=self.library,
            programme=self.library.programme or Programme((), (), Certainty.CONFIRMED),
            linker=self._linker,
            topics=self._topics,
            words=wording(language),
        )

    def _spoken_before(self, history: Sequence[str]) -> str:
        return self._detector.detect(history[-1]) if history else "en"

    def _reply(self, context: Context, parts: Sequence[Part]) -> Answer | NoAnswer:
        lines = dict.fromkeys(line for part in parts for line in part.text.split("\n") if line)
        answers = [part for part in parts if part.is_answer]
        sources = tuple(dict.fromkeys(source for part in parts for source in part.sources if source.document))
        text = "\n".join(lines)
        if sources:
            text = f"{text}\n{_cited(context, sources)}"
        topics = tuple(dict.fromkeys(part.topic for part in parts))
        if answers:
            certainty = least_certain(part.certainty for part in answers)
            return Answer(text, context.words.language, certainty, sources, topics)
        certainty = least_certain(part.certainty for part in parts)
        return NoAnswer(text, context.words.language, certainty, sources, topics)


def _cited(context: Context, sources: Sequence[Source]) -> str:
    """Return the line that names the sources: each document once, with its sections."""
    cited = []
    for stem in dict.fromkeys(source.document for source in sources):
        if stem == ORGANIZERS:
            cited.append(context.words.say(phrases.CHANGES_BY_ORGANIZERS))
            continue
        label = context.name(context.library.label(stem))
        sections = dict.fromkeys(s.section for s in sources if s.document == stem and _NUMBER.fullmatch(s.section))
        numbered = ", ".join(sections)
        cited.append(context.words.say(phrases.SECTION, document=label, section=numbered) if numbered else label)
    return context.words.say(phrases.SOURCE, sources=context.words.enumerated(cited))
