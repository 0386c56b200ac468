"""Slash commands and buttons."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from handlers import menu_texts, texts
from handlers.activities_meant import activities_meant
from handlers.announcing import ANNOUNCING
from handlers.ask import MENU, look_up, welcome
from handlers.model import Address, Memory, Person, Reply
from handlers.parts import Parts
from handlers.preview import ANNOUNCE
from handlers.said import Said
from handlers.speech import Speech
from handlers.wishes import INTERRUPTED, Wishes
from knowledge import Introduction, Message, People, Wish, wording

_log = logging.getLogger(__name__)
_COMMAND = re.compile(r"^/(\w+)(?:@\w+)?\s*(.*)$", re.DOTALL)
_NOMINATED = re.compile(r"(?:\d+(?:,\d+)*)?:[0-9a-f]{8}")  # who shall be covered, and the mark of who was
_ANSWER = re.compile(r"^(\d+)\s+(\S.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """What a command does, and in which menus it stands. text: what menus say of it; '': it stands in none."""

    does: Callable[["Commands", Said], Awaitable[Reply]]
    text: str = ""
    is_for_staff: bool = False
    is_for_groups: bool = False
    refuses_itself: bool = False  # others than staff may be meant, or are told more than that it is not for them


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
        name = found[1].lower()
        command = COMMANDS.get(name)
        if command is None:
            return None
        is_staff = person is not None and person.role.is_of_the_organizer
        if command.is_for_staff and not command.refuses_itself and not is_staff:
            return speech.reply(speech.say(texts.STAFF_ONLY))
        return await command.does(self, Said(sender, person, name, found[2].strip(), speech))

    async def pressed(self, sender: Address, memory: Memory, pressed: str, speech: Speech) -> Reply:
        """Answer a button; one that no longer means anything brings the menu."""
        kind, _, value = pressed.partition(":")
        match kind:
            case "topic":
                return await self._looked_up(sender, value, speech)
            case "language":
                return await self._parts.profile.choose_language(sender, value, speech)
            case "reminders" | "digest":
                return await self._regularly(sender, memory.person, pressed, speech)
            case "calendar":
                return await self._parts.programme.file(memory.person, speech)
            case "ask":
                return await self._wishes.handed_over(sender, speech)
            case "nominate" if _NOMINATED.fullmatch(value):
                return await self._parts.nominations.pressed(memory.person, value, speech)
            case "erase" | "resize" | "opening" | "nominate" | "announce" | "broadcast" | "read":
                return await self._about_broadcasts(sender, memory, pressed, speech)
            case _:
                return await self._about_activities(sender, memory.person, pressed, speech)

    async def _regularly(self, sender: Address, person: Person | None, pressed: str, speech: Speech) -> Reply:
        """End what is told by the clock, or bring it back."""
        kind, _, value = pressed.partition(":")
        if kind == "digest":
            return await self._parts.profile.report(person, speech, is_wanted=value == "on")
        return await self._parts.profile.remind(sender, speech, are_wanted=value == "on")

    async def _about_activities(self, sender: Address, person: Person | None, pressed: str, speech: Speech) -> Reply:
        if person is None and self._parts.needs_code:
            return speech.reply(speech.say(texts.NEEDS_A_CODE))
        if person is None and not await self._parts.signing_up.knows(pressed.split(":")):
            return welcome(speech.language)
        person = person or await self._parts.people.introduce(sender, name="", city="")
        reply = await self._parts.signing_up.pressed(sender, person, pressed.split(":"), speech)
        return reply or welcome(speech.language)

    async def _about_broadcasts(self, sender: Address, memory: Memory, pressed: str, speech: Speech) -> Reply:
        kind, _, value = pressed.partition(":")
        match kind:
            case "announce":
                return await self._draft_pressed(sender, memory, value, speech)
            case "broadcast":
                return await self._broadcast_pressed(memory.person, value, speech)
            case "read" if value.isdecimal():
                return await self._parts.broadcasting.read(int(value), memory.person, speech)
            case _:
                return await self._confirmed(sender, memory, pressed, speech)

    async def _draft_pressed(self, sender: Address, memory: Memory, value: str, speech: Speech) -> Reply:
        """Send a draft, drop it or change it, if the button is of the draft that was shown last."""
        what, _, mark = value.partition(":")
        pending = memory.pending or {}
        if memory.person is None or not memory.person.role.is_of_the_organizer:
            return welcome(speech.language)
        if pending.get("asked") not in ANNOUNCING or pending.get("mark") != mark:
            return welcome(speech.language)
        if what in ("yes", "no"):
            memory = replace(memory, pending={**pending, "asked": ANNOUNCE})
            return await self._confirmed(sender, memory, f"{ANNOUNCE}:{value}", speech)
        return await self._parts.announcing.adjusted(sender, pending, what, speech)

    async def _broadcast_pressed(self, person: Person | None, value: str, speech: Speech) -> Reply:
        what, _, number = value.partition(":")
        if person is None or not person.role.is_of_the_organizer or not number.isdecimal():
            return welcome(speech.language)
        return await self._parts.broadcasting.do(what, int(number), person, speech)

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

    async def start(self, said: Said) -> Reply:
        """Redeem a code, bring back who has left, or show the menu."""
        if said.rest:
            return await self._parts.profile.redeem(said.sender, said.rest, said.speech)
        if said.person is not None and not said.person.is_subscribed:
            return await self._parts.profile.subscribe(said.sender, said.speech, is_subscribed=True)
        return welcome(said.speech.language)

    async def help(self, said: Said) -> Reply:
        """Tell what can be asked."""
        return said.speech.reply(said.speech.say(texts.HELP))

    async def privacy(self, said: Said) -> Reply:
        """Tell what is kept, and for what."""
        return said.speech.reply(said.speech.say(texts.PRIVACY_MORE))

    async def language(self, said: Said) -> Reply:
        """Choose a language, or offer all."""
        return await self._parts.profile.choose_language(said.sender, said.rest, said.speech)

    async def connect(self, said: Said) -> Reply:
        """Give out a code by which somebody is known on another channel too."""
        return await self._parts.profile.connect(said.sender, said.speech)

    async def stop(self, said: Said) -> Reply:
        """End messages that were not asked for."""
        return await self._parts.profile.subscribe(said.sender, said.speech, is_subscribed=False)

    async def reminders(self, said: Said) -> Reply:
        """End reminders, or bring them back."""
        return await self._parts.profile.remind(said.sender, said.speech)

    async def digest(self, said: Said) -> Reply:
        """End the daily report, or bring it back."""
        return await self._parts.profile.report(said.person, said.speech)

    async def my_data(self, said: Said) -> Reply:
        """Send all that is kept about somebody."""
        return await self._parts.profile.my_data(said.sender, said.speech)

    async def forget(self, said: Said) -> Reply:
        """Ask whether all of that shall be erased."""
        return await self._parts.profile.ask_to_erase(said.sender, said.speech)

    async def calendar(self, said: Said) -> Reply:
        """Send somebody's sign-ups as a file."""
        return await self._parts.programme.file(said.person, said.speech)

    async def mine(self, said: Said) -> Reply:
        """Tell what somebody is signed up for."""
        return await self._parts.programme.status(said.person, said.speech)

    async def covered(self, said: Said) -> Reply:
        """Tell who of a delegation is covered, or name people."""
        return await self._parts.nominations.wish(said.sender, said.person, said.rest, said.speech)

    async def sign_up(self, said: Said) -> Reply:
        """Offer what people can sign up for."""
        return await self._parts.signing_up.offer(said.sender, said.person, said.speech)

    async def answer(self, said: Said) -> Reply:
        """Answer a question; without its number, show which wait."""
        found = _ANSWER.match(said.rest)
        if said.person is None or found is None:
            return await self.questions(said)
        return await self._parts.organizing.answer(said.person, int(found[1]), found[2], said.speech)

    async def questions(self, said: Said) -> Reply:
        """Show which questions wait for an answer."""
        return await self._parts.organizing.unanswered(said.speech)

    async def counts(self, said: Said) -> Reply:
        """Tell how many are signed up."""
        return await self._parts.organizing.counts((), said.speech)

    async def dashboard(self, said: Said) -> Reply:
        """Give a link that signs in to the dashboard."""
        return await self._parts.dashboard.link(said.person, said.speech)

    async def dates(self, said: Said) -> Reply:
        """Confirm the dates of the conference."""
        return await self._parts.announcing.confirm_dates(said.sender, said.rest, said.speech)

    async def broadcasts(self, said: Said) -> Reply:
        """Tell how far broadcasts have come."""
        return await self._parts.broadcasting.listed(said.rest, said.speech)

    async def undo(self, said: Said) -> Reply:
        """Preview the change that takes a published one back."""
        return await self._parts.announcing.undo(said.sender, said.rest, said.speech)

    async def correct(self, said: Said) -> Reply:
        """Preview a correction of a message to many."""
        message = self._read(said)
        return await self._parts.broadcasting.correct(said.sender, said.rest, message.language, said.speech)

    async def change(self, said: Said) -> Reply:
        """Preview a change of the programme."""
        message = self._read(said)
        meant = activities_meant(message, await self._parts.signing_up.activities())
        change = await self._parts.announcing.change(said.sender, message, meant, said.speech, is_command=True)
        return change or said.speech.reply(said.speech.say(texts.HOW_TO_CHANGE))

    async def announce(self, said: Said) -> Reply:
        """Preview a message to many."""
        message = self._read(said)
        meant = activities_meant(message, await self._parts.signing_up.activities())
        return await self._parts.announcing.announce(said.sender, message, meant, said.speech, is_command=True)

    def _read(self, said: Said) -> Message:
        return self._parts.library.read(said.rest, language=said.speech.language)


