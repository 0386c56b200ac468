"""The patterns by which days, item numbers and parts of the day are read, compiled from the lexicon of a language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.folding import alternation
from knowledge.lexicon import NUMBER_SIGN, Lexicon, Trait, lexicon
from knowledge.months import any_month
from knowledge.spokentimes import PARTS, hour_behind_source

_END = r"(?!\w)"
_DOTTED = r"|(?<![^ \n])[1-9][0-9]?[.]"
_JOINT = r"(?: ?[,/-] ?| [^\W\d]{1,4} |[和或及と])"  # "first and second day"
_WRITTEN_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
# What may follow 对话一: 对话一共 is no first dialogue. And what makes 3 of サブテーマ3つ a count.
_AFTER_HAN = r"(?=$|\W|[和與与跟及或是的在呢讲講谈談什何几幾有于於为為从從会會要將将主はがのをにでと])"
_COUNTED = (
    r"(?! ?(?:[个個场場次项項天位人つ件回日名]|개|가지|명|번째|รอบ|หัวข้อ|เรื่อง|ข้อ|คน|ประเด็น|เวที|ช่วง|วัน|ชั่วโมง|อัน|%))"
)


@dataclass(frozen=True, slots=True)
class SlotPatterns:
    """Patterns of one language, for folded text."""

    idiom: re.Pattern[str]
    date: re.Pattern[str]
    day_before: re.Pattern[str]
    day_name: re.Pattern[str]
    ordinal_day: re.Pattern[str]
    day_number: re.Pattern[str]
    day_ordinal: re.Pattern[str]
    count_before: re.Pattern[str]
    ordinal: re.Pattern[str]
    dotted: re.Pattern[str]
    item_number: re.Pattern[str]
    item_before: re.Pattern[str]
    item_behind: re.Pattern[str]
    part: re.Pattern[str]
    parts: Mapping[str, re.Pattern[str]]


@lru_cache(maxsize=32)
def slot_patterns(language: str) -> SlotPatterns:
    """Return the patterns of language, compiled once."""
    words = lexicon(language)
    english = lexicon("en").lists
    lists, numerals = words.lists, words.numerals
    day_words = (*lists["day_words"], "day")
    day, item = alternation(day_words), alternation((*lists["item_words"], *english["item_words"]))
    ordinal, is_dotted = _ordinal_source(words)
    dotted = _DOTTED if is_dotted else ""
    last = alternation(lists["last"])
    ordinal_or_last = rf"(?:(?P<ordinal>{ordinal}{dotted})|(?P<last>{last}))"
    counted = alternation(term for term in day_words if not _WRITTEN_WITHOUT_SPACES.search(term))
    month, joint = any_month(language), alternation(lists["and_words"])
    one = _one_source(words)
    return SlotPatterns(
        idiom=re.compile(alternation(lists["idioms"])),
        date=re.compile(_date_source(ordinal, month)),
        day_before=re.compile(rf"(?:{counted}) ?$"),
        day_name=re.compile(_day_name_source(words)),
        ordinal_day=re.compile(rf"{ordinal_or_last}(?:{_JOINT}(?:{ordinal}{dotted}|{last}))?[ -]?(?:一 ?)?(?:{day})"),
        day_number=re.compile(
            rf"(?:{counted.replace(_END, '')})[ -]?(?:{NUMBER_SIGN} ?)?"
            rf"(?:(?P<digits>\d{{1,2}})(?!\d|[:.,/-]\d|%| - \d{_hour_behind(words)})|(?P<word>{_spelled_one(words)}))"
        ),
        day_ordinal=re.compile(rf"(?:{day}) {ordinal_or_last}"),
        count_before=re.compile(rf"(?:\d|{alternation((*numerals['numbers'].terms, *numerals['hours'].terms))}) ?$"),
        ordinal=re.compile(ordinal),
        dotted=re.compile(rf"(?<![^ \n])(?:[1-9]\.,? ?(?:(?:{joint}) )?)+(?:\w+ )?(?:{item})" if dotted else "(?!)"),
        item_number=re.compile(
            rf"(?:{item.replace(_END, '')})[ #-]*(?:{NUMBER_SIGN}[. ]*)?"
            rf"(?P<list>{one}(?:번? ?(?:[,、،/&+-]|{joint}|[和與与跟及とو]|과|와|하고)+ ?(?:{one}))*)"
        ),
        item_before=re.compile(rf"(?:{item}) ?$"),
        item_behind=re.compile(rf" ?(?:{item})"),
        part=re.compile(alternation(term for part in PARTS for term in lists[part])),
        parts={part: re.compile(alternation(lists[part])) for part in PARTS},
    )


def _ordinal_source(words: Lexicon) -> tuple[str, bool]:
    """Return a regular expression for ordinals, spelled or as digits with a sign, and whether "2." is one."""
    spelled = [term for term in words.numerals["ordinals"].terms if not re.search(r"\d", term)]
    signs = {re.sub(r"\d", "0", term) for term in words.numerals["ordinals"].terms if re.search(r"\d", term)}
    return "|".join(
        [alternation(spelled), *(_signed(sign) for sign in sorted(signs - {"0."}, key=len, reverse=True))]
    ), "0." in signs


def _day_name_source(words: Lexicon) -> str:
    """Return a regular expression for names of days, spelled or with digits: 初日, 2日目, 2일차."""
    names = words.numerals["day_names"].terms
    spelled = [name for name in names if not re.search(r"\d", name)]
    signs = {re.sub(r"\d", "0", name) for name in names if re.search(r"\d", name)}
    return "|".join([alternation(spelled), *(_signed(sign) for sign in sorted(signs, key=len, reverse=True))])


def _signed(form: str) -> str:
    """Return a regular expression for a form such as "0nd", with any number for 0."""
    before, after = form.split("0")
    end = "" if _WRITTEN_WITHOUT_SPACES.search(form) else r"\w*" if form.endswith("*") else r"(?!\w)"
    return rf"(?<![\d:./])(?<!\d,){re.escape(before)}\d{{1,2}}(?!\d){re.escape(after.rstrip('*'))}{end}"


def _date_source(ordinal: str, month: str) -> str:
    """Return a regular expression for a date: "the 2nd of September", "2 September", "9月2日", "02.09.2026"."""
    return (
        rf"(?:(?:{ordinal})|(?<![\d:.])\d{{1,2}}\.?) ?(?:[^\W\d]{{1,3}} )?(?:{month})"
        rf"|(?:{month}),? ?\d{{1,2}}(?:[日号號일]|[a-z]{{2}}(?!\w))?(?!\d|[:h]\d)"
        r"|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
    )


def _hour_behind(words: Lexicon) -> str:
    return rf"| ?(?:{hour_behind_source(words)}|[ap]m(?!\w))"


def _spelled_one(words: Lexicon) -> str:
    """Return a regular expression for a spelled number; "one" only at the end where it is an article too."""
    numbers = words.numerals["numbers"].terms
    if Trait.ONE_IS_ARTICLE not in words.traits:
        return words.numerals["numbers"].source
    ends = rf"(?=\s*(?:$|[^\w\s]|\n)|\s(?:{alternation(words.lists['and_words'])}))"
    ones = alternation(term for term, number in numbers.items() if number == 1)
    more = alternation(term for term, number in numbers.items() if number > 1)
    return rf"(?:{ones}){ends}|(?:{more})"


def _one_source(words: Lexicon) -> str:
    """Return a regular expression for one number behind an item word."""
    spelled = _spelled_one(words)
    if _WRITTEN_WITHOUT_SPACES.search(spelled):
        spelled = rf"(?:{words.numerals['numbers'].source}){_AFTER_HAN}"
    return rf"(?:[1-9](?!\d|[:.,]\d{_hour_behind(words)}){_COUNTED}|(?:{spelled}){_COUNTED}|(?:ii|iii|iv)(?!\w))"
