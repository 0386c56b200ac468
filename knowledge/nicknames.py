"""Find many names in a text at once: by words where the script has spaces, anywhere where it has none."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import lru_cache

from knowledge.folding import fold, has_spaces_between_words

_WORD = re.compile(r"\w+")

_SHORTEST_STEM = 3  # letters


class Nicknames:
    """The folded names of things, by the things' numbers; a name that ends in * allows any ending."""

    def __init__(self, names: Sequence[Collection[str]]) -> None:
        """Take the names of thing 0, thing 1, and so on."""
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._stems: dict[str, set[int]] = defaultdict(set)
        self._anywhere: dict[str, set[int]] = defaultdict(set)
        for number, of_one in enumerate(names):
            for name in of_one:
                self._keep(name, number)
        self._longest = max((len(name.split()) for name in (*self._whole, *self._stems)), default=1)
        self._heads = {stem[:_SHORTEST_STEM] for stem in self._stems}
        self.in_text = lru_cache(maxsize=1024)(self._in_text)

    def _keep(self, name: str, number: int) -> None:
        if not has_spaces_between_words(name):
            self._anywhere[name.rstrip("*")].add(number)
            return
        kind = self._stems if name.endswith("*") else self._whole
        kind[" ".join(_WORD.findall(name))].add(number)

    def _in_text(self, text: str) -> dict[int, int]:
        """Return the things that text names, each with the letters of its longest name there."""
        folded = fold(text)
        found: dict[int, int] = {}
        for run in self._runs(_WORD.findall(folded)):
            if run in self._whole or run[:_SHORTEST_STEM] in self._heads:
                for number in (*self._whole.get(run, ()), *self._by_stem(run)):
                    found[number] = max(found.get(number, 0), len(run))
        if not has_spaces_between_words(folded):
            for name, numbers in self._anywhere.items():
                if name in folded:
                    found |= {number: max(found.get(number, 0), len(name)) for number in numbers}
        return found

    def _runs(self, words: Sequence[str]) -> list[str]:
        lengths = range(1, self._longest + 1)
        return [" ".join(words[i : i + n]) for n in lengths for i in range(len(words) - n + 1)]

    def _by_stem(self, run: str) -> set[int]:
        return {number for end in range(_SHORTEST_STEM, len(run) + 1) for number in self._stems.get(run[:end], ())}
