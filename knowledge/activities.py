"""Which sessions of a programme people sign up for, and what they are called in each language."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from knowledge.languages import LANGUAGES
from knowledge.library import Library
from knowledge.programme import Programme, Session
from knowledge.topics import catalogue

KEY_LENGTH = 24  # a button about two activities fits into the 64 bytes that Telegram carries
_DIGEST = 6

# Topics whose sessions have places, with the key of the activity; of a session with routes, each is one.
_KEYS = {
    "session.reception": "reception",
    "session.press": "press",
    "session.matchmaking": "matchmaking",
    "session.cruise": "cruise",
    "session.visits": "visits",
}


@dataclass(frozen=True, slots=True)
class Signable:
    """A session, or a route of one, that people sign up for."""

    key: str
    names: dict[str, str]  # by language
    wording: str  # the title of the route, or of the session
    session: str
    kind: str  # "session" or "route"
    day: int
    start: time | None
    end: time | None


def signable(library: Library, programme: Programme) -> list[Signable]:
    """Return what people can sign up for, in the order of the programme."""
    return [found for session in programme.sessions for found in _of_session(library, session)]


def _of_session(library: Library, session: Session) -> Iterator[Signable]:
    topics = catalogue().topics
    key = next((key for topic, key in _KEYS.items() if topics[topic].is_evidenced_by(session.title)), None)
    if key is None and not session.routes:
        return
    times = (session.day, session.start, session.end)
    for route in session.routes:
        yield Signable(_key(route.title), _names(library, route.title), route.title, session.title, "route", *times)
    if key is not None and not session.routes:
        yield Signable(key, _names(library, session.title), session.title, session.title, "session", *times)


def _key(title: str) -> str:
    """Return title as a key of at most KEY_LENGTH letters; where that leaves something out, with a digest of it all."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    if 0 < len(slug) <= KEY_LENGTH:
        return slug
    digest = hashlib.sha256(title.encode()).hexdigest()[:_DIGEST]
    return f"{slug[: KEY_LENGTH - _DIGEST - 1].rstrip('-')}-{digest}".strip("-")


def _names(library: Library, wording: str) -> dict[str, str]:
    named = {language: library.names.of(wording, language) for language in LANGUAGES}
    return {"en": wording} | {language: name for language, name in named.items() if name}
