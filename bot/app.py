"""The composition root: settings in, working parts out."""

from typing import TYPE_CHECKING

from bot.memory import RecentQuestions
from bot.settings import Settings
from handlers.concierge import Concierge
from knowledge.embeddings import SentenceEncoder, named_embeddings
from knowledge.index import PassageIndex
from knowledge.languages import LanguageDetector
from knowledge.librarian import Librarian
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
        chosen = named_embeddings(settings.embeddings)
        self.embeddings = self.encoder if isinstance(chosen, SentenceEncoder) else chosen
        self.index = PassageIndex(
            settings.knowledge_folder / "chroma", self.embeddings, name=settings.embeddings, url=settings.chroma_url
        )
        self.shelf = Shelf(settings.knowledge_folder, self.index, self.encoder, dict(catalogue().topics))

    def librarian(self) -> Librarian:
        """Return the librarian of what has been ingested.

        Raises:
            NothingIngested: nothing has, or no document in it holds the agenda of an event.
        """
        library = self.shelf.read()
        linker = self.shelf.linker(library)
        if linker is None:
            raise NothingIngested("no document holds an agenda; ingest the briefing with `desk ingest`")
        self.index.serve(library.passages)
        topics, texts = dict(catalogue().topics), texts_by_language(catalogue().samples)
        return Librarian(
            library=library,
            topics=topics,
            detector=LanguageDetector(texts),
            reader=Reader(
                Router.load(digest=catalogue().digest), self.encoder, topics, texts, other_events=library.other_events
            ),
            linker=linker,
            index=self.index,
        )

    def concierge(self) -> Concierge:
        """Return the conversation."""
        return Concierge(self.librarian(), RecentQuestions(), self.rewording())

    def rewording(self) -> "Phraser | None":
        """Return the chat model that may word answers; None where none is configured."""
        if not self.settings.chat_model:
            return None
        from knowledge.phrasing import Phraser, chat_model  # noqa: PLC0415 - 1 s that only a model's users should pay

        key = self.settings.chat_model_key.get_secret_value()
        return Phraser(chat_model(self.settings.chat_model, url=self.settings.chat_model_url, key=key))
