"""The chat in a browser, of a desk that serves: its pages, what it answers, and what it tells."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from starlette.routing import BaseRoute

from bot.app import delivery
from bot.channels.web.conversation import CHANNEL, Conversation
from bot.channels.web.door import Door
from bot.channels.web.outbound import WebSender
from bot.channels.web.pages import ChatPages
from bot.channels.web.posts import Posts
from bot.channels.web.sessions import Cookies
from bot.channels.web.streams import LOOKS_EVERY, Streams
from bot.inbox import Inbox
from bot.jobs import Job
from bot.outbox import NoticeDelivery
from bot.settings import Settings
from bot.store.whole import Store
from bot.web.origins import Origins
from bot.web.signing import key_of
from bot.web.site import Site
from handlers.concierge import Concierge

_TIDY_EVERY = 3600.0  # seconds


class WebChat:
    """The web channel."""

    def __init__(self, settings: Settings, store: Store, concierge: Concierge, inbox: Inbox) -> None:
        site, lines = Site.of(settings.public_url), store.web_lines
        self._lines = lines
        self._streams = Streams(lines)
        self._notices = delivery(CHANNEL, store, concierge, WebSender(lines, self._streams))
        key = key_of(settings.secret_key.get_secret_value(), settings.home)
        self._door = Door(
            Cookies(key, site), Origins(site), store.conversations, store.now, otherwise=settings.language
        )
        conversation = Conversation(concierge, lines, self._streams, inbox)
        posts = Posts(self._door, conversation, lines, self._streams, site, store.notices.wake)
        pages = ChatPages(self._door, conversation, lines, self._streams, site, posts.take)
        self.routes: Sequence[BaseRoute] = [*posts.routes, *pages.routes]

    def deliveries(self) -> Sequence[tuple[NoticeDelivery, AbstractAsyncContextManager[object]]]:
        """Return what tells people what the desk says on its own."""
        return [(self._notices, nullcontext())]

    @property
    def problem(self) -> str:
        """What keeps the channel from telling anything; '' where nothing does."""
        return self._notices.problem

    @property
    def open_pages(self) -> int:
        """How many pages are open here."""
        return self._streams.count

    @property
    def jobs(self) -> Sequence[Job]:
        """What goes by the clock."""
        return (
            Job("looking for news of other processes", LOOKS_EVERY, self._streams.look),
            Job("forgetting old conversations in browsers", _TIDY_EVERY, self._lines.forget_old),
        )

    def take_no_more(self) -> None:
        """Ask pages to come back later with what they have to say."""
        self._door.is_closing = True

    def close(self) -> None:
        """End all streams: pages come again by themselves."""
        self._streams.close()
