"""Files that staff send on Telegram, to go with a message to many."""

from typing import Final

import aiohttp
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.arrivals import NotYet
from bot.channels.telegram.reading import Attached
from handlers.attachments import LARGEST, named
from handlers.model import File

_WITHIN: Final = 20  # seconds
_PAUSE: Final = 5.0


async def fetched(bot: Bot, attached: Attached) -> File:
    """Return a file with its content; without, where it is larger than goes with a message, or gone at Telegram.

    Raises:
        NotYet: Telegram is out of reach, or wants a pause.
    """
    if attached.size > LARGEST:
        return named(attached.name, b"")
    try:
        known = await bot.get_file(attached.file_id, request_timeout=_WITHIN)
        if not known.file_path or (known.file_size or 0) > LARGEST:
            return named(attached.name, b"")
        read = await bot.download_file(known.file_path, timeout=_WITHIN)
    except (TelegramBadRequest, TelegramNotFound):
        return named(attached.name, b"")
    except TelegramRetryAfter as error:
        raise NotYet(float(error.retry_after)) from error
    except (TelegramNetworkError, TelegramServerError, ClientDecodeError, aiohttp.ClientError, TimeoutError) as error:
        raise NotYet(_PAUSE) from error
    return named(attached.name, read.read() if read is not None else b"")
