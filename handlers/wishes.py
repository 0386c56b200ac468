"""Grant what a message wishes, or settle what the desk has asked back; nothing is guessed into the database."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers import texts
from handlers.announcing import ANNOUNCE, WRITE
from handlers.model import Activity, Address, Memory, Person, Reply
from handlers.organizing import RESIZE, STAFF_WISHES
from handlers.parts import Parts
from handlers.profile import ERASE
from handlers.speech import Speech
from knowledge import Message, Wish

_SURE = 0.25  # probability from which a message is taken for a wish; below it, it is answered as a question
_CERTAIN = 0.6
# What ends messages, or answers in another language, is done only where it is clearer than that.
_SURE_OF = {Wish.STOP: 0.45, Wish.START: 0.45, Wish.FORGET: 0.4, Wish.LANGUAGE: 0.4}
_CONFIRMED = (ANNOUNCE, RESIZE, ERASE)  # what a "yes" does only right after it was asked; the button does it later too
INTERRUPTED = "is_interrupted"
# "Cancel my sign-up" sounds like closing one, and only staff close any.
_MEANT_BY_DELEGATES = {Wish.CLOSE: Wish.CANCEL, Wish.OPEN: Wish.SIGN_UP}
_SHOUTED = {"stop": Wish.STOP, "unsubscribe": Wish.STOP, "status": Wish.STATUS}


class Wishes:
    """Find out who wishes what, and hand it on."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def granted(self, sender: Address, memory: Memory, message: Message, speech: Speech) -> Reply | None:
        """Return the reply to a wish; None where message is none, or it is not sure enough that it is one."""
        shouted = _SHOUTED.get(message.text.strip(" .!").lower())
        if shouted is not None:
            message = replace(message, likely=((shouted, 1.0),))
        person, message = memory.person, message.without(_unsure(message))
        if message.wish in STAFF_WISHES and message.probability >= _SURE:
            return await self._of_staff(sender, person, message, speech)
        is_staff = person is not None and person.role.is_of_the_organizer
        if is_staff and message.wish is Wish.CHANGE and message.probability >= _SURE:
            change = await self._parts.announcing.change(sender, message, speech)  # "move the cruise to 19:30"
            if change is not None:
                return change
        message = message.instead(_MEANT_BY_DELEGATES).without(STAFF_WISHES)
        if message.wish is Wish.QUESTION or message.probability < _SURE:
            return None
        reply = await self._about_oneself(sender, person, message, speech)
        return reply or await self._about_activities(sender, memory, message, speech)

    async def settled(self, sender: Address, memory: Memory, message: Message, speech: Speech) -> Reply | None:
        """Return the reply where message tells what the desk has asked back; None where it is about something else."""
        pending = memory.pending
        if pending is None or not pending["asked"] or pending.get(INTERRUPTED):
            return None
        reply = await self._settled(sender, memory.person, pending, message, speech)
        if reply is None and pending["asked"] in _CONFIRMED:  # it is about something else: a later "yes" is as well
            await self._parts.conversations.ask_back(sender, dict(pending) | {INTERRUPTED: True})
        return reply

    async def _settled(
        self, sender: Address, person: Person | None, pending: Mapping[str, Any], message: Message, speech: Speech
    ) -> Reply | None:
        asked = pending["asked"]
        if asked == "introduce":
            return await self._introduced(sender, message, speech)
        if message.wish is Wish.NO or (asked == ERASE and message.wish in (Wish.STOP, Wish.CANCEL)):
            await self._parts.conversations.ask_back(sender, None)
            return speech.reply(speech.say(texts.NOT_ERASED if asked == ERASE else texts.ALL_RIGHT))
        if asked == ERASE:
            is_wanted = message.wish in (Wish.YES, Wish.FORGET)
            return await self._parts.profile.erase(sender, speech, is_wanted=True) if is_wanted else None
        if asked in (ANNOUNCE, WRITE):
            return await self._announced(sender, person, pending, message, speech)
        if asked in (RESIZE, "places"):
            return await self._resized(sender, person, pending, message, speech)
        return await self._parts.signing_up.settle(sender, person, pending, message, speech) if person else None

    async def resumed(
        self, sender: Address, message: Message, reply: Reply, pending: Mapping[str, Any] | None
    ) -> Reply:
        """Return an answer with what the desk had asked before it, once; what it was about is what "that one" means."""
        if pending is None or pending["asked"] not in ("which", "party"):
            return reply
        meant = self._parts.signing_up.meant(message, await self._parts.signing_up.activities())
        kept = dict(pending) | ({"about": meant[0].key} if len(meant) == 1 else {})
        await self._parts.conversations.ask_back(sender, kept | {"is_resumed": True})
        if pending.get("is_resumed"):
            return reply
        speech = Speech(reply.language)
        question = speech.say(texts.WHICH_ACTIVITY) if pending["asked"] == "which" else ""
        return replace(reply, text=f"{reply.text}\n\n{speech.say(texts.BACK_TO)} {question}".rstrip())

    async def _of_staff(self, sender: Address, person: Person | None, message: Message, speech: Speech) -> Reply:
        if person is None or not person.role.is_of_the_organizer:
            return speech.reply(speech.say(texts.STAFF_ONLY))
        meant = self._parts.signing_up.meant(message, await self._parts.signing_up.activities())
        if message.wish is Wish.ANNOUNCE:
            return await self._parts.announcing.announce(sender, message, meant, speech)
        return await self._parts.organizing.wish(sender, person, message, meant, speech)

    async def _about_activities(
        self, sender: Address, memory: Memory, message: Message, speech: Speech
    ) -> Reply | None:
        person, meant = memory.person, await self._meant(memory, message)
        if message.wish is Wish.STATUS or (person is None and message.wish in (Wish.CANCEL, Wish.CHANGE)):
            if len(meant) == 1:  # "and what time is that again?" follows up on it
                await self._parts.conversations.remember(sender, meant[0].name(speech.language), speech.language)
            return await self._parts.programme.status(person, speech, meant)
        if person is None and message.wish is not Wish.SIGN_UP:
            return None
        if person is None and self._parts.needs_code:
            return speech.reply(speech.say(texts.NEEDS_A_CODE))
        said = message.introduction
        if person is None or (not person.is_verified and (said.name or said.city)):
            person = await self._parts.people.introduce(sender, name=said.name, city=said.city)
        reply = await self._parts.for_others.wish(person, message, meant, speech)
        return reply or await self._parts.signing_up.wish(sender, person, message, meant, speech)

    async def _meant(self, memory: Memory, message: Message) -> list[Activity]:
        """Return the activities that message means; for "sign me up for it", the one that was just spoken of."""
        activities = await self._parts.signing_up.activities()
        meant = self._parts.signing_up.meant(message, activities)
        if meant or message.wish is not Wish.SIGN_UP or not memory.recent:
            return meant
        before = self._parts.library.read(memory.recent[-1], language=memory.language or message.language)
        spoken_of = self._parts.signing_up.meant(before, activities)
        return spoken_of if len(spoken_of) == 1 else []

    async def _about_oneself(  # noqa: C901 - one case a wish
        self, sender: Address, person: Person | None, message: Message, speech: Speech
    ) -> Reply | None:
        profile = self._parts.profile
        match message.wish:
            case Wish.LANGUAGE:
                return await profile.choose_language(sender, message.spoken, speech)
            case Wish.STOP | Wish.START:
                return await profile.subscribe(sender, speech, is_subscribed=message.wish is Wish.START)
            case Wish.FORGET:
                return await profile.ask_to_erase(sender, speech)
            case Wish.EXPORT:
                return await profile.my_data(sender, speech)
            case Wish.HUMAN:
                return await self.handed_over(sender, speech)
            case Wish.NOMINATE if person is not None:
                return await profile.nominate(person, message, speech)
            case Wish.CODE:
                return await profile.redeem(sender, message.text.split()[-1], speech)
            case Wish.INTRODUCE if message.introduction.name and not self._parts.needs_code:
                return await profile.introduce(sender, message.introduction, speech)
            case Wish.YES if message.probability >= _CERTAIN:
                return speech.reply(speech.say(texts.ALL_RIGHT))
            case _:
                return None

    async def handed_over(self, sender: Address, speech: Speech) -> Reply:
        """Pass the last question of sender on to the organizers."""
        is_there = await self._parts.questions.hand_over(sender)
        return speech.reply(speech.say(texts.HANDED_OVER if is_there else texts.NOTHING_TO_HAND_OVER))

    async def _introduced(self, sender: Address, message: Message, speech: Speech) -> Reply | None:
        if not message.may_introduce:
            return None
        said = self._parts.library.introduced(message.text, language=message.language)
        return await self._parts.profile.introduce(sender, said, speech) if said.name else None

    async def _announced(
        self, sender: Address, person: Person | None, pending: Mapping[str, Any], message: Message, speech: Speech
    ) -> Reply | None:
        if person is None or not person.role.is_of_the_organizer:
            return None
        if pending["asked"] == WRITE:
            return await self._parts.announcing.written(sender, message, speech)
        if message.wish is Wish.YES:
            return await self._parts.announcing.settle(sender, person, pending, speech)
        return None

    async def _resized(
        self, sender: Address, person: Person | None, pending: Mapping[str, Any], message: Message, speech: Speech
    ) -> Reply | None:
        if person is None or not person.role.is_of_the_organizer:
            return None
        if pending["asked"] == "places" and any(character.isdigit() for character in message.text):
            return await self._parts.organizing.settle_places(sender, pending, message.text, speech)
        if pending["asked"] == RESIZE and message.wish is Wish.YES:
            await self._parts.conversations.ask_back(sender, None)
            return await self._parts.organizing.settle_resize(person, pending, speech)
        return None


def _unsure(message: Message) -> list[Wish]:
    """Return the wishes that message may express, but not clearly enough for what they do."""
    return [wish for wish, probability in message.likely if probability < _SURE_OF.get(wish, 0.0)]
