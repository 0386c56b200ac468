"""Cards for any conversation: who writes the bot's name and a question gets the answer to send there."""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InlineQueryResultUnion,
    InputTextMessageContent,
)

from bot.channels.telegram.format import messages
from bot.channels.telegram.reading import FROM_CARDS
from handlers import texts
from handlers.ask import MENU, look_up, to_reply
from handlers.legible import legible
from handlers.model import Reply
from handlers.ports import Library
from handlers.speech import Speech
from knowledge import base_language, wording

_KEPT_FOR: Final = 60  # seconds that Telegram may show the same cards again: answers change with the agenda
_TITLE, _DESCRIPTION = 64, 160  # characters that are seen of a card
_WITHIN: Final = 10  # seconds


class Cards:
    """Answer inline queries from the documents; nothing that is known of a person is in a card."""

    def __init__(self, bot: Bot, library: Library) -> None:
        self._bot = bot
        self._library = library

    async def show(self, query: InlineQuery) -> None:
        """Show the answer to what is asked so far; the menu, where nothing is."""
        language = base_language(query.from_user.language_code or "en") or "en"
        asked = legible(query.query).strip()
        found: list[InlineQueryResultUnion] = [await self._answer(asked, language)] if asked else []
        found += [] if asked else await self._menu(language)
        label = Speech(language).say(texts.BUTTON_PRIVATELY)
        private = InlineQueryResultsButton(text=label, start_parameter=FROM_CARDS)
        with suppress(TelegramAPIError, ClientDecodeError):  # who types on has asked anew by now
            await self._bot.answer_inline_query(
                query.id, found, cache_time=_KEPT_FOR, is_personal=True, button=private, request_timeout=_WITHIN
            )

    async def _answer(self, asked: str, language: str) -> InlineQueryResultArticle:
        answer = await asyncio.to_thread(self._library.answer, asked, language=language, history=())
        return _card(asked, to_reply(answer))

    async def _menu(self, language: str) -> Sequence[InlineQueryResultArticle]:
        return [
            _card(wording(language).say(label), await look_up(topic, library=self._library, language=language))
            for topic, label in MENU.items()
        ]


def _card(title: str, reply: Reply) -> InlineQueryResultArticle:
    text = messages(reply)[0].html
    return InlineQueryResultArticle(
        id=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:32],
        title=title[:_TITLE],
        description=reply.text[:_DESCRIPTION],
        input_message_content=InputTextMessageContent(message_text=text, parse_mode="HTML"),
    )
