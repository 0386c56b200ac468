"""Read a message: its clauses that ask, and for each the topics, slots and cities it is about."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from knowledge.clauses import Clause
from knowledge.embeddings import SentenceEncoder, Vectors
from knowledge.lexicon import cities_in, lexicon, spelled_cities, with_event_noun, without_names
from knowledge.library import Library
from knowledge.recent import Recent
from knowledge.router import Router, ranked
from knowledge.sentences import in_lower_case, sentences_of, splits, without_lead, without_quotation
from knowledge.slots import read_slots
from knowledge.spelling import Speller
from knowledge.thresholds import thresholds
from knowledge.topics import Kind, Topic

MOST_CLAUSES = 3
SURE = 0.5  # a clause that reaches it stands on its own
_HALF = 0.25  # both halves of "X and Y" must reach it to be two questions, where the whole is about both topics
_ONE_QUESTION = 0.8  # from here on a clause asks one thing, whatever joints it has
_WORTH_KEEPING = 0.1  # by which a question must be clearer with its opening than without
_IN_WHOLE = 0.05
_HALF_ALONE = 0.43  # and where it is not
_KEPT_IN_MEMORY = 2048  # clauses; each takes some 3 kB
_UNCLEAR = 0.2  # a question below it is left out beside clear ones
_SAME_FAMILY = 1.4  # a short follow-up stays with its family of topics
_TOPICS_KEPT = 6
_VAGUE = ("agenda.full", "practical.other")  # "send me all of them" looks like these, whatever was spoken of
_VAGUE_SHARE = 0.5
_ASKS = re.compile("[?؟？]")


class Reader:
    """Turn messages into clauses."""

    def __init__(
        self,
        router: Router,
        encoder: SentenceEncoder,
        topics: dict[str, Topic],
        texts: Mapping[str, Sequence[str]],
        library: Library,
    ) -> None:
        """Route with router over embeddings of encoder.

        texts: sample questions by language, for the spelling. library: knows the host city, other cities' events, and
        the names that are no typing errors.
        """
        home = library.home
        self._home = home.city if home else ""
        self._other_events = frozenset(library.other_events)
        self._names = frozenset((*spelled_cities(), *library.words))
        self._router = router
        self._encoder = encoder
        self._texts = texts
        self._spellers: dict[str, Speller] = {}
        self._read_lately: Recent[Clause] = Recent(_KEPT_IN_MEMORY)
        self._refused = {"refused.injection", "refused.private"}
        self._talk = {key for key, topic in topics.items() if topic.kind is Kind.SOCIAL}

    def read(self, message: str, language: str, history: Sequence[str] = ()) -> list[Clause]:
        """Return the clauses of message that ask something, at most three; the first one's previous is from history.

        history: the person's earlier questions, oldest first; only the last one is used.
        """
        units = sentences_of(message, language)
        clauses = self._asking([self._mended(c, language) for c in self._clauses(units, language)], language)
        clauses = [half for clause in clauses for half in self._halves(clause, language)][:MOST_CLAUSES]
        if history:
            before = self.read(history[-1], language)[-1]
            clauses = [self._following(clause, before, language) for clause in clauses]
        return clauses

    def forget(self) -> None:
        """Drop what was read lately."""
        self._read_lately.clear()

    def embed(self, texts: Sequence[str]) -> None:
        """Embed texts at once: whoever needs one of them soon finds that done."""
        self._encoder.encode(list(dict.fromkeys(texts)))

    def embedded(self, messages: Sequence[tuple[str, str]]) -> list[str]:
        """Return what most messages, each with its language, are embedded as: each sentence, with and without lead."""
        sentences = [(text, language) for message, language in messages for text in sentences_of(message, language)]
        pieces = [
            (piece, language)
            for text, language in sentences
            for piece in dict.fromkeys((text, without_lead(text, language, self._home)))
        ]
        cut = [(without_quotation(in_lower_case(text))[0], language, cities_in(text)) for text, language in pieces]
        return [self._bare(*piece) for piece in cut]

    def look_ahead(self, messages: Sequence[tuple[str, str]]) -> None:
        """Read the sentences of many messages, each with its language, at once; read() finds them read."""
        sentences = [(text, language) for message, language in messages for text in sentences_of(message, language)]
        clauses = zip(sentences, self._clauses_in(sentences), strict=True)
        self._clauses_in([half for (_, language), clause in clauses for half in self._splits(clause, language)])

    def _clauses(self, texts: Sequence[str], language: str) -> list[Clause]:
        return self._clauses_in([(text, language) for text in texts])

    def _clauses_in(self, texts: Sequence[tuple[str, str]]) -> list[Clause]:
        """Return the clauses of texts, each with its language; those read lately are remembered.

        A follow-up reads the question before again.
        """
        lately = {text: self._read_lately.get(text) for text in texts}
        found = {text: clause for text, clause in lately.items() if clause is not None}
        new = [text for text in lately if text not in found]
        for text, clause in zip(new, self._read_anew(new) if new else (), strict=True):
            found[text] = self._read_lately.keep(text, clause)
        return [found[text] for text in texts]

    def _read_anew(self, texts: Sequence[tuple[str, str]]) -> list[Clause]:
        languages = [language for _, language in texts]
        named = [cities_in(text) for text, _ in texts]
        told = [self._without_lead(*text, cities) for text, cities in zip(texts, named, strict=True)]
        cut = [without_quotation(in_lower_case(text)) for text in told]
        bare = [self._bare(text, *of) for (text, _), of in zip(cut, zip(languages, named, strict=True), strict=True)]
        vectors = self._encoder.encode(bare)
        return [
            Clause(
                text=text,
                bare=plain,
                vector=vector,
                topics=topics,
                slots=read_slots(text, language),
                cities=cities,
                rare=self._speller(language).unknown(plain),
                is_gibberish=self._speller(language).knows_none_of(plain),
                quoted=quoted,
            )
            for text, (_, quoted), plain, vector, topics, cities, language in zip(
                told, cut, bare, vectors, self._topics(bare, vectors), named, languages, strict=True
            )
        ]

    def _speller(self, language: str) -> Speller:
        if language not in self._spellers:
            self._spellers[language] = Speller(language, self._texts.get(language, ()), self._names)
        return self._spellers[language]

    def _bare(self, text: str, language: str, named: Collection[str]) -> str:
        is_elsewhere = not self._other_events.isdisjoint(named)
        return without_names(with_event_noun(text, language) if is_elsewhere else text, language)

    def _without_lead(self, text: str, language: str, named: Collection[str]) -> str:
        """Return text, or what follows its opening: whichever says more clearly what it asks."""
        rest = without_lead(text, language, self._home)
        if rest == text or not self._other_events.isdisjoint(named):
            return text
        bare = [self._bare(in_lower_case(piece), language, ()) for piece in (text, rest)]
        whole, part = (max(topics.values()) for topics in self._topics(bare, self._encoder.encode(bare)))
        return text if whole >= part + _WORTH_KEEPING else rest

    def _topics(self, texts: Sequence[str], vectors: Vectors) -> list[dict[str, float]]:
        return ranked(self._router.topics, self._router.probabilities(texts, vectors), most=_TOPICS_KEPT)

    def mended(self, text: str, language: str) -> str:
        """Return text without its typing errors."""
        return self._speller(language).mended(text, rare=False)

    def _mended(self, clause: Clause, language: str) -> Clause:
        """Return clause with its typing errors mended; a rare word is taken for one only if nothing is lost by it."""
        speller = self._speller(language)
        text = speller.mended(clause.text, rare=False)
        surely = clause if text == clause.text else self._clauses([text], language)[0]
        text = speller.mended(surely.text, rare=True)
        if text == surely.text:
            return surely
        boldly = self._clauses([text], language)[0]
        return boldly if boldly.confidence > surely.confidence else surely

    def _asking(self, clauses: list[Clause], language: str) -> list[Clause]:
        """Return the clauses that ask: greetings, asides and explanations serve only to complete them."""
        refused = [c for c in clauses if c.topic in self._refused and c.confidence >= SURE]
        if refused:  # an instruction changes nothing; a clear question beside it is answered
            beside = [c for c in clauses if _ASKS.search(c.text) and c.confidence >= SURE and c not in refused]
            return [c for c in beside if c.topic not in self._talk] or refused[:1]
        if len(clauses) == 1:
            return clauses
        asking = [clause for clause in clauses if _ASKS.search(clause.text)]
        if not asking:  # "we are five from one city. who is covered": what comes last is what is wanted
            asking = [clause for clause in clauses if clause.topic not in self._talk][-1:] or clauses[-1:]
        asking = [clause for clause in asking if clause.topic not in self._talk] or asking[:1]
        clear = max(clause.confidence for clause in asking) >= SURE
        asking = [clause for clause in asking if clause.confidence >= _UNCLEAR or not clear]
        return [self._completed(clause, clauses, language) for clause in asking]

    def _completed(self, clause: Clause, all_clauses: list[Clause], language: str) -> Clause:
        """Return clause read together with the sentence before it, the more so the less it says by itself."""
        place = all_clauses.index(clause)
        if place == 0 or not self._leads_up(all_clauses[place - 1], clause, language):
            return clause
        before = all_clauses[place - 1]
        around = self._clauses([f"{before.text} {clause.text}"], language)[0]
        # "You pay for all eight of us! Can you confirm?": the less the question says, the more the statement asks.
        is_in_need = clause.confidence < SURE and before.confidence >= _UNCLEAR
        told = _mixed(around, before, 0.5) if is_in_need else around.topics
        topics = _mixed(clause, replace(around, topics=told), _share_of_context(clause))
        slots = replace(clause.slots, day=clause.slots.day or around.slots.day)
        is_elsewhere = any(city != self._home for city in clause.cities)
        cities = clause.cities if is_elsewhere else (*clause.cities, *before.cities)
        return replace(clause, topics=topics, slots=slots, cities=cities, around=around)

    def _leads_up(self, before: Clause, clause: Clause, language: str) -> bool:
        """Tell whether the sentence before a question explains it: it is no greeting, question or aside elsewhere."""
        speaks_of_event = lexicon(language).event_kinds.search(before.text) is not None
        names_elsewhere = not self._other_events.isdisjoint(set(before.cities) - set(clause.cities))
        is_aside = names_elsewhere and not speaks_of_event
        return before.topic not in self._talk and not _ASKS.search(before.text) and not is_aside

    def _halves(self, clause: Clause, language: str) -> list[Clause]:
        """Return the questions of 'when is X and where is Y', else the clause alone."""
        read = self._clauses_in(self._splits(clause, language))  # at once: six embeddings cost little more than two
        pairs = [pair for pair in zip(read[::2], read[1::2], strict=True) if self._are_two_questions(clause, *pair)]
        if pairs:
            best = max(pairs, key=lambda pair: min(half.confidence for half in pair))
            one, other = (replace(half, cities=half.cities or clause.cities) for half in best)
            if _is_short(other) and other.confidence < SURE:  # "which was the first, and in what year?"
                other = replace(other, topics=_mixed(other, clause, _share_of_context(other)))
            if other.topic == one.topic and (not other.slots or one.slots == other.slots):
                return [clause]
            return [*self._halves(one, language), *self._halves(other, language)]
        return [clause]

    def _splits(self, clause: Clause, language: str) -> list[tuple[str, str]]:
        """Return the halves of all ways to cut clause, each with its language, where it may be two questions."""
        if clause.quoted or clause.topic in self._refused or clause.confidence >= _ONE_QUESTION:
            return []
        return [(half, language) for pair in splits(clause.text, language) for half in pair]

    def _are_two_questions(self, whole: Clause, one: Clause, other: Clause) -> bool:
        topics = {one.topic, other.topic}
        if len(topics) == 1 and one.slots and other.slots and one.slots != other.slots:
            return min(one.confidence, other.confidence) >= SURE  # "what is on the first day, and what on the last?"
        is_pair_of_cities = bool(one.cities and other.cities)  # "Bordeaux and Wuhan" is no joint
        if len(topics) == 1 or topics & self._talk or is_pair_of_cities:
            return False
        is_likely = min(map(whole.probability, topics)) >= _IN_WHOLE or whole.cities
        needed = _HALF if is_likely else _HALF_ALONE
        return min(one.confidence, other.confidence) >= needed

    def _following(self, clause: Clause, before: Clause, language: str) -> Clause:
        """Return clause read together with the person's question before, as far as it does not stand alone."""
        joined = self._clauses([f"{before.text} {clause.text}"], language)[0]
        topics = _mixed(clause, joined, _share_of_context(clause))
        if _is_short(clause):
            family = before.topic.partition(".")[0]
            weighted = {t: p * (_SAME_FAMILY if t.startswith(f"{family}.") else 1.0) for t, p in topics.items()}
            scale = sum(topics.values()) / sum(weighted.values())
            topics = {t: p * scale for t, p in sorted(weighted.items(), key=lambda item: -item[1])}
        is_elliptic = _is_short(clause) or clause.confidence < thresholds().lost
        slots = clause.slots
        if before.slots.day is not None and slots.day is None and slots.numbers and _is_short(clause):
            slots = replace(slots, day=slots.numbers[0], numbers=())  # "and the second?" after "the first day"
        return replace(clause, topics=topics, slots=slots, previous=before, is_elliptic=is_elliptic)


def _mixed(clause: Clause, joined: Clause, share: float) -> dict[str, float]:
    """Return the topics of clause and of what it was joined to, the latter weighted by share."""
    mixed = {
        topic: (1 - share) * clause.probability(topic) + share * joined.probability(topic)
        for topic in (*clause.topics, *joined.topics)
    }
    return dict(sorted(mixed.items(), key=lambda item: -item[1]))


def _share_of_context(clause: Clause) -> float:
    """Return how much what came before counts: little for a clear question, much for 'and then?'."""
    brevity = 0.25 if _is_short(clause) else 0.0
    least = _VAGUE_SHARE if clause.topic in _VAGUE else 0.1
    return float(np.clip(0.85 - clause.confidence + brevity, least, 0.75))


def _is_short(clause: Clause) -> bool:
    return len(re.findall(r"\w+", clause.bare)) <= 6 or len(clause.bare) <= 10
