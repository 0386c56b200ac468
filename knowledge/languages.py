"""Find the language a question is written in, out of the sixteen that the desk speaks."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from knowledge.folding import fold
from knowledge.names_listed import runs

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
_WORDS = re.compile(r"[^\W\d_]+")
_ONLY_SPANISH = re.compile("[¿¡]")
_LATIN_WORDS = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_LETTERS_A_WORD = {"ja": 2, "th": 4, "zh": 2}  # of scripts without spaces between words
_FEW_LATIN_WORDS = 2  # in a question of another script they are names: "WiFi", "coffee break"
_BUCKETS = 1 << 16  # of letter groups
_GROUPS = (3, 4)  # letters
_RAREST_CENTIBELS = 480  # of wordfreq's lists: a word rarer than one in 60,000 tells little
_UNHEARD = 1e-7  # share of all words that a word has which a language's lists do not hold
_SAMPLES_SHARE = 0.2  # of a word's frequency; the rest comes from everyday texts
_BARE_SHARE = 0.5  # how often people leave the accents out
_GROUPS_SHARE = 0.5  # letter groups overlap: each says half of what it would say alone
# Log-odds by which a language must win over the fallback, by number of words: "visa?" could be in any.
_MARGINS = {0: 4.0, 1: 4.0, 2: 3.0, 3: 2.0, 4: 2.0, 5: 2.0, 6: 2.0}
_MARGIN = 1.0
_NAME_AND_CITY = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){1,3}, ?[^\W\d_]+(?: [^\W\d_]+)?[.!]?")
_LEAST_TO_GO_BY = 2  # words
_ONE_NOUN = 1  # German ones are capitalized
_SHORT = 2  # words
_SHORT_LEAD = 1.0  # log-odds by which it must win over the next best, in a word or two


PROFILES = Path(__file__).parent / "catalogue" / "languages.npz"


class ProfilesOutdated(Exception):
    """The language profiles belong to another catalogue of samples; run `desk calibrate`."""


@dataclass(frozen=True)
class LanguageDetector:
    """Detect a language by script, and among the Latin ones by the frequencies of its words and letter groups."""

    rows: Mapping[str, int]  # the place of each known word in words
    words: NDArray[np.float32]  # its log-probability in each language, of shape (words, languages)
    groups: NDArray[np.float32]  # the same of letter groups, (buckets, languages), relative to the mean language

    @classmethod
    def learnt(cls, texts: Mapping[str, Iterable[str]]) -> Self:
        """Return a detector that has learnt from texts, for each Latin language sentences in it, and word lists."""
        counts = [Counter(w for text in texts.get(tag, ()) for w in _WORDS.findall(text.lower())) for tag in LATIN]
        shares = [_shares(language, of_language) for language, of_language in zip(LATIN, counts, strict=True)]
        rows = {word: row for row, word in enumerate(dict.fromkeys(word for known in shares for word in known))}
        return cls(rows, _logarithms(rows, shares), _group_weights(counts))

    def save(self, path: Path, digest: str) -> None:
        """Write the profiles with the digest of the catalogue that they were learnt from."""
        np.savez_compressed(
            path,
            known=np.frombuffer("\n".join(self.rows).encode(), np.uint8),
            words=self.words.astype(np.float16),
            groups=self.groups.astype(np.float16),
            digest=np.array(digest),
        )

    @classmethod
    def load(cls, path: Path = PROFILES, *, digest: str | None = None) -> Self:
        """Read the profiles.

        Raises:
            ProfilesOutdated: they were learnt from a catalogue with another digest than the given one.
        """
        with np.load(path) as stored:
            if digest is not None and str(stored["digest"]) != digest:
                raise ProfilesOutdated(f"{path.name} was learnt from other sample questions; run `desk calibrate`")
            known = stored["known"].tobytes().decode().split("\n")
            rows = dict(zip(known, range(len(known)), strict=True))
            return cls(rows, stored["words"].astype(np.float32), stored["groups"].astype(np.float32))

    def detect(self, text: str, *, fallback: str = "en") -> str:
        """Return the language of text; fallback where it has no letters or could be either."""
        if not _LETTERS.search(text):
            return fallback
        latin_words = len(_LATIN_WORDS.findall(text))
        for language, script in _SCRIPTS:
            words = _words_in(language, script, text)
            if words and (language == "ja" or latin_words <= max(_FEW_LATIN_WORDS, 2 * words)):
                return language
        han_words = len(_HAN.findall(text)) / _LETTERS_A_WORD["zh"]
        if han_words and latin_words <= max(_FEW_LATIN_WORDS, han_words):
            return _of_han(text, fallback)
        return self._latin(text, fallback)

    def _latin(self, text: str, fallback: str) -> str:
        if _ONLY_SPANISH.search(text):
            return "es"
        if text.istitle() and _NAME_AND_CITY.fullmatch(text.strip()):
            return fallback  # "Ben Oduya, Kyiv" is of no language, though "ben" is a Turkish word
        words = _WORDS.findall(_without_names(text).lower())
        total = np.sum([self._score(word) for word in words], axis=0)
        scores = dict(zip(LATIN, total.tolist(), strict=True))
        best, second = sorted(LATIN, key=lambda language: -scores[language])[:2]
        is_short = len(words) <= _SHORT
        if is_short and scores[best] - scores[second] < _SHORT_LEAD:
            return fallback
        rival = fallback if fallback in LATIN else second if is_short else ""
        if rival and scores[best] - scores[rival] < _MARGINS.get(len(words), _MARGIN):
            return fallback
        return best

    def _score(self, word: str) -> NDArray[np.float32]:
        """Return the log-probability of word in each language: by its frequency, else by its letter groups."""
        row = self.rows.get(word)
        if row is not None:
            known: NDArray[np.float32] = self.words[row]
            return known
        score: NDArray[np.float32] = _GROUPS_SHARE * self.groups[list(_groups_of(word))].sum(axis=0)
        return score


def _without_names(text: str) -> str:
    """Return text without the names in it, two capitalized words and more, if that leaves any words to go by.

    "We nominate Dora Klein" is no Dutch because Klein is.
    """
    if text.isupper() or text.istitle():
        return text
    kept: list[str] = []
    for is_name, words in runs(text.split()):
        kept += _of_name(words, is_first=not kept) if is_name else words
    return " ".join(kept) if len(_WORDS.findall(" ".join(kept))) >= _LEAST_TO_GO_BY else text


def _of_name(words: list[str], *, is_first: bool) -> list[str]:
    """Return which of the capitalized words in a row tell of a language: one alone, and one that begins a sentence."""
    if len(words) <= _ONE_NOUN + is_first:
        return words
    return words[:1] if is_first else []


def _logarithms(rows: Mapping[str, int], shares: Iterable[Mapping[str, float]]) -> NDArray[np.float32]:
    """Return the log-probability of each word in each language, of shape (words, languages)."""
    heard = np.full((len(rows), len(LATIN)), _UNHEARD, np.float32)
    for place, of_language in enumerate(shares):
        heard[[rows[word] for word in of_language], place] += list(of_language.values())
    return np.log(heard)


def _group_weights(counts: Iterable[Counter[str]]) -> NDArray[np.float32]:
    """Return the log-probability of each letter group, of shape (buckets, languages), relative to the mean language."""
    heard = np.zeros((len(LATIN), _BUCKETS), np.float32)
    for place, of_language in enumerate(counts):
        for word, count in of_language.items():
            heard[place, list(_groups_of(word))] += math.log1p(count)
            if (bare := _without_accents(word)) != word:
                heard[place, list(_groups_of(bare))] += _BARE_SHARE * math.log1p(count)
    weights = np.log((heard + 0.3) / (heard.sum(axis=1, keepdims=True) + 2000))
    centred: NDArray[np.float32] = (weights - weights.mean(axis=0)).T.copy()
    return centred


def _shares(language: str, counts: Counter[str]) -> dict[str, float]:
    """Return the share of all words that each word is in samples and everyday texts, also without its accents."""
    from wordfreq import get_frequency_list  # noqa: PLC0415 - 0.3 s that only learning should pay

    shares: dict[str, float] = {}
    total = sum(counts.values())
    for word, count in counts.items():
        if count > 1:  # a word of one sample may be a name or an error
            _add(shares, word, _SAMPLES_SHARE * count / total)
    for centibels, words in enumerate(get_frequency_list(language, wordlist="small")[:_RAREST_CENTIBELS]):
        for word in words:
            _add(shares, word, (1 - _SAMPLES_SHARE) * 10 ** (-centibels / 100))
    return shares


def _add(shares: dict[str, float], word: str, share: float) -> None:
    shares[word] = shares.get(word, 0.0) + share
    if not word.isascii() and (bare := _without_accents(word)) != word:
        shares[bare] = shares.get(bare, 0.0) + _BARE_SHARE * share


@lru_cache(maxsize=4096)
def _groups_of(word: str) -> tuple[int, ...]:
    padded = f" {word} "
    groups = (padded[i : i + size] for size in _GROUPS for i in range(max(1, len(padded) - size + 1)))
    return tuple(crc32(group.encode()) % _BUCKETS for group in groups)


@lru_cache(maxsize=4096)
def _without_accents(word: str) -> str:
    """Return word as people type it on a foreign keyboard."""
    bare = unicodedata.normalize("NFKD", word.replace("ı", "i").replace("ł", "l"))
    return "".join(character for character in bare if not unicodedata.combining(character))


def _words_in(language: str, script: re.Pattern[str], text: str) -> float:
    """Return how many words of text are written in script, by its letters where words are not parted by spaces."""
    if script.search(text) is None:
        return 0.0
    if language in _LETTERS_A_WORD:
        return len(script.findall(text)) / _LETTERS_A_WORD[language]
    return sum(script.search(word) is not None for word in _WORDS.findall(text))


def _of_han(text: str, fallback: str) -> str:
    """Tell Chinese from Japanese without kana, and traditional from simplified characters.

    The national character sets tell: 议 is only in China's, 議 not; 駅 and 図 are only in Japan's.
    """
    characters = _HAN.findall(text)
    traditional = sum(_only_in(character, "big5", "gb2312") for character in characters)
    simplified = sum(_only_in(character, "gb2312", "big5") for character in characters)
    if fallback not in ("zh", "zh-TW") and all(_encodes(character, "shift_jis") for character in characters):
        is_mixed = traditional and simplified  # 商談会: Japan simplified some characters, and others not
        is_japanese_only = any(not _encodes(c, "big5") and not _encodes(c, "gb2312") for c in characters)
        if fallback == "ja" or is_mixed or is_japanese_only:
            return "ja"
    if traditional == simplified:
        return fallback if fallback in ("zh", "zh-TW") else "zh"
    return "zh-TW" if traditional > simplified else "zh"


def _only_in(character: str, one: str, other: str) -> bool:
    return _encodes(character, one) and not _encodes(character, other)


@lru_cache(maxsize=4096)
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
