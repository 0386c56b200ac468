"""What the desk says on its own in Telegram, sent with python-telegram-bot."""

import logging
import warnings
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.channels.telegram.format import Message, Rows, messages
from bot.outbox import ChannelClosed, Postponed, Refused, Sent, Unreachable
from bot.pace import GAP, Pace
from bot.places import Held
from handlers.model import Address, File, Reply
from knowledge.recent import Recent

GROUP_GAP: Final = (
    3.0  # seconds between two messages to a group, which takes 20 a minute: https://core.telegram.org/bots/faq
)
_WITHIN: Final = 8.0  # seconds for an answer
_UPLOAD_WITHIN: Final = 10.0  # seconds for sending a file
_CONNECTIONS: Final = 64
_UPLOADED: Final = 100  # files whose id at Telegram is remembered
_FILE_IS_GONE: Final = ("wrong file identifier", "wrong remote file", "file_reference_", "invalid file_id")
_OUT_OF_REACH: Final = (  # as the server words it: https://github.com/tdlib/telegram-bot-api, Client.cpp
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user_is_blocked",
    "group chat was deactivated",
    "have no rights to send a message",
    "not enough rights",
    "chat_write_forbidden",
)
_NEVER_SENT: Final = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError")  # of httpx: before the request

# The library tells its authors' plan for a field that _seconds() reads in either form.
warnings.filterwarnings("ignore", r".*attribute `retry_after` will be of type", PTBDeprecationWarning)


