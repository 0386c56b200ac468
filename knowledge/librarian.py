"""The front desk of knowledge: a question in, an answer with sources out, or an honest 'not stated'."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace

from knowledge import phrases
from knowledge.activities import Signable, signable
from knowledge.cities_told import read_city
from knowledge.composer import Composer
from knowledge.evidence import ORGANIZERS, Context, Part, Source, least_certain
from knowledge.index import PassageIndex
from knowledge.languages import LanguageDetector
from knowledge.lexicon import lexicon
from knowledge.library import Library
from knowledge.linking import Linker
from knowledge.people import Introduction, is_number_in, read_introduction
from knowledge.programme import Certainty, Programme
from knowledge.reading import Reader
from knowledge.recent import Recent
from knowledge.topics import Topic
from knowledge.wishes import Message, Wish, WishReader
from knowledge.wording import wording

_NUMBER = re.compile(r"[IVXLC]+|[\d.]+")  # of a section; a heading is in the document's language, not the reader's
_WORD = re.compile(r"[^\W_]{2,}|[^\W_\x00-\x7f]")  # two letters or digits; one, of a script that is not Latin
_MAY_ASK = 0.1  # probability of a question from which a message is answered ahead
_ASKS = 0.65  # probability of a topic from which a few words are no city that nobody has heard of
_KEPT_IN_MEMORY = 1024  # answers, and readings
LONGEST_QUESTION = 2000  # letters; the rest of a longer message is not read
LONGEST_MESSAGE = 8000  # letters; what staff send to many is kept up to here


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
class Unread:
    """A message that has come, and what is known of who writes it.

    language: their own. history: their earlier questions, oldest first. spoken: the language that they have chosen.
    """

    text: str
    language: str
    history: tuple[str, ...] = ()
    spoken: str | None = None


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """What a message wants, and the answer, where it may be a question."""

    message: Message
    answer: Answer | NoAnswer | None


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
        self._read_lately: Recent[Message] = Recent(_KEPT_IN_MEMORY)
        self._spoken_lately: Recent[str] = Recent(_KEPT_IN_MEMORY)

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
        known = self.answered_lately(question, language=language, history=history, spoken=spoken)
        if known is not None:
            return known
        text = question.strip()[:LONGEST_QUESTION]
        written = self._spoken(text, language or self._spoken_before(history))
        context = self._context(spoken or written)
        composer = Composer(context, self._index)
        clauses = self._reader.read(text, written, history) if _WORD.search(text) else []
        parts = [part for clause in clauses for part in composer.compose(clause)]
        answer = self._reply(context, parts or [composer.wordless(text)])
        return self._given_lately.keep(_key(question, language, history, spoken), answer)

    def answered_lately(
        self,
        question: str,
        *,
        language: str | None = None,
        history: Sequence[str] = (),
        spoken: str | None = None,
    ) -> Answer | NoAnswer | None:
        """Return the answer, where it was given lately."""
        return self._given_lately.get(_key(question, language, history, spoken))

    def forget(self) -> None:
        """Drop the answers and readings kept in memory."""
        self._given_lately.clear()
        self._read_lately.clear()
        self._spoken_lately.clear()
        self._reader.forget()
        self._wishes.forget()

    def introduced(self, text: str, *, language: str, is_city: bool = False) -> Introduction:
        """Return the name and city in a text that was asked for as one line; is_city: the city alone was asked for."""
        if is_city:
            read = self._reader.read(text, language)
            asks = max((p for clause in read for p in clause.topics.values()), default=0.0)
            return read_city(text, self._reader.mended(text, language), language, may_be_any=asks < _ASKS)
        return read_introduction(text, language, is_expected=True)

    def look_ahead(self, messages: Sequence[Unread]) -> None:
        """Read many messages at once, and answer those that may be questions; read() and answer() find that done.

        An embedding of many texts costs each a third of what it costs alone.
        """
        new = [message for message in messages if self.read_already(message) is None]
        written = [(one.text.strip()[:LONGEST_QUESTION], self._written(one.text, one.language)) for one in new]
        mended = [(text, self._reader.mended(text, tongue), tongue) for text, tongue in written]
        self._reader.embed([*self._wishes.embedded(mended), *self._reader.embedded(written)])
        self._wishes.look_ahead(mended, self._linker)
        read = [self.read(one.text, language=one.language) for one in new]
        asked = [(one, message) for one, message in zip(new, read, strict=True) if _may_ask(message)]
        worded = [message for _, message in asked if _WORD.search(message.text)]
        self._reader.look_ahead([(message.text[:LONGEST_QUESTION], message.language) for message in worded])
        for one, message in asked:
            language = one.spoken or message.language
            self.answer(message.text, language=language, history=one.history, spoken=one.spoken)

    def read_already(self, message: Unread) -> ReadAhead | None:
        """Return what was read in a message lately; None where it was not, or may ask and has no answer yet."""
        read = self._read_lately.get((message.text, message.language))
        if read is None:
            return None
        if not _may_ask(read):
            return ReadAhead(read, None)
        answer = self._given_lately.get(_asked(message, read))
        return None if answer is None else ReadAhead(read, answer)

    def learn(self, message: Unread, read: ReadAhead) -> None:
        """Keep what another librarian, of the same library, has read in a message."""
        self._read_lately.keep((message.text, message.language), read.message)
        if read.answer is not None:
            self._given_lately.keep(_asked(message, read.message), read.answer)

    def read(self, text: str, *, language: str | None = None) -> Message:
        """Return what text wants to be done; language is used where it could be in several."""
        known = self._read_lately.get((text, language))
        if known is not None:
            return known
        whole = text.strip()[:LONGEST_MESSAGE]
        message, written = whole[:LONGEST_QUESTION], self._written(text, language)
        read = self._wishes.read(message, self._reader.mended(message, written), written, self._linker)
        return self._read_lately.keep((text, language), replace(read, text=whole))

    def activities(self) -> list[Signable]:
        """Return what people can sign up for."""
        return signable(self.library, self.library.programme) if self.library.programme else []

    def _written(self, text: str, language: str | None) -> str:
        """Return the language that a message is written in; language is the person's own."""
        message = text.strip()[:LONGEST_QUESTION]
        written = self._spoken(message, language or "en")
        return language if language and is_number_in(message, language, rather_than=written) else written

    def _spoken(self, text: str, fallback: str) -> str:
        """Return the language of text. The event's English name stands in texts of every language."""
        known = self._spoken_lately.get((text, fallback))
        if known is not None:
            return known
        english = lexicon("en")
        nameless = english.event_kinds.sub(" ", english.event_names.sub(" ", text))
        return self._spoken_lately.keep((text, fallback), self._detector.detect(nameless, fallback=fallback))

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


def _key(question: str, language: str | None, history: Sequence[str], spoken: str | None) -> Hashable:
    """Return by what an answer is remembered: of the history only the last question is used."""
    return (question, language, tuple(history[-1:]), spoken)


def _asked(unread: Unread, read: Message) -> Hashable:
    return _key(read.text, unread.spoken or read.language, unread.history, unread.spoken)


def _may_ask(message: Message) -> bool:
    return dict(message.likely).get(Wish.QUESTION, 0.0) >= _MAY_ASK
