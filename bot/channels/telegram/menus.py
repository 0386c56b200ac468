"""The bot's menus of commands and its description, in each language; who is of the organizer's staff sees more."""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import SetMyCommands, SetMyDescription, SetMyShortDescription
from aiogram.types import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from handlers import texts
from handlers.commands import COMMANDS
from handlers.model import Address
from handlers.ports import People
from handlers.speech import Speech
from knowledge import LANGUAGES, phrases, wording

EVERYBODYS: Final = {name: it.text for name, it in COMMANDS.items() if it.text and not it.is_for_staff}
OF_GROUPS: Final = {name: it.text for name, it in COMMANDS.items() if it.text and it.is_for_groups}
OF_STAFF: Final = {name: it.text for name, it in COMMANDS.items() if it.text}
_SHORT: Final = 120  # characters of a short description: https://core.telegram.org/bots/api#setmyshortdescription
_LONG: Final = 512
_DIGEST: Final = "telegram_menus"
_WITHIN: Final = 20
_log = logging.getLogger(__name__)

Setting = SetMyCommands | SetMyDescription | SetMyShortDescription


class Remembered(Protocol):
    """What is known of the event, by name."""

    async def get(self, key: str) -> str | None:
        """Return what is kept under key."""
        ...

    async def keep(self, key: str, value: str) -> None:
        """Keep value under key."""
        ...


class Menus:
    """Set the menus, as far as they are not yet as they should be."""

    def __init__(self, bot: Bot, remembered: Remembered, people: People) -> None:
        self._bot = bot
        self._remembered = remembered
        self._people = people
        self._staff: dict[int, str] = {}  # the language in which each has the menu of staff

    async def set_up(self) -> None:
        """Set menus and descriptions for everybody.

        Raises:
            aiogram.exceptions.AiogramError: Telegram is out of reach, or refuses.
        """
        wanted = list(settings())
        digest = f"{self._bot.id}:{_digest_of(wanted)}"
        if await self._remembered.get(_DIGEST) == digest:
            return
        for setting in wanted:
            await self._bot(setting, request_timeout=_WITHIN)
        await self._remembered.keep(_DIGEST, digest)

    async def show_own(self, chat: int, sender: Address, language: str) -> None:
        """Show somebody who is of the staff what staff can do, in their language; nobody else sees another menu."""
        person = await self._people.find(sender)
        if person is None or not person.role.is_of_the_organizer or self._staff.get(chat) == language:
            return
        commands = _commands(OF_STAFF, language)
        scope = BotCommandScopeChat(chat_id=chat)
        try:
            await self._bot.set_my_commands(commands, scope=scope, request_timeout=_WITHIN)
        except AiogramError as error:
            _log.warning("the menu of staff could not be set (%s); the next /start tries again", type(error).__name__)
        else:
            self._staff[chat] = language


def settings() -> Iterator[Setting]:
    """Yield the requests that make menus and descriptions what they should be, the English one for all others first."""
    for language in LANGUAGES:
        if "-" in language:
            continue  # Telegram tells languages apart by two letters
        code = None if language == "en" else language
        private, groups = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
        yield SetMyCommands(commands=_commands(EVERYBODYS, language), scope=private, language_code=code)
        yield SetMyCommands(commands=_commands(OF_GROUPS, language), scope=groups, language_code=code)
        hello = wording(language).say(phrases.HELLO)
        yield SetMyShortDescription(short_description=hello[:_SHORT], language_code=code)
        described = f"{hello}\n\n{Speech(language).say(texts.PRIVACY)}"
        yield SetMyDescription(description=described[:_LONG], language_code=code)


def _commands(of: Mapping[str, str], language: str) -> list[BotCommand]:
    speech = Speech(language)
    return [BotCommand(command=command, description=speech.say(frame)) for command, frame in of.items()]


def _digest_of(settings: Sequence[Setting]) -> str:
    told: list[Any] = [[setting.__api_method__, setting.model_dump(exclude_none=True)] for setting in settings]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
