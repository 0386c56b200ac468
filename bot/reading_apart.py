"""Read messages in a process of its own while many come at once: one core reads, the other writes and sends."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from functools import partial
from typing import Protocol

from knowledge import Edition, ReadAhead, Unread
from knowledge.topics import catalogue, texts_by_language

_SAMPLES = 2  # messages of each language that are read before the first of somebody
_log = logging.getLogger(__name__)


class Reads(Protocol):
    """Who reads in that process."""

    @property
    def known(self) -> object:
        """What is answered from."""
        ...

    def turn_to(self, edition: Edition) -> None:
        """Answer with an edition of the agenda, unless a newer one is known."""
        ...

    def read_ahead(self, messages: Sequence[Unread]) -> Sequence[ReadAhead | None]:
        """Return what is read in messages; fails where one of them cannot be read."""
        ...


_own: list[Reads] = []  # of that process, which has one


class ReadingApart:
    """That process. It knows the library by itself, and each time it reads it is told which edition there is."""

    def __init__(self, open_library: Callable[[], Reads]) -> None:
        """Have the library opened there by what can be sent to another process; nothing is started yet."""
        self._open_library = open_library
        self._process: ProcessPoolExecutor | None = None
        self._warming: Future[None] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it has read the library and a few messages in each language, and reads at once."""
        return self._warming is not None and self._warming.done() and self._warming.exception() is None

    def start(self) -> None:
        """Begin to get ready, unless that has begun; anew where it has failed."""
        if self._warming is not None and self._warming.done() and not self.is_ready:
            self.close()
        if self._process is None:
            # A new process: a copy of this one would hold its locks, and the files that Chroma has opened.
            spawning = multiprocessing.get_context("spawn")
            self._process = ProcessPoolExecutor(1, spawning, initializer=_begin, initargs=(self._open_library,))
            # Ctrl-C is for this process alone: who starts inherits what is blocked.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                self._warming = self._process.submit(_warm_up)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    async def look_ahead(
        self, edition: Edition, known: object, messages: Sequence[Unread]
    ) -> Sequence[ReadAhead | None] | None:
        """Return what is read in messages; None where it has died, or answers from something else than is known here.

        What cannot be read there fails here.
        """
        if self._process is None:
            return None
        reading = partial(_look_ahead, edition, known, messages)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._process, reading)
        except BrokenExecutor:
            _log.warning("the process that reads messages has ended; it is started again with the next rush")
            self.close()
            return None

    def close(self) -> None:
        """End the process; what it is reading is not waited for."""
        if self._process is not None:
            self._process.shutdown(wait=False, cancel_futures=True)
        self._process = self._warming = None


def _begin(open_library: Callable[[], Reads]) -> None:
    """Open the library, and end with the process that has started this one, however that ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _own[:] = [open_library()]


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _warm_up() -> None:
    """Read dictionaries and patterns of each language, so that nobody waits for that."""
    texts = texts_by_language(catalogue().samples)
    _own[0].read_ahead([Unread(text, language) for language in texts for text in texts[language][:_SAMPLES]])
    gc.freeze()  # what is there now stays, and need not be looked through for garbage


def _look_ahead(edition: Edition, known: object, messages: Sequence[Unread]) -> Sequence[ReadAhead | None] | None:
    _own[0].turn_to(edition)
    found = _own[0].read_ahead(messages)
    return found if _own[0].known == known else None
