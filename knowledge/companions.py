"""How many people come along with who writes: "with my wife", "我和同事", "me and two colleagues"."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.folding import alternation

_NOTHING = "(?!)"
_WORD_STARTS = r"(?<!\w)"
_WORD_ENDS = r"(?!\w)"  # particles are attached
_WORDS_BETWEEN = r"(?P<between>(?:[\w’'-]+\s){0,3}?)"
_LETTERS_BETWEEN = r"(?P<between>\w{0,5}?)"


@dataclass(frozen=True, slots=True)
class Companions:
    """What a text says of those who come along. number: how many; rest: the text without them."""

    number: int = 0
    are_uncounted: bool = False  # "with my colleagues"
    rest: str = ""


@dataclass(frozen=True)
class CompanionWords:
    """Patterns of one language, on folded text; several relations are a plural without its number."""

    patterns: Sequence[re.Pattern[str]]
    several: re.Pattern[str]
    owned: re.Pattern[str]  # "my deputy", whatever is said of them

    @classmethod
    def of(cls, lists: Mapping[str, Any], number: str, *, is_spaced: bool) -> "CompanionWords":
        """Return the patterns made of a language's lists of relations, and of words for "with" and "I"."""
        one, many = _terms(lists, "relations"), _terms(lists, "relations_many")
        relation = rf"(?P<relation>{alternation([*many, *one], stand_alone=is_spaced)})"
        joins, behind = (
            alternation(_terms(lists, "with_words")),
            alternation(_terms(lists, "behind"), stand_alone=False),
        )
        me = alternation(_terms(lists, "me"))
        after = rf"\s?(?P<after>(?:{number})?\s?[^\W\d]?)"
        between = _WORDS_BETWEEN if is_spaced and joins != _NOTHING else _LETTERS_BETWEEN
        space = r"\s" if is_spaced else ""
        sources = [
            rf"(?:{joins}){space}{between}{relation}{'' if is_spaced else after}",
            rf"{relation}\s?(?:{joins})\s?(?:{me})",
            rf"(?P<between>(?:(?:{number})\s)?)(?P<relation>{alternation(_terms(lists, 'relations_behind'))})",
        ]
        if attached := "|".join(_terms(lists, "attached")):
            loose = relation.replace(_WORD_STARTS, "")
            sources.append(rf"(?<!\w)(?:{attached})(?P<between>(?:\w+\s)?){loose}")
        if behind != _NOTHING:
            bare, particle = relation.replace(_WORD_ENDS, ""), behind.replace(_WORD_ENDS, "")
            who = me.replace(_WORD_ENDS, "")
            sources += [rf"{bare}{after}\s?(?:{particle})", rf"(?:{who})(?:{particle})\s?{bare}{after}"]
        several = alternation([term for term in many if term not in one])
        mine = alternation(_terms(lists, "mine"))  # where the relation does not say so itself, as "eşim" does
        owned = relation if mine == _NOTHING else rf"(?:{mine})\s{_WORDS_BETWEEN}{relation}"
        return cls([re.compile(source) for source in sources], re.compile(several), re.compile(owned))

    def read(self, folded: str, count: Callable[[str], int | None]) -> Companions:
        """Return who comes along in folded text; count tells the number in a piece of it."""
        found: list[re.Match[str]] = []
        rest = folded
        for pattern in self.patterns:
            for match in list(pattern.finditer(rest)):
                found.append(match)
                rest = rest.replace(match.group(), " ", 1)
        told = [_number(match, count) for match in found]
        are_uncounted = any(
            n is None and self.several.fullmatch(m["relation"]) for n, m in zip(told, found, strict=True)
        )
        return Companions(sum(n or 1 for n in told), are_uncounted, rest)

    def others(self, folded: str, count: Callable[[str], int | None]) -> int:
        """Return how many of the writer's own folded text names."""
        return sum(_number(match, count) or 1 for match in self.owned.finditer(folded))


def _number(match: re.Match[str], count: Callable[[str], int | None]) -> int | None:
    groups = match.groupdict()
    return count(f"{groups.get('between') or ''} {groups.get('after') or ''}")


def _terms(lists: Mapping[str, Any], key: str) -> list[str]:
    return [str(term) for term in lists.get(key, ())]
