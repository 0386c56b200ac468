"""The menu below the conversation of an Official Account."""

from typing import Any, Final

from bot.channels.wechat.api import WeChatApi
from bot.outbox import Refused, Unreachable
from handlers import menu_texts
from handlers.ask import MENU
from handlers.speech import Speech
from knowledge import wording

_AGENDA: Final = "agenda.full"
_LONGEST_NAME: Final = 60  # bytes of an entry below another; of those three that are always seen, 16


class MenuRefused(Exception):
    """WeChat does not take the menu; str() says why."""


def menu(language: str) -> dict[str, Any]:
    """Return the menu as the API takes it: agenda, one's own, and the rest."""
    say, words = Speech(language).say, wording(language)
    topics = [_entry(words.say(label), f"topic:{topic}") for topic, label in MENU.items() if topic != _AGENDA]
    own = [
        _entry(say(menu_texts.COMMAND_SIGNUP), "/signup"),
        _entry(say(menu_texts.COMMAND_MINE), "/mine"),
    ]
    help_ = [
        _entry(say(menu_texts.COMMAND_LANGUAGE), "/language"),
        _entry(say(menu_texts.COMMAND_HELP), "/help"),
    ]
    return {
        "button": [
            _entry(say(menu_texts.MENU_AGENDA), f"topic:{_AGENDA}"),
            {"name": say(menu_texts.MENU_MINE), "sub_button": own},
            {"name": say(menu_texts.MENU_MORE), "sub_button": (topics + help_)[:5]},
        ]
    }


async def set_menu(api: WeChatApi, language: str) -> None:
    """Set the menu of an account.

    Raises:
        MenuRefused: WeChat does not take it.
        Postponed, ChannelClosed: not now, or not for this account.
    """
    answered = await api.post("/cgi-bin/menu/create", menu(language))
    if isinstance(answered, Unreachable | Refused):
        raise MenuRefused(f"WeChat does not take the menu: {answered.why}")


def _entry(name: str, key: str) -> dict[str, str]:
    short = name.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return {"type": "click", "name": short, "key": key}
