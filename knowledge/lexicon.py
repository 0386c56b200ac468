"""The words by which days, numbers, times and cities are read, per language, from catalogue/lexicon/."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from knowledge.folding import alternation, beginning_words, fold, has_spaces_between_words, terms_pattern
from knowledge.yaml_files import read_yaml

FOLDER = Path(__file__).parent / "catalogue" / "lexicon"
_NO_PART = "(?<![分子ブ-])"  # "sub-forum" is no event
_TWICE = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)  # "the the conference", where a name lost its own article
# What may stand between an item and its number, folded: "no. 2", "n° 2".
NUMBER_SIGN = (
    r"(?:(?:no|nr|n|num|number|numero|nummer|numer|numara|номер|رقم|番号?|번호|หมายเลข|ที่|第|号)(?![^\W\d])[.°o]?)"
)
_NUMERALS = ("ordinals", "numbers", "hours", "minutes_before", "minutes_after", "day_names")
_LETTERS_OF_A_NAME = {True: 7, False: 2}  # beside the city's: "in", "at the" are fewer, "conference" is not


@dataclass(frozen=True)
class Numerals:
    """Words that stand for numbers."""

    terms: Mapping[str, int]  # folded; a stem ends in *

    @cached_property
    def source(self) -> str:
        """A regular expression for any of the words."""
        return alternation(self.terms)

    @cached_property
    def attached(self) -> str:
        """The same where another word may stand directly before: the "ทุ่ม" of "1ทุ่ม"."""
        return alternation(self.terms, stand_alone=False)

    def value(self, word: str) -> int:
        """Return the number that word stands for.

        Raises:
            KeyError: it is none of the words.
        """
        if word in self.terms:
            return self.terms[word]
        stems = [term for term in self.terms if term.endswith("*") and word.startswith(term[:-1])]
        return self.terms[max(stems, key=len, default=word)]


class Trait(StrEnum):
    """What cannot be said by a list of words."""

    DAY_OF_MONTH = "day_of_month"  # "dia 15" is a date
    HOUR_IS_NAMED = "hour_is_named"  # "à sept heures", never "à sept"
    HOUR_WORD_FIRST = "hour_word_first"  # "ore 19", "saat 19"
    HOURS_ARE_DURATIONS = "hours_are_durations"  # "2 heures" may be how long, "2 Uhr" is when
    ONE_IS_ARTICLE = "one_is_article"  # "um", "een"
    ORDINAL_AFTER_DAY = "ordinal_after_day"  # "giorno secondo"
    PART_BEFORE_HOUR = "part_before_hour"  # "下午3点", never "3点下午"


@dataclass(frozen=True)
class Lexicon:
    """Patterns of one language; all but removable match folded text."""

    language: str
    days: re.Pattern[str]
    ordinals: Mapping[int, re.Pattern[str]]
    numbers: Mapping[int, re.Pattern[str]]
    words: Mapping[str, re.Pattern[str]]  # last, item_words, all_words, next_words, ..., by key of the file
    prefixes: re.Pattern[str]  # on raw text: greetings and polite openings at its start
    lists: Mapping[str, tuple[str, ...]]  # the words behind the patterns of `words`
    numerals: Mapping[str, Numerals]  # ordinals, numbers, hours, minutes_before, minutes_after, day_names
    moments: Mapping[str, time]  # folded words that are a time by themselves: "midnight"
    traits: frozenset[Trait]
    event_names: re.Pattern[str]  # on raw text: the conference by name, or "in" its city
    event_kinds: re.Pattern[str]  # on raw text: "the dialogue", "the forum"
    event_noun: str  # what stands for the name when the question is read: "the conference"


@lru_cache(maxsize=32)
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of language; English where there is none."""
    path = FOLDER / f"{language}.yaml"
    content = _read(path if path.exists() else FOLDER / "en.yaml")
    lists = {key: value for key, value in content.items() if isinstance(value, list)}
    return Lexicon(
        language=language,
        days=_folded_pattern(lists["day_words"]),
        ordinals={int(key): _folded_pattern(value) for key, value in content["ordinals"].items()},
        numbers={int(key): _folded_pattern(value) for key, value in content["numbers"].items()},
        words={key: _folded_pattern(value) for key, value in lists.items()},
        prefixes=_prefix_pattern(lists["request_prefixes"]),
        lists={key: tuple(map(str, value)) for key, value in lists.items()},
        numerals={key: _numerals(content[key]) for key in _NUMERALS},
        moments={fold(str(w)): time.fromisoformat(at) for at, words in content["moments"].items() for w in words},
        traits=frozenset(map(Trait, lists["traits"])),
        event_names=_raw_pattern(lists["event_words"]),
        event_kinds=_raw_pattern(lists["event_kinds"]),
        event_noun=str(content["event_noun"]),
    )


@lru_cache(maxsize=1)
def cities() -> Mapping[str, re.Pattern[str]]:
    """Return, for each city that the lexicons know, the pattern of its names in all languages, on folded text."""
    return {city: _folded_pattern(spellings) for city, spellings in _city_spellings().items()}


