"""How many people a message is about, who writes it, and from which city: read by words, per language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.companions import CompanionWords
from knowledge.folding import alternation, fold, has_spaces_between_words
from knowledge.lexicon import cities_in, lexicon
from knowledge.months import any_month
from knowledge.names_listed import PARTICLES
from knowledge.yaml_files import read_yaml

FOLDER = Path(__file__).parent / "catalogue" / "people"
_WITH_CAPITALS = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr")
_FEW_WORDS = 3
_LONGEST_UNDO = 60  # letters
_AROUND = " .!,;。！、，؟?"  # a word that is said alone
APART = re.compile(r"[,،，、;\n]|\s-\s")  # a name and a city on one line
_LONGEST_NAME = 5  # words
_UNCASED_GOES_ON = re.compile(r"来自|來自|(?<=..)(?:[的想要]|和我|在)|です|でご|と申|といい|と言|という|から")
_LONG_HAN = re.compile("[\u3400-\u9fff]{5,}")  # longer than any name: "周敏和王强" are two
_SPACED_GOES_ON = re.compile(r"\s(?:من|في|عن|إلى)\s.*|(?:입니다|이라고|라고|이에요|예요|인데요)(?:\s.*)?$")
_NUMBER_OF_PEOPLE = re.compile(r"^[\d一二三四五六七八九十两兩]+[人名位]?$")
_NAME_AND_CITY = 2  # pieces
_FEWEST_SIGNED = 3  # pieces: what is said, a name, a city
_PARTICLES = PARTICLES | {"y", "e"}
_END_OF_NAME = re.compile(r"[,.;:!?()'’\"“”、，。；：！？]|\s[-–—]\s|\d")
_CAPITALIZED = re.compile(r"[^\W\d_a-zа-яёà-öø-ÿ][\w’'.-]*")


@dataclass(frozen=True, slots=True)
class People:
    """The people that a message speaks of. count: all together; None where no number is told."""

    count: int | None = None
    more: int = 0  # so many in addition to those there are; negative: fewer
    is_plural: bool = False  # "we", without a number
    others: int = 0  # of the writer's own, named for themselves: "my deputy cannot come"


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
    no_numbers: re.Pattern[str]  # words that hold a numeral and count nothing
    companions: re.Pattern[str]
    companions_told: CompanionWords
    me_and: re.Pattern[str]  # "me and two colleagues"
    more: re.Pattern[str]
    fewer: re.Pattern[str]
    we: re.Pattern[str]
    name: re.Pattern[str]
    name_after: re.Pattern[str]
    unsure_name: re.Pattern[str]  # the same, only where a name was asked for: "我是" is also "I am going"
    unsure_name_after: re.Pattern[str]
    city: re.Pattern[str]


def read_people(text: str, language: str) -> People:
    """Return how many people text speaks of."""
    words, folded = _words(language), fold(text)
    if below := re.search(r"(?<![\w)])-\s?(\d+)", folded):
        return People(-int(below[1]))
    bare = words.no_numbers.sub(" ", words.numerals.sub(" ", folded))
    count = _count(bare, words)
    for sign, pattern in ((1, words.more), (-1, words.fewer)):
        if pattern.search(bare):
            return People(more=sign * (count or 1))
    beside = words.companions_told.read(bare, lambda piece: _count(piece, words))
    if beside.number:
        told = _count(beside.rest, words)
        count = told if told is not None and told > 1 else None if beside.are_uncounted else 1 + beside.number
    elif count is not None and (found := words.me_and.search(bare)) and not _is_name_next(bare[found.end() :], text):
        count += 1
    if count is None and words.alone.search(bare):
        count = 1
    if count is None and not beside.are_uncounted and words.companions.search(bare):
        count = 2
    is_plural = count is None and (beside.are_uncounted or words.we.search(bare) is not None)
    is_of_others = count is None and not is_plural and not beside.number
    others = words.companions_told.others(bare, lambda piece: _count(piece, words)) if is_of_others else 0
    return People(count, is_plural=is_plural, others=others)


def _is_name_next(folded: str, text: str) -> bool:
    """Tell whether a name comes next: "siamo in due: io e Carla" are two."""
    following = folded.split()[:1]
    return any(fold(word) in following for word in text.replace(",", " ").split() if word[:1].isupper())


def is_number_in(text: str, language: str, *, rather_than: str) -> bool:
    """Tell whether a few words count people in language and not in another: "no, due" among Italians is no English."""
    is_short = len(text.split()) <= _FEW_WORDS and has_spaces_between_words(text)
    return is_short and read_people(text, language).count is not None and read_people(text, rather_than).count is None


def takes_back(text: str, language: str) -> bool:
    """Tell whether a short text takes back what was done last."""
    folded = fold(text)
    if len(folded) > _LONGEST_UNDO or lexicon(language).words["all_words"].search(folded):
        return False  # "cancel all of it" is of more than the last
    alone, anywhere = _undo_words(language)
    return alone.fullmatch(folded.strip(_AROUND)) is not None or anywhere.search(folded) is not None


def read_introduction(text: str, language: str, *, is_expected: bool = False) -> Introduction:
    """Return who writes and from where; is_expected: they were asked for name and city in one line."""
    words = _words(language)
    if (alone := _told_alone(text, words, language)) is not None:
        return alone
    name = _behind(words.name, text) or _before(words.name_after, text)
    if is_expected and not name:
        name = _behind(words.unsure_name, text) or _before(words.unsure_name_after, text)
    city = _city(text, words, language)
    if not name and not is_expected:
        name, signed_from = _signed(text, language)
        city = city or signed_from
    if is_expected and not name:
        pieces = [piece.strip() for piece in APART.split(text) if piece.strip()]
        rest = [piece for piece in pieces if not cities_in(piece)]
        name = rest[0] if rest and _may_be_a_name(rest[0], language) else ""
        city = city or (pieces[1] if len(pieces) > 1 else "")
    if language not in _WITH_CAPITALS:
        name = _uncased(name)
    return Introduction(" ".join(name.split()[:_LONGEST_NAME]), city)


def _uncased(name: str) -> str:
    """Return a name of a script without capitals, up to the word that goes on: "周敏" of "周敏来自杭州"."""
    if has_spaces_between_words(name):
        return _SPACED_GOES_ON.sub("", name).strip()
    name = _UNCASED_GOES_ON.split(_NUMBER_OF_PEOPLE.sub("", name))[0]
    return "" if _LONG_HAN.fullmatch(name) else name


def _told_alone(text: str, words: _Words, language: str) -> Introduction | None:
    """Return who writes where text is nothing but a name and a city: "Ben Oduya, Kyiv", "Ben Oduya from Kyiv"."""
    pieces = [piece.strip() for piece in re.split(r"[,;\n]|\s[-–—]\s", text.strip(" .!")) if piece.strip()]
    if len(pieces) == 1 and (between := words.city.search(text)):
        pieces = [text[: between.start()].strip(), text[between.end() :].strip(" .!")]
    if len(pieces) != _NAME_AND_CITY or language not in _WITH_CAPITALS:
        return None
    name, city = pieces[::-1] if cities_in(pieces[0]) and not cities_in(pieces[1]) else pieces
    are_told = _is_in_capitals(name, fewest=2) and (cities_in(city) or _is_in_capitals(city, fewest=1))
    return Introduction(name, next(iter(cities_in(city)), city)) if are_told and not cities_in(name) else None


def _signed(text: str, language: str) -> tuple[str, str]:
    """Return name and city where text ends in them: "..., Ana Ruiz, Bordeaux"; only of scripts with capitals."""
    pieces = [piece.strip() for piece in re.split(r"[,;.!\n]|\s[-–—]\s", text) if piece.strip()]
    if language not in _WITH_CAPITALS or len(pieces) < _FEWEST_SIGNED:
        return "", ""
    name, city = pieces[-2:]
    if cities_in(name) and not cities_in(city):
        name, city = city, name
    is_city = bool(cities_in(city)) or _is_in_capitals(city, fewest=1)
    return (name, city) if is_city and not cities_in(name) and _is_in_capitals(name, fewest=2) else ("", "")


def _is_in_capitals(piece: str, *, fewest: int) -> bool:
    words = [word for word in piece.split() if word.lower() not in _PARTICLES]
    return fewest <= len(words) <= _LONGEST_NAME - 1 and all(re.fullmatch(_CAPITALIZED, word) for word in words)


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
    named = cities_in(text)
    if not named and not has_spaces_between_words(text):
        named = cities_in(f"{text.rstrip(' 。')}市")  # "大分" is a city's name where a text ends in it
    known = [city for city in named if city != "Wuhan"]
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
    piece = re.split(r"[,.;:!?()、，。；：！？\s]", text[: found.start()].strip())[-1]
    return re.split("[のはが]", piece)[-1][-12:]  # "大分市の田中", "私は鈴木"


@lru_cache(maxsize=32)
def _undo_words(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what takes back where it is said alone, and what does wherever it stands."""
    anywhere = [str(word) for spoken in (language, "en") for word in words_of(spoken)["undo"]]
    alone = [str(word) for word in words_of(language).get("undo_alone", ())]
    return re.compile(alternation(alone)), re.compile(alternation(anywhere))


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
        no_numbers=re.compile(alternation(map(str, lists.get("no_numbers", ())))),
        companions_told=CompanionWords.of(lists, number, is_spaced=has_spaces_between_words(str(lists["we"][0]))),
        companions=re.compile(alternation(map(str, lists["companions"]))),
        me_and=re.compile(alternation(map(str, lists["me_and"]))),
        more=re.compile(alternation(map(str, lists["more"]))),
        fewer=re.compile(alternation(map(str, lists["fewer"]))),
        we=re.compile(alternation(map(str, lists["we"]))),
        name=_raw(lists["name_words"]),
        name_after=_raw(lists.get("name_after", ())),
        unsure_name=_raw(lists.get("unsure_name_words", ())),
        unsure_name_after=_raw(lists.get("unsure_name_after", ())),
        city=_raw(lists["from_words"]),
    )


def _raw(terms: Any) -> re.Pattern[str]:  # noqa: ANN401 - a list of the file
    """Return a pattern for text as it is written: names keep their capitals."""
    listed = sorted(map(str, terms), key=len, reverse=True)
    spaced = [re.escape(term) for term in listed if has_spaces_between_words(term)]
    unspaced = [re.escape(term) for term in listed if not has_spaces_between_words(term)]
    groups = [rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)"] if spaced else []
    return re.compile("|".join([*groups, *unspaced]) or "(?!)", re.IGNORECASE)
