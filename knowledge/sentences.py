"""Cut messages: into sentences, into two questions, off their openings and quotations."""

import re

from knowledge.folding import fold
from knowledge.lexicon import cities_in, lexicon

# "Three things: (1) the theme, 2) who pays" - a list, and what leads up to it. A time such as 10:30 is no joint.
_LISTED = re.compile(r"(?<![\w:.])(?:\(?[1-9a-e]\)|[①-⑨]|[1-9][.、](?=\s*[^\W\d]))\s*")
_ANNOUNCED = re.compile(r"^([^:：?？]{4,60}?)\s*(?:[:：](?!\d)| [-–—] )\s*(?=\S.{7})", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?؟。！？\n…]*(?:[.](?=\S)[^.!?؟。！？\n…]*)*[.!?؟。！？\n…]*")
_LEAD = re.compile(r"^([^,，、:：?？]{2,45})[,，、:：]\s*(.+)$", re.DOTALL)
_SHORTEST_QUESTION = 4  # letters that must remain behind an opening
_QUOTED = re.compile('["“”„«»「」『』《》]([^"“”„«»「」『』《》]{12,})["“”„«»「」『』《》]')
_CAPITALS = 0.6  # share of capitals from which a text is read as written in capitals only
_LONG_IN_THAI = 60  # letters; a shorter message is one clause
_CLAUSE_IN_THAI = 12  # letters; a shorter piece belongs to the one before


def sentences_of(message: str, language: str) -> list[str]:
    """Return the sentences of message. Thai has no full stop: in a long message a blank ends a clause."""
    listed = [piece for piece in _LISTED.split(message) if _is_worded(piece)]
    pieces = listed if len(listed) > 2 else [message]
    units = [unit.strip() for piece in pieces for unit in _SENTENCE.findall(piece) if re.search(r"\w", unit)]
    units = [part for unit in units for part in _announced(unit)] or [message]
    if language != "th" or len(message) < _LONG_IN_THAI:
        return units
    clauses: list[str] = []
    for piece in (piece for unit in units for piece in unit.split()):
        if clauses and len(piece) < _CLAUSE_IN_THAI:
            clauses[-1] = f"{clauses[-1]} {piece}"
        else:
            clauses.append(piece)
    return clauses


def _announced(unit: str) -> list[str]:
    """Return what announces a question apart from it: 'I need a list: when is the photo, when the cruise'."""
    announced = _ANNOUNCED.match(unit)
    if announced is None or cities_in(announced[1]):  # "Harbin: who was there?" asks about Harbin
        return [unit]
    return [announced[1], unit[announced.end() :]]


def splits(text: str, language: str) -> list[tuple[str, str]]:
    """Return the ways to cut text in two at a word such as 'and', or at a comma."""
    joints = re.compile(f"{lexicon(language).words['and_words'].pattern}|[,;，、；&+和跟与與]|\\bn\\b", re.IGNORECASE)
    folded = fold(text)
    source = folded if len(folded) != len(text) else text
    cuts = [(source[: m.start()].strip(), source[m.end() :].strip()) for m in joints.finditer(source)]
    return [(left, right) for left, right in cuts if _is_worded(left) and _is_worded(right)][:3]


def _is_worded(text: str) -> bool:
    return len(re.findall(r"\w", text)) >= 2


def without_lead(text: str, language: str, home: str) -> str:
    """Return text without an opening such as 'At the Wuhan conference,': it names the event and asks nothing."""
    lead = _LEAD.match(text)
    if lead is None or (home not in cities_in(lead[1]) and not lexicon(language).event_names.search(lead[1])):
        return text
    return lead[2] if len(re.findall(r"\w", lead[2])) >= _SHORTEST_QUESTION else text


def without_quotation(text: str) -> tuple[str, str]:
    """Return text without a longer quotation, and the quotation; a quoted title reads like its own topic."""
    quoted = _QUOTED.search(text)
    if quoted is None:
        return text, ""
    rest = (text[: quoted.start()] + " " + text[quoted.end() :]).strip()
    is_title = len(quoted[1].split()) > 2 or not quoted[1].isascii()
    return (rest, quoted[1]) if is_title and len(re.findall(r"\w", rest)) >= 6 else (text, "")


def in_lower_case(text: str) -> str:
    """Return text in lower case where it is written in capitals only, else as it is."""
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return text.lower() if len(letters) > 4 and capitals > _CAPITALS * len(letters) else text
