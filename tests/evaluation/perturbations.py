"""The same questions as people really write them: politely, with an aside, in capitals, mistyped."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import yaml

from knowledge.labelled import Labelled

LEADS: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "leads.yaml").read_text("utf-8"))
UNSPACED = {"ja", "th", "zh", "zh-TW"}
CASED = {"de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr"}
SOCIAL = {"chitchat", "out_of_scope"}
_OTHER_EVENTS = re.compile(  # in every language's name of the city, or by the words of its theme
    "harbin|харбин|هاربين|ฮาร์บิน|하얼빈|哈尔滨|哈爾濱|ハルビン|nanning|наньнин|نانينغ|หนานหนิง|난닝|南宁|南寧"
    "|guangzhou|guǎngzhōu|гуанчжоу|قوانغتشو|غوانغتشو|กว่างโจว|광저우|广州|廣州|広州|high-quality growth|冰雪",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(r"^[^\w\s]*(?!I\b)\w(?![A-Z])")  # "¿A" or "When", but not "I" or "VIP"
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_TYPING_ERRORS = 3


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A way to write a question differently that leaves its right reply as it is."""

    name: str
    write: Callable[[Labelled], str]
    left_out: Callable[[Labelled], bool]  # where it would change what is asked, or nothing

    def of(self, items: Collection[Labelled]) -> list[Labelled]:
        """Return those of items that it applies to, written differently."""
        written = ((item, self.write(item)) for item in items if not self.left_out(item))
        return [replace(item, question=question) for item, question in written if question != item.question]


def with_preamble(item: Labelled) -> str:
    """Return the question behind a long polite sentence."""
    return _joined(LEADS["preamble"][item.language], item.question, item.language)


def with_aside(item: Labelled) -> str:
    """Return the question behind a sentence about another city's event."""
    return _joined(LEADS["aside"][item.language], item.question, item.language)


def with_event_named(item: Labelled) -> str:
    """Return the question with the name of the home event in front."""
    lead, question = LEADS["event"][item.language], item.question
    if item.language in CASED and not lead.endswith(":"):
        question = _SENTENCE_START.sub(lambda start: start[0].lower(), question)
    return _joined(lead, question, item.language)


def in_lower_case(item: Labelled) -> str:
    """Return the question without capitals."""
    # Turkish writes i and ı, İ and I: capitals made by the general rule would be another word.
    question = item.question.translate(str.maketrans("İI", "iı")) if item.language == "tr" else item.question
    return question.lower()


def in_capitals(item: Labelled) -> str:
    """Return the question in capitals."""
    question = item.question.translate(str.maketrans("iı", "İI")) if item.language == "tr" else item.question
    return question.upper()


def with_typing_errors(item: Labelled) -> str:
    """Return the question with a typing error in each of three words of five or more letters, or fewer.

    The errors are the same in every run; first letters stay, as they mostly do when people type.
    """
    chance = Random(item.id)  # noqa: S311 - nothing secret about a typing error
    words = list(_LONG_WORD.finditer(item.question))
    chosen = chance.sample(words, min(_TYPING_ERRORS, len(words)))
    question = item.question
    for word in sorted(chosen, key=lambda found: found.start(), reverse=True):
        question = question[: word.start()] + _mistyped(word[0], chance) + question[word.end() :]
    return question


def names_another_event(item: Labelled) -> bool:
    """Tell whether the question, or one before it, is about an event other than the home event."""
    return any(_OTHER_EVENTS.search(text) for text in (item.question, *item.history))


PERTURBATIONS = (
    # Small talk behind a sentence of thanks is other small talk.
    Perturbation("preamble", with_preamble, lambda item: item.kind == "chitchat"),
    # "And when was that?" asks about Harbin now; what compares events or mixes them up on purpose (a trap)
    # asks something else; and small talk becomes talk about Harbin.
    Perturbation(
        "aside",
        with_aside,
        lambda item: item.kind in {"chitchat", "followup", "other_city", "trap"} or names_another_event(item),
    ),
    # Another event, and the friendly cities of Wuhan, are not at the conference; a greeting or a question
    # about football would become one about it.
    Perturbation(
        "event",
        with_event_named,
        lambda item: item.kind in SOCIAL | {"friendship", "other_city"} or names_another_event(item),
    ),
    # A wording that has no capitals, or nothing else, is left out as unchanged.
    Perturbation("lower case", in_lower_case, lambda item: item.language not in CASED),
    Perturbation("capitals", in_capitals, lambda item: item.language not in CASED),
    # Where a question is mistyped already, three errors more leave nobody able to read it.
    Perturbation("typing", with_typing_errors, lambda item: item.language in UNSPACED or item.kind == "typo"),
)


def _joined(lead: str, question: str, language: str) -> str:
    return lead + ("" if language in UNSPACED - {"th"} else " ") + question


def _mistyped(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    doubled = word[: at + 1] + word[at:]
    dropped = word[:at] + word[at + 1 :]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    wrong = [written for written in (doubled, dropped, swapped) if written != word]
    return chance.choice(wrong)
