"""What a message or an event of WeChat says to the desk."""

from dataclasses import dataclass
from typing import Final

from bot.channels.wechat.envelope import Fields
from handlers.invite_codes import ALONE
from handlers.model import Address, Incoming

_SCENE: Final = "qrscene_"  # before the parameter of a QR code, where somebody who scans it begins to follow
_UNREADABLE: Final = frozenset("image video shortvideo location link file music".split())
_GONE: Final = ("unsubscribe",)
_CARD: Final = "template_card_event"
_PRESSED: Final = ("click", _CARD)
_LONGEST_ID: Final = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """A message for the desk.

    is_action: it is no message, but a tap on a menu or the like, which opens a shorter window for what the desk says.
    is_answered_apart: WeChat takes no text in the response, so the reply is a message.
    """

    incoming: Incoming
    is_action: bool = False
    is_answered_apart: bool = False


def sender_of(fields: Fields, channel: str) -> Address:
    """Return who has sent a message or caused an event; its id is '' where nobody is named."""
    return Address(channel, fields.get("FromUserName", "")[:_LONGEST_ID])


def id_of(fields: Fields) -> str:
    """Return what tells a message from all others; a repeated one has the same."""
    if fields.get("MsgId"):
        return fields["MsgId"][:_LONGEST_ID]
    named = ("FromUserName", "CreateTime", "Event", "EventKey")
    return ":".join(fields.get(name, "") for name in named)[:_LONGEST_ID]


def has_left(fields: Fields) -> bool:
    """Tell whether somebody follows the account no more."""
    return _event(fields) in _GONE


def heard(fields: Fields, channel: str) -> Heard | None:
    """Return the message in fields; None where it says nothing to the desk."""
    sender, identity = sender_of(fields, channel), id_of(fields)
    kind = fields.get("MsgType", "")
    if kind == "event":
        return _of_event(fields, sender, identity)
    if kind == "text":
        return Heard(Incoming(sender, fields.get("Content", ""), id=identity))
    if kind == "voice":
        said = fields.get("Recognition", "")
        return Heard(Incoming(sender, said, id=identity, is_readable=bool(said.strip())))
    if kind in _UNREADABLE or fields.get("MsgId"):
        return Heard(Incoming(sender, id=identity, is_readable=False))
    return None


def _of_event(fields: Fields, sender: Address, identity: str) -> Heard | None:
    event, key = _event(fields), fields.get("EventKey", "")
    if event in ("subscribe", "scan"):
        scene = key.removeprefix(_SCENE)
        code = scene if ALONE.fullmatch(scene) else ""  # others tell where a poster hangs
        return Heard(Incoming(sender, f"/start {code}".rstrip(), id=identity), is_action=True)
    if event in _PRESSED and key.startswith("/"):  # a command behind an entry of the menu
        return Heard(Incoming(sender, key, id=identity), is_action=True)
    if event in _PRESSED and key:
        incoming = Incoming(sender, pressed=key, id=identity)
        return Heard(incoming, is_action=True, is_answered_apart=event == _CARD)
    return None


def _event(fields: Fields) -> str:
    return fields.get("Event", "").lower() if fields.get("MsgType") == "event" else ""
