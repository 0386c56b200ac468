"""Cut messages: into sentences, into two questions, off their openings and quotations."""

import re

from knowledge.folding import fold, has_spaces_between_words
from knowledge.lexicon import cities_in, lexicon, without_names

# "Three things: (1) the theme, 2) who pays" - a list, and what leads up to it. A time such as 10:30 is no joint.
_LISTED = re.compile(r"(?<![\w:.])(?:\(?[1-9a-e]\)|[①-⑨]|[1-9][.、](?=\s*[^\W\d]))\s*")
_SENTENCE = re.compile(r"[^.!?؟。！？\n…]*(?:[.](?=\S)[^.!?؟。！？\n…]*)*[.!?؟。！？\n…]*")
_LEAD = re.compile(r"^([^,，、:：?？]{2,45})[,，、:：]\s*(.+)$", re.DOTALL)
_ANNOUNCED = re.compile(r"^([^:：?？]{4,60}?)\s*[:：](?!\d)\s*(.+)$", re.DOTALL)
_LETTERS_OF_A_LEAD = {True: 16, False: 6}  # beside the event's name, in scripts with and without spaces
_SHORTEST_QUESTION = 4  # letters that must remain behind an opening
_QUOTED = re.compile('["“”„«»「」『』《》]([^"“”„«»「」『』《》]{12,})["“”„«»「」『』《》]')
_CAPITALS = 0.6  # share of capitals from which a text is read as written in capitals only
_LONG_IN_THAI = 60  # letters; a shorter message is one clause
_CLAUSE_IN_THAI = 12  # letters; a shorter piece belongs to the one before


def sentences_of(message: str, language: str) -> list[str]:
    """Return the sentences of message. Thai has no full stop: in a long message a blank ends a clause."""
    listed = [piece for piece in _LISTED.split(message) if _is_worded(piece)]
    pieces = [listed[0], *(f"{item.rstrip(' ,;.')}?" for item in listed[1:])] if len(listed) > 2 else [message]
    units = [unit.strip() for piece in pieces for unit in _SENTENCE.findall(piece) if re.search(r"\w", unit)]
    units = units or [message]
    if language != "th" or len(message) < _LONG_IN_THAI:
        return units
    clauses: list[str] = []
    for piece in (piece for unit in units for piece in unit.split()):
        if clauses and len(piece) < _CLAUSE_IN_THAI:
            clauses[-1] = f"{clauses[-1]} {piece}"
        else:
            clauses.append(piece)
    return clauses


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
    """Return text without its opening: of 'At the Wuhan conference, ...', of 'I need to know two things: ...'.

    Whether the opening itself is what is asked ('The theme of Wuhan, what is it?'), the words do not tell.
    """
    lead = _LEAD.match(text)
    if lead and _merely_names_the_event(lead[1], language, home):
        rest = lead[2]
    elif (announced := _ANNOUNCED.match(text)) and not cities_in(announced[1]):
        rest = announced[2]
    else:
        return text
    return rest if len(re.findall(r"\w", rest)) >= _SHORTEST_QUESTION else text


def _merely_names_the_event(lead: str, language: str, home: str) -> bool:
    words = lexicon(language)
    if home not in cities_in(lead) and not words.event_names.search(lead):
        return False
    nameless = words.event_kinds.sub("", without_names(lead, language).replace(words.event_noun, ""))
    bare = re.sub(r"[\W\d_]", "", nameless)
    return len(bare) <= _LETTERS_OF_A_LEAD[has_spaces_between_words(lead)]


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
    letters = [*filter(str.isalpha, text)]
    capitals = sum(map(str.isupper, letters))
    return text.lower() if len(letters) > 4 and capitals > _CAPITALS * len(letters) else text
