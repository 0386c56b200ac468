"""The composition root: settings in, working parts out."""

from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING

from bot.calendar_file import calendar_file
from bot.current import CurrentLibrarian
from bot.outbox import NoticeDelivery, Sender
from bot.settings import Settings
from bot.store.activities import SqlActivities
from bot.store.addresses import SqlConversations
from bot.store.broadcasts import SqlBroadcasts
from bot.store.database import Clock, Database
from bot.store.editions import SqlEditions
from bot.store.facts import SqlFacts
from bot.store.inbox import SqlEntries
from bot.store.invites import SqlInvites
from bot.store.migrate import migrate
from bot.store.notices import SqlNotices
from bot.store.people import SqlPeople
from bot.store.questions import Embed, SqlQuestions
from bot.store.rsvps import SqlRsvps
from bot.store.seen import SqlSeen
from handlers.announcing import Announcing
from handlers.concierge import Concierge
from handlers.for_others import ForOthers
from handlers.model import Activity
from handlers.organizing import Organizing
from handlers.own_programme import OwnProgramme
from handlers.parts import Parts
from handlers.ports import Library, Rewording
from handlers.profile import Profile
from handlers.publishing import Publishing
from handlers.rsvp import SigningUp
from knowledge import Librarian
from knowledge.editions import Edition
from knowledge.embeddings import SentenceEncoder, named_embeddings
from knowledge.index import PassageIndex
from knowledge.languages import LanguageDetector
from knowledge.librarian import Readers
from knowledge.reading import Reader
from knowledge.router import Router
from knowledge.shelf import NothingIngested, Shelf
from knowledge.topics import catalogue, texts_by_language
from knowledge.wishes import WishReader

if TYPE_CHECKING:
    from knowledge.phrasing import Phraser


class Desk:
    """The parts of the desk, made when they are first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.encoder = SentenceEncoder()
        self.topics = dict(catalogue().topics)
        self._opened: list[Database] = []
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

    def librarian(self, edition: Edition | None = None) -> Librarian:
        """Return the librarian of what has been ingested, with what the organizers have published since.

        Raises:
            NothingIngested: nothing has, or no document in it holds the agenda of an event.
        """
        self.encoder.load_ahead()
        library = self.shelf.read().at(edition or Edition())
        linker = self.shelf.linker(library)
        if linker is None:
            raise NothingIngested("no document holds an agenda; ingest the briefing with `desk ingest`")
        return Librarian(
            library=library,
            topics=self.topics,
            readers=Readers(
                languages=self._detector,
                questions=Reader(self._router, self.encoder, self.topics, self._texts, library),
                wishes=WishReader(self.encoder),
            ),
            linker=linker,
            index=self.index.serving(library.passages),
        )

    async def edition(self) -> Edition:
        """Return the newest edition of the agenda; the documents' own where there is no database yet."""
        if not self.settings.has_database:
            return Edition()
        store = await self.store()
        try:
            return await store.editions.current()
        finally:
            await store.database.close()

    async def concierge(self) -> Concierge:
        """Return the conversation, with its tables made or brought up to date."""
        return (await self.opened())[1]

    async def opened(self) -> "tuple[Store, Concierge]":
        """Return what is remembered, and the conversation over it; close() lets go of them."""
        store = await self.store()
        self._opened.append(store.database)
        await self.seed_activities(store)
        needs_code = self.settings.sign_up == "invited"
        return store, conversation(self.library, store, rewording=self.rewording(), needs_code=needs_code)

    async def close(self) -> None:
        """Let go of the database."""
        for database in self._opened:
            await database.close()

    async def seed_activities(self, store: "Store") -> None:
        """Write those activities of the programme that the database does not know yet."""
        await store.activities.add_new(Activity(**asdict(found)) for found in self.library.activities())

    async def store(self) -> "Store":
        """Return the database's parts, with its tables made or brought up to date."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        await migrate(self.settings.database)
        return Store(Database(self.settings.database), self.encoder.encode, self.settings.clock)

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


class Store:
    """What the desk remembers, a part for each noun."""

    def __init__(self, database: Database, embed: Embed, now: Clock) -> None:
        self.database = database
        self.rsvps = SqlRsvps(database, now)
        self.activities = SqlActivities(database, self.rsvps, now)
        self.people = SqlPeople(database, self.rsvps, now)
        self.conversations = SqlConversations(database, now)
        self.questions = SqlQuestions(database, embed, now)
        self.notices = SqlNotices(database, now)
        self.seen = SqlSeen(database, now)
        self.invites = SqlInvites(database, now)
        self.inbox = SqlEntries(database, now)
        self.facts = SqlFacts(database)
        self.editions = SqlEditions(database, now)
        self.broadcasts = SqlBroadcasts(database, now)
        self.now = now


def delivery(channel: str, store: Store, concierge: Concierge, sender: Sender) -> NoticeDelivery:
    """Return what tells people on a channel what the desk says on its own."""
    return NoticeDelivery(channel, store.notices, concierge.worded, sender, store.now)


def conversation(
    library: Library, store: Store, *, rewording: Rewording | None = None, needs_code: bool = False
) -> Concierge:
    """Return the conversation over a library and a store; needs_code: to sign up."""
    programme = OwnProgramme(store.rsvps, store.activities, calendar_file, store.now)
    return Concierge(
        Parts(
            library=library,
            turn=store.database.turn,
            editions=store.editions,
            conversations=store.conversations,
            people=store.people,
            questions=store.questions,
            seen=store.seen,
            signing_up=SigningUp(store.rsvps, store.activities, store.people, store.conversations, programme),
            programme=programme,
            for_others=ForOthers(store.rsvps, store.people),
            profile=Profile(store.people, store.conversations, store.activities, library),
            organizing=Organizing(store.rsvps, store.activities, store.questions, store.conversations),
            announcing=Announcing(
                library,
                Publishing(library, store.editions, store.broadcasts),
                store.broadcasts,
                store.conversations,
                store.now,
            ),
            rewording=rewording,
            needs_code=needs_code,
        )
    )
