"""What a message wants to be done, as far as it wants more than an answer: recognised by meaning, in any language."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from knowledge.embeddings import SentenceEncoder, Vectors
from knowledge.folding import alternation, fold, has_spaces_between_words
from knowledge.lexicon import without_names
from knowledge.linking import Linker, Sort
from knowledge.people import Introduction, People, read_introduction, read_people, takes_back, words_of
from knowledge.recent import Recent
from knowledge.router import Router, ranked
from knowledge.sentences import in_lower_case
from knowledge.topics import Sample, catalogue, read_samples

FOLDER = Path(__file__).parent / "catalogue" / "wishes"
WEIGHTS = Path(__file__).parent / "catalogue" / "wishes.npz"
_MEANT = 0.42  # similarity from which an activity counts as meant without being named
_MEANT_BESIDE_NUMBER = 0.55  # the same in a message such as "make it three"
_AHEAD = 0.06  # by which it must be ahead of the next one
_LIKELY = 0.2  # probability from which a message that was asked for is an introduction
_CLEAR = 0.5  # and from which it is something else
_LONGEST_LINE = 7  # words of a name and a city
_LONGEST_FRAGMENT = 7  # words
_MOST_LETTERS = 16  # of a fragment, where there are no spaces between words
_WORDS_OF_A_NAME = 2
_KEPT = 5  # wishes
_KEPT_IN_MEMORY = 1024  # texts; each takes some 3 kB
_SORTS = (Sort.SESSION, Sort.ROUTE, Sort.STOP)
_EVERY = 5  # of the catalogue's questions, one in so many stands for all that is no wish


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
    AVAILABLE = "available"  # which activities have places left
    TERMS = "terms"  # until when one may sign up, change, cancel
    CHECKIN = "checkin"
    EXPORT_LIST = "export_list"
    CLOSE = "close"
    OPEN = "open"
    RESIZE = "resize"
    UNANSWERED = "unanswered"
    ANNOUNCE = "announce"
    RESCHEDULE = "reschedule"  # the agenda, by its organizers
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
    are_named: bool = False  # the places
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
        is_named = bool(self.introduction.city) or (len(words) > 1 and all(word[:1].isupper() for word in words))
        return is_introduced or (is_named and len(words) <= _LONGEST_LINE and self.probability < _CLEAR)

    @property
    def is_fragment(self) -> bool:
        """Whether it is a few words that ask nothing, such as "no, two": they mean what was said before."""
        if self.text.rstrip().endswith(("?", "？", "؟")):
            return False
        words = re.findall(r"[^\W_]+", self.text)
        return len(words) <= _LONGEST_FRAGMENT if self.is_spaced else sum(map(len, words)) <= _MOST_LETTERS

    @property
    def is_name_alone(self) -> bool:
        """Whether it is hardly more than the name of an activity."""
        return self.are_named and len(re.findall(r"[^\W_]+", self.text)) <= _WORDS_OF_A_NAME and self.is_spaced

    @property
    def is_spaced(self) -> bool:
        """Whether there are spaces between its words."""
        return has_spaces_between_words(self.text)

    def instead(self, other: Mapping[Wish, Wish]) -> "Message":
        """Return the message with some wishes taken for others."""
        likely: dict[Wish, float] = {}
        for wish, p in self.likely:
            meant = other.get(wish, wish)
            likely[meant] = likely.get(meant, 0.0) + p
        return replace(self, likely=tuple(sorted(likely.items(), key=lambda item: -item[1])))

    def rather(self, wish: Wish) -> "Message":
        """Return the message with the probability of its most probable wish counted for another one."""
        return self.instead({self.wish: wish})

    def without(self, wishes: Collection[Wish]) -> "Message":
        """Return the message as one that wants none of wishes; itself where nothing else is likely."""
        kept = tuple((wish, p) for wish, p in self.likely if wish not in wishes)
        return replace(self, likely=kept) if kept else self


_Said = tuple[str, Vectors, tuple[tuple[Wish, float], ...]]  # a text without names, its embedding, its likely wishes


class WishReader:
    """Read messages."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._read_lately: Recent[_Said] = Recent(_KEPT_IN_MEMORY)

    @cached_property
    def _router(self) -> Router:
        """The weights, which who only asks does not need."""
        return Router.load(WEIGHTS, digest=digest())

    def read(self, text: str, mended: str, language: str, linker: Linker) -> Message:
        """Return what text, which is written in language, wants; places are those that linker knows.

        mended: text without its typing errors.
        """
        said = self._said([(written, language) for written in dict.fromkeys((text, mended))])
        bare, vector, likely = max(said, key=lambda read: read[2][0][1])
        short = _short(text, language)
        people = read_people(text, language)
        places, are_named = _places(linker, mended, bare, vector, is_about_number=people.count is not None)
        return Message(
            text=text,
            language=language,
            likely=((short, 1.0),) if short else likely,
            people=people,
            introduction=_introduced(text, language, linker),
            places=places,
            are_named=are_named,
            spoken=language_named(text, language),
            takes_back=takes_back(text, language),
        )

    def embedded(self, messages: Sequence[tuple[str, str, str]]) -> list[str]:
        """Return what messages, as look_ahead() takes them, are embedded as."""
        return [_bare(written, language) for text, mended, language in messages for written in {text, mended}]

    def look_ahead(self, messages: Sequence[tuple[str, str, str]], linker: Linker) -> None:
        """Read many messages at once, each with its text without typing errors and its language; read() finds it."""
        said = self._said([(written, language) for text, mended, language in messages for written in (text, mended)])
        if said:
            bare = {text: vector for text, vector, _ in said}
            linker.look_ahead(list(bare), np.stack(list(bare.values())))

    def forget(self) -> None:
        """Drop what was read lately."""
        self._read_lately.clear()

    def _said(self, texts: Sequence[tuple[str, str]]) -> list[_Said]:
        """Return what texts say, each in its language; what was read lately is remembered."""
        lately = {text: self._read_lately.get(text) for text in texts}
        found = {text: said for text, said in lately.items() if said is not None}
        new = [text for text in lately if text not in found]
        for text, said in zip(new, self._read_anew(new) if new else (), strict=True):
            found[text] = self._read_lately.keep(text, said)
        return [found[text] for text in texts]

    def _read_anew(self, texts: Sequence[tuple[str, str]]) -> list[_Said]:
        bare = [_bare(*text) for text in texts]
        vectors = self._encoder.encode(bare)
        likely = ranked(self._router.topics, self._router.probabilities(bare, vectors), most=_KEPT)
        wishes = [tuple((Wish(wish), p) for wish, p in of_one.items()) for of_one in likely]
        return list(zip(bare, vectors, wishes, strict=True))


