"""What the organizers' people tell everybody: changes of the agenda, and messages. Shown first, sent when confirmed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from handlers import texts
from handlers.changes import lines_of
from handlers.model import Activity, Address, Audience, Person, Reply
from handlers.organizer_ports import Broadcasts
from handlers.ports import Conversations, Library
from handlers.publishing import Publishing
from handlers.speech import Speech
from knowledge import Change, Message
from knowledge.announcements import change_told, head_and_body
from knowledge.editions import EVENT
from knowledge.lexicon import cities_in

ANNOUNCE, WRITE = "announce", "write"
_COMMAND_WORD = re.compile(r"^/?(?:broadcast|announce(?:ment)?|announcing)\b[\s,:–-]*", re.IGNORECASE)
_SHOWN = 10  # broadcasts in chat


class Announcing:
    """Prepare, show and send what the organizers announce; nobody else gets this far."""

    def __init__(
        self,
        library: Library,
        publishing: Publishing,
        broadcasts: Broadcasts,
        conversations: Conversations,
        now: Callable[[], datetime],
    ) -> None:
        self._library = library
        self._publishing = publishing
        self._broadcasts = broadcasts
        self._conversations = conversations
        self._now = now

    async def announce(self, sender: Address, message: Message, meant: Sequence[Activity], speech: Speech) -> Reply:
        """Show a broadcast as it would go out, or ask for its text; where it tells of a change, that is made with it.

        meant: the activities that the whole message names.
        """
        head, body = head_and_body(message.text)
        body = _COMMAND_WORD.sub("", body) if not head else body
        if not any(character.isalnum() for character in body):
            await self._conversations.ask_back(sender, {"asked": WRITE})
            return speech.reply(speech.say(texts.WHAT_TO_ANNOUNCE))
        in_head = self._library.read(head, language=message.language).places if head else ()
        sessions = {place.session for place in in_head}
        keys = tuple(a.key for a in meant if a.session in sessions)
        cities = cities_in(head)
        audience = Audience(activities=keys, city=cities[0] if cities else "")
        return await self._prepared(sender, body, message, audience, speech)

    async def written(self, sender: Address, message: Message, speech: Speech) -> Reply:
        """Show a broadcast whose text has just been given."""
        return await self._prepared(sender, message.text.strip(), message, Audience(), speech)

    async def change(self, sender: Address, message: Message, speech: Speech) -> Reply | None:
        """Show a change of the agenda that message tells; None where it tells none."""
        change = self._change_in(message.text, message)
        if change is None:
            return None
        return await self._shown(sender, "", message.language, change, None, speech)

    async def confirm_dates(self, sender: Address, text: str, speech: Speech) -> Reply:
        """Show what confirming the date of the first day would do."""
        try:
            first = date.fromisoformat(text.strip())
        except ValueError:
            return speech.reply(speech.say(texts.HOW_TO_SET_DATES))
        change = Change(EVENT, {"first_day": first.isoformat()}, self._today())
        return await self._shown(sender, "", speech.language, change, Audience(), speech)

    async def settle(self, sender: Address, person: Person, pending: Mapping[str, Any], speech: Speech) -> Reply:
        """Publish and queue what was shown before: one transaction, with the turn."""
        await self._conversations.ask_back(sender, None)
        changes = [Change.of_json(pending["change"])] if pending["change"] else []
        audience = _audience_of(pending["audience"])
        lines = lines_of(self._publishing.told(changes), self._library, speech)
        made = await self._publishing.publish(changes, pending["text"], pending["language"], audience, by=person.id)
        return speech.reply(*lines, speech.say(texts.QUEUED, number=made.number, count=made.recipients))

    async def sent(self, speech: Speech) -> Reply:
        """Return how far the last broadcasts have got."""
        found = [
            speech.say(texts.BROADCAST_LINE, number=one.number, sent=one.sent, count=one.recipients, text=one.text[:60])
            for one in (await self._broadcasts.all())[:_SHOWN]
        ]
        return speech.reply(*(found or [speech.say(texts.NO_BROADCASTS)]))

    async def _prepared(
        self, sender: Address, text: str, message: Message, audience: Audience, speech: Speech
    ) -> Reply:
        return await self._shown(sender, text, message.language, self._change_in(text, message), audience, speech)

    async def _shown(
        self,
        sender: Address,
        text: str,
        language: str,
        change: Change | None,
        audience: Audience | None,
        speech: Speech,
    ) -> Reply:
        """Show exactly what would go out, and to how many; audience: None for those whom the change concerns."""
        changes = [change] if change else []
        audience = audience or self._publishing.concerned(changes)
        count, unreachable = await self._broadcasts.count(audience)
        kept = {
            "asked": ANNOUNCE,
            "text": text,
            "language": language,
            "change": change.as_json() if change else None,
            "audience": asdict(audience),
            "mark": uuid4().hex[:8],  # the buttons of an earlier preview do not send this one
        }
        await self._conversations.ask_back(sender, kept)
        buttons = [
            speech.button(texts.BUTTON_SEND, f"{ANNOUNCE}:yes:{kept['mark']}"),
            speech.button(texts.BUTTON_NO, f"{ANNOUNCE}:no:{kept['mark']}"),
        ]
        lines = lines_of(self._publishing.told(changes), self._library, speech)
        question = speech.say(texts.PREVIEW, count=count, unreachable=unreachable)
        return speech.reply(*lines, text, question, choices=buttons)

    def _change_in(self, text: str, message: Message) -> Change | None:
        places = self._library.read(text, language=message.language).places
        titles = list(dict.fromkeys(place.session for place in places))
        found = [session for session in self._library.sessions() if session.title in titles]
        if len(found) != 1:
            return None
        values = change_told(text, message.language, found[0])
        is_so_already = values in ({}, {"cancelled": found[0].is_cancelled})
        return None if is_so_already else Change(found[0].key, values, self._today())

    def _today(self) -> date:
        return self._now().date()


def _audience_of(kept: Mapping[str, Any]) -> Audience:
    return Audience(tuple(kept["activities"]), tuple(kept["sessions"]), kept["city"])
