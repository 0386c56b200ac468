"""What the desk says on its own on WeChat: within the window that a person has opened, or by a template."""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol

from bot.channels.wechat.api import MayOnlyAnswer, WeChatApi, WindowClosed
from bot.channels.wechat.format import LIMIT, Card, Part, parts
from bot.outbox import Postponed, Refused, Sent, Unreachable
from handlers.model import Address, Choice, File, Reply
from knowledge.recent import Recent

Settled = Sent | Unreachable | Refused
_DUPLICATES_WITHIN: Final = 120  # seconds; a delivery that was lost is taken over much sooner
_UPLOADED: Final = 100  # files whose id on WeCom is remembered
_UPLOAD_HOLDS: Final = 2 * 24 * 3600.0  # seconds; WeCom keeps it for three days
_LONGEST_TITLE: Final = 36  # letters of a card's title
_LONGEST_FIELD: Final = 20  # letters of a template's field: https://developers.weixin.qq.com/doc/service (templates)
_MARKUP: Final = re.compile(r"[*_`~#<>\[\]|\\]")
_ONLY_ANSWERS: Final = "WeChat lets this account answer, but write nothing on its own ({why})"
_SHORT: Final = "told in short by a template; WeChat allows the whole message when this person writes"
_CLOSED: Final = "WeChat allows no message until this person writes: its window of 48 hours and 5 messages is closed"


class Windows(Protocol):
    """How long, and how often, people may be written to."""

    async def spend(self, address: Address) -> bool:
        """Take one message of an open window; return whether one was open."""
        ...

    async def close(self, address: Address) -> None:
        """Note that the platform says that no window is open."""
        ...


class Shown(Protocol):
    """The choices below the last replies."""

    async def keep(self, address: Address, choices: Sequence[Choice]) -> None:
        """Keep the choices that are shown now."""
        ...


@dataclass(frozen=True, slots=True)
class Template:
    """A template that the account may send at any time. field: of it, that tells what there is to tell."""

    id: str
    field: str


class _WeChatSender:
    """What both have in common: what WeChat limits is counted in days, not in seconds."""

    gap = timedelta(0)
    takes_files = False
    takes_cards = False

    def __init__(self, api: WeChatApi, shown: Shown) -> None:
        self.problem = ""  # what keeps the account from sending; '' where nothing does
        self.may_only_answer = False
        self._api = api
        self._shown = shown

    def parts(self, reply: Reply) -> list[Part]:
        """Return what is sent for a reply, one message each."""
        return parts(reply, takes_files=self.takes_files, takes_cards=self.takes_cards)

    async def until_few_wait(self) -> None:
        """Return at once: nothing waits for its turn."""

    async def _post(
        self, path: str, message: Mapping[str, Any], number: int
    ) -> Mapping[str, Any] | Unreachable | Refused:
        """Send the text of that number; those before it have arrived."""
        try:
            return await self._api.post(path, message)
        except Postponed as reason:
            told, seconds, may_have = str(reason), reason.seconds, reason.may_have_arrived
            raise Postponed(told, seconds=seconds, may_have_arrived=may_have, done=number) from None


class OfficialAccountSender(_WeChatSender):
    """Send as customer messages while a window is open; the first lines by template where the account has one."""

    def __init__(self, api: WeChatApi, windows: Windows, shown: Shown, template: Template | None = None) -> None:
        super().__init__(api, shown)
        self._windows = windows
        self._template = template

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Settled:
        """Send a reply.

        Raises:
            Postponed: no window is open, and there is no template; or not now.
            ChannelClosed: the account may send nothing.
        """
        try:
            settled = await self.send_parts(address, self.parts(reply), done=done)
        except WindowIsClosed:
            if self._template is None:
                raise
            return await self._by_template(address, reply, self._template)
        await _numbers_mean(self._shown, address, reply, settled)
        return settled

    async def send_parts(self, address: Address, parts: Sequence[Part], *, done: int = 0) -> Settled:
        """Send parts one after the other, without those that are done.

        Raises:
            WindowIsClosed: no window is open.
            Postponed: not now.
            ChannelClosed: the account may send nothing.
        """
        for number, text in enumerate(parts[done:], done):
            if not await self._windows.spend(address):
                raise WindowIsClosed(_CLOSED, done=number)
            message = {"touser": address.id, "msgtype": "text", "text": {"content": text}}
            try:
                answered = await self._post("/cgi-bin/message/custom/send", message, number)
            except MayOnlyAnswer as why:
                self.problem, self.may_only_answer = _ONLY_ANSWERS.format(why=why), True
                raise WindowIsClosed(self.problem, done=number) from None
            except WindowClosed:
                await self._windows.close(address)
                raise WindowIsClosed(_CLOSED, done=number) from None
            if isinstance(answered, Unreachable | Refused):
                return answered
        self.problem, self.may_only_answer = "", False
        return Sent("accepted")  # the API of customer messages gives no id

    async def _by_template(self, address: Address, reply: Reply, template: Template) -> Settled:
        """Send the beginning of a reply; where that is not all of it, the whole waits until the person writes."""
        short = _cut(reply.text.partition("\n")[0], _LONGEST_FIELD)
        content = {"touser": address.id, "template_id": template.id, "data": {template.field: {"value": short}}}
        answered = await self._api.post("/cgi-bin/message/template/send", content)
        if isinstance(answered, Unreachable | Refused):
            return answered
        if short != reply.text:
            raise WindowIsClosed(_SHORT, done=0)
        return Sent(str(answered.get("msgid") or ""))