class TelegramSender:
    """Send replies one after the other, at the pace; ends as an asynchronous context."""

    def __init__(self, token: str, pace: Pace, *, api_url: str = "https://api.telegram.org", proxy: str = "") -> None:
        """proxy: http:// or socks5:// address; '' for none. Nothing is sent yet."""
        self._token = token
        self._pace = pace
        self._uploaded: Recent[str] = Recent(_UPLOADED)
        self._request = HTTPXRequest(
            connection_pool_size=_CONNECTIONS,
            read_timeout=_WITHIN,
            write_timeout=_WITHIN,
            connect_timeout=_WITHIN,
            pool_timeout=_WITHIN,
            media_write_timeout=_UPLOAD_WITHIN,
            proxy=proxy or None,
        )
        # The limiter is a second lock on the door that the pace keeps. Its defaults let a burst of 60 through, and
        # after a 429 a herd; two at a time do neither. It is a little faster than the pace: at the same speed each
        # delay would be added to those before. Groups have a gap of the pace's own.
        limiter = AIORateLimiter(overall_max_rate=2, overall_time_period=2 / (pace.per_second + 2), group_max_rate=0)
        self._bot: ExtBot[Any] = ExtBot(
            token, base_url=f"{api_url.rstrip('/')}/bot", request=self._request, rate_limiter=limiter
        )
        for name in ("httpx", "httpcore", "telegram"):  # below this level they log addresses, which hold the token
            logging.getLogger(name).setLevel(logging.WARNING)

    async def __aenter__(self) -> Self:
        """Open the connections."""
        await self._request.initialize()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close them."""
        await self._request.shutdown()

    gap = timedelta(seconds=GAP)

    async def until_few_wait(self) -> None:
        """Return when few messages wait for their turn."""
        await self._pace.until_few_wait()

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Sent | Unreachable | Refused:
        """Send the messages of a reply to address, without those that are done; return the id of the last one.

        Raises:
            Postponed: Telegram or the pace wants a pause, or Telegram is out of reach.
            ChannelClosed: Telegram refuses the token.
        """
        try:
            parts = messages(reply)
        except ValueError as error:
            return Refused(str(error))
        sent, chat, moved = "", int(address.id), ""
        replaces = _replaced(reply, address) if len(parts) == 1 else 0
        for number, message in enumerate(parts[done:], done):
            try:
                try:
                    sent = await self._in_turn(address, chat, message, replaces)
                except ChatMigrated as error:
                    chat, moved = error.new_chat_id, str(error.new_chat_id)
                    sent = await self._in_turn(Address(address.channel, moved), chat, message)
            except Held as held:
                raise Postponed(str(held), seconds=held.seconds, done=number) from None
            except TelegramError as error:
                return await self._failed(error, address, number)
        return Sent(sent, moved)

    async def _edited(self, chat: int, message: Message, message_id: int) -> bool:
        """Put a message in the place of one that was sent before; return whether it stands there."""
        markup = _markup(message.rows)
        try:
            await self._bot.edit_message_text(message.html, chat, message_id, parse_mode="HTML", reply_markup=markup)
        except BadRequest as error:
            return "not modified" in error.message  # done before a crash; else it is gone, and is said anew
        return True

    async def _in_turn(self, address: Address, chat: int, message: Message, replaces: int = 0) -> str:
        """Send one message when it is its turn; return its id."""
        async with self._pace.telling(address, gap_seconds=GROUP_GAP if chat < 0 else GAP):
            markup = _markup(message.rows)
            if replaces and await self._edited(chat, message, replaces):
                return str(replaces)
            if message.file is None:
                preview = LinkPreviewOptions(is_disabled=True)
                sent = await self._bot.send_message(
                    chat, message.html, parse_mode="HTML", reply_markup=markup, link_preview_options=preview
                )
                return str(sent.message_id)
            given: dict[str, Any] = {"caption": message.html or None, "parse_mode": "HTML", "reply_markup": markup}
            return await self._sent_file(chat, message, message.file, given)

    async def _sent_file(self, chat: int, message: Message, file: File, given: Mapping[str, Any]) -> str:
        """Send a file; one that goes to many is uploaded once, and sent to the others by its id at Telegram."""
        send = self._bot.send_photo if message.is_picture else self._bot.send_document
        known = self._uploaded.get(file.attachment)
        if known is not None:
            try:
                return str((await send(chat, known, **given)).message_id)
            except BadRequest as error:
                if not any(said in error.message.lower() for said in _FILE_IS_GONE):
                    raise
        sent = await send(chat, InputFile(file.content, filename=file.name), **given)
        if file.attachment and sent.document is not None:
            self._uploaded.keep(file.attachment, sent.document.file_id)
        return str(sent.message_id)

    async def _failed(self, error: TelegramError, address: Address, done: int) -> Unreachable | Refused:
        """Return what a failure says of the address or the message.

        Raises:
            Postponed: it says nothing of either.
            ChannelClosed: it is about the token.
        """
        why = error.message.replace(self._token, "…")
        match error:
            case RetryAfter():
                seconds = _seconds(error)
                await self._pace.hold(address, seconds)
                raise Postponed(why, seconds=seconds, done=done) from error
            case InvalidToken():
                raise ChannelClosed("Telegram refuses the token") from error
            case Forbidden():
                return Unreachable(why)
            case BadRequest():
                return Unreachable(why) if any(said in why.lower() for said in _OUT_OF_REACH) else Refused(why)
            case _:
                arrived = type(error.__cause__).__name__ not in _NEVER_SENT
                raise Postponed(why, may_have_arrived=arrived, done=done) from error


def _seconds(error: RetryAfter) -> float:
    """Return the pause that Telegram asks for; the library is about to tell it as a timedelta."""
    pause = error.retry_after
    return float(pause) if isinstance(pause, int) else pause.total_seconds()


def _replaced(reply: Reply, address: Address) -> int:
    """Return the id of the message that a reply takes the place of at an address; 0 where there is none."""
    if not reply.replaces or reply.replaces[:2] != (address.channel, address.id) or reply.files:
        return 0
    return int(reply.replaces[2]) if reply.replaces[2].isdecimal() else 0


def _markup(rows: Rows) -> InlineKeyboardMarkup | None:
    keyboard = [[InlineKeyboardButton(c.label, callback_data=c.payload) for c in row] for row in rows]
    return InlineKeyboardMarkup(keyboard) if keyboard else None
