"""The only entry of the conversation: see that every message is answered, once, in the person's language."""

import asyncio
import logging
import re
from contextlib import suppress
from dataclasses import replace
from weakref import WeakValueDictionary

from handlers import texts
from handlers.ask import ask, menu
from handlers.commands import Commands
from handlers.errors import Refusal, TryAgain
from handlers.legible import legible
from handlers.model import Address, Incoming, Memory, Notice, Reply
from handlers.parts import Parts
from handlers.public import is_for_all, is_question, privately
from handlers.speech import Speech
from handlers.wishes import Wishes
from knowledge import Message, base_language, phrases, wording

_TRIES = 5
_log = logging.getLogger(__name__)
_CODE = re.compile(r"(?<![A-Za-z0-9])(?:[A-HJ-NP-Z2-9]{4}-?){4}(?![A-Za-z0-9])")


class Concierge:
    """Answer one message at a time; keeps nothing itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._wishes = Wishes(parts)
        self._commands = Commands(parts, self._wishes)
        self._order: WeakValueDictionary[Address, asyncio.Lock] = WeakValueDictionary()

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply to incoming. Never raises: what goes wrong inside is logged, and said kindly.

        A person's messages are handled in the order they come, different people's side by side.
        """
        async with self._order.setdefault(incoming.sender, asyncio.Lock()):
            language = base_language(incoming.language or "en") or "en"
            try:
                for _ in range(_TRIES):
                    with suppress(TryAgain):
                        return await self._in_one_turn(incoming, language)
                raise TryAgain  # noqa: TRY301 - as any other failure
            except Exception:  # noqa: BLE001 - the boundary: a person always gets a reply
                _log.exception("no reply could be made for a message on %s", incoming.sender.channel)
                with suppress(Exception):  # where not even this can be read, the platform's language will do
                    language = (await self._parts.conversations.recall(incoming.sender)).language or language
                return Reply(wording(language).say(phrases.SORRY), language=language)

    async def worded(self, address: Address, notice: Notice) -> Reply:
        """Return what the desk says on its own at an address, in the person's language."""
        language = (await self._parts.conversations.recall(address)).language or "en"
        return await self._parts.profile.worded(notice, Speech(language))

    async def _in_one_turn(self, incoming: Incoming, language: str) -> Reply:
        async with self._parts.turn():
            self._parts.library.turn_to(await self._parts.editions.current())
            before = await self._parts.seen.before(incoming) if incoming.id else None
            if before is not None:
                return before
            memory = await self._parts.conversations.recall(incoming.sender)
            return await self._once(incoming, memory, memory.language or language)

    async def _once(self, incoming: Incoming, memory: Memory, language: str) -> Reply:
        """Return the reply to a message that is new; what it changes and the reply are kept together."""
        try:
            reply = await self._respond(incoming, memory, language)
        except Refusal as refusal:
            reply = Speech(language).refused(refusal)
        if incoming.is_edited:
            reply = replace(reply, text=f"{Speech(reply.language).say(texts.EDITED)}\n\n{reply.text}")
        if not memory.has_consented:
            await self._parts.conversations.consent(incoming.sender)
            reply = replace(reply, text=f"{reply.text}\n\n{Speech(reply.language).say(texts.PRIVACY)}")
        if incoming.id:
            await self._parts.seen.answered(incoming, reply)
        return reply

    async def _respond(self, incoming: Incoming, memory: Memory, language: str) -> Reply:
        text = legible(incoming.text).strip()
        if not incoming.is_readable:
            return Reply(Speech(language).say(texts.READS_TEXT), menu(language), language)
        if incoming.is_public and not is_for_all(text, incoming.pressed):
            return privately(Speech(language))
        if incoming.pressed:
            return await self._commands.pressed(incoming.sender, memory, incoming.pressed, Speech(language))
        if text.startswith("/"):
            reply = await self._commands.commanded(incoming.sender, memory.person, text, Speech(language))
            if reply is not None:
                return reply
        if incoming.is_public:
            return await self._said_in_public(incoming.sender, text, memory, language)
        if code := _CODE.search(text):
            return await self._parts.profile.redeem(incoming.sender, code.group(), Speech(language))
        return await self._said(incoming.sender, text, memory, language)

    async def _said_in_public(self, sender: Address, text: str, memory: Memory, language: str) -> Reply:
        message = self._parts.library.read(text, language=language)
        speech = Speech(memory.language if memory.is_chosen else message.language)
        if _CODE.search(text) or (text and not is_question(message)):
            return privately(speech)
        return await self._asked(sender, message, memory, speech)

    async def _said(self, sender: Address, text: str, memory: Memory, language: str) -> Reply:
        message = self._parts.library.read(text, language=language)
        speech = Speech(memory.language if memory.is_chosen else message.language)
        try:
            reply = await self._taken_back(sender, message, memory, speech)
            reply = reply or await self._wishes.settled(sender, memory, message, speech)
            reply = reply or (await self._wishes.granted(sender, memory, message, speech) if text else None)
        except Refusal as refusal:
            return speech.refused(refusal)
        return reply or await self._asked(sender, message, memory, speech)

    async def _taken_back(self, sender: Address, message: Message, memory: Memory, speech: Speech) -> Reply | None:
        """Undo what was done last, where message says so."""
        undo = (memory.pending or {}).get("undo")
        if not message.takes_back or not undo:
            return None
        return await self._commands.pressed(sender, memory, str(undo), speech)

    async def _asked(self, sender: Address, message: Message, memory: Memory, speech: Speech) -> Reply:
        """Answer a question; a sign-up that was under way goes on once."""
        parts = self._parts
        reply = await ask(
            message.text,
            library=parts.library,
            rewording=parts.rewording,
            language=speech.language,
            history=memory.recent,
            spoken=memory.language if memory.is_chosen else None,
        )
        if not any(character.isalnum() for character in message.text):
            return reply  # a follow-up to an emoji means what was before
        await parts.conversations.remember(sender, message.text, reply.language)
        reply = await self._with_next_step(message.text, reply)
        await parts.questions.log(sender, message.text, reply, reply.topics)
        return await self._wishes.resumed(sender, message, reply, memory.pending)

    async def _with_next_step(self, text: str, reply: Reply) -> Reply:
        """Return, where the documents do not say, what organizers have answered before, or a button that asks them."""
        if reply.is_answer or reply.certainty != "not_stated":
            return reply
        speech = Speech(reply.language)
        known = await self._parts.questions.known(text)
        if known is not None:
            told = speech.say(texts.FROM_ORGANIZERS, answer=known)
            return replace(reply, text=told, is_answer=True, certainty="confirmed", choices=())
        return replace(reply, choices=(*reply.choices, speech.button(texts.BUTTON_ASK, "ask:organizers")))
