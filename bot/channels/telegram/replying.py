"""Replies on their way to Telegram: sent in parts, as an edit where a menu changes, and again after what passes."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters

from bot.arrivals import NotYet
from bot.channels.telegram.format import Message, messages
from bot.channels.telegram.reading import CHANNEL, Heard
from bot.pace import Pace
from bot.places import Held
from handlers import texts
from handlers.model import Address, Choice, Reply
from handlers.speech import Speech

SEND_WITHIN: Final = 20  # seconds for one request
_LONGEST_PAUSE: Final = 30.0
_TOKEN_PAUSE: Final = 60.0  # before a token that was refused is tried again
_REMEMBERED: Final = 10_000  # replies under way
_OUT_OF_REACH: Final = ("chat not found", "user is deactivated", "peer_id_invalid", "have no rights to send")
_CANNOT_EDIT: Final = ("message to edit not found", "message can't be edited", "there is no text in the message")


class Reachability(Protocol):
    """Keep who can be reached."""

    async def set_reachable(self, sender: Address, *, is_reachable: bool) -> None:
        """Note whether the channel delivers to an address."""
        ...


@dataclass(slots=True)
class _Progress:
    parts: int = 0  # that have arrived
    failures: int = 0  # in a row


class Replying:
    """Send replies to who has written."""

    def __init__(self, bot: Bot, reachability: Reachability, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace
        self.reachability = reachability
        self._progress: OrderedDict[int, _Progress] = OrderedDict()

    async def send(self, entry: int, heard: Heard, reply: Reply, *, link: str = "") -> None:
        """Send a reply; what of it has arrived before is not sent again. link: for a button to a private conversation.

        entry: names the reply among those under way.

        Raises:
            NotYet: Telegram is out of reach, or wants a pause.
            aiogram.exceptions.TelegramAPIError: it refuses this reply, and will again.
        """
        progress = self._progress.setdefault(entry, _Progress())
        while len(self._progress) > _REMEMBERED:
            self._progress.popitem(last=False)
        try:
            await self._send(progress, heard, messages(reply), link=_link_button(link, reply))
        except Held as held:
            raise NotYet(held.seconds) from held
        except AiogramError as error:
            if not _is_out_of_reach(error):
                raise NotYet(await self._pause_after(error, heard, progress)) from error
            await self.reachability.set_reachable(_address(heard), is_reachable=False)
        self._progress.pop(entry, None)

    async def _send(
        self, progress: _Progress, heard: Heard, parts: Sequence[Message], *, link: InlineKeyboardButton | None
    ) -> None:
        chat = heard.chat
        for number, message in enumerate(parts):
            if number < progress.parts:
                continue
            markup = _markup(message.rows, link if number == len(parts) - 1 else None)
            is_edit = number == 0 and heard.edits is not None and message.file is None
            async with self._pace.replying(_address(heard)):
                try:
                    if not (is_edit and await self._edited(heard, message, markup)):
                        await self._sent(chat, heard.answers, message, markup)
                except TelegramMigrateToChat as error:
                    chat = error.migrate_to_chat_id
                    await self._sent(chat, None, message, markup)
            progress.parts += 1
            progress.failures = 0

    async def _edited(self, heard: Heard, message: Message, markup: InlineKeyboardMarkup | None) -> bool:
        """Put message in the place of the one below which a button was pressed; return whether that is possible."""
        try:
            await self._bot.edit_message_text(
                message.html,
                chat_id=heard.chat,
                message_id=heard.edits,
                parse_mode="HTML",
                reply_markup=markup,
                request_timeout=SEND_WITHIN,
            )
        except TelegramBadRequest as error:
            if _says(error, ("message is not modified",)):
                return True
            if _says(error, _CANNOT_EDIT):
                return False
            raise
        return True

    async def _sent(
        self, chat: int, answers: int | None, message: Message, markup: InlineKeyboardMarkup | None
    ) -> None:
        shown_with = ReplyParameters(message_id=answers, allow_sending_without_reply=True) if answers else None
        if message.file is None:
            await self._bot.send_message(
                chat,
                message.html,
                parse_mode="HTML",
                reply_markup=markup,
                reply_parameters=shown_with,
                request_timeout=SEND_WITHIN,
            )
            return
        upload = BufferedInputFile(message.file.content, message.file.name)
        send = self._bot.send_photo if message.is_picture else self._bot.send_document
        await send(
            chat,
            upload,
            caption=message.html or None,
            parse_mode="HTML",
            reply_markup=markup,
            reply_parameters=shown_with,
            request_timeout=SEND_WITHIN,
        )

    async def _pause_after(self, error: AiogramError, heard: Heard, progress: _Progress) -> float:
        """Return the seconds until an error may have passed.

        Raises:
            AiogramError: it is one that will not pass.
        """
        match error:
            case TelegramRetryAfter():
                await self._pace.hold(_address(heard), error.retry_after)
                return float(error.retry_after)
            case TelegramUnauthorizedError() | TelegramNotFound():
                return _TOKEN_PAUSE
            case TelegramEntityTooLarge():
                raise error
            case TelegramNetworkError() | TelegramServerError() | ClientDecodeError():
                progress.failures += 1
                return min(0.5 * 2.0**progress.failures, _LONGEST_PAUSE)
            case _:
                raise error


def _is_out_of_reach(error: AiogramError) -> bool:
    """Tell whether an error says that nothing reaches this person any more."""
    if isinstance(error, TelegramForbiddenError):
        return True
    return isinstance(error, TelegramBadRequest) and _says(error, _OUT_OF_REACH)


def _address(heard: Heard) -> Address:
    return Address(CHANNEL, str(heard.chat))


def _says(error: TelegramBadRequest, phrases: Sequence[str]) -> bool:
    return any(phrase in error.message.lower() for phrase in phrases)


def _link_button(link: str, reply: Reply) -> InlineKeyboardButton | None:
    if not (link and reply.is_for_one_alone):
        return None
    return InlineKeyboardButton(text=Speech(reply.language).say(texts.BUTTON_PRIVATELY), url=link)


def _markup(rows: Sequence[Sequence[Choice]], link: InlineKeyboardButton | None) -> InlineKeyboardMarkup | None:
    keyboard = [[InlineKeyboardButton(text=c.label, callback_data=c.payload) for c in row] for row in rows]
    if link:
        keyboard.append([link])
    return InlineKeyboardMarkup(inline_keyboard=keyboard) if keyboard else None