@lru_cache(maxsize=1)
def spelled_cities() -> Mapping[str, str]:
    """Return every folded spelling of a city, in scripts with spaces, with the city that it means."""
    spelled = {fold(name): city for city, names in _city_spellings().items() for name in names if "*" not in name}
    return {name: city for name, city in spelled.items() if has_spaces_between_words(name) and " " not in name}


@lru_cache(maxsize=1)
def _any_city() -> re.Pattern[str]:
    return _folded_pattern([spelling for spellings in _city_spellings().values() for spelling in spellings])


@lru_cache(maxsize=4096)
def cities_in(text: str) -> tuple[str, ...]:
    """Return the known cities that text names, in the order of their first mention."""
    folded = fold(text)
    if not _any_city().search(folded):
        return ()
    found = {city: match.start() for city, pattern in cities().items() if (match := pattern.search(folded))}
    return tuple(sorted(found, key=lambda city: found[city]))


@lru_cache(maxsize=4096)
def without_names(text: str, language: str, cut: tuple[str, ...] = ("Wuhan", "Harbin", "Guangzhou", "Nanning")) -> str:
    """Return text without greeting and names of host cities, and with "the conference" for its proper name.

    The sentence encoder is drawn to names: the host's pulls any question towards tourism and sister cities.
    Case and accents of the rest stay, because the encoder reads them.
    """
    words = lexicon(language)
    hosts = _host_pattern(cut)
    bare = words.prefixes.sub("", text.strip(), count=1)
    bare = words.event_names.sub(lambda name: _stand_in(name.group(), hosts, words.event_noun), bare)
    bare = hosts.sub(" ", bare)
    bare = _TWICE.sub(r"\1", re.sub(r"\s+", " ", bare))
    tidy = re.sub(r"\s+([?!.,])", r"\1", bare).strip(" ,;:-–·،、，")
    return tidy if re.search(r"\w", tidy) else text.strip()


def with_event_noun(text: str, language: str) -> str:
    """Return text with "the conference" for "the dialogue" or "the forum": beside another city they mean its event."""
    words = lexicon(language)
    return re.sub(f"{_NO_PART}(?:{words.event_kinds.pattern})", f" {words.event_noun} ", text, flags=re.IGNORECASE)


def _stand_in(name: str, hosts: re.Pattern[str], noun: str) -> str:
    """Return what replaces an event name: nothing for a mere "in Wuhan", the noun for the rest."""
    letters = re.findall(r"[^\W\d_]", hosts.sub("", name))
    return f" {noun} " if len(letters) >= _LETTERS_OF_A_NAME.get(has_spaces_between_words(name), 0) else " "


@lru_cache(maxsize=8)
def _host_pattern(hosts: tuple[str, ...]) -> re.Pattern[str]:
    names = _raw_pattern(spelling for host in hosts for spelling in _city_spellings().get(host, (host,)))
    return re.compile(rf"(?:{names.pattern})(?:['’]s\b)?", re.IGNORECASE)


@lru_cache(maxsize=1)
def _city_spellings() -> dict[str, list[str]]:
    spellings: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for city, names in _read(path)["cities"].items():
            spellings.setdefault(city, []).extend(map(str, names))
    return spellings


@lru_cache(maxsize=32)
def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content


def _numerals(words: Mapping[int, Iterable[object]]) -> Numerals:
    return Numerals({fold(str(word)): int(number) for number, terms in words.items() for word in terms})


def _folded_pattern(terms: Iterable[object]) -> re.Pattern[str]:
    return re.compile(terms_pattern(map(str, terms)))


def _raw_pattern(terms: Iterable[object]) -> re.Pattern[str]:
    written = sorted({term for term in map(str, terms) if term.strip()}, key=lambda term: (-len(term), term))
    spaced = [term for term in written if has_spaces_between_words(term)]
    anywhere = [_raw_term(term) for term in written if not has_spaces_between_words(term)]
    pattern = beginning_words(
        [_raw_term(term) + (r"\w*" if term.endswith("*") else r"(?!\w)") for term in spaced], anywhere
    )
    return re.compile(pattern, re.IGNORECASE)


def _raw_term(term: str) -> str:
    return re.escape(term.rstrip("*")).replace(r"\ ", r"\s+")


def _prefix_pattern(terms: Iterable[object]) -> re.Pattern[str]:
    one = _raw_pattern(terms).pattern
    return re.compile(rf"^(?:(?:{one})[\s,.!:;،、，。！：-]*)+", re.IGNORECASE)


def city_name(city: str, language: str) -> str:
    """Return how a city is written in language; its English name where the lexicon does not know it."""
    path = FOLDER / f"{language}.yaml"
    spellings = _read(path)["cities"].get(city) if language != "en" and path.exists() else None
    if not spellings:
        return city
    first = str(spellings[0]).rstrip("*")
    return first[:1].upper() + first[1:]
