"""The composition root: settings in, working parts out."""

from functools import cached_property
from typing import TYPE_CHECKING

from bot.current import CurrentLibrarian
from bot.memory import RecentQuestions
from bot.settings import Settings
from handlers.concierge import Concierge
from knowledge import Librarian
from knowledge.embeddings import SentenceEncoder, named_embeddings
from knowledge.index import PassageIndex
from knowledge.languages import LanguageDetector
from knowledge.reading import Reader
from knowledge.router import Router
from knowledge.shelf import NothingIngested, Shelf
from knowledge.topics import catalogue, texts_by_language

if TYPE_CHECKING:
    from knowledge.phrasing import Phraser


class Desk:
    """The parts of the desk, made when they are first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.encoder = SentenceEncoder()
        self.topics = dict(catalogue().topics)
        self._texts = texts_by_language(catalogue().samples)

    @cached_property
    def index(self) -> PassageIndex:
        """The index of passages."""
        name = self.settings.embeddings
        chosen = named_embeddings(name)
        return PassageIndex(
            self.settings.knowledge_folder / "chroma",
            self.encoder if isinstance(chosen, SentenceEncoder) else chosen,
            name=name,
            url=self.settings.chroma_url,
        )

    @cached_property
    def shelf(self) -> Shelf:
        """The library on disk."""
        return Shelf(self.settings.knowledge_folder, self.index, self.encoder, self.topics)

    @cached_property
    def library(self) -> CurrentLibrarian:
        """Answers from what was ingested last."""
        return CurrentLibrarian(lambda: self.shelf.version, self.librarian)

    def librarian(self) -> Librarian:
        """Return the librarian of what has been ingested.

        Raises:
            NothingIngested: nothing has, or no document in it holds the agenda of an event.
        """
        library = self.shelf.read()
        linker = self.shelf.linker(library)
        if linker is None:
            raise NothingIngested("no document holds an agenda; ingest the briefing with `desk ingest`")
        return Librarian(
            library=library,
            topics=self.topics,
            detector=self._detector,
            reader=Reader(self._router, self.encoder, self.topics, self._texts, library),
            linker=linker,
            index=self.index.serving(library.passages),
        )

    def concierge(self) -> Concierge:
        """Return the conversation."""
        return Concierge(self.library, RecentQuestions(), self.rewording())

    def rewording(self) -> "Phraser | None":
        """Return the chat model that may word answers; None where none is configured.

        Raises:
            ValueError: it is none that can be used.
        """
        if not self.settings.chat_model:
            return None
        from knowledge.phrasing import Phraser, chat_model  # noqa: PLC0415 - 1 s that only its users should pay

        key = self.settings.chat_model_key.get_secret_value()
        return Phraser(chat_model(self.settings.chat_model, url=self.settings.chat_model_url, key=key))

    @cached_property
    def _detector(self) -> LanguageDetector:
        return LanguageDetector.load(digest=catalogue().digest)

    @cached_property
    def _router(self) -> Router:
        return Router.load(digest=catalogue().digest)
