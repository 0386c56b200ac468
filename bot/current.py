"""Answer from the newest version of the library, also when another process has ingested it."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.reading_apart import ReadingApart
from bot.together import Together
from knowledge import Answer, Introduction, Librarian, Message, NoAnswer, ReadAhead, Unread
from knowledge.activities import Signable
from knowledge.editions import Change, Difference, Edition, difference
from knowledge.library import Library
from knowledge.programme import Session
from knowledge.shelf import NothingIngested
from knowledge.snapshot import LibraryDamaged

_AT_ONCE = 16  # messages read ahead; of more, each would cost as much
_LANES = 2  # one batch is read while the other is on its way
_RUSH = 4  # messages that come at once: a second process is worth its memory
_log = logging.getLogger(__name__)


class CurrentLibrarian:
    """A librarian who looks before every question whether there is a newer version of the library."""

    def __init__(
        self,
        version: Callable[[], object],
        librarian: Callable[[Edition], Librarian],
        apart: ReadingApart | None = None,
    ) -> None:
        """Ask version what is newest, and librarian for who knows it, with an edition of the agenda.

        apart: who reads in a rush; without it, this process does.
        """
        self._apart = apart
        self._version = version
        self._newest = librarian
        self._edition = Edition()
        self._known = version()  # before it is read: a version too old is read again, one too new never
        self._librarian = librarian(self._edition)
        self._opened = self._known  # what the librarian knows: the one before, where the newest is damaged
        self._renewing = threading.Lock()
        self._looking_ahead = Together(self._look_ahead, most=_AT_ONCE, lanes=_LANES)
        self._reading_here = asyncio.Lock()

    def turn_to(self, edition: Edition) -> None:
        """Answer with an edition of the agenda from now on, unless a newer one is known; waits until that is so."""
        if edition.number <= self._edition.number:
            return
        with self._renewing:
            if edition.number > self._edition.number:
                self._librarian = self._newest(edition)
                self._edition = edition

    @property
    def known(self) -> tuple[object, int]:
        """What is answered from: the version of the library, and the number of the edition."""
        return self._opened, self._edition.number

    @property
    def edition(self) -> Edition:
        """The edition of the agenda that is answered from."""
        return self._edition

    def contents(self) -> Library:
        """Return everything that is answered from."""
        return self._current().library

    def sessions(self) -> Sequence[Session]:
        """Return the sessions of the agenda as it is now."""
        programme = self._current().library.programme
        return programme.sessions if programme else ()

    def sessions_at(self, edition: Edition) -> Sequence[Session]:
        """Return the sessions of the agenda as an earlier edition had them."""
        home = replace(self._current().library, edition=edition).home
        return home.programme.sessions if home else ()

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

    def answered_lately(
        self, question: str, *, language: str | None, history: Sequence[str], spoken: str | None = None
    ) -> Answer | NoAnswer | None:
        """Return what answer() would, where it need not be made; None where it must be."""
        return self._current().answered_lately(question, language=language, history=history, spoken=spoken)

    async def look_ahead(self, message: Unread) -> None:
        """Read a message beside all else, together with those that come meanwhile; read() and answer() find that done.

        What cannot be read is left to read(), so that it fails for one message alone.
        """
        if self._current().read_already(message) is None:
            await self._looking_ahead(message)

    def read_ahead(self, messages: Sequence[Unread]) -> Sequence[ReadAhead | None]:
        """Return what is read in messages; fails where one of them cannot be read."""
        librarian = self._current()
        librarian.look_ahead(messages)
        return [librarian.read_already(message) for message in messages]

    async def _look_ahead(self, messages: Sequence[Unread]) -> Sequence[None]:
        await asyncio.gather(self._read_together(messages), return_exceptions=True)
        return [None] * len(messages)

    async def _read_together(self, messages: Sequence[Unread]) -> None:
        if not await self._read_apart(messages):
            async with self._reading_here:  # two threads would but wait for each other
                await asyncio.to_thread(self.read_ahead, messages)

    async def _read_apart(self, messages: Sequence[Unread]) -> bool:
        """Learn what another process reads in messages; tell whether it has read them."""
        if self._apart is None:
            return False
        if len(messages) >= _RUSH:
            self._apart.start()
        librarian, known = self._current(), self.known
        found = await self._apart.look_ahead(self._edition, known, messages) if self._apart.is_ready else None
        if found is None:
            return False
        for message, one in zip(messages, found, strict=True):
            if one is not None:
                librarian.learn(message, one)  # the librarian of then: who follows knows something newer
        return True

    def read(self, text: str, *, language: str) -> Message:
        """Return what text wants to be done; language is used where it could be in several."""
        return self._current().read(text, language=language)

    def introduced(self, text: str, *, language: str, is_city: bool = False) -> Introduction:
        """Return the name and city in a text that was asked for as one line; is_city: the city alone was asked for."""
        return self._current().introduced(text, language=language, is_city=is_city)

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
                self._opened = newest
            except (NothingIngested, LibraryDamaged, OSError) as error:
                _log.warning("answers come from the library before, for the new one cannot be read: %s", error)
            finally:
                self._renewing.release()
        return self._librarian
