"""The bridge of a desk that serves: whether it is on, what it answers, and how what the desk says leaves by it."""

from typing import TYPE_CHECKING

from bot.app import delivery
from bot.channels.bridge.door import Door
from bot.channels.bridge.signature import CHANNEL, Signatures
from bot.channels.bridge.webhook import WebhookSender
from bot.handing_over import HandingOver
from bot.settings import Settings
from bot.started import Started
from bot.store.whole import Store
from handlers.concierge import Concierge

if TYPE_CHECKING:
    from bot.outbox import NoticeDelivery


class BridgeDoor:
    """The door, open where the settings name a secret. door: None where it is closed."""

    def __init__(self, settings: Settings, store: Store, concierge: Concierge) -> None:
        self._url = settings.bridge_webhook
        self._posting: tuple[NoticeDelivery, WebhookSender] | None = None
        self.door: Door | None = None
        secret = settings.bridge_secret.get_secret_value()
        if not secret:
            return
        signatures = Signatures(secret, store.now)
        handing_over = None
        if self._url:
            sender = WebhookSender(self._url, signatures)
            self._posting = delivery(CHANNEL, store, concierge, sender), sender
        else:
            started = Started(store.notices, concierge.start_due, store.now)
            handing_over = HandingOver(CHANNEL, started, store.notices, concierge.worded, store.now)
        self.door = Door(signatures, store.nonces, concierge, store.notices, handing_over)

    def deliveries(self) -> "list[tuple[NoticeDelivery, WebhookSender]]":
        """Return what posts what the desk says on its own, and what has to be open for it; none where it is fetched."""
        return [self._posting] if self._posting else []

    def problems(self) -> dict[str, str]:
        """Return what is wrong; '' where nothing is, and nothing at all where the door is closed."""
        return {CHANNEL: self._posting[0].problem if self._posting else ""} if self.door else {}

    def greeting(self, url: str) -> str:
        """Return what is told at the start."""
        if self.door is None:
            return "  The bridge door is closed: DESK_BRIDGE_SECRET is empty"
        leaves = f"is posted to {self._url.partition('?')[0]}" if self._url else "is fetched there"
        return f"  The bridge door is open at {url}/bridge/messages; what the desk says on its own {leaves}"
