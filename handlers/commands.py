"""Slash commands and buttons."""

import logging
import re
from dataclasses import replace

from handlers import texts
from handlers.ask import MENU, look_up, welcome
from handlers.model import Address, Memory, Person, Reply
from handlers.parts import Parts
from handlers.speech import Speech
from handlers.wishes import INTERRUPTED, Wishes
from knowledge import Introduction, Message, People, Wish, wording

_log = logging.getLogger(__name__)
_COMMAND = re.compile(r"^/(\w+)(?:@\w+)?\s*(.*)$", re.DOTALL)
_ANSWER = re.compile(r"^(\d+)\s+(\S.*)$", re.DOTALL)
_BY_STAFF = ("answer", "counts", "questions", "announce", "broadcast", "broadcasts", "change", "dates")


class Commands:
    """Carry out what is written or pressed in so many words."""

    def __init__(self, parts: Parts, wishes: Wishes) -> None:
        self._parts = parts
        self._wishes = wishes

    async def commanded(self, sender: Address, person: Person | None, text: str, speech: Speech) -> Reply | None:
        """Return the reply to a command; None where it is none of ours."""
        found = _COMMAND.match(text)
        if found is None:
            return None
        command, rest = found[1].lower(), found[2].strip()
        if command in _BY_STAFF:
            return await self._by_staff(sender, person, command, rest, speech)
        if command == "start":
            return await self._started(sender, person, rest, speech)
        return await self._by_anybody(sender, person, command, rest, speech)

    async def pressed(self, sender: Address, memory: Memory, pressed: str, speech: Speech) -> Reply:
        """Answer a button; one that no longer means anything brings the menu."""
        kind, _, value = pressed.partition(":")
        match kind:
            case "topic":
                return await self._looked_up(sender, value, speech)
            case "language":
                return await self._parts.profile.choose_language(sender, value, speech)
            case "calendar":
                return await self._parts.programme.file(memory.person, speech)
            case "ask":
                return await self._wishes.handed_over(sender, speech)
            case "erase" | "resize" | "announce":
                return await self._confirmed(sender, memory, pressed, speech)
            case _:
                return await self._about_activities(sender, memory.person, pressed, speech)

    async def _about_activities(self, sender: Address, person: Person | None, pressed: str, speech: Speech) -> Reply:
        if person is None and self._parts.needs_code:
            return speech.reply(speech.say(texts.NEEDS_A_CODE))
        if person is None and not await self._parts.signing_up.knows(pressed.split(":")):
            return welcome(speech.language)
        person = person or await self._parts.people.introduce(sender, name="", city="")
        reply = await self._parts.signing_up.pressed(sender, person, pressed.split(":"), speech)
        return reply or welcome(speech.language)

    async def _confirmed(self, sender: Address, memory: Memory, pressed: str, speech: Speech) -> Reply:
        """Settle what was asked, if it still is what the button asks."""
        kind, said, mark = [*pressed.split(":"), ""][:3]
        pending = memory.pending or {}
        if (pending.get("asked"), pending.get("mark", "")) != (kind, mark):
            return welcome(speech.language)
        memory = replace(memory, pending={**pending, INTERRUPTED: False})
        is_yes = said == "yes"
        wish = Wish.YES if is_yes else Wish.NO
        answer = Message("", speech.language, ((wish, 1.0),), People(), Introduction())
        return await self._wishes.settled(sender, memory, answer, speech) or welcome(speech.language)

    async def _looked_up(self, sender: Address, topic: str, speech: Speech) -> Reply:
        try:
            reply = await look_up(topic, library=self._parts.library, language=speech.language)
        except KeyError:
            _log.info("a button for a topic that does not exist was pressed")
            return welcome(speech.language)
        if topic in MENU:  # so that "and on day 3?" follows up on it
            question = wording(speech.language).say(MENU[topic])
            await self._parts.conversations.remember(sender, question, speech.language)
        return reply

    async def _started(self, sender: Address, person: Person | None, code: str, speech: Speech) -> Reply:
        if code:
            return await self._parts.profile.redeem(sender, code, speech)
        if person is not None and not person.is_subscribed:
            return await self._parts.profile.subscribe(sender, speech, is_subscribed=True)
        return welcome(speech.language)

    async def _by_anybody(
        self, sender: Address, person: Person | None, command: str, rest: str, speech: Speech
    ) -> Reply | None:
        profile = self._parts.profile
        match command:
            case "help":
                return speech.reply(speech.say(texts.HELP))
            case "privacy":
                return speech.reply(speech.say(texts.PRIVACY_MORE))
            case "language":
                return await profile.choose_language(sender, rest, speech)
            case "stop":
                return await profile.subscribe(sender, speech, is_subscribed=False)
            case "mydata":
                return await profile.my_data(sender, speech)
            case "forget":
                return await profile.ask_to_erase(sender, speech)
            case "calendar" | "mine" | "next":
                programme = self._parts.programme
                return await (programme.file if command == "calendar" else programme.status)(person, speech)
            case _:
                return None

    async def _by_staff(self, sender: Address, person: Person | None, command: str, rest: str, speech: Speech) -> Reply:
        if person is None or not person.role.is_of_the_organizer:
            return speech.reply(speech.say(texts.STAFF_ONLY))
        answer = _ANSWER.match(rest)
        match command:
            case "answer" if answer:
                return await self._parts.organizing.answer(person, int(answer[1]), answer[2], speech)
            case "counts":
                return await self._parts.organizing.counts((), speech)
            case "dates":
                return await self._parts.announcing.confirm_dates(sender, rest, speech)
            case "broadcasts":
                return await self._parts.announcing.sent(speech)
            case "announce" | "broadcast" | "change":
                return await self._announced(sender, command, rest, speech)
            case _:
                return await self._parts.organizing.unanswered(speech)

    async def _announced(self, sender: Address, command: str, rest: str, speech: Speech) -> Reply:
        message = self._parts.library.read(rest, language=speech.language)
        if command == "change":
            change = await self._parts.announcing.change(sender, message, speech)
            return change or speech.reply(speech.say(texts.HOW_TO_CHANGE))
        meant = self._parts.signing_up.meant(message, await self._parts.signing_up.activities())
        return await self._parts.announcing.announce(sender, message, meant, speech)
