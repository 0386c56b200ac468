"""Find the language a question is written in, out of the sixteen that the desk speaks."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from knowledge.folding import fold

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh", "zh-TW")
LATIN = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr")
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_HAN = re.compile("[\u3400-\u9fff]")
_LETTERS = re.compile(r"[^\W\d_]")
_MARGIN = 1.5  # log-odds by which a language must win over the fallback; below it three words could be either


class LanguageDetector:
    """Detect a language by script, and among the Latin ones by words and letter triples of labelled text."""

    def __init__(self, texts: Mapping[str, Iterable[str]]) -> None:
        """Learn from texts: for each Latin language, sentences in it."""
        self._texts = {language: list(texts.get(language, ())) for language in LATIN}

    def detect(self, text: str, *, fallback: str = "en") -> str:
        """Return the language of text; fallback where it has no letters or could be either."""
        if not _LETTERS.search(text):
            return fallback
        for language, script in _SCRIPTS:
            found = len(script.findall(text))
            if found and (language == "ja" or found * 3 >= len(_LETTERS.findall(text))):
                return language
        if len(_HAN.findall(text)) * 4 >= len(_LETTERS.findall(text)):
            return _chinese(text, fallback)
        return self._latin(text, fallback)

    def _latin(self, text: str, fallback: str) -> str:
        scores = {language: self._score(language, text) for language in LATIN}
        best = max(scores, key=lambda language: scores[language])
        if fallback in scores and scores[best] - scores[fallback] < _MARGIN:
            return fallback
        return best

    def _score(self, language: str, text: str) -> float:
        counts, total = self._model[language]
        return sum(math.log((counts.get(feature, 0) + 0.05) / (total + 2000)) for feature in _features(text))

    @cached_property
    def _model(self) -> dict[str, tuple[Counter[str], int]]:
        model = {}
        for language, texts in self._texts.items():
            counts = Counter(feature for text in texts for feature in set(_features(text)))
            model[language] = (counts, len(texts))
        return model


def _features(text: str) -> list[str]:
    """Return the words of text, and the letter triples within each, accents kept: they tell languages apart."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    triples = [f" {word} "[i : i + 3] for word in words for i in range(len(word))]
    return [*words, *triples]


def _chinese(text: str, fallback: str) -> str:
    """Tell traditional from simplified characters by the national character sets that hold them."""
    traditional = sum(_only_in(character, "big5", "gb2312") for character in text)
    simplified = sum(_only_in(character, "gb2312", "big5") for character in text)
    if traditional == simplified:
        return fallback if fallback in ("zh", "zh-TW", "ja") else "zh"
    return "zh-TW" if traditional > simplified else "zh"


def _only_in(character: str, one: str, other: str) -> bool:
    return _HAN.match(character) is not None and _encodes(character, one) and not _encodes(character, other)


def _encodes(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def base_language(language: str) -> str | None:
    """Return the desk's language for a tag such as 'pt-BR' or 'zh_Hant'; None where it speaks none of that kind."""
    tag = fold(language.replace("_", "-"))
    if tag in ("zh-tw", "zh-hk", "zh-mo") or tag.startswith("zh-hant"):
        return "zh-TW"
    primary = tag.split("-")[0]
    return primary if primary in LANGUAGES else None
