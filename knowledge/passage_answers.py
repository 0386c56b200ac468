"""Answer from passages: other cities' events, the host's sister cities, and what staff have added."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from knowledge import phrases
from knowledge.clauses import Clause
from knowledge.evidence import Context, Part, Source
from knowledge.folding import fold
from knowledge.index import Hit, PassageIndex
from knowledge.lexicon import cities, cities_in
from knowledge.passages import Passage
from knowledge.programme import Certainty
from knowledge.routing import MEANS_THE_EVENT
from knowledge.thresholds import thresholds
from knowledge.topics import Kind, Topic

_CANDIDATES = 20
_WEIGHT_OF_TOPIC = 0.6  # a passage labelled with the topic asked for outweighs one that merely sounds alike
_WEIGHT_OF_WORDS = 0.5
_WEIGHT_OF_CITY = 0.3
_SECOND = 0.85  # a second passage joins when it is so near to the best
_SOUNDS_ALIKE = 0.33  # score from which a passage is told where no topic is clear
_CLEARLY_ABOUT = 0.5  # probability of its topic from which on a passage answers alone
_LIKELY = 0.7  # beside it, of the best one's score
_MOST_LIKELY = 3
_HOLDS_A_NAME = 0.45  # score of words from which a passage holds a name that hardly another one does
_RARE = 2  # passages; a word of more is no name
_TOLD = 0.15  # below it, the other event's documents tell nothing of what is asked, as far as topics go
_LONGEST = 540  # letters of a quoted sentence on a phone screen


def other_event(context: Context, index: PassageIndex, clause: Clause, city: str) -> Part | None:
    """Return what the documents say of another city's event, named as such; None where they do not."""
    stems = [document.stem for document in context.library.other_events[city]]
    asked = replace(clause, topics=_topics_elsewhere(clause, context, stems))
    found = best_passages(index, asked, stems, ignoring=_event_cities(context), fits=thresholds().fits_elsewhere)
    if not found:
        return None
    event = context.name(context.library.event_name(found[0].document))
    heading = context.words.say(phrases.OTHER_EVENT, event=event)
    part = quoted(context, found)
    return Part(f"{heading} {part.text}", part.certainty, part.sources)


def host_background(context: Context, index: PassageIndex, clause: Clause, topic: Topic) -> Part | None:
    """Return what background documents say of the host city's own relations; None where they do not.

    A passage that staff labelled with the very topic is the answer, unless the question names a sister city.
    """
    events = _event_cities(context)
    documents = context.library.home_background
    names_a_city = any(city not in events for city in clause.cities)
    labelled = [p for p in context.library.labelled if p.document in documents and topic.id in p.topics]
    if topic.kind is Kind.GAP and not names_a_city:
        return None
    if len(labelled) == 1 and not names_a_city:
        return quoted(context, labelled)
    found = best_passages(index, clause, documents, ignoring=events, fits=thresholds().fits)
    return quoted(context, found) if found else None


def naming(context: Context, clause: Clause) -> Part | None:
    """Return the passage that holds an unusual word of clause, such as a person's name; None where there is none."""
    stems = (*context.library.authoritative, *context.library.home_background)
    for word in clause.rare:
        found = [passage for passage in context.library.holding(word) if passage.document in stems]
        if 1 <= len(found) <= _RARE:
            return replace(quoted(context, found[:1]), topic=clause.topic)
    return None


def _event_cities(context: Context) -> tuple[str, ...]:
    """Return the cities that stand for events, not for sister cities."""
    home = context.library.home
    return (*context.library.other_events, *([home.city] if home else []))


def stated(context: Context, topic: str) -> Part | None:
    """Return what the home event's own documents state on a topic that they usually leave out; None if nothing."""
    found = context.library.evidence(topic)[:2]
    return quoted(context, found) if found else None


def best_passages(
    index: PassageIndex,
    clause: Clause,
    documents: Collection[str],
    *,
    ignoring: Sequence[str],
    fits: float,
) -> list[Passage]:
    """Return the passages of documents that answer clause best, one where it is clear; none where nothing fits."""
    if not documents:
        return []
    named = [city for city in clause.cities if city not in ignoring]
    hits = index.search(clause.wide, clause.wide_vector, k=_CANDIDATES, documents=documents)
    scored = sorted(((score(hit, clause, named), hit.passage) for hit in hits), key=lambda pair: -pair[0])
    scored = [(points, passage) for points, passage in scored if _names_all(passage, named, ignoring)]
    is_unclear = not clause.topics or clause.confidence < thresholds().lost
    if not scored or scored[0][0] < (min(fits, _SOUNDS_ALIKE) if is_unclear else fits):
        return []
    return list(dict.fromkeys((*_best(scored, clause), *_holding_a_name(hits))))


