"""What an answer is made of: parts with their certainty and sources, and the context they are made in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from knowledge import phrases
from knowledge.briefing import Statement
from knowledge.library import Library
from knowledge.linking import Linker
from knowledge.programme import Certainty, Programme, Session
from knowledge.topics import Topic
from knowledge.wording import Wording

ORGANIZERS: Final = "organizers"  # in place of a document's stem: what they have published since


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands: the document's stem and the section's number or heading ('' for the whole document)."""

    document: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The answer to one clause, or a piece of it."""

    text: str
    certainty: Certainty
    sources: tuple[Source, ...]
    topic: str = ""
    is_answer: bool = True


@dataclass(frozen=True)
class Context:
    """All that composing an answer in one language needs."""

    library: Library
    programme: Programme
    linker: Linker
    topics: dict[str, Topic]
    words: Wording

    def name(self, wording: str) -> str:
        """Return the official name in the reply's language; the documents' own wording where there is none."""
        return self.library.names.of(wording, self.words.language) or wording

    def quote(self, statement: Statement) -> str:
        """Return a statement in the reply's language, or in English and said to be so."""
        translated = self.library.names.of(statement.text, self.words.language)
        return translated or self.words.say(phrases.QUOTED, text=statement.text)

    def when(self, session: Session) -> str:
        """Return day and times of a session, with the date once the dates are confirmed; or that it is cancelled."""
        if session.is_cancelled:
            return self.words.say(phrases.SESSION_CANCELLED)
        return self.words.when(session.day, session.start, session.end, on=self.date(session.day))

    def times(self, session: Session) -> str:
        """Return the times of a session, or that it is cancelled."""
        if session.is_cancelled:
            return self.words.say(phrases.SESSION_CANCELLED)
        return self.words.times(session.start, session.end)

    def date(self, day: int) -> date | None:
        """Return the date of a day of the programme; None while the dates are open."""
        first = self.library.edition.first_day
        return first + timedelta(days=day - 1) if first else None

    def change(self, session: Session) -> str:
        """Return when the organizers have changed a session, and when it was before; '' where they have not."""
        if session.changed is None:
            return ""
        before = session.changed
        when = self.words.when(before.day, before.start, before.end)
        return self.words.say(phrases.CHANGED, date=self.words.date(before.made), when=when)

    def sources_of(self, *sessions: Session) -> tuple[Source, ...]:
        """Return where the facts of sessions stand: the agenda, and the changes made to it since."""
        is_changed = any(session.changed or session.place for session in sessions)
        return (self.agenda_source(), Source(ORGANIZERS)) if is_changed else (self.agenda_source(),)

    def certainty(self, certainty: Certainty) -> str:
        """Return the words for a certainty that stands in brackets behind a fact; '' for a confirmed one."""
        frame = {Certainty.DRAFT: phrases.DRAFT, Certainty.TO_BE_CONFIRMED: phrases.TO_BE_CONFIRMED}.get(certainty)
        return self.words.say(frame) if frame else ""

    def agenda_source(self) -> Source:
        """Return the place of the agenda."""
        home = self.library.home
        return Source(home.document, home.agenda_section) if home else Source("")

    def standing(self, session: Session) -> str:
        """Return what stands in brackets behind a session: that it is a draft, that it is optional; '' for neither."""
        if session.is_cancelled:
            return ""
        optional = self.words.say(phrases.OPTIONAL) if session.is_optional else ""
        return self.words.enumerated(filter(None, (self.certainty(session.certainty), optional)))

    def hedged(self, draft: str, confirmed: str, standing: str, **values: object) -> str:
        """Return the frame draft with standing in brackets, or the frame confirmed where there is none."""
        return self.words.say(draft, certainty=standing, **values) if standing else self.words.say(confirmed, **values)


def source_of(statement: Statement) -> Source:
    """Return where a statement stands."""
    return Source(statement.document, statement.section)


def least_certain(certainties: Iterable[Certainty]) -> Certainty:
    """Return the certainty of a whole reply: that of its least certain part."""
    order = [
        Certainty.CONFIRMED,
        Certainty.DRAFT,
        Certainty.TO_BE_CONFIRMED,
        Certainty.CONTRADICTORY,
        Certainty.NOT_STATED,
        Certainty.OUT_OF_SCOPE,
    ]
    return max(certainties, key=order.index)
