"""Telegram as a whole: who the bot is, how its updates come in, and what is wrong where something is."""

import asyncio
import hmac
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import User
from aiogram.utils.token import TokenValidationError

from bot.arrivals import BadArrival
from bot.channels.telegram.inbound import Conversation, Inbound
from bot.channels.telegram.inline import Cards
from bot.channels.telegram.menus import Menus
from bot.channels.telegram.polling import Poller, TokenRefused
from bot.channels.telegram.reading import CHANNEL, KINDS, arrival_of
from bot.channels.telegram.replying import Replying
from bot.channels.telegram.session import ProxyFailures
from bot.inbox import Inbox
from bot.pace import Pace
from bot.settings import Settings

PATH: Final = "/telegram/webhook"
NAME: Final = "telegram_name"  # under which the bot's name is remembered
_WITHIN: Final = 15  # seconds
_PAUSE: Final = 5.0
_CONNECTIONS: Final = 100  # at the same time to Telegram, and from it
_REFUSED: Final = "Telegram refuses the token; take a new one from BotFather, set DESK_TELEGRAM_TOKEN and start again"
_log = logging.getLogger(__name__)


class BadToken(ValueError):
    """DESK_TELEGRAM_TOKEN is no token of a bot; str() says so without it."""


class OutOfReach(Exception):
    """Telegram does not answer; str() says why, without the token."""


@dataclass(frozen=True, slots=True)
class Access:
    """How Telegram is reached, and how it reaches the desk."""

    token: str
    api_url: str
    proxy: str = ""
    secret: str = ""  # of the webhook
    is_webhook: bool = False
    public_url: str = ""  # of the server, for the webhook; '': it is set by hand


def access_of(settings: Settings) -> Access:
    """Return how Telegram is reached, as the settings say it."""
    return Access(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        proxy=settings.telegram_proxy.get_secret_value(),
        secret=settings.telegram_webhook_secret.get_secret_value(),
        is_webhook=settings.telegram_mode == "webhook",
        public_url=settings.public_url,
    )


def bot_of(access: Access) -> Bot:
    """Return aiogram's bot.

    Raises:
        BadToken: the token cannot be one.
    """
    server = TelegramAPIServer.from_base(access.api_url)
    session = AiohttpSession(api=server, proxy=access.proxy or None, limit=_CONNECTIONS)
    session.middleware(ProxyFailures())
    try:
        return Bot(access.token, session=session)
    except TokenValidationError:
        raise BadToken("DESK_TELEGRAM_TOKEN is no token of a bot: it is a number, a colon and letters") from None


async def name_of(access: Access) -> str:
    """Return the bot's name, as Telegram says it.

    Raises:
        BadToken: Telegram does not know the token.
        OutOfReach: it does not answer.
    """
    bot = bot_of(access)
    try:
        return (await bot.get_me(request_timeout=_WITHIN)).username or ""
    except (TelegramUnauthorizedError, TelegramNotFound):
        raise BadToken(_REFUSED) from None
    except AiogramError as error:
        raise OutOfReach(f"Telegram does not answer at {access.api_url} ({type(error).__name__})") from None
    finally:
        await bot.session.close()


class Telegram:
    """The channel: what it takes in goes to the inbox, what the inbox hands it is answered."""

    def __init__(self, access: Access, conversation: Conversation, inbox: Inbox, pace: Pace) -> None:
        """Make the channel; nothing is sent yet.

        Raises:
            BadToken: the token cannot be one.
        """
        self._access = access
        self._bot = bot_of(access)
        self._remembered = conversation.remembered
        self._inbox = inbox
        self._me: User | None = None
        self._menus = Menus(self._bot, conversation.remembered, conversation.people)
        self._poller = Poller(self._bot, self._accept)
        self._problem = "it has not been reached yet"
        handler = Inbound(
            self._bot,
            self._whoami,
            conversation,
            cards=Cards(self._bot, conversation.library),
            replying=Replying(self._bot, conversation.reachability, pace),
            menus=self._menus,
        )
        inbox.hand_to(handler, channel=CHANNEL)

    @property
    def problem(self) -> str:
        """What is wrong; '' where nothing is."""
        return self._problem or self._poller.problem

    @property
    def silence(self) -> float:
        """How many seconds ago Telegram has answered a request for updates; 0 where it sends them by itself."""
        return 0.0 if self._access.is_webhook else self._poller.silence

    async def run(self) -> None:
        """Take updates in until this is cancelled, or the token is refused."""
        try:
            await self._introduce()
            await self._set_webhook()
            await self._set_menus()
            self._problem = ""
            if self._access.is_webhook:
                await asyncio.Event().wait()
            await self._poller.run()
        except (TokenRefused, TelegramUnauthorizedError, TelegramNotFound):
            self._problem = _REFUSED
            _log.error("%s; the rest of the desk goes on", _REFUSED)

    async def close(self) -> None:
        """Let go of the connections to Telegram."""
        await self._bot.session.close()

    def knows(self, secret: str) -> bool:
        """Tell whether secret is the webhook's, in a time that does not tell how near it is."""
        own = self._access.secret
        return bool(own) and hmac.compare_digest(secret.encode("utf-8", "replace"), own.encode())

    async def take(self, body: bytes) -> None:
        """Keep an update that Telegram has sent by itself.

        Raises:
            bot.arrivals.BadArrival: it is none.
            bot.arrivals.NotKept: the database does not take it.
        """
        try:
            update = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadArrival("no JSON") from error
        if not isinstance(update, dict):
            raise BadArrival("no object")
        await self._accept([update])

    async def _accept(self, updates: Sequence[Mapping[str, Any]]) -> None:
        if updates:
            await self._inbox.accept([arrival_of(update, self._bot.id) for update in updates])

    def _whoami(self) -> User:
        return self._me or User(id=self._bot.id, is_bot=True, first_name="")

    async def _introduce(self) -> None:
        """Ask Telegram who the bot is, until it answers."""
        while True:
            try:
                self._me = await self._bot.get_me(request_timeout=_WITHIN)
                break
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise
            except AiogramError as error:
                self._out_of_reach(error)
                await asyncio.sleep(_PAUSE)
        await self._remembered.keep(NAME, self._me.username or "")

    async def _set_webhook(self) -> None:
        """Have updates sent, or, for polling, not sent any more; what waits is kept."""
        access = self._access
        if access.is_webhook and not access.public_url:
            _log.warning("DESK_PUBLIC_URL is empty: the webhook stays as it was set by hand")
            return
        while True:
            try:
                if access.is_webhook:
                    await self._bot.set_webhook(
                        access.public_url.rstrip("/") + PATH,
                        secret_token=access.secret,
                        allowed_updates=list(KINDS),
                        max_connections=_CONNECTIONS,
                        request_timeout=_WITHIN,
                    )
                else:
                    await self._bot.delete_webhook(request_timeout=_WITHIN)
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise
            except AiogramError as error:
                self._out_of_reach(error)
                await asyncio.sleep(_PAUSE)
            else:
                return

    async def _set_menus(self) -> None:
        try:
            await self._menus.set_up()
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise
        except AiogramError as error:
            _log.warning("the menus could not be set (%s); the next start tries again", type(error).__name__)

    def _out_of_reach(self, error: AiogramError) -> None:
        why = f"{type(error).__name__}: {error.message}" if isinstance(error, TelegramAPIError) else str(error)
        problem = f"Telegram is out of reach ({why})"
        if problem != self._problem:
            _log.warning(problem)
        self._problem = problem
