"""Read whom a message of the staff is for, in plain words: roles, cities, languages, channels, how a sign-up stands."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.folding import alternation, fold
from knowledge.languages import LANGUAGES
from knowledge.lexicon import cities_in
from knowledge.people import words_of
from knowledge.yaml_files import read_yaml

ROLES: Final = ("delegate", "aide", "staff", "organizer")
STATUSES: Final = ("confirmed", "waitlisted")
CHANNELS: Final = ("telegram", "wechat", "web", "console")
EVERYBODY: Final = "everybody"
ANNOUNCE: Final = "announce"
_WORDS = Path(__file__).parent / "catalogue" / "audiences.yaml"
_TAGS = re.compile(
    r"^\s*\[?(" + "|".join(sorted(LANGUAGES, key=len, reverse=True)) + r")\]?\s*[:：]\s*(.*)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Described:
    """Whom words describe, as far as the words tell; empty where they tell nothing of it."""

    roles: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    is_everybody: bool = False


def described_in(text: str, channels: Collection[str] = CHANNELS) -> Described:
    """Return whom text describes: "all delegates" are everybody, "all delegates of Kyiv" and "delegates" are not."""
    folded = fold(text)
    found = {key for key, pattern in _patterns().items() if key != ANNOUNCE and pattern.search(folded)}
    cities, languages = cities_in(text), _languages_in(folded)
    if EVERYBODY in found and found <= {EVERYBODY, "delegate"} and not (cities or languages):
        return Described(is_everybody=True)
    return Described(
        roles=tuple(role for role in ROLES if role in found),
        statuses=tuple(status for status in STATUSES if status in found),
        channels=tuple(channel for channel in channels if channel in found),
        languages=languages,
        cities=cities,
    )


def announces(text: str) -> bool:
    """Tell whether text begins with a word that says: tell this to many."""
    return bool(_patterns()[ANNOUNCE].match(fold(text)))


def bodies_in(text: str) -> dict[str, str]:
    """Return the texts of a message that is written in several languages, by language, in the order they come.

    Each begins on a line of its own with the language and a colon: "en: Bring a jacket". {} where the first line does
    not, or where there is but one.
    """
    bodies: dict[str, list[str]] = {}
    tags = {tag.lower(): tag for tag in LANGUAGES}
    tag = ""
    for line in text.strip().splitlines():
        if found := _TAGS.match(line):
            tag = tags[found[1].lower()]
            bodies[tag] = [found[2]]
        elif not tag:
            return {}
        else:
            bodies[tag].append(line)
    whole = {tag: "\n".join(lines).strip() for tag, lines in bodies.items()}
    return {tag: body for tag, body in whole.items() if body} if len(whole) > 1 else {}


def _languages_in(folded: str) -> tuple[str, ...]:
    return tuple(tag for tag, pattern in _language_patterns().items() if pattern.search(folded))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words: dict[str, dict[str, list[str]]] = read_yaml(_WORDS)
    return {
        key: re.compile(alternation(word for of_language in spoken.values() for word in of_language))
        for key, spoken in words.items()
    }


@cache
def _language_patterns() -> dict[str, re.Pattern[str]]:
    """Return how each language is called in all of them."""
    called: dict[str, list[str]] = {tag: [] for tag in LANGUAGES}
    for spoken in LANGUAGES:
        for tag, names in words_of(spoken)["languages"].items():
            called.setdefault(str(tag), []).extend(map(str, names))
    return {tag: re.compile(alternation(names)) for tag, names in called.items()}
