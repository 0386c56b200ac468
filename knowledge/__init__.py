"""From briefing documents to evidence, and from evidence to true answers."""

from knowledge import phrases
from knowledge.editions import Change, Difference, Edition
from knowledge.evidence import Source
from knowledge.languages import LANGUAGES, base_language
from knowledge.librarian import Answer, Librarian, NoAnswer, ReadAhead, Unread
from knowledge.people import Introduction, People
from knowledge.programme import Certainty, Session
from knowledge.wishes import Message, Place, Wish
from knowledge.wording import wording

__all__ = [
    "LANGUAGES",
    "Answer",
    "Certainty",
    "Change",
    "Difference",
    "Edition",
    "Introduction",
    "Librarian",
    "Message",
    "NoAnswer",
    "People",
    "Place",
    "ReadAhead",
    "Session",
    "Source",
    "Unread",
    "Wish",
    "base_language",
    "phrases",
    "wording",
]
