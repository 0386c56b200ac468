"""What a message wants to be done, as far as it wants more than an answer: recognised by meaning, in any language."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from knowledge.embeddings import SentenceEncoder, Vectors
from knowledge.folding import alternation, fold
from knowledge.lexicon import without_names
from knowledge.linking import Linker, Sort
from knowledge.people import Introduction, People, read_introduction, read_people, takes_back, words_of
from knowledge.router import Router, ranked
from knowledge.sentences import in_lower_case
from knowledge.topics import Sample, catalogue, read_samples

FOLDER = Path(__file__).parent / "catalogue" / "wishes"
WEIGHTS = Path(__file__).parent / "catalogue" / "wishes.npz"
_MEANT = 0.42  # similarity from which an activity counts as meant without being named
_AHEAD = 0.06  # by which it must be ahead of the next one
_LIKELY = 0.2  # probability from which a message that was asked for is an introduction
_CLEAR = 0.5  # and from which it is something else
_LONGEST_LINE = 7  # words of a name and a city
_KEPT = 5  # wishes
_SORTS = (Sort.SESSION, Sort.ROUTE, Sort.STOP)
_EVERY = 8  # of the catalogue's questions, one in so many stands for all that is no wish


class Wish(StrEnum):
    """What a message wants; the samples in catalogue/wishes/ stand under these words."""

    SIGN_UP = "sign_up"
    CANCEL = "cancel"
    CHANGE = "change"
    STATUS = "status"
    TAKE_FREE = "take_free"
    LANGUAGE = "language"
    STOP = "stop"
    START = "start"
    FORGET = "forget"
    EXPORT = "export"
    YES = "yes"
    NO = "no"
    HUMAN = "human"
    INTRODUCE = "introduce"
    NOMINATE = "nominate"
    CODE = "code"
    COUNTS = "counts"
    WAITLIST = "waitlist"
    CHECKIN = "checkin"
    EXPORT_LIST = "export_list"
    CLOSE = "close"
    OPEN = "open"
    RESIZE = "resize"
    UNANSWERED = "unanswered"
    ANNOUNCE = "announce"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Place:
    """A session, or one route of it, by the titles that the agenda gives them."""

    session: str
    route: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says, as far as it can be told without knowing who writes it."""

    text: str
    language: str
    likely: tuple[tuple[Wish, float], ...]  # the most probable wishes with their probabilities, best first
    people: People
    introduction: Introduction
    places: tuple[Place, ...] = ()  # that it names; else the one that it clearly means
    spoken: str = ""  # the language that it names, where it names one
    takes_back: bool = False  # "undo that"

    @property
    def wish(self) -> Wish:
        """The most probable wish."""
        return self.likely[0][0]

    @property
    def probability(self) -> float:
        """The probability of the wish, 0 to 1."""
        return self.likely[0][1]

    @property
    def may_introduce(self) -> bool:
        """Whether it may be the name and city that were asked for: short, no question, and nothing clear else."""
        if self.text.rstrip().endswith(("?", "？", "؟")) or self.places:
            return False
        is_introduced = dict(self.likely).get(Wish.INTRODUCE, 0.0) >= _LIKELY
        words = re.findall(r"[^\W\d_]+", self.text)
        is_named = bool(self.introduction.city) or ("," in self.text and all(word[:1].isupper() for word in words))
        return is_introduced or (is_named and len(words) <= _LONGEST_LINE and self.probability < _CLEAR)

    def instead(self, other: Mapping[Wish, Wish]) -> "Message":
        """Return the message with some wishes taken for others."""
        likely: dict[Wish, float] = {}
        for wish, p in self.likely:
            meant = other.get(wish, wish)
            likely[meant] = likely.get(meant, 0.0) + p
        return replace(self, likely=tuple(sorted(likely.items(), key=lambda item: -item[1])))

    def without(self, wishes: Collection[Wish]) -> "Message":
        """Return the message as one that wants none of wishes; itself where nothing else is likely."""
        kept = tuple((wish, p) for wish, p in self.likely if wish not in wishes)
        return replace(self, likely=kept) if kept else self


