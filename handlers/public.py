"""A group: everybody reads along, so questions are answered, and what concerns one person is left to a private talk."""

from handlers import texts
from handlers.commands import COMMANDS
from handlers.model import Reply
from handlers.speech import Speech
from knowledge import Message, Wish

_BUTTONS = ("topic:",)


def is_for_all(text: str, pressed: str) -> bool:
    """Tell whether a command or a button may be answered where everybody reads along; other text is read first."""
    if pressed:
        return pressed.startswith(_BUTTONS)
    if not text.startswith("/"):
        return True
    name, _, rest = text.removeprefix("/").partition(" ")
    command = COMMANDS.get(name.partition("@")[0].lower())
    return command is not None and command.is_for_groups and not rest.strip()  # behind /start stands a code


def is_question(message: Message) -> bool:
    """Tell whether a message wants nothing but an answer."""
    return message.wish in (Wish.QUESTION, Wish.AVAILABLE, Wish.TERMS)


def privately(speech: Speech) -> Reply:
    """Return the reply that asks for a private conversation."""
    return Reply(speech.say(texts.PRIVATELY), language=speech.language, is_for_one_alone=True)