def _holding_a_name(hits: Sequence[Hit]) -> list[Passage]:
    """Return the one passage that holds words of the question which no other one holds, such as a city's name."""
    by_words = sorted(hits, key=lambda hit: -hit.words)[:2]
    is_alone = len(by_words) == 2 and by_words[0].words >= max(_HOLDS_A_NAME, 2 * by_words[1].words)
    return [by_words[0].passage] if is_alone else []


def _best(scored: Sequence[tuple[float, Passage]], clause: Clause) -> list[Passage]:
    points, best = scored[0]
    if _about(best, clause) < _CLEARLY_ABOUT:  # what is meant is not clear: the likeliest passages that fit a screen
        likely = [passage for other, passage in scored[:_MOST_LIKELY] if other >= _LIKELY * points]
        return [p for i, p in enumerate(likely) if i == 0 or sum(len(q.text) for q in likely[: i + 1]) <= _LONGEST]
    second = [p for other, p in scored[1:2] if other >= _SECOND * points and _adds(p, best, clause)]
    return [best, *second]


def _topics_elsewhere(clause: Clause, context: Context, stems: Sequence[str]) -> dict[str, float]:
    """Return the topics of clause as far as the documents of the other event tell of them; they sum to 1."""
    told = frozenset[str]().union(*(context.library.topics_by_document.get(stem, ()) for stem in stems))
    return topics_told(clause, told)


def topics_told(clause: Clause, told: Collection[str]) -> dict[str, float]:
    """Return those topics of clause that are told of, as probabilities among themselves; none where hardly any is."""
    topics: dict[str, float] = {}
    for topic, probability in clause.topics.items():
        meant = "event.dates" if topic in MEANS_THE_EVENT else topic
        if meant in told:
            topics[meant] = topics.get(meant, 0.0) + probability
    total = sum(topics.values())
    return {topic: probability / total for topic, probability in topics.items()} if total > _TOLD else {}


def score(hit: Hit, clause: Clause, named: Sequence[str]) -> float:
    """Return how well a passage answers a clause: meaning, words, topic and the cities it names."""
    about = _about(hit.passage, clause)
    city = _WEIGHT_OF_CITY if named and set(named) <= set(cities_in(hit.passage.text)) else 0.0
    return hit.relevance + _WEIGHT_OF_WORDS * hit.words + _WEIGHT_OF_TOPIC * about + city


def _about(passage: Passage, clause: Clause) -> float:
    """Return the probability that clause asks for a topic that passage is labelled with."""
    return max((clause.probability(topic) for topic in passage.topics), default=0.0)


def _names_all(passage: Passage, named: Sequence[str], ignoring: Sequence[str]) -> bool:
    """Tell whether a passage may answer a question that names sister cities: it must speak of one of them."""
    if not named:
        return True
    folded = fold(f"{passage.heading} {passage.text}")
    return any(cities()[city].search(folded) for city in named if city not in ignoring)


def _adds(passage: Passage, best: Passage, clause: Clause) -> bool:
    """Tell whether a second passage belongs to the answer: same topic, or a question that asks for several things."""
    return bool(set(passage.topics) & set(best.topics)) or bool(
        re.search(r"\d", passage.text) and clause.slots.compares
    )


def quoted(context: Context, passages: Sequence[Passage]) -> Part:
    """Return passages in the reply's language, or in English and said to be so, with what weakens them."""
    lines = [_text(context, passage) for passage in passages]
    if any(context.library.is_undated(passage.document) for passage in passages):
        lines.append(context.words.say(phrases.UNDATED))
    sources = tuple(dict.fromkeys(Source(p.document, p.section) for p in passages))
    return Part("\n".join(lines), Certainty.CONFIRMED, sources)


def _text(context: Context, passage: Passage) -> str:
    language = context.words.language
    translated = dict(passage.translations).get(language)
    if translated:
        return translated
    text = passage.text if len(passage.text) <= _LONGEST else passage.text[:_LONGEST].rsplit(" ", 1)[0] + " …"
    return text if language == "en" else context.words.say(phrases.QUOTED, text=text)


def event_dates(context: Context, city: str) -> Part | None:
    """Return when another city's event was; None where its documents do not say."""
    stems = {document.stem for document in context.library.other_events[city]}
    found = [p for p in context.library.passages if p.document in stems and "event.dates" in p.topics]
    return quoted(context, found[:1]) if found else None
