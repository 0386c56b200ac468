"""What comes in from Telegram, from the row to the reply that is sent."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import ChatMemberUpdated, Update, User

from bot.arrivals import Arrival, Entry
from bot.channels.telegram.fetching import fetched
from bot.channels.telegram.inline import Cards
from bot.channels.telegram.menus import Menus, Remembered
from bot.channels.telegram.reading import CHANNEL, Heard, heard, place_of
from bot.channels.telegram.replying import Reachability, Replying
from handlers.model import Address, Incoming, Reply
from handlers.ports import Library, People

TYPING_AFTER: Final = 0.7  # seconds that an answer may take before it is shown that it is under way
_TYPING_LASTS: Final = 5.0  # seconds: https://core.telegram.org/bots/api#sendchataction
_SIGN_WITHIN: Final = 5  # seconds for a request that nothing depends on
_GONE: Final = ("kicked", "left")
_START: Final = "/start"
_PUBLISHED: Final = ("topic:", "ask:")  # buttons below an answer that people go on reading
_log = logging.getLogger(__name__)


class Respond(Protocol):
    """The conversation."""

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply to incoming."""
        ...


class Earlier(Protocol):
    """What has come in before."""

    async def newest_before(self, entry: int, channel: str, sender: str, *, about: str) -> str:
        """Return the message id of the sender's last entry before another whose id holds about; '' where none does."""
        ...


@dataclass(frozen=True, slots=True)
class Conversation:
    """What Telegram's part of the desk talks with."""

    respond: Respond
    library: Library
    reachability: Reachability
    remembered: Remembered
    people: People
    earlier: Earlier


class Inbound:
    """Answer the updates of Telegram."""

    def __init__(
        self,
        bot: Bot,
        me: Callable[[], User],
        conversation: Conversation,
        *,
        cards: Cards,
        replying: Replying,
        menus: Menus,
    ) -> None:
        """me: returns who the bot is, as Telegram says it."""
        self._bot = bot
        self._me = me
        self._conversation = conversation
        self._cards = cards
        self._replying = replying
        self._menus = menus

    def is_urgent(self, arrival: Arrival) -> bool:
        """Tell whether a button was pressed: it shows that it is busy until it is answered."""
        return "callback_query" in arrival.payload

    async def acknowledge(self, arrival: Arrival) -> None:
        """Let the button stop showing that it is busy; the reply follows when it is ready."""
        query = str(arrival.payload["callback_query"].get("id", ""))
        with suppress(TelegramAPIError, ClientDecodeError):  # too old, or out of reach: the reply comes anyway
            await self._bot.answer_callback_query(query, request_timeout=_SIGN_WITHIN)

    async def handle(self, entry: Entry) -> None:
        """Answer an update.

        Raises:
            NotYet: Telegram is out of reach, or wants a pause.
        """
        update = Update.model_validate(dict(entry.arrival.payload), context={"bot": self._bot})
        if update.inline_query is not None:
            await self._cards.show(update.inline_query)
            return
        if update.my_chat_member is not None:
            await self._note(update.my_chat_member)
            return
        message = heard(update, entry.arrival, self._me())
        if message is None or not await self._is_new(update, entry):
            return
        async with self._typing(message.chat):
            reply = await self._conversation.respond.respond(await self._with_file(message))
        await self._replying.send(entry.id, _placed(message), reply, link=f"https://t.me/{self._me().username}")
        if message.incoming.text.startswith(_START):  # who is of the staff says so with their code
            await self._menus.show_own(message.chat, message.incoming.sender, reply.language)

    async def _with_file(self, message: Heard) -> Incoming:
        """Return what was heard, with the file that came with it where one of the staff has sent it."""
        if message.attached is None:
            return message.incoming
        person = await self._conversation.people.find(message.incoming.sender)
        if person is None or not person.role.is_of_the_organizer:
            return message.incoming
        return replace(message.incoming, files=(await fetched(self._bot, message.attached),))

    async def _note(self, change: ChatMemberUpdated) -> None:
        """Note that somebody has blocked the bot, or wants it back."""
        is_reachable = change.new_chat_member.status not in _GONE
        await self._replying.reachability.set_reachable(
            Address(CHANNEL, str(change.chat.id)), is_reachable=is_reachable
        )

    async def _is_new(self, update: Update, entry: Entry) -> bool:
        """Tell whether an edited message says something else than before; Telegram tells of other changes too."""
        if update.edited_message is None:
            return True
        arrival, place = entry.arrival, place_of(entry.arrival.payload["edited_message"])
        before = await self._conversation.earlier.newest_before(entry.id, CHANNEL, arrival.sender, about=place)
        return before.rpartition(":")[2] != arrival.message_id.rpartition(":")[2]

    @asynccontextmanager
    async def _typing(self, chat: int) -> AsyncIterator[None]:
        """Show that a reply is under way, once it takes a while."""
        sign = asyncio.create_task(self._show_typing(chat))
        try:  # no TaskGroup: it would hide in a group what is raised inside
            yield
        finally:
            sign.cancel()
            await asyncio.wait([sign])

    async def _show_typing(self, chat: int) -> None:
        await asyncio.sleep(TYPING_AFTER)
        while True:
            with suppress(TelegramAPIError, ClientDecodeError):
                await self._bot.send_chat_action(chat, "typing", request_timeout=_SIGN_WITHIN)
            await asyncio.sleep(_TYPING_LASTS)


def _placed(message: Heard) -> Heard:
    """Return where the reply belongs: what is asked for below an answer does not take the answer's place."""
    if message.edits is not None and message.incoming.pressed.startswith(_PUBLISHED):
        return Heard(message.incoming, message.chat)
    return message
