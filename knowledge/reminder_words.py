"""Tell whether who wants no more messages, or wants them again, means the reminders alone."""

import re
from functools import cache
from pathlib import Path

from knowledge.folding import alternation, fold
from knowledge.yaml_files import read_yaml

_WORDS = Path(__file__).parent / "catalogue" / "reminders.yaml"


def is_of_reminders(text: str) -> bool:
    """Tell whether text, which ends messages or begins them, names reminders, and not all messages too."""
    folded = fold(text)
    return bool(_patterns()["reminders"].search(folded)) and not _patterns()["everything"].search(folded)


def ends_reminders(text: str) -> bool:
    """Tell whether text has words that end reminders, and that could be taken for words that want more of them."""
    return bool(_patterns()["no_more"].search(fold(text)))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words: dict[str, dict[str, list[str]]] = read_yaml(_WORDS)
    return {
        kind: re.compile(alternation(word for terms in of_kind.values() for word in terms))
        for kind, of_kind in words.items()
    }
