"""How many people a message is about, who writes it, and from which city: read by words, per language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.folding import alternation, fold, has_spaces_between_words
from knowledge.lexicon import cities_in, lexicon
from knowledge.months import any_month
from knowledge.yaml_files import read_yaml

FOLDER = Path(__file__).parent / "catalogue" / "people"
_WITH_CAPITALS = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr")
_LONGEST_UNDO = 60  # letters
_LONGEST_NAME = 5  # words
_END_OF_NAME = re.compile(r"[,.;:!?()'’\"“”、，。；：！？]|\s[-–—]\s|\d")
_CAPITALIZED = re.compile(r"[^\W\d_a-zа-яёà-öø-ÿ][\w’'.-]*")


@dataclass(frozen=True, slots=True)
class People:
    """The people that a message speaks of. count: all together; None where no number is told."""

    count: int | None = None
    more: int = 0  # so many in addition to those there are; negative: fewer
    is_plural: bool = False  # "we", without a number


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a person says of themselves; '' for what they do not."""

    name: str = ""
    city: str = ""


@dataclass(frozen=True)
class _Words:
    """Patterns of one language, on folded text."""

    numbers: Mapping[int, re.Pattern[str]]
    counted: re.Pattern[str]  # a number, in digits or words, beside a word for people
    numerals: re.Pattern[str]  # digits that are no time, day or date
    alone: re.Pattern[str]
    companions: re.Pattern[str]
    me_and: re.Pattern[str]  # "me and two colleagues"
    more: re.Pattern[str]
    fewer: re.Pattern[str]
    we: re.Pattern[str]
    name: re.Pattern[str]
    name_after: re.Pattern[str]
    city: re.Pattern[str]


def read_people(text: str, language: str) -> People:
    """Return how many people text speaks of."""
    words, folded = _words(language), fold(text)
    if below := re.search(r"(?<![\w)])-\s?(\d+)", folded):
        return People(-int(below[1]))
    bare = words.numerals.sub(" ", folded)
    count = _count(bare, words)
    for sign, pattern in ((1, words.more), (-1, words.fewer)):
        if pattern.search(bare):
            return People(more=sign * (count or 1))
    if count is not None and words.me_and.search(bare):
        count += 1
    if count is None and words.alone.search(bare):
        count = 1
    if count is None and words.companions.search(bare):
        count = 2
    return People(count, is_plural=count is None and words.we.search(bare) is not None)


def takes_back(text: str, language: str) -> bool:
    """Tell whether a short text takes back what was done last."""
    folded = fold(text)
    listed = [str(word) for spoken in (language, "en") for word in words_of(spoken)["undo"]]
    return len(folded) <= _LONGEST_UNDO and re.search(alternation(listed), folded) is not None


def read_introduction(text: str, language: str, *, is_expected: bool = False) -> Introduction:
    """Return who writes and from where; is_expected: they were asked for name and city in one line."""
    words = _words(language)
    name = _behind(words.name, text) or _before(words.name_after, text)
    city = _city(text, words, language)
    if is_expected and not name:
        pieces = [piece.strip() for piece in re.split(r"[,،，、;\n]|\s-\s", text) if piece.strip()]
        rest = [piece for piece in pieces if not cities_in(piece)]
        name = rest[0] if rest and _may_be_a_name(rest[0], language) else ""
        city = city or (pieces[1] if len(pieces) > 1 else "")
    return Introduction(" ".join(name.split()[:_LONGEST_NAME]), city)


def _may_be_a_name(text: str, language: str) -> bool:
    is_written_so = language not in _WITH_CAPITALS or re.match(_CAPITALIZED, text) is not None
    return is_written_so and not any(c.isdigit() for c in text) and len(text.split()) <= _LONGEST_NAME


def _count(folded: str, words: _Words) -> int | None:
    """Return the number of people: beside a word for people, else the only number that is told."""
    near = words.counted.search(folded)
    scope = near.group() if near else folded
    digits = [int(number) for number in re.findall(r"(?<![\w.:-])\d{1,4}(?![\w.:]*\d)", scope)]
    if digits:
        return digits[0]
    spelled = [number for number, pattern in words.numbers.items() if pattern.search(scope)]
    return max(spelled) if spelled else None