class WishReader:
    """Read messages."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    @cached_property
    def _router(self) -> Router:
        """The weights, which who only asks does not need."""
        return Router.load(WEIGHTS, digest=digest())

    def read(self, text: str, mended: str, language: str, linker: Linker) -> Message:
        """Return what text, which is written in language, wants; places are those that linker knows.

        mended: text without its typing errors.
        """
        bare, vector, likely = max(
            (self._read(written, language) for written in dict.fromkeys((text, mended))), key=lambda read: read[2][0][1]
        )
        short = _short(text, language)
        return Message(
            text=text,
            language=language,
            likely=((short, 1.0),) if short else likely,
            people=read_people(text, language),
            introduction=read_introduction(text, language),
            places=_places(linker, mended, bare, vector),
            spoken=language_named(text, language),
            takes_back=takes_back(text, language),
        )

    def _read(self, text: str, language: str) -> tuple[str, Vectors, tuple[tuple[Wish, float], ...]]:
        """Return text without names, its embedding, and the wishes that it is likely to express, best first."""
        bare = without_names(in_lower_case(text), language)
        vector = self._encoder.encode([bare])[0]
        likely = ranked(self._router.topics, self._router.probabilities(bare, vector), most=_KEPT)
        return bare, vector, tuple((Wish(wish), p) for wish, p in likely.items())


def _places(linker: Linker, text: str, bare: str, vector: Vectors) -> tuple[Place, ...]:
    """Return the sessions and routes that text names; where it names none, the one that it clearly means."""
    named = linker.named(text, _SORTS)
    broad = [link for link in named if link.entity.sort is not Sort.STOP]
    named = broad or named  # "the Yangtze night cruise" means no place by the Yangtze
    likely = [] if named else linker.link(bare, vector, _SORTS)[:2]
    if likely and (likely[0].score < _MEANT or likely[0].score - likely[-1].score < _AHEAD):
        likely = []
    entities = [link.entity for link in named or likely[:1]]
    places = (Place(e.session.title, e.route.title if e.route else "") for e in entities if e.session)
    return tuple(dict.fromkeys(places))


def language_named(text: str, language: str) -> str:
    """Return the language that text names in the words of any language; '' where it names none."""
    folded = fold(text)
    for spoken in (language, *_LANGUAGES):
        for tag, names in _language_names(spoken):
            if names.search(folded):
                return tag
    return ""


@cache
def _language_names(spoken: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return each language and how it is called in the language spoken, longer names first."""
    called = sorted(words_of(spoken)["languages"].items(), key=lambda pair: -max(map(len, pair[1])))
    return [(str(tag), re.compile(alternation(map(str, names)))) for tag, names in called]


def _short(text: str, language: str) -> Wish | None:
    """Return what a word or two says that is yes or no in the language, or in English."""
    folded = re.sub(r"[\W_]+$", "", fold(text))
    for wish, key in ((Wish.YES, "yes"), (Wish.NO, "no")):
        words = {fold(str(word)) for spoken in (language, "en") for word in words_of(spoken)[key]}
        if folded in words:
            return wish
    return None


_LANGUAGES = ("en", "zh", "fr", "de", "es", "ru", "ar", "ja", "ko", "it", "pt", "nl", "pl", "th", "tr")


def samples() -> list[Sample]:
    """Return the samples of all wishes; questions of the catalogue stand for what is none."""
    own = [sample for path in sorted(FOLDER.glob("*.txt")) for sample in read_samples(path)]
    questions = [Sample(Wish.QUESTION, s.language, s.text) for s in catalogue().samples[::_EVERY]]
    return own + questions


def digest() -> str:
    """Return a hash of the samples: weights fitted to other samples do not fit."""
    lines = sorted(f"{sample.topic}\t{sample.language}\t{sample.text}" for sample in samples())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
