"""The cautions of an answer, such as "draft agenda": find them, and see whether other words keep them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge import phrases
from knowledge.folding import fold
from knowledge.languages import LANGUAGES
from knowledge.wording import wording

# Of each kind of caution in an answer, another wording must keep one phrase.
_KINDS = (
    (phrases.DRAFT, phrases.AGENDA_IS_DRAFT),
    (phrases.TENTATIVE, phrases.THEME, phrases.SUBTHEMES, phrases.THEME_IS_TENTATIVE),
    (phrases.TO_BE_CONFIRMED, phrases.DATES_OPEN),
    (
        phrases.NOT_STATED,
        phrases.NO_END,
        phrases.NO_TIME,
        phrases.DAY_UNTIMED,
        phrases.PART_OF,
        phrases.COVERED,
        phrases.NOT_FOUND,
    ),
)
# Other words can turn these around.
_LEFT_ALONE = (
    phrases.CONTRADICTION,
    phrases.PARALLEL,
    phrases.CORRECTION,
    phrases.OTHER_EVENT,
    phrases.UNDATED,
    phrases.LIKELY_NAME,
)
_SHORTEST_WORD = 4  # letters; Korean packs as much into two


def must_stay(evidence: str, language: str) -> bool:
    """Tell whether evidence holds a warning that is not to be worded anew: a contradiction, another event."""
    say = wording(language).say
    frames = (re.split(r"\{\w+\}", say(frame)) for frame in _LEFT_ALONE)
    patterns = (".*?".join(re.escape(fold(part)) for part in parts) for parts in frames)
    return any(re.search(pattern, fold(evidence)) for pattern in patterns)


def cautions_in(evidence: str, language: str) -> list[str]:
    """Return the phrases of caution that evidence holds."""
    held = fold(evidence)
    every = (phrase for kind in _phrases_by_kind(language) for phrase in kind)
    return [phrase for phrase in dict.fromkeys(every) if fold(phrase) in held]


def loses_caution(text: str, evidence: str, language: str) -> bool:
    """Tell whether evidence holds a kind of caution and text none of the phrases for it.

    The phrases are the catalog's as they stand, and the model is told to keep them. Single words prove
    nothing: without its caution "to be confirmed" is "confirmed". Only "draft" speaks for itself.
    """
    before, after = fold(evidence), fold(text)
    phrased = [[fold(phrase) for phrase in kind] for kind in _phrases_by_kind(language)]
    lost = [kind for kind in phrased if _has_any(kind, before) and not _has_any(kind, after)]
    is_draft_only = lost == phrased[:1]
    return bool(lost) and not (is_draft_only and _has_any(_draft_words(language), after))


def _has_any(terms: Iterable[str], text: str) -> bool:
    return any(term in text for term in terms)


@lru_cache(maxsize=len(LANGUAGES))
def _phrases_by_kind(language: str) -> list[list[str]]:
    """Return the phrases of each kind: the last words of each frame that no placeholder fills."""
    say = wording(language).say
    return [[_last_words(say(frame)) for frame in kind] for kind in _KINDS]


def _last_words(frame: str) -> str:
    parts = re.split(r"\{\w+\}|[.。:：!;；,،，、()（）“”„«»「」—–]", frame)
    return [part.strip() for part in parts if any(letter.isalpha() for letter in part)][-1]


@lru_cache(maxsize=len(LANGUAGES))
def _draft_words(language: str) -> list[str]:
    """Return the words that both frames for a draft share and the one for a confirmed agenda does not."""
    frames = (phrases.DRAFT, phrases.AGENDA_IS_DRAFT, phrases.AGENDA_IS_CONFIRMED)
    bracket, sentence, confirmed = (fold(wording(language).say(frame)) for frame in frames)
    words = set(re.findall(r"\w+", f"{bracket} {sentence}"))
    shared = [word for word in words if word in bracket and word in sentence and word[:4] not in confirmed]
    return [word for word in shared if len(word) >= (2 if language == "ko" else _SHORTEST_WORD)]
