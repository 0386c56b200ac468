"""The accounts that the settings name, each with its callback and its sender."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.channels.wechat.api import Access, Account, WeChatApi
from bot.channels.wechat.callback import Callback, Conversation, Remembered
from bot.channels.wechat.envelope import Envelope
from bot.channels.wechat.outbound import OfficialAccountSender, Template, WeComSender, Windows
from bot.inbox import Inbox
from bot.settings import Settings

OFFICIAL_ACCOUNT: Final = "wechat"
WECOM: Final = "wecom"


class BadAccount(ValueError):
    """An account cannot be served as it is set; str() names the variable."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What accounts talk with, and what they remember."""

    conversation: Conversation
    remembered: Remembered
    windows: Windows
    access: Access
    inbox: Inbox
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Served:
    """An account that is served."""

    channel: str
    callback: Callback
    sender: OfficialAccountSender | WeComSender
    api: WeChatApi


def official_account(settings: Settings, around: Surroundings) -> Served | None:
    """Return the Official Account; None where the settings name none.

    Raises:
        BadAccount: a setting is missing, or cannot be used.
    """
    if not settings.wechat_app_id:
        return None
    token, key = settings.wechat_token.get_secret_value(), settings.wechat_aes_key.get_secret_value()
    envelope = _envelope("DESK_WECHAT", token, key, settings.wechat_app_id, around)
    secret = settings.wechat_secret.get_secret_value()
    api = WeChatApi(Account(settings.wechat_api_url, settings.wechat_app_id, secret), around.access, around.now)
    identity, _, field = settings.wechat_template.rpartition(":")
    if settings.wechat_template and not (identity and field):
        raise BadAccount("DESK_WECHAT_TEMPLATE: expected id:field, such as AbC…:thing1")
    template = Template(identity, field) if identity else None
    sender = OfficialAccountSender(api, around.windows, around.remembered.shown, template)
    callback = Callback(OFFICIAL_ACCOUNT, envelope, around.conversation, around.remembered, around.inbox, sender)
    return Served(OFFICIAL_ACCOUNT, callback, sender, api)


def wecom(settings: Settings, around: Surroundings) -> Served | None:
    """Return the application on WeCom; None where the settings name none.

    Raises:
        BadAccount: a setting is missing, or cannot be used.
    """
    if not settings.wecom_corp_id:
        return None
    token, key = settings.wecom_token.get_secret_value(), settings.wecom_aes_key.get_secret_value()
    if not key or not settings.wecom_agent_id:
        raise BadAccount("DESK_WECOM_AES_KEY and DESK_WECOM_AGENT_ID have to be set")
    envelope = _envelope("DESK_WECOM", token, key, settings.wecom_corp_id, around)
    secret = settings.wecom_secret.get_secret_value()
    account = Account(settings.wecom_api_url, settings.wecom_corp_id, secret, is_corporate=True)
    api = WeChatApi(account, around.access, around.now)
    sender = WeComSender(api, around.remembered.shown, settings.wecom_agent_id, takes_cards=settings.wecom_cards)
    callback = Callback(WECOM, envelope, around.conversation, around.remembered, around.inbox, sender)
    return Served(WECOM, callback, sender, api)


def _envelope(prefix: str, token: str, key: str, owner: str, around: Surroundings) -> Envelope:
    if not token:
        raise BadAccount(f"{prefix}_TOKEN is empty: without it anybody could post to the callback")
    try:
        return Envelope(token, key, owner, around.now)
    except ValueError as error:
        raise BadAccount(f"{prefix}_AES_KEY: {error}") from error
