"""The composition root: settings in, working parts out."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.calendar_file import calendar_file
from bot.current import CurrentLibrarian
from bot.outbox import NoticeDelivery, Sender
from bot.quiet import QuietHours
from bot.reading_apart import ReadingApart
from bot.settings import Settings
from bot.started import Started
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.whole import Store
from bot.web.site import Site
from handlers.announcing import Announcing
from handlers.audience_choice import AudienceChoice
from handlers.broadcasting import Broadcasting
from handlers.concierge import Concierge
from handlers.dashboard import Dashboard
from handlers.for_others import ForOthers
from handlers.model import Activity
from handlers.nominations import Nominations
from handlers.organizing import Organizing
from handlers.own_programme import OwnProgramme
from handlers.parts import Parts
from handlers.ports import Library, Rewording
from handlers.preview import Preview
from handlers.profile import Profile
from handlers.publishing import Publishing, Rules
from handlers.room import Room
from handlers.rsvp import SigningUp
from handlers.second_thoughts import SecondThoughts
from knowledge import Librarian
from knowledge.editions import Edition
from knowledge.embeddings import SentenceEncoder, named_embeddings
from knowledge.index import PassageIndex
from knowledge.languages import LanguageDetector
from knowledge.librarian import Readers
from knowledge.reading import Reader
from knowledge.router import Router
from knowledge.shelf import Ingested, NothingIngested, Shelf
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
        self._apart = ReadingApart(partial(library_of, settings))
        self._texts = texts_by_language(catalogue().samples)

    @property
    def site(self) -> Site:
        """Where the desk's pages stand for browsers: DESK_PUBLIC_URL, else where it listens on this machine."""
        return Site.of(self.settings.public_url or self.settings.own_url)

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
        folder, now = self.settings.knowledge_folder, self.settings.clock
        return Shelf(folder, self.index, self.encoder, self.topics, now=now)

    def ingest(self, paths: Sequence[Path], *, only: bool, progress: Callable[[str], object]) -> Ingested:
        """Ingest documents; without paths those of DESK_BRIEFINGS, and what was uploaded in place of some of them.

        Raises:
            NothingToIngest, LibraryDamaged, Busy, NotSaved, IndexNotWritten: the library stays as it is.
        """
        uploads = None if paths else self.settings.uploads_folder
        return self.shelf.ingest(paths or [self.settings.briefings], only=only, instead=uploads, progress=progress)

    @cached_property
    def library(self) -> CurrentLibrarian:
        """Answers from what was ingested last."""
        return CurrentLibrarian(lambda: self.shelf.version, self.librarian, self._apart)

    def librarian(self, edition: Edition | None = None) -> Librarian:
        """Return the librarian of what has been ingested, with what the organizers have published since.

        Raises:
            NothingIngested: nothing has, or no document in it holds the agenda of an event.
        """
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

    async def opened(self, *, is_chat: bool = False) -> tuple[Store, Concierge]:
        """Return what is remembered, and the conversation over it; close() lets go of them. is_chat: on a terminal."""
        store = await self.store()
        self._opened.append(store.database)
        await self.seed_activities(store)
        needs_code = self.settings.sign_up == "invited"
        made = conversation(
            self.library,
            store,
            self.publisher(store, is_chat=is_chat),
            rewording=self.rewording(),
            needs_code=needs_code,
            site=self.site,
        )
        return store, made

    def publisher(self, store: Store, *, is_chat: bool = False) -> Publishing:
        """Return what publishes changes and broadcasts, as it is set."""
        quiet = timedelta(seconds=self.settings.chat_quiet_period if is_chat else self.settings.quiet_period)
        return publishing(self.library, store, Rules(self.settings.four_eyes, quiet))

    async def close(self) -> None:
        """Let go of the database, and of the process that reads in a rush."""
        self._apart.close()
        for database in self._opened:
            await database.close()

    async def seed_activities(self, store: Store) -> None:
        """Write those activities of the programme that the database does not know yet."""
        await store.activities.add_new(Activity(**asdict(found)) for found in self.library.activities())

    async def store(self) -> Store:
        """Return the database's parts, with its tables made or brought up to date."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        await migrate(self.settings.database)
        quiet = QuietHours.of_text(self.settings.quiet_hours)
        return Store(Database(self.settings.database), self.encoder.encode, self.settings.clock, quiet)

    @asynccontextmanager
    async def stored(self) -> AsyncIterator[Store]:
        """Yield the store, for as long as it is needed, with what people can sign up for."""
        store = await self.store()
        try:
            await self.seed_activities(store)
            yield store
        finally:
            await store.database.close()

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


def delivery(channel: str, store: Store, concierge: Concierge, sender: Sender) -> NoticeDelivery:
    """Return what tells people on a channel what the desk says on its own."""
    return NoticeDelivery(
        channel, Started(store.notices, concierge.start_due, store.now), concierge.worded, sender, store.now
    )


def publishing(library: Library, store: Store, rules: Rules | None = None) -> Publishing:
    """Return what publishes changes and broadcasts; without rules it tells at once, and asks nobody."""
    return Publishing(library, store.editions, store.broadcasts, store.activities, store.now, rules or Rules())


async def tell_due(store: Store, own: NoticeDelivery) -> None:
    """Tell all that is due now, where nothing does so by itself."""
    await store.look_at_the_clock()
    await own.once()


def conversation(
    library: Library,
    store: Store,
    publisher: Publishing | None = None,
    *,
    rewording: Rewording | None = None,
    needs_code: bool = False,
    site: Site | None = None,
) -> Concierge:
    """Return the conversation; publisher: None for one that tells at once; needs_code: to sign up.

    site: where the dashboard stands.
    """
    publisher = publisher or publishing(library, store)
    preview = Preview(library, publisher, store.broadcasts, store.activities)
    choice = AudienceChoice(library, store.activities, store.broadcasts)
    announcing = Announcing(library, publisher, preview, choice, store.conversations, store.attachments)
    programme = OwnProgramme(store.rsvps, store.activities, calendar_file, store.now)
    signing_up = SigningUp(store.rsvps, store.activities, store.delegations, store.conversations, programme)
    return Concierge(
        Parts(
            library=library,
            turn=store.database.turn,
            openings=store.openings,
            conversations=store.conversations,
            people=store.people,
            questions=store.questions,
            seen=store.seen,
            signing_up=signing_up,
            second_thoughts=SecondThoughts(store.rsvps, store.activities, signing_up),
            room=Room(store.activities, store.now),
            programme=programme,
            for_others=ForOthers(store.rsvps, store.delegations),
            profile=Profile(store.people, store.conversations, store.activities, library, store.attachments),
            nominations=Nominations(store.delegations, store.conversations),
            organizing=Organizing(store.rsvps, store.activities, store.questions, store.conversations, publisher),
            announcing=announcing,
            broadcasting=Broadcasting(publisher, store.broadcasts, announcing),
            dashboard=Dashboard(store.sign_ins, lambda secret: (site or Site()).url(f"/dashboard/sign-in/{secret}")),
            rewording=rewording,
            needs_code=needs_code,
        )
    )


def library_of(settings: Settings) -> CurrentLibrarian:
    """Return the library, in a process of its own."""
    return Desk(settings).library
