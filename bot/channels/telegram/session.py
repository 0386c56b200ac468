"""What goes wrong at a proxy is told as what goes wrong on the way to Telegram."""

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError


class ProxyFailures(BaseRequestMiddleware):
    """Let a request through a proxy fail as one without it does."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Return the response.

        Raises:
            aiogram.exceptions.AiogramError: there is none. No address of a proxy is in it: that may hold a password.
        """
        try:
            return await make_request(bot, method)
        except (ProxyError, ProxyConnectionError, ProxyTimeoutError, OSError) as error:
            raise TelegramNetworkError(method, message=f"proxy: {type(error).__name__}") from None
