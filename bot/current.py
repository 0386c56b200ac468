"""Answer from the newest version of the library, also when another process has ingested it."""

import logging
import threading
from collections.abc import Callable, Sequence

from knowledge import Answer, Introduction, Librarian, Message, NoAnswer
from knowledge.activities import Signable
from knowledge.editions import Change, Difference, Edition, difference
from knowledge.programme import Session
from knowledge.shelf import NothingIngested
from knowledge.snapshot import LibraryDamaged

_log = logging.getLogger(__name__)


class CurrentLibrarian:
    """A librarian who looks before every question whether there is a newer version of the library."""

    def __init__(self, version: Callable[[], object], librarian: Callable[[Edition], Librarian]) -> None:
        """Ask version what is newest, and librarian for who knows it, with an edition of the agenda."""
        self._version = version
        self._newest = librarian
        self._edition = Edition()
        self._known = version()  # before it is read: a version too old is read again, one too new never
        self._librarian = librarian(self._edition)
        self._renewing = threading.Lock()

    def turn_to(self, edition: Edition) -> None:
        """Answer with an edition of the agenda from now on, unless a newer one is known; waits until that is so."""
        if edition.number <= self._edition.number:
            return
        with self._renewing:
            if edition.number > self._edition.number:
                self._librarian = self._newest(edition)
                self._edition = edition

    def sessions(self) -> Sequence[Session]:
        """Return the sessions of the agenda as it is now."""
        programme = self._current().library.programme
        return programme.sessions if programme else ()

    def named(self, title: str, language: str) -> str:
        """Return the official name of what the agenda calls title, in language; title where there is none."""
        return self._current().library.names.of(title, language) or title

    def is_signable(self, title: str) -> bool:
        """Tell whether people sign up for what the agenda calls title."""
        return title in {activity.session for activity in self.activities()}

    def difference(self, changes: Sequence[Change]) -> Difference:
        """Return the sessions that changes touch, before and after.

        Raises:
            UnknownSession: a change is of a session that there is not.
        """
        programme = self._current().library.programme
        return difference(programme, changes) if programme else []

    def answer(
        self, question: str, *, language: str | None, history: Sequence[str], spoken: str | None = None
    ) -> Answer | NoAnswer:
        """Answer question; language is used where it could be in several; history is oldest first.

        spoken: the language to answer in, whatever the question is written in.
        """
        return self._current().answer(question, language=language, history=history, spoken=spoken)

    def read(self, text: str, *, language: str) -> Message:
        """Return what text wants to be done; language is used where it could be in several."""
        return self._current().read(text, language=language)

    def introduced(self, text: str, *, language: str) -> Introduction:
        """Return the name and city in a text that was asked for as one line."""
        return self._current().introduced(text, language=language)

    def activities(self) -> list[Signable]:
        """Return what people can sign up for."""
        return self._current().activities()

    def about(self, topic: str, *, language: str) -> Answer | NoAnswer:
        """Tell what the documents say on a topic of the catalogue, in language.

        Raises:
            KeyError: there is no such topic.
        """
        return self._current().about(topic, language=language)

    def _current(self) -> Librarian:
        """Return who knows the newest version; who asks while it is being read gets the one before."""
        newest = self._version()
        if newest != self._known and self._renewing.acquire(blocking=False):
            try:
                self._known = newest
                self._librarian = self._newest(self._edition)
            except (NothingIngested, LibraryDamaged, OSError) as error:
                _log.warning("answers come from the library before, for the new one cannot be read: %s", error)
            finally:
                self._renewing.release()
        return self._librarian
