"""The accounts on WeChat of a desk that serves: which are on, what they answer, and what they send."""

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.app import Desk, delivery
from bot.inbox import Inbox
from bot.outbox import NoticeDelivery
from bot.settings import Settings
from bot.store.whole import Store
from handlers.concierge import Concierge

if TYPE_CHECKING:
    from bot.channels.wechat.accounts import Served
    from bot.channels.wechat.api import WeChatApi
    from bot.channels.wechat.callback import Callback

_EMPTY = {"wechat": "DESK_WECHAT_APP_ID", "wecom": "DESK_WECOM_CORP_ID"}  # what turns an account on
_log = logging.getLogger(__name__)


class WeChatAccounts:
    """Those that the settings name; one that cannot be served is off, and says why."""

    def __init__(self, settings: Settings, store: Store, concierge: Concierge, inbox: Inbox) -> None:
        self._store = store
        self._concierge = concierge
        self._served: list[Served] = []
        self._deliveries: list[tuple[NoticeDelivery, WeChatApi]] = []
        self._off: dict[str, str] = {}
        if settings.wechat_app_id or settings.wecom_corp_id:
            self._serve(settings, inbox)

    @property
    def callbacks(self) -> "Mapping[str, Callback]":
        """The callbacks, by their path."""
        return {served.channel: served.callback for served in self._served}

    def deliveries(self) -> "list[tuple[NoticeDelivery, WeChatApi]]":
        """Return what tells people what the desk says on its own, with what has to be open for it."""
        self._deliveries = [
            (delivery(served.channel, self._store, self._concierge, served.sender), served.api)
            for served in self._served
        ]
        return self._deliveries

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by account; '' where nothing is."""
        told = {served.channel: "" for served in self._served} | self._off
        for served, (notices, _) in zip(self._served, self._deliveries, strict=False):
            told[served.channel] = notices.problem or served.sender.problem
        return told

    def greeting(self, url: str) -> Iterator[str]:
        """Return what is told at the start."""
        for served in self._served:
            yield f"  {served.channel} is on, its callback is {url}/{served.channel}"
        off = {channel: f"{setting} is empty" for channel, setting in _EMPTY.items()} | self._off
        on = {served.channel for served in self._served}
        yield from (f"  {channel} is off: {why}" for channel, why in off.items() if channel not in on)

    def _serve(self, settings: Settings, inbox: Inbox) -> None:
        from bot.channels.wechat import accounts  # noqa: PLC0415 - 0.5 s that only its users should pay
        from bot.channels.wechat.callback import Remembered  # noqa: PLC0415

        store = self._store
        remembered = Remembered(store.nonces, store.shown, store.windows, store.conversations, store.notices)
        around = accounts.Surroundings(self._concierge, remembered, store.windows, store.access, inbox, store.now)
        for channel, make in ((accounts.OFFICIAL_ACCOUNT, accounts.official_account), (accounts.WECOM, accounts.wecom)):
            try:
                served = make(settings, around)
            except accounts.BadAccount as error:
                self._off[channel] = str(error)
                _log.error("%s is off: %s", channel, error)
                continue
            if served is not None:
                self._served.append(served)


class NoAccount(ValueError):
    """The settings name no Official Account; str() says what to set."""


async def set_menu(desk: Desk, language: str) -> None:
    """Set the menu of the Official Account.

    Raises:
        NoAccount: there is none.
        bot.channels.wechat.menu.MenuRefused, bot.outbox.ChannelClosed, bot.outbox.Postponed: WeChat does not take it.
    """
    from bot.channels.wechat.api import Account, WeChatApi  # noqa: PLC0415 - as above
    from bot.channels.wechat.menu import set_menu as set_  # noqa: PLC0415

    settings = desk.settings
    if not settings.wechat_app_id:
        raise NoAccount("DESK_WECHAT_APP_ID is empty: there is no account whose menu could be set")
    store = await desk.store()
    try:
        account = Account(settings.wechat_api_url, settings.wechat_app_id, settings.wechat_secret.get_secret_value())
        async with WeChatApi(account, store.access, store.now) as api:
            await set_(api, language)
    finally:
        await store.database.close()
