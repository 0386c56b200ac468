"""The only entry of the conversation: see that every message is answered, once, in the person's language."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from weakref import WeakValueDictionary

from handlers import texts
from handlers.announcing import ANNOUNCING
from handlers.ask import ask, menu
from handlers.commands import Commands
from handlers.errors import Away, Refusal, TryAgain
from handlers.invite_codes import IN_TEXT
from handlers.legible import legible
from handlers.model import Address, Incoming, Memory, Notice, Reply
from handlers.parts import Parts
from handlers.public import is_for_all, is_question, privately
from handlers.reminder_wishes import are_wanted
from handlers.speech import Speech
from handlers.wishes import CONFIRMED, INTERRUPTED, Wishes
from knowledge import Message, Unread, Wish, base_language, phrases, wording

_TRIES = 5
_MEANT_BY_UNDO = (Wish.CANCEL, Wish.NO, Wish.STOP, Wish.FORGET, Wish.YES)  # where there is nothing to undo
_log = logging.getLogger(__name__)


def sorry(language: str) -> Reply:
    """Return what is said where no reply can be made."""
    return Reply(wording(language).say(phrases.SORRY), language=language)


class Concierge:
    """Answer one message at a time; keeps nothing itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._wishes = Wishes(parts)
        self._commands = Commands(parts, self._wishes)
        self._order: WeakValueDictionary[Address, asyncio.Lock] = WeakValueDictionary()

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply to incoming. What goes wrong inside is logged, and said kindly.

        A person's messages are handled in the order they come, different people's side by side.

        Raises:
            Away: the database does not answer; nothing has changed, and incoming is to be handled again.
        """
        async with self._order.setdefault(incoming.sender, asyncio.Lock()):
            language = base_language(incoming.language or "en") or "en"
            try:
                for _ in range(_TRIES):
                    with suppress(TryAgain):
                        return await self._in_one_turn(incoming, language)
                raise TryAgain  # noqa: TRY301 - as any other failure
            except Away:
                raise
            except Exception:  # noqa: BLE001 - the boundary: a person always gets a reply
                _log.exception("no reply could be made for a message on %s", incoming.sender.channel)
                with suppress(Exception):  # where not even this can be read, the platform's language will do
                    language = (await self._parts.conversations.recall(incoming.sender)).language or language
                return sorry(language)

    async def worded(self, notice: Notice) -> Reply:
        """Return what the desk says on its own, in the language of who is told it."""
        return await self._parts.profile.worded(notice, Speech(notice.language or "en"))

    async def start_due(self) -> int:
        """Start what staff have planned for now; return how many broadcasts that is."""
        async with self._parts.turn():
            return await self._parts.broadcasting.start_due()

    async def _in_one_turn(self, incoming: Incoming, language: str) -> Reply:
        opening = await self._parts.openings.of(incoming)
        self._parts.library.turn_to(opening.edition)
        if opening.before is not None:
            return opening.before
        async with self._parts.turn():
            return await self._once(incoming, opening.memory, opening.memory.language or language)

    async def _once(self, incoming: Incoming, memory: Memory, language: str) -> Reply:
        """Return the reply to a message that is new; what it changes and the reply are kept together."""
        try:
            reply = await self._respond(incoming, memory, language)
            if _attaches(incoming, memory):
                reply = await self._parts.announcing.attach(incoming, Speech(reply.language)) or reply
        except Refusal as refusal:
            reply = Speech(language).refused(refusal)
        if await self._has_dropped(incoming, memory):
            reply = replace(reply, text=f"{reply.text}\n\n{Speech(reply.language).say(texts.DROPPED)}")
        if incoming.is_edited:
            reply = replace(reply, text=f"{Speech(reply.language).say(texts.EDITED)}\n\n{reply.text}")
        if not memory.has_consented:
            await self._parts.conversations.consent(incoming.sender)
            reply = replace(reply, text=f"{reply.text}\n\n{Speech(reply.language).say(texts.PRIVACY)}")
        if reply.language != memory.language and not memory.is_chosen:
            await self._parts.conversations.speaks(incoming.sender, reply.language)
        if incoming.id:
            await self._parts.seen.answered(incoming, reply)
        return reply

    async def _has_dropped(self, incoming: Incoming, memory: Memory) -> bool:
        """Tell whether something else has taken the place of what waited for a yes."""
        asked = (memory.pending or {}).get("asked")
        if asked not in CONFIRMED or incoming.pressed.startswith(f"{asked}:"):
            return False
        if incoming.files and not incoming.text:  # they go with what waits
            return False
        pending = (await self._parts.conversations.recall(incoming.sender)).pending
        return pending is not None and {**pending, INTERRUPTED: None} != {**(memory.pending or {}), INTERRUPTED: None}

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
        if code := IN_TEXT.search(text):
            return await self._parts.profile.redeem(incoming.sender, code.group(), Speech(language))
        return await self._said(incoming.sender, text, memory, language)

    async def _said_in_public(self, sender: Address, text: str, memory: Memory, language: str) -> Reply:
        message = await self._read(text, memory, language)
        speech = Speech(memory.language if memory.is_chosen else message.language)
        if IN_TEXT.search(text) or (text and not is_question(message)):
            return privately(speech)
        return await self._asked(sender, message, memory, speech)

    async def _read(self, text: str, memory: Memory, language: str) -> Message:
        spoken = memory.language if memory.is_chosen else None
        await self._parts.library.look_ahead(Unread(text, language, tuple(memory.recent), spoken))
        return self._parts.library.read(text, language=language)

    async def _said(self, sender: Address, text: str, memory: Memory, language: str) -> Reply:
        message = await self._read(text, memory, language)
        speech = Speech(memory.language if memory.is_chosen else message.language)
        try:
            reply = await self._taken_back(sender, message, memory, speech)
            reply = reply or await self._wishes.settled(sender, memory, message, speech)
            reply = reply or await self._reminded(sender, message, speech)
            reply = reply or (await self._wishes.granted(sender, memory, message, speech) if text else None)
        except Refusal as refusal:
            return speech.refused(refusal)
        if reply is None:
            return await self._asked(sender, message, memory, speech)
        is_telling = not memory.language or not message.is_fragment  # "ok" is of every language
        if is_telling and reply.language == message.language != memory.language:
            await self._parts.conversations.spoke(sender, message.language)
        return reply

    async def _reminded(self, sender: Address, message: Message, speech: Speech) -> Reply | None:
        """End reminders and nothing else, or bring them back, where message says so."""
        wanted = are_wanted(message)
        return None if wanted is None else await self._parts.profile.remind(sender, speech, are_wanted=wanted)

    async def _taken_back(self, sender: Address, message: Message, memory: Memory, speech: Speech) -> Reply | None:
        """Undo what was done last, where message says so."""
        undo = (memory.pending or {}).get("undo")
        if not message.takes_back or not (undo or message.is_fragment):
            return None
        if message.is_fragment and memory.language:  # "undo" is of many languages
            speech = Speech(memory.language)
        if not undo:
            is_asked = bool((memory.pending or {}).get("asked"))
            if not is_asked and memory.person is not None and memory.person.role.is_of_the_organizer:
                return await self._parts.announcing.undo(sender, "", speech)
            is_else = message.wish in _MEANT_BY_UNDO or is_asked
            return None if is_else else speech.reply(speech.say(texts.NOTHING_TO_UNDO))
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
        if "cost.covered" in reply.topics and reply.is_answer:
            own = await parts.nominations.line(memory.person, Speech(reply.language))
            reply = replace(reply, text="\n\n".join(filter(None, (reply.text, own))))
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


def _attaches(incoming: Incoming, memory: Memory) -> bool:
    """Tell whether one of the staff sends a file, or something else than text while they prepare a message to many."""
    if memory.person is None or not memory.person.role.is_of_the_organizer:
        return False
    is_preparing = (memory.pending or {}).get("asked") in ANNOUNCING
    return bool(incoming.files) or (is_preparing and not incoming.is_readable)
