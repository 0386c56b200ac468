"""The words by which days, numbers, times and cities are read, per language, from catalogue/lexicon/."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.folding import fold, has_spaces_between_words, term_pattern

FOLDER = Path(__file__).parent / "catalogue" / "lexicon"
_NO_PART = "(?<![分子ブ-])"  # "sub-forum" is no event
_NEVER = re.compile(r"(?!)")
_LETTERS_OF_A_NAME = {True: 7, False: 2}  # beside the city's: "in", "at the" are fewer, "conference" is not


@dataclass(frozen=True)
class Lexicon:
    """Patterns of one language; all but removable match folded text."""

    language: str
    days: re.Pattern[str]
    ordinals: Mapping[int, re.Pattern[str]]
    numbers: Mapping[int, re.Pattern[str]]
    words: Mapping[str, re.Pattern[str]]  # last, item_words, all_words, next_words, ..., by key of the file
    prefixes: re.Pattern[str]  # on raw text: greetings and polite openings at its start
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
        event_names=_raw_pattern(lists["event_words"]),
        event_kinds=_raw_pattern(lists["event_kinds"]),
        event_noun=str(content["event_noun"]),
    )


@lru_cache(maxsize=1)
def cities() -> Mapping[str, re.Pattern[str]]:
    """Return, for each city that the lexicons know, the pattern of its names in all languages, on folded text."""
    return {city: _folded_pattern(spellings) for city, spellings in _city_spellings().items()}


def cities_in(text: str) -> tuple[str, ...]:
    """Return the known cities that text names, in the order of their first mention."""
    folded = fold(text)
    found = {city: match.start() for city, pattern in cities().items() if (match := pattern.search(folded))}
    return tuple(sorted(found, key=lambda city: found[city]))


def without_names(text: str, language: str, cut: Iterable[str] = ("Wuhan", "Harbin", "Guangzhou", "Nanning")) -> str:
    """Return text without greeting and names of host cities, and with "the conference" for its proper name.

    The sentence encoder is drawn to names: the host's pulls any question towards tourism and sister cities.
    Case and accents of the rest stay, because the encoder reads them.
    """
    words = lexicon(language)
    hosts = _host_pattern(tuple(cut))
    bare = words.prefixes.sub("", text.strip(), count=1)
    bare = words.event_names.sub(lambda name: _stand_in(name.group(), hosts, words.event_noun), bare)
    bare = hosts.sub(" ", bare)
    tidy = re.sub(r"\s+([?!.,])", r"\1", re.sub(r"\s+", " ", bare)).strip(" ,;:-–·،、，")  # noqa: RUF001
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
    return re.compile(rf"(?:{names.pattern})(?:['’]s\b)?", re.IGNORECASE)  # noqa: RUF001


@lru_cache(maxsize=1)
def _city_spellings() -> dict[str, list[str]]:
    spellings: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for city, names in _read(path)["cities"].items():
            spellings.setdefault(city, []).extend(map(str, names))
    return spellings


@lru_cache(maxsize=32)
def _read(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=loader)
    return content


def _folded_pattern(terms: Iterable[object]) -> re.Pattern[str]:
    bodies = sorted({term_pattern(str(term)) for term in terms if fold(str(term))}, key=len, reverse=True)
    return re.compile("|".join(bodies)) if bodies else _NEVER


def _raw_pattern(terms: Iterable[object]) -> re.Pattern[str]:
    bodies = sorted({_raw_term(str(term)) for term in terms if str(term).strip()}, key=len, reverse=True)
    return re.compile("|".join(bodies), re.IGNORECASE) if bodies else _NEVER


def _raw_term(term: str) -> str:
    body = re.escape(term.rstrip("*")).replace(r"\ ", r"\s+")
    if not has_spaces_between_words(term):
        return body
    return rf"(?<!\w){body}" + (r"\w*" if term.endswith("*") else r"(?!\w)")


def _prefix_pattern(terms: Iterable[object]) -> re.Pattern[str]:
    one = _raw_pattern(terms).pattern
    return re.compile(rf"^(?:(?:{one})[\s,.!:;،、，。！：-]*)+", re.IGNORECASE)  # noqa: RUF001


def city_name(city: str, language: str) -> str:
    """Return how a city is written in language; its English name where the lexicon does not know it."""
    path = FOLDER / f"{language}.yaml"
    spellings = _read(path)["cities"].get(city) if language != "en" and path.exists() else None
    if not spellings:
        return city
    first = str(spellings[0]).rstrip("*")
    return first[:1].upper() + first[1:]
