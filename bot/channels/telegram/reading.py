"""What an update of Telegram says: to whom it belongs, and the message in it, where it is for the desk."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiogram.types import CallbackQuery, Chat, Message, MessageEntity, Update, User

from bot.arrivals import Arrival, BadArrival
from bot.channels.telegram.format import payload_of
from handlers.model import Address, Incoming

CHANNEL: Final = "telegram"
KINDS: Final = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
FROM_CARDS: Final = "from-cards"  # behind /start, for who comes from the cards: it is no invite code
# What people send that is no text. All else, such as "Ana has joined the group", is nothing that is said to the desk.
_UNREADABLE: Final = frozenset(
    "animation audio contact dice document game live_photo location photo poll sticker story venue video video_note "
    "voice".split()
)


@dataclass(frozen=True, slots=True)
class Attached:
    """A document or a photo, as Telegram knows it. size: in bytes; 0 where that is not told."""

    file_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A message for the desk, and where its reply belongs."""

    incoming: Incoming
    chat: int
    edits: int | None = None  # the message below which a button was pressed
    answers: int | None = None  # the message in a group that the reply is shown with
    attached: Attached | None = None  # a file that came in a private conversation


def arrival_of(update: Mapping[str, Any], bot: int) -> Arrival:
    """Return an update as the inbox keeps it. bot: its id, for each bot counts its updates by itself.

    Raises:
        BadArrival: it has no number.
    """
    number = update.get("update_id")
    if not isinstance(number, int):
        raise BadArrival("an update without a number")
    content: dict[str, Any] = next((update[kind] for kind in KINDS if isinstance(update.get(kind), dict)), {})
    below = content.get("message")
    about: dict[str, Any] = below if isinstance(below, dict) else content
    said = "" if about is not content or "message_id" not in about else f"{place_of(about)}{_digest_of(about)}"
    whose = about.get("chat") or content.get("from") or {}
    return Arrival(CHANNEL, f"{bot}:{number}{said}", str(whose.get("id", "")), update)


def place_of(message: Mapping[str, Any]) -> str:
    """Return what names a message within its conversation, in the ids of what was said there."""
    return f":m{message['message_id']}:"


def _digest_of(message: Mapping[str, Any]) -> str:
    """Return what tells a text from another that the same message may hold before or after it is edited."""
    text = str(message.get("text") or message.get("caption") or "")
    return hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def heard(update: Update, arrival: Arrival, me: User) -> Heard | None:
    """Return the message of an update; None where it says nothing to the desk."""
    if update.callback_query is not None:
        return _pressed(update.callback_query, arrival)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    if message.via_bot is not None and message.via_bot.id == me.id:
        return None  # one of the desk's own cards
    is_public = message.chat.type != "private"
    text = message.text or message.caption or ""
    if is_public and not _is_for(me, message, text):
        return None
    is_edited = update.edited_message is not None
    if not text and (is_edited or message.content_type not in _UNREADABLE):
        return None
    incoming = Incoming(
        Address(CHANNEL, str(message.chat.id)),
        _without_name(text, me) if is_public else text.removesuffix(f" {FROM_CARDS}"),
        language=message.from_user.language_code,
        id=arrival.message_id,
        is_edited=is_edited,
        is_readable=bool(text),
        is_public=is_public,
    )
    answers = message.message_id if is_public else None
    return Heard(incoming, message.chat.id, answers=answers, attached=None if is_public else _attached(message))


def _attached(message: Message) -> Attached | None:
    if message.document is not None:
        return Attached(message.document.file_id, message.document.file_name or "file", message.document.file_size or 0)
    if message.photo:  # in several sizes, the largest last
        return Attached(message.photo[-1].file_id, "photo.jpg", message.photo[-1].file_size or 0)
    return None


def _pressed(query: CallbackQuery, arrival: Arrival) -> Heard | None:
    if query.message is None or query.data is None:
        return None  # below a card that was sent through the desk: those have no buttons of ours
    chat: Chat = query.message.chat
    is_public = chat.type != "private"
    incoming = Incoming(
        Address(CHANNEL, str(chat.id)),
        pressed=payload_of(query.data),
        language=query.from_user.language_code,
        id=arrival.message_id,
        is_public=is_public,
    )
    return Heard(incoming, chat.id, edits=query.message.message_id)


def _is_for(me: User, message: Message, text: str) -> bool:
    """Tell whether a message in a group is for the desk: a reply to it, its name in it, or a command."""
    before = message.reply_to_message
    if before is not None and before.from_user is not None and before.from_user.id == me.id:
        return True
    entities = [*(message.entities or ()), *(message.caption_entities or ())]
    return any(_names(me, entity, text) for entity in entities)


def _names(me: User, entity: MessageEntity, text: str) -> bool:
    said = entity.extract_from(text).lower()
    own = f"@{me.username}".lower()
    match entity.type:
        case "mention":
            return said == own
        case "text_mention":
            return entity.user is not None and entity.user.id == me.id
        case "bot_command":
            return entity.offset == 0 and ("@" not in said or said.endswith(own))
        case _:
            return False


def _without_name(text: str, me: User) -> str:
    """Return a text that was said in a group without the desk's name in it."""
    if text.startswith("/"):
        return text
    return re.sub(rf"@{re.escape(me.username or '')}\b[,:]?\s*", "", text, flags=re.IGNORECASE).strip()
