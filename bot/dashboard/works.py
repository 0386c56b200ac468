"""What the pages work with: the same pieces that the conversation and the command line use."""

from dataclasses import dataclass
from functools import cached_property

from bot.app import Desk
from bot.dashboard.uploads import Uploads
from bot.store.whole import Store
from bot.web.signing import Signer, key_of
from handlers.announcing import Announcing
from handlers.audience_choice import AudienceChoice
from handlers.broadcasting import Broadcasting
from handlers.organizing import Organizing
from handlers.preview import Preview
from handlers.publishing import Publishing


@dataclass(frozen=True)
class Works:
    """A desk, what it remembers, and the pieces that do what staff wish."""

    desk: Desk
    store: Store

    @cached_property
    def publishing(self) -> Publishing:
        """What publishes changes and broadcasts."""
        return self.desk.publisher(self.store)

    @cached_property
    def preview(self) -> Preview:
        """What shows a broadcast before it is sent."""
        return Preview(self.desk.library, self.publishing, self.store.broadcasts, self.store.activities)

    @cached_property
    def choice(self) -> AudienceChoice:
        """What says whom a broadcast can be for."""
        return AudienceChoice(self.desk.library, self.store.activities, self.store.broadcasts)

    @cached_property
    def broadcasting(self) -> Broadcasting:
        """What looks after broadcasts that are confirmed."""
        store = self.store
        desk = (self.desk.library, self.publishing, self.preview, self.choice)
        announcing = Announcing(*desk, store.conversations, store.attachments)
        return Broadcasting(self.publishing, store.broadcasts, announcing)

    @cached_property
    def organizing(self) -> Organizing:
        """What opens, resizes and answers."""
        store = self.store
        return Organizing(store.rsvps, store.activities, store.questions, store.conversations, self.publishing)

    @cached_property
    def uploads(self) -> Uploads:
        """What keeps documents that are uploaded."""
        return Uploads(self.desk.settings.uploads_folder, self.desk.shelf)

    def signer(self, purpose: str) -> Signer:
        """Return what signs for a purpose.

        Raises:
            OSError: no key is set, and the data folder cannot be written.
        """
        return Signer(self._key, purpose)

    @cached_property
    def _key(self) -> bytes:
        settings = self.desk.settings
        return key_of(settings.secret_key.get_secret_value(), settings.home)