def _city(text: str, words: _Words, language: str) -> str:
    """Return the city of who writes: one that the lexicons know, else what stands behind "from"."""
    known = [city for city in cities_in(text) if city != "Wuhan"]
    if known:
        return known[0]
    behind = _behind(words.city, text)
    if language not in _WITH_CAPITALS or not re.match(_CAPITALIZED, behind):
        return ""  # "from" alone is no sign of a city: "من فضلك" is "please"
    return " ".join(behind.split()[:3])


def _behind(pattern: re.Pattern[str], text: str) -> str:
    """Return the words behind a phrase, as far as they can be a name."""
    found = pattern.search(text)
    if found is None:
        return ""
    rest = text[found.end() :].strip()
    end = _END_OF_NAME.search(rest)
    name = rest[: end.start()] if end else rest
    if not has_spaces_between_words(name):
        return name[:12]
    kept: list[str] = []
    for word in name.split()[:_LONGEST_NAME]:
        if not re.match(_CAPITALIZED, word) and not (kept and len(word) <= 3 and word.islower() and len(kept) < 3):
            break
        kept.append(word)
    while kept and kept[-1].islower() and kept[-1].isascii():
        kept.pop()
    return " ".join(kept)


def _before(pattern: re.Pattern[str], text: str) -> str:
    """Return the words before a phrase such as "です", back to the last comma."""
    found = pattern.search(text)
    if found is None:
        return ""
    piece = re.split(r"[,.;:!?()、，。；：！？\s]", text[: found.start()])[-1]
    return piece[-12:]


@lru_cache(maxsize=32)
def words_of(language: str) -> Mapping[str, Any]:
    """Return the word lists of a language; English where there are none."""
    path = FOLDER / f"{language}.yaml"
    content: Mapping[str, Any] = read_yaml(path if path.exists() else FOLDER / "en.yaml")
    return content


@lru_cache(maxsize=32)
def _words(language: str) -> _Words:
    lists = words_of(language)
    numbers = {int(number): [str(word) for word in terms] for number, terms in lists["numbers"].items()}
    numbers[1] = [*numbers[1], *lists["one_with_people"]]
    people = alternation(map(str, lists["people_words"]), stand_alone=False)
    spelled = alternation(word for terms in numbers.values() for word in terms)
    number = rf"(?:\d{{1,4}}|{spelled})"
    days = lexicon(language).days.pattern
    month = any_month(language)
    return _Words(
        numbers={n: re.compile(alternation(terms)) for n, terms in numbers.items()},
        counted=re.compile(rf"{number}\s?(?:x\s)?(?:{people})|(?:{people})\s?:?\s?{number}"),
        numerals=re.compile(
            rf"\d{{1,2}}\s?[:h.]\s?\d{{2}}|(?:{days})\s?\d+|\d+[.]?\s?(?:{days})|\d+[.]?\s(?:{month})|(?:{month})\s\d+"
        ),
        alone=re.compile(alternation(map(str, lists["alone"]))),
        companions=re.compile(alternation(map(str, lists["companions"]))),
        me_and=re.compile(alternation(map(str, lists["me_and"]))),
        more=re.compile(alternation(map(str, lists["more"]))),
        fewer=re.compile(alternation(map(str, lists["fewer"]))),
        we=re.compile(alternation(map(str, lists["we"]))),
        name=_raw(lists["name_words"]),
        name_after=_raw(lists.get("name_after", ())),
        city=_raw(lists["from_words"]),
    )


def _raw(terms: Any) -> re.Pattern[str]:  # noqa: ANN401 - a list of the file
    """Return a pattern for text as it is written: names keep their capitals."""
    listed = sorted(map(str, terms), key=len, reverse=True)
    spaced = [re.escape(term) for term in listed if has_spaces_between_words(term)]
    unspaced = [re.escape(term) for term in listed if not has_spaces_between_words(term)]
    groups = [rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)"] if spaced else []
    return re.compile("|".join([*groups, *unspaced]) or "(?!)", re.IGNORECASE)
