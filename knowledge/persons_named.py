"""Find the persons that a text names, so that somebody may be signed up by an aide."""

import re
from collections.abc import Collection
from typing import Final

from knowledge.folding import fold
from knowledge.lexicon import cities_in

_TITLES: Final = (
    r"Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|(?:(?:Deputy|Vice)[ -])?Mayor|Herrn?|Frau|Bürgermeister(?:in)?|"
    r"Monsieur|Madame|Mme|M\.|Maire|Señora?|Sra?|Alcaldesa?|Senhora?|Signora?|Sig(?:\.ra|\.na)?|Sindac[oa]|"
    r"Pani?|Pana|Dhr|Mevrouw|Mevr|Bay|Bayan|Г-н|Г-жа|Господин[а]?|Госпож[ау]|Мэр[а]?"
)
_WORD: Final = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁ][\w'’-]*[^\W\d_]|[A-ZÀ-ÖØ-Þ]\."
_TITLE: Final = re.compile(rf"(?:{_TITLES})\.?", re.IGNORECASE)
_NAMED: Final = re.compile(
    rf"(?:\b(?:{_TITLES})\.?\s+)*(?:{_WORD})(?:\s+(?:(?:{_TITLES})\.?(?=\s)|{_WORD}|de|van|von|da|bin|al|der|el))*"
)
_HAN: Final = re.compile(
    r"(?:为|為|给|給|替|帮|幫)\s*([\u4e00-\u9fff·、,，和与與及]{2,30}?)\s*(?:报名|報名|登记|登記|预订|預訂)"
)
_HAN_SPLIT: Final = re.compile(r"[、,，和与與及]")
_HAN_TITLE: Final = re.compile(r"(?:先生|女士|小姐|市长|市長|副市长|副市長)$")
_HAN_OWN: Final = re.compile(r"^(?:我们?|我們|自己|本人|大家)$|人$|位$")
_LEAST_WITHOUT_TITLE: Final = 2  # words: one capital alone begins a sentence, or is a noun


def persons_named(text: str, *, known: Collection[str]) -> tuple[str, ...]:
    """Return the names of persons in text, in its order, without "Ms" and the like.

    A name is what stands behind a title, or two words and more in capitals of which none is in known: the folded words
    of what the programme speaks of.
    """
    found = [_latin(match, text, known) for match in _NAMED.finditer(text)]
    found += [_HAN_TITLE.sub("", one) for part in _HAN.findall(text) for one in _HAN_SPLIT.split(part)]
    return tuple(dict.fromkeys(one for one in found if one and not _HAN_OWN.search(one)))


def _latin(match: re.Match[str], text: str, known: Collection[str]) -> str:
    words = match.group().split()
    titles = [place for place, word in enumerate(words) if _TITLE.fullmatch(word)]
    if titles:
        return " ".join(word for word in words[titles[-1] + 1 :] if fold(word) not in known)
    if match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".!?":
        words = words[1:]  # a sentence begins with a capital whatever stands there
    is_strange = all(fold(word) not in known and not cities_in(word) for word in words)
    return " ".join(words) if len(words) >= _LEAST_WITHOUT_TITLE and is_strange else ""
