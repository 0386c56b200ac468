"""Read what a text claims (times, numbers, dates, names, links), to hold it against evidence."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale

from knowledge.folding import fold
from knowledge.languages import LATIN
from knowledge.lexicon import cities_in, lexicon
from knowledge.topics import catalogue, texts_by_language

LOCALES = {"zh": "zh_Hans", "zh-TW": "zh_Hant"}
_UNCASED = ("ar", "ja", "ko", "th", "zh", "zh-TW")
_INFLECTED = ("de", "pl", "ru", "tr")  # names take endings there: Wuhans, Ухане, Wuhanem
_HAN_DIGITS = "〇一二三四五六七八九"
# Chinese numerals where they count hours, months or days; elsewhere they are parts of words.
_HAN = "[一二两三四五六七八九十]{1,3}"
_HAN_NUMBER = re.compile(f"{_HAN}(?=[点點時时](?![间間])|月|[号號]|日目)|(?<=第){_HAN}(?=[天日])")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})[:.]([0-5]\d)(?![\d.:]\d|\d)")
_CLAUSE_END = re.compile(r"[\d,;()。，；、]")
_MONTH_NUMBER = re.compile("(?<!\\d)(\\d{1,2}) ?[月월]")
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[a-z0-9-]{2,}(?:\.[a-z0-9-]{2,})*\.[a-z]{2,}\b", re.IGNORECASE
)
_QUOTED = re.compile('"([^"\n]+)"')
_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_](?!['’])")  # without the article of "l'heure"
_INSIDE = re.compile(r"(?<=[\w,] )[^\W\d_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?…\n•·]|\n\s*[-–—])[\s\"'“„«‹(\[¿¡]*$")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]+")
_KATAKANA = re.compile("[ァ-ヺー]{2,}")
_TITLES = (
    "酒店 饭店 飯店 宾馆 賓館 大厦 大廈 中心 会馆 會館 机场 機場 空港 大学 大學 公司 先生 女士 小姐 市长 市長 书记 書記"
)
_TITLED = re.compile(f"[\u3400-\u9fff]{{2}}(?:{'|'.join(_TITLES.split())})")


def figures(text: str, language: str) -> dict[str, str]:
    """Return the times, numbers, months and weekdays of text as written there, by the form to compare.

    '7 pm', '19 Uhr' and '19:00' are one time; '１５' and '15' one number. An hour alone is a time only with a
    word or sign that says so; "pm" or "in the evening" beside it puts it in that half of the day.
    """
    plain = _with_digits(text)
    found = {}
    rest = plain
    for match, hour, minute in _moments(plain, language):
        found[f"{hour:02}:{minute:02}"] = match.group().strip()
        rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    for match in _DIGITS.finditer(rest):
        found[_THOUSANDS.sub("", match.group()).lstrip("0") or "0"] = match.group()
    found |= {f"month {int(match[1])}": match.group() for match in _MONTH_NUMBER.finditer(plain)}
    return found | _calendar_words(unicodedata.normalize("NFKC", text), language)


def held_figures(evidence: str, language: str) -> set[str]:
    """Return the forms of all figures in evidence; clock times also as they stand, in 24 hours."""
    clock = {f"{int(hour):02}:{minute}" for hour, minute in _CLOCK.findall(_with_digits(evidence))}
    return clock | figures(evidence, language).keys()


def links_beyond(text: str, evidence: str) -> set[str]:
    """Return the web and mail addresses of text that are not in evidence."""
    return {link for link in _LINK.findall(text) if link.casefold() not in evidence.casefold()}


def quotations_beyond(text: str, evidence: str) -> set[str]:
    """Return what text puts in quotation marks of any kind that evidence does not hold."""
    held = fold(evidence)
    return {quoted for quoted in _QUOTED.findall(fold(text)) if quoted.strip(" .,;:!?。，、") not in held}


def names_beyond(text: str, evidence: str, language: str) -> set[str]:
    """Return the names in text that evidence does not hold.

    In scripts with capitals a name is a word with a capital inside a sentence, or with one behind its first
    letter. Ordinary words are no names, though titles have capitals: those that the sample questions of the
    language write in lower case more often than not. In German, where nouns have no lower case, any word of
    its samples is ordinary that no other language's samples know as a name. At the start of a sentence only
    words that samples know as names are names.

    In scripts without capitals names are Latin words, katakana that samples use once at most, and Han before
    "hotel", "Mr", "mayor" and their like. Cities that the lexicons know are names in every script.
    """
    text, evidence = unicodedata.normalize("NFKC", text), unicodedata.normalize("NFKC", evidence)
    known = set(cities_in(text)) - set(cities_in(evidence))
    if language not in _UNCASED:
        return known | _capitalised_beyond(text, _words(evidence), language)
    latin = {word for word in _LATIN_WORD.findall(text) if word.casefold() not in _words(evidence)}
    katakana = {run for run in _KATAKANA.findall(text) if run not in evidence and run not in _samples_katakana()}
    titled = {name for name in _TITLED.findall(text) if name not in evidence and name not in _samples_text(language)}
    return known | latin | katakana | titled


def _with_digits(text: str) -> str:
    """Return text folded, with the digits of all scripts and the Chinese numerals of times as 0 to 9."""
    folded = _HAN_NUMBER.sub(lambda match: str(_han_number(match.group())), fold(text))
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in folded)


def _han_number(numeral: str) -> int:
    tens, ten, ones = numeral.replace("两", "二").rpartition("十")
    if not ten:
        return int("".join(str(_HAN_DIGITS.index(digit)) for digit in ones))
    return 10 * (_HAN_DIGITS.index(tens[-1]) if tens else 1) + (_HAN_DIGITS.index(ones[-1]) if ones else 0)


def _moments(plain: str, language: str) -> Iterator[tuple[re.Match[str], int, int]]:
    """Yield each time of day with hour and minute."""
    words = lexicon(language).words
    for match in _moment_pattern(language).finditer(plain):
        hour, minute = int(match["hour"]), 30 if match["half"] else int(match["minute"] or 0)
        if hour > 24 or not (match["minute"] or match["unit"]):
            continue
        before = _CLAUSE_END.split(plain[max(0, match.start() - 10) : match.start()])[-1]
        near = before + match.group() + _CLAUSE_END.split(plain[match.end() : match.end() + 16])[0]
        near = re.sub(r"[\d:]", " ", near)
        if hour < 12 and any(words[key].search(near) for key in ("pm", "evening", "afternoon")):
            hour += 12
        elif hour == 12 and words["am"].search(near):
            hour = 0
        yield match, hour, minute


@lru_cache(maxsize=32)
def _moment_pattern(language: str) -> re.Pattern[str]:
    words = lexicon(language).words
    units = "|".join(words[key].pattern for key in ("am", "pm", "hour_words")).replace(r"(?<!\w)", "")
    colon = "(?: ?[h点點時时시] ?|[:.]| uhr )"
    signs = "h\\b|[点點時时](?![间間])|시(?!간)"
    return re.compile(
        rf"(?<![\d.:,])(?P<hour>\d{{1,2}})(?:{colon}(?P<minute>[0-5]\d)(?![\d.:]\d|\d))?"
        rf"(?P<unit>(?: ?(?:{units}|{signs})(?! ?\d))*)(?P<half> ?[半반])?(?![一三]?刻)"
    )


def _calendar_words(text: str, language: str) -> dict[str, str]:
    return {
        key: match.group() for key, pattern in _calendar(language).items() for match in [pattern.search(text)] if match
    }


@lru_cache(maxsize=32)
def _calendar(language: str) -> dict[str, re.Pattern[str]]:
    """Return patterns for the names of months and weekdays in all their cases, from CLDR."""
    locale = Locale.parse(LOCALES.get(language, language))
    patterns = {}
    for kind, table in (("month", locale.months), ("weekday", locale.days)):
        for number in table["format"]["wide"]:
            names = {table[use]["wide"][number] for use in ("format", "stand-alone")}
            patterns[f"{kind} {number}"] = re.compile("|".join(_calendar_name(name, language) for name in names))
    return patterns


def _calendar_name(name: str, language: str) -> str:
    if language in ("ja", "th", "zh", "zh-TW"):
        return rf"(?<![\d十]){re.escape(name)}"
    stem = re.escape(name[:-1]) + r"\w{1,3}" if len(name) > 4 else re.escape(name)  # "mai", "март"
    prefixed = rf"(?<![^\W\d_])(?:[وبلف]?(?:ال)?){stem}" if language == "ar" else rf"(?<!\w){stem}"
    return prefixed + r"(?![^\W\d_])" if name[0].isupper() else rf"(?i:{prefixed})(?![^\W\d_])"


def _capitalised_beyond(text: str, held: set[str], language: str) -> set[str]:
    beyond = set()
    for match in _WORD.finditer(text):
        word, lower = match.group(), match.group().casefold()
        if word.islower() or lower in held or (language in _INFLECTED and _is_inflected(lower, held)):
            continue
        has_more_capitals = not word[1:].islower() and len(word) > 1
        if _SENTENCE_START.search(text[: match.start()]) and not has_more_capitals:
            is_name = lower in _sampled_names() - _ordinary_words(language) and len(word) > 1
        else:
            is_name = has_more_capitals or lower not in _ordinary_words(language)
        if is_name and word != "I":
            beyond.add(word)
    return beyond


def _is_inflected(word: str, held: set[str]) -> bool:
    """Tell whether word is a held one with another ending: four letters in common, at most two not."""
    return any(word[:4] == other[:4] and _shared(word, other) >= max(len(word), len(other)) - 2 for other in held)


def _shared(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]+", text)} | {
        word.casefold() for word in _LATIN_WORD.findall(text)
    }


@lru_cache(maxsize=32)
def _ordinary_words(language: str) -> frozenset[str]:
    lower, capital = _counts(language)
    ordinary = {word for word, count in lower.items() if count > capital[word]}
    if language == "de":
        ordinary |= (lower.keys() | capital.keys()) - _sampled_names()
    return frozenset(word for word in ordinary if len(word) > 1)


@lru_cache(maxsize=1)
def _sampled_names() -> frozenset[str]:
    counts = [_counts(language) for language in LATIN if language != "de"]
    return frozenset(word for lower, capital in counts for word, count in capital.items() if count > lower[word])


@lru_cache(maxsize=32)
def _counts(language: str) -> tuple[Counter[str], Counter[str]]:
    """Return how often samples write each word in lower case, and with a capital inside a sentence."""
    text = _samples_text(language)
    lower = Counter(word for word in re.findall(r"[^\W\d_]+", text) if word.islower())
    return lower, Counter(word.casefold() for word in _INSIDE.findall(text) if not word.islower())


@lru_cache(maxsize=1)
def _samples_katakana() -> frozenset[str]:
    counts = Counter(_KATAKANA.findall(_samples_text("ja")))
    return frozenset(run for run, count in counts.items() if count > 1)


@lru_cache(maxsize=32)
def _samples_text(language: str) -> str:
    return "\n".join(texts_by_language(catalogue().samples).get(language, ()))