COMMANDS: Final[Mapping[str, Command]] = {
    "start": Command(Commands.start, menu_texts.COMMAND_START, is_for_groups=True),
    "help": Command(Commands.help, menu_texts.COMMAND_HELP, is_for_groups=True),
    "signup": Command(Commands.sign_up, menu_texts.COMMAND_SIGNUP),
    "mine": Command(Commands.mine, menu_texts.COMMAND_MINE),
    "next": Command(Commands.mine),
    "calendar": Command(Commands.calendar, menu_texts.COMMAND_CALENDAR),
    "covered": Command(Commands.covered),
    "language": Command(Commands.language, menu_texts.COMMAND_LANGUAGE),
    "connect": Command(Commands.connect, menu_texts.COMMAND_CONNECT),
    "stop": Command(Commands.stop, menu_texts.COMMAND_STOP),
    "reminders": Command(Commands.reminders),
    "mydata": Command(Commands.my_data, menu_texts.COMMAND_MYDATA),
    "forget": Command(Commands.forget, menu_texts.COMMAND_FORGET),
    "privacy": Command(Commands.privacy, menu_texts.COMMAND_PRIVACY, is_for_groups=True),
    "counts": Command(Commands.counts, menu_texts.COMMAND_COUNTS, is_for_staff=True),
    "questions": Command(Commands.questions, menu_texts.COMMAND_QUESTIONS, is_for_staff=True),
    "answer": Command(Commands.answer, menu_texts.COMMAND_ANSWER, is_for_staff=True),
    "change": Command(Commands.change, menu_texts.COMMAND_CHANGE, is_for_staff=True),
    "announce": Command(Commands.announce, menu_texts.COMMAND_ANNOUNCE, is_for_staff=True),
    "broadcast": Command(Commands.announce, is_for_staff=True),
    "broadcasts": Command(Commands.broadcasts, menu_texts.COMMAND_BROADCASTS, is_for_staff=True),
    "undo": Command(Commands.undo, is_for_staff=True),
    "digest": Command(Commands.digest, is_for_staff=True),
    "correct": Command(Commands.correct, is_for_staff=True),
    "dates": Command(Commands.dates, menu_texts.COMMAND_DATES, is_for_staff=True),
    "dashboard": Command(Commands.dashboard, menu_texts.COMMAND_DASHBOARD, is_for_staff=True, refuses_itself=True),
}