class WindowIsClosed(Postponed):
    """WeChat allows no message to this person until they write."""

    def __init__(self, why: str, *, done: int) -> None:
        super().__init__(why, done=done, until_they_write=True)


class WeComSender(_WeChatSender):
    """Send as messages of the corporation's application; there is no window, and files are taken."""

    takes_files = True

    def __init__(self, api: WeChatApi, shown: Shown, agent: str, *, takes_cards: bool = False) -> None:
        """agent: the id of the application. takes_cards: whether choices are sent as buttons too."""
        super().__init__(api, shown)
        self._agent = agent
        self._uploaded: Recent[tuple[str, float]] = Recent(_UPLOADED)  # by attachment: its id, until when it holds
        self.takes_cards = takes_cards

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Settled:
        """Send a reply.

        Raises:
            Postponed: not now.
            ChannelClosed: the application may send nothing.
        """
        settled = await self.send_parts(address, self.parts(reply), done=done)
        await _numbers_mean(self._shown, address, reply, settled)
        return settled

    async def send_parts(self, address: Address, parts: Sequence[Part], *, done: int = 0) -> Settled:
        """Send parts one after the other, without those that are done.

        Raises:
            Postponed: not now.
            ChannelClosed: the application may send nothing.
        """
        identity = ""
        for number, part in enumerate(parts[done:], done):
            content = await self._content(part, number)
            if isinstance(content, Unreachable | Refused):
                return content
            answered = await self._post("/cgi-bin/message/send", self._message(address, content), number)
            if isinstance(answered, Unreachable | Refused):
                return answered
            if address.id in str(answered.get("invaliduser") or "").split("|"):
                return Unreachable("the application is not visible to this person")
            identity = str(answered.get("msgid") or "")
        return Sent(identity)

    async def _content(self, part: Part, number: int) -> Mapping[str, Any] | Unreachable | Refused:
        """Return what a message says: a text, buttons, or a file that is uploaded first."""
        if isinstance(part, str):
            return _markdown(part) if self.takes_cards else _text(part)
        if isinstance(part, Card):
            return _card(part)
        try:
            kept = await self._kept(part)
        except Postponed as reason:  # nothing has been sent, so nothing can have arrived
            raise Postponed(str(reason), seconds=reason.seconds, done=number) from None
        return {"msgtype": "file", "file": {"media_id": kept}} if isinstance(kept, str) else kept

    async def _kept(self, file: File) -> str | Unreachable | Refused:
        """Return under which id WeCom keeps a file; one that goes to many is uploaded once."""
        now = asyncio.get_running_loop().time()
        known, until = self._uploaded.get(file.attachment) or ("", 0.0)
        if known and now < until:
            return known
        kept = await self._api.upload(file)
        if file.attachment and isinstance(kept, str):
            self._uploaded.keep(file.attachment, (kept, now + _UPLOAD_HOLDS))
        return kept

    def _message(self, address: Address, content: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            **content,
            "touser": address.id,
            "agentid": self._agent,
            "enable_duplicate_check": 1,  # what is sent again after a crash does not arrive twice
            "duplicate_check_interval": _DUPLICATES_WITHIN,
        }


def _text(text: str) -> Mapping[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def _markdown(text: str) -> Mapping[str, Any]:
    """Return a text with its first line in bold: as plain text where a character in it would be taken for markup.

    WeCom's markdown knows no escaping: https://developer.work.weixin.qq.com/document/path/90236
    """
    first, _, rest = text.partition("\n")
    bold = f"**{first}**\n{rest}"
    if not rest or _MARKUP.search(text) or len(bold.encode()) > LIMIT:
        return _text(text)
    return {"msgtype": "markdown", "markdown": {"content": bold}}


def _card(card: Card) -> Mapping[str, Any]:
    """Return a card; its id holds for one tap, after which it shows what was chosen."""
    buttons = [{"text": choice.label, "style": 1, "key": choice.payload} for choice in card.choices]
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": _cut(card.title, _LONGEST_TITLE)},
            "task_id": secrets.token_hex(16),
            "button_list": buttons,
        },
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


async def _numbers_mean(shown: Shown, address: Address, reply: Reply, settled: Settled) -> None:
    """Have numbers mean the choices of a reply, where it has arrived and has some."""
    if reply.choices and isinstance(settled, Sent):
        await shown.keep(address, reply.choices)