def _bare(text: str, language: str) -> str:
    return without_names(in_lower_case(text), language)


def _introduced(text: str, language: str, linker: Linker) -> Introduction:
    """Return who writes; what the programme names is no person's name."""
    said = read_introduction(text, language)
    return replace(said, name="") if said.name and linker.named(said.name, _SORTS) else said


def _places(
    linker: Linker, text: str, bare: str, vector: Vectors, *, is_about_number: bool
) -> tuple[tuple[Place, ...], bool]:
    """Return the sessions and routes that text names, and that it does; else the one that it clearly means."""
    named = linker.named(text, _SORTS)
    broad = [link for link in named if link.entity.sort is not Sort.STOP]
    named = broad or named  # "the Yangtze night cruise" means no place by the Yangtze
    likely = [] if named else linker.link(bare, vector, _SORTS)[:2]
    least = _MEANT_BESIDE_NUMBER if is_about_number else _MEANT
    if likely and (likely[0].score < least or likely[0].score - likely[-1].score < _AHEAD):
        likely = []
    entities = [link.entity for link in named or likely[:1]]
    places = (Place(e.session.title, e.route.title if e.route else "") for e in entities if e.session)
    return tuple(dict.fromkeys(places)), bool(named)


def language_named(text: str, language: str) -> str:
    """Return the language that text names in the words of any language; '' where it names none."""
    folded = fold(text)
    if not _any_language_name(language).search(folded):
        return ""
    for spoken in (language, *_LANGUAGES):
        for tag, names in _language_names(spoken):
            if names.search(folded):
                return tag
    return ""


@cache
def _any_language_name(language: str) -> re.Pattern[str]:
    """Return what finds any name of a language, in the language given or another: most messages hold none."""
    called = [names for spoken in (language, *_LANGUAGES) for names in words_of(spoken)["languages"].values()]
    return re.compile(alternation(str(name) for names in called for name in names))


@cache
def _language_names(spoken: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return each language and how it is called in the language spoken, longer names first."""
    called = sorted(words_of(spoken)["languages"].items(), key=lambda pair: -max(map(len, pair[1])))
    return [(str(tag), re.compile(alternation(map(str, names)))) for tag, names in called]


def _short(text: str, language: str) -> Wish | None:
    """Return what a word or two says that is yes or no in the language, or in English."""
    return _short_words(language).get(re.sub(r"[\W_]+$", "", fold(text)))


@cache
def _short_words(language: str) -> Mapping[str, Wish]:
    listed = [(wish, spoken) for wish in (Wish.NO, Wish.YES) for spoken in (language, "en")]
    return {fold(str(word)): wish for wish, spoken in listed for word in words_of(spoken)[wish]}


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
