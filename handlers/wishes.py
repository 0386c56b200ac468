"""Grant what a message wishes, or settle what the desk has asked back; nothing is guessed into the database."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers import texts
from handlers.activities_meant import activities_meant
from handlers.announcing import ANNOUNCING
from handlers.in_context import SURE, in_context
from handlers.model import Activity, Address, Memory, Person, Reply
from handlers.nominations import NOMINATE
from handlers.organizing import OPENING, RESIZE, STAFF_WISHES
from handlers.parts import Parts
from handlers.preview import ANNOUNCE
from handlers.profile import ERASE
from handlers.second_thoughts import LAST
from handlers.speech import Speech
from knowledge import Message, Wish
from knowledge.audiences import announces
from knowledge.places_told import places_told

_CERTAIN = 0.6
_DOUBT = 0.28  # probability of a question from which nothing is changed, unless it is told who comes
_CHANGING = (Wish.SIGN_UP, Wish.CANCEL, Wish.CHANGE)
# What ends messages, or answers in another language, is done only where it is clearer than that.
_SURE_OF = {Wish.STOP: 0.45, Wish.START: 0.45, Wish.FORGET: 0.4, Wish.LANGUAGE: 0.4}
# What a "yes" does only right after it was asked; the button does it later too.
CONFIRMED = (ANNOUNCE, RESIZE, OPENING, ERASE, NOMINATE)
INTERRUPTED = "is_interrupted"
# "Cancel my sign-up" sounds like closing one, and only staff close any.
_MEANT_BY_DELEGATES = {Wish.CLOSE: Wish.CANCEL, Wish.OPEN: Wish.SIGN_UP, Wish.RESCHEDULE: Wish.QUESTION}
_ROOM = (Wish.AVAILABLE, Wish.TERMS)
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
        person, message = memory.person, in_context(memory, message.without(_unsure(message)))
        is_staff = person is not None and person.role.is_of_the_organizer
        if is_staff and announces(message.text):
            return await self._of_staff(sender, person, replace(message, likely=((Wish.ANNOUNCE, 1.0),)), speech)
        if not is_staff and message.probability < _CERTAIN:
            message = message.instead(_MEANT_BY_DELEGATES).without(STAFF_WISHES - {message.wish} | {Wish.COUNTS})
        if is_staff and message.probability >= SURE and _may_be_a_change(message):
            meant = activities_meant(message, await self._parts.signing_up.activities())
            change = await self._parts.announcing.change(sender, message, meant, speech)  # "move the cruise to 19:30"
            if change is not None:
                return change
        if message.wish in STAFF_WISHES and message.probability >= SURE:
            return await self._of_staff(sender, person, message, speech)
        message = message.instead(_MEANT_BY_DELEGATES).without(STAFF_WISHES)
        if message.wish is Wish.QUESTION or message.probability < SURE or _may_be_a_question(message):
            return None
        reply = await self._about_oneself(sender, person, message, speech)
        return reply or await self._about_activities(sender, memory, message, speech)

    async def settled(self, sender: Address, memory: Memory, message: Message, speech: Speech) -> Reply | None:
        """Return the reply where message tells what the desk has asked back; None where it is about something else."""
        pending = memory.pending
        if pending is None:
            return None
        if pending.get(LAST) and memory.person:
            changed = await self._parts.second_thoughts.settle(sender, memory.person, pending, message, speech)
            if changed is not None:
                return changed
        if not pending["asked"] or pending.get(INTERRUPTED):
            return None
        reply = await self._settled(sender, memory.person, pending, message, speech)
        if reply is None and pending["asked"] in CONFIRMED:  # it is about something else: a later "yes" is as well
            await self._parts.conversations.ask_back(sender, dict(pending) | {INTERRUPTED: True})
        return reply

    async def _settled(
        self, sender: Address, person: Person | None, pending: Mapping[str, Any], message: Message, speech: Speech
    ) -> Reply | None:
        asked = pending["asked"]
        if asked == "introduce":
            language = pending.get("language") if message.is_fragment else None  # names are of no language
            before = {key: pending[key] for key in ("undo", LAST) if pending.get(key)}  # the sign-up that asked for it
            words = Speech(str(language or speech.language))
            return await self._introduced(sender, message, words, before, is_city=bool(pending.get("lacks_city")))
        if message.wish is Wish.NO or (asked == ERASE and message.wish in (Wish.STOP, Wish.CANCEL)):
            await self._parts.conversations.ask_back(sender, None)
            return speech.reply(speech.say(texts.NOT_ERASED if asked == ERASE else texts.ALL_RIGHT))
        if asked == ERASE:
            is_wanted = message.wish in (Wish.YES, Wish.FORGET)
            return await self._parts.profile.erase(sender, speech, is_wanted=True) if is_wanted else None
        if asked == NOMINATE:
            if person is None or message.wish is not Wish.YES:
                return None
            return await self._parts.nominations.settle(sender, person, pending, speech)
        if asked in ANNOUNCING:
            return await self._announced(sender, person, pending, message, speech)
        if asked in (RESIZE, OPENING, "places"):
            return await self._managed(sender, person, pending, message, speech)
        return await self._parts.signing_up.settle(sender, person, pending, message, speech) if person else None

    async def resumed(
        self, sender: Address, message: Message, reply: Reply, pending: Mapping[str, Any] | None
    ) -> Reply:
        """Return an answer with what the desk had asked before it, once; what it was about is what "that one" means."""
        if pending is not None and pending.get(LAST):  # "two" after a question is no second thought any more
            pending = {key: value for key, value in pending.items() if key != LAST}
            await self._parts.conversations.ask_back(sender, pending)
        if pending is None or pending["asked"] not in ("which", "party"):
            return reply
        meant = activities_meant(message, await self._parts.signing_up.activities())
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
        meant = activities_meant(message, await self._parts.signing_up.activities())
        if message.wish is Wish.ANNOUNCE:
            return await self._parts.announcing.announce(sender, message, meant, speech)
        if message.wish is Wish.RESCHEDULE:  # of what, or to when, is not clear
            return speech.reply(speech.say(texts.HOW_TO_CHANGE))
        return await self._parts.organizing.wish(sender, message, meant, speech)

    async def _about_activities(
        self, sender: Address, memory: Memory, message: Message, speech: Speech
    ) -> Reply | None:
        person, meant = memory.person, await self._meant(memory, message)
        if message.wish is Wish.STATUS or (person is None and message.wish in (Wish.CANCEL, Wish.CHANGE)):
            if len(meant) == 1:  # "and what time is that again?" follows up on it
                await self._parts.conversations.remember(sender, meant[0].name(speech.language), speech.language)
            return await self._parts.programme.status(person, speech, meant)
        if message.wish is Wish.AVAILABLE:
            return await self._parts.room.left(meant if message.are_named else [], speech)
        if message.wish is Wish.TERMS:
            return await self._parts.room.rules(meant if message.are_named else [], speech)
        is_elsewhere = message.are_named and not meant and message.probability < _CERTAIN
        if is_elsewhere or (person is None and message.wish is not Wish.SIGN_UP):
            return None  # what it names is nothing that one signs up for
        if person is None and self._parts.needs_code:
            return speech.reply(speech.say(texts.NEEDS_A_CODE))
        said = message.introduction
        if person is None or (not person.is_verified and (said.name or said.city)):
            person = await self._parts.people.introduce(sender, name=said.name, city=said.city)
        reply = await self._parts.for_others.wish(person, message, meant, speech)
        reply = reply or await self._parts.second_thoughts.exchange(sender, person, message, meant, speech)
        return reply or await self._parts.signing_up.wish(sender, person, message, meant, speech)

    async def _meant(self, memory: Memory, message: Message) -> list[Activity]:
        """Return the activities that message means; for "sign me up for it", the one that was just spoken of."""
        activities = await self._parts.signing_up.activities()
        meant = activities_meant(message, activities)
        if meant or message.wish is not Wish.SIGN_UP or not memory.recent:
            return meant
        before = self._parts.library.read(memory.recent[-1], language=memory.language or message.language)
        spoken_of = activities_meant(before, activities)
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
                return await self._parts.nominations.wish(sender, person, message.text, speech)
            case Wish.CODE:
                return await profile.redeem(sender, message.text.split()[-1], speech)
            case Wish.INTRODUCE if not self._parts.needs_code:
                said = message.introduction
                if not said.name:  # "我是周敏": what "I am" means depends on what is wanted
                    said = self._parts.library.introduced(message.text, language=message.language)
                return await profile.introduce(sender, said, speech) if said.name else None
            case Wish.YES if message.probability >= _CERTAIN:
                return speech.reply(speech.say(texts.ALL_RIGHT))
            case _:
                return None

    async def handed_over(self, sender: Address, speech: Speech) -> Reply:
        """Pass the last question of sender on to the organizers."""
        is_there = await self._parts.questions.hand_over(sender)
        return speech.reply(speech.say(texts.HANDED_OVER if is_there else texts.NOTHING_TO_HAND_OVER))

    async def _introduced(
        self, sender: Address, message: Message, speech: Speech, before: Mapping[str, Any], *, is_city: bool
    ) -> Reply | None:
        """Keep the name and city that were asked for; is_city: the name is known, and the city alone was asked for."""
        may_be_city = is_city and message.is_fragment and (message.wish is Wish.QUESTION or message.probability < SURE)
        names_city = is_city and message.is_fragment and bool(message.introduction.city)
        if not (message.may_introduce or names_city or may_be_city):
            return None
        read_in = speech.language if message.is_fragment else message.language  # "Ben" is "I" in Turkish
        said = self._parts.library.introduced(message.text, language=read_in, is_city=is_city)
        is_told = said.name or (is_city and said.city)
        return await self._parts.profile.introduce(sender, said, speech, before=before) if is_told else None

    async def _announced(
        self, sender: Address, person: Person | None, pending: Mapping[str, Any], message: Message, speech: Speech
    ) -> Reply | None:
        if person is None or not person.role.is_of_the_organizer:
            return None
        if pending["asked"] != ANNOUNCE:
            return await self._parts.announcing.written(sender, pending, message, speech)
        if message.wish is Wish.YES:
            return await self._parts.announcing.settle(sender, person, pending, speech)
        return None

    async def _managed(
        self, sender: Address, person: Person | None, pending: Mapping[str, Any], message: Message, speech: Speech
    ) -> Reply | None:
        if person is None or not person.role.is_of_the_organizer:
            return None
        if pending["asked"] == "places" and any(character.isdigit() for character in message.text):
            return await self._parts.organizing.settle_places(sender, pending, message.text, speech)
        if pending["asked"] == "places" or message.wish is not Wish.YES:
            return None
        await self._parts.conversations.ask_back(sender, None)
        if pending["asked"] == OPENING:
            return await self._parts.organizing.settle_opening(person, pending, speech)
        return await self._parts.organizing.settle_resize(person, pending, speech)


def _may_be_a_change(message: Message) -> bool:
    """Tell whether message may be of the agenda; of "the cruise at 19:30 with 120 places", places are only a part."""
    if message.wish in (Wish.CHANGE, Wish.RESCHEDULE):
        return True
    return message.wish is Wish.RESIZE and places_told(message.text) is not None


def _may_be_a_question(message: Message) -> bool:
    """Tell whether what would change a sign-up may as well ask something: then it is answered."""
    tells_who = message.people.count is not None or message.people.is_plural
    return message.wish in _CHANGING and not tells_who and dict(message.likely).get(Wish.QUESTION, 0.0) >= _DOUBT


def _unsure(message: Message) -> list[Wish]:
    """Return the wishes that message may express, but not clearly enough for what they do."""
    unsure = [wish for wish, probability in message.likely if probability < _SURE_OF.get(wish, 0.0)]
    # "The night cruise" asks for what is known of it.
    return [*unsure, *_ROOM, *_CHANGING] if message.is_name_alone else unsure
