"""What staff tell many people, and changes of the agenda, written in chat: shown first, sent when confirmed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import uuid4

from handlers import texts
from handlers.attachments import LARGEST, MOST, Attachments, check
from handlers.audience_choice import AudienceChoice
from handlers.broadcasts import Audience, Broadcast, Draft, State, Timing
from handlers.errors import Refusal
from handlers.model import Activity, Address, Choice, Incoming, Person, Reply
from handlers.ports import Conversations, Library
from handlers.preview import ANNOUNCE, Preview
from handlers.profile import OWN_NAMES
from handlers.publishing import Publishing
from handlers.resizing import Resize
from handlers.speech import CONFERENCE_TIME, Speech
from knowledge import LANGUAGES, Change, Message
from knowledge.announcements import change_told, head_and_body, start_told
from knowledge.audiences import bodies_in
from knowledge.editions import EVENT
from knowledge.places_told import names_places, places_told

WRITE: Final = "write"
WHOM, TRANSLATE, WHEN = "announce-whom", "announce-language", "announce-when"
ANNOUNCING: Final = (ANNOUNCE, WRITE, WHOM, TRANSLATE, WHEN)
_COMMAND_WORD = re.compile(r"^/?(?:broadcast|announce(?:ment)?|announcing)\b[\s,:–-]*", re.IGNORECASE)


class Announcing:
    """Prepare, show and send what staff announce; nobody else gets this far."""

    def __init__(
        self,
        library: Library,
        publishing: Publishing,
        preview: Preview,
        whom: AudienceChoice,
        keep: Conversations,
        attachments: Attachments,
    ) -> None:
        self._attachments = attachments
        self._library = library
        self._publishing = publishing
        self._preview = preview
        self._whom = whom
        self._conversations = keep

    async def announce(
        self, sender: Address, message: Message, meant: Sequence[Activity], speech: Speech, *, is_command: bool = False
    ) -> Reply:
        """Show a broadcast as it would go out, or ask for its text; where it tells of a change, that is made with it.

        meant: the activities that the whole message names. is_command: the text follows a command, so that what stands
        before its colon is a part of it, unless it says whom it is for.
        """
        bodies = bodies_in(message.text) if is_command else {}
        head, body = ("", message.text.strip()) if bodies else head_and_body(message.text)
        audience = await self._whom.read(head, message.language, meant) if head else None
        if audience is None and is_command:
            body = message.text.strip()
        body = _COMMAND_WORD.sub("", body) if not head else body
        if not any(character.isalnum() for character in body):
            await self._conversations.ask_back(sender, {"asked": WRITE})
            return speech.reply(speech.say(texts.WHAT_TO_ANNOUNCE))
        return await self._drafted(sender, body, message.language, audience or Audience(), speech)

    async def change(
        self, sender: Address, message: Message, meant: Sequence[Activity], speech: Speech, *, is_command: bool = False
    ) -> Reply | None:
        """Show a change of the agenda that message tells, with other places of an activity; None where it tells none.

        meant: the activities that the message names. is_command: it may be of places alone.
        """
        found = self._change_in(message.text, message.language)
        changes, resizes = [found] if found else [], list[Resize]()
        places = places_told(message.text) if found or is_command else None
        if places is not None and (found or meant):
            if not meant:
                raise Refusal(texts.NO_SUCH_ACTIVITY)
            if len(meant) > 1:
                names = (f"– {one.name(speech.language)}" for one in meant)
                return speech.reply(speech.say(texts.WHICH_ACTIVITY), *names)
            resizes.append(Resize(meant[0].key, meant[0].capacity, places))
        if changes or resizes:
            return await self.show(sender, self._publishing.drafted(changes, resizes, message.language), speech)
        if is_command and names_places(message.text) and len(meant) == 1:
            await self._conversations.ask_back(sender, {"asked": "places", "activity": meant[0].key})
            return speech.reply(speech.say(texts.HOW_MANY_PLACES, activity=meant[0]))
        return None

    async def undo(self, sender: Address, text: str, speech: Speech) -> Reply:
        """Show what taking a published change back would do; without a number, the last one."""
        number = int(text) if text.strip().isdecimal() else 0
        return await self.show(sender, await self._publishing.undoing(number, speech.language), speech)

    async def confirm_dates(self, sender: Address, text: str, speech: Speech) -> Reply:
        """Show what confirming the date of the first day would do."""
        try:
            first = date.fromisoformat(text.strip())
        except ValueError:
            return speech.reply(speech.say(texts.HOW_TO_SET_DATES))
        change = Change(EVENT, {"first_day": first.isoformat()}, self._publishing.today())
        return await self.show(sender, Draft("", speech.language, (change,)), speech)

    async def attach(self, incoming: Incoming, speech: Speech) -> Reply | None:
        """Put files that one of the staff has sent to the draft that was shown last, and show it anew.

        None where there is no draft, and a text came with them.
        """
        pending = (await self._conversations.recall(incoming.sender)).pending or {}
        is_shown = pending.get("asked") in ANNOUNCING and "draft" in pending
        draft = Draft.of_json(pending["draft"]) if is_shown else None
        if not incoming.files or draft is None or not draft.tells:
            told = speech.say(texts.HOW_TO_ATTACH, most=MOST, megabytes=LARGEST // 2**20)
            return None if incoming.text else speech.reply(told)
        check(incoming.files, len(draft.files))
        kept = await self._attachments.keep(incoming.files)
        return await self.show(incoming.sender, replace(draft, files=(*draft.files, *kept)), speech)

    async def show(self, sender: Address, draft: Draft, speech: Speech) -> Reply:
        """Show exactly what would go out, and to whom; a yes sends it, buttons change it."""
        mark = uuid4().hex[:8]  # the buttons of an earlier preview do not send this one
        await self._conversations.ask_back(sender, {"asked": ANNOUNCE, "draft": draft.as_json(), "mark": mark})
        return await self._preview.reply(draft, mark, speech)

    async def written(self, sender: Address, pending: Mapping[str, Any], message: Message, speech: Speech) -> Reply:
        """Take the text, the recipients, another language's text or the time, whichever was asked for."""
        text, asked = message.text.strip(), pending["asked"]
        if asked == WRITE:
            return await self._drafted(sender, text, message.language, Audience(), speech)
        draft = Draft.of_json(pending["draft"])
        if asked == TRANSLATE:
            speech = Speech(pending["author"])  # who goes on in their own language
            draft = replace(draft, bodies={**draft.bodies, pending["to"]: text})
        elif asked == WHOM:
            audience = await self._whom.read(text, message.language)
            if audience is None:
                return await self._whom.ask(str(pending["mark"]), speech)
            draft = replace(draft, audience=audience)
        else:
            timing = await self._timing_in(text, message.language)
            if timing is None:
                return speech.reply(speech.say(texts.WHEN_TO_SEND))
            draft = replace(draft, timing=timing)
        return await self.show(sender, draft, speech)

    async def adjusted(self, sender: Address, pending: Mapping[str, Any], what: str, speech: Speech) -> Reply:
        """Change a draft by a button, or ask what is to be changed."""
        draft, mark = Draft.of_json(pending["draft"]), str(pending["mark"])
        kind, *values = what.split(".")
        match kind:
            case "whom" if values:
                audience = await self._whom.chosen(draft.audience, values)
                if audience is None:
                    return await self._whom.offer(values[0], mark, speech)
                return await self.show(sender, replace(draft, audience=audience), speech)
            case "whom" | "language" | "when":
                return await self._asked(sender, pending, kind, values, speech)
            case "show":
                shown = await self._preview.in_all_languages(draft)
                reply = await self.show(sender, draft, speech)
                return replace(reply, text="\n".join([*shown, "", reply.text]))
            case "reading":
                draft = replace(draft, asks_reading=not draft.asks_reading)
            case "plain":
                draft = replace(draft, changes=())
            case "bare":
                draft = replace(draft, files=())
        return await self.show(sender, draft, speech)

    async def settle(self, sender: Address, person: Person, pending: Mapping[str, Any], speech: Speech) -> Reply:
        """Publish and queue what was shown before: one transaction, with the turn."""
        await self._conversations.ask_back(sender, None)
        draft = Draft.of_json(pending["draft"])
        lines = [self._preview.rendered(draft, speech.language)] if draft.changes else []
        made = await self._publishing.publish(draft, person)
        return speech.reply(*lines, *await self.done_lines(made, speech))

    async def done_lines(self, made: Broadcast, speech: Speech) -> list[str]:
        """Return what is said once a broadcast is confirmed: what has become of places, and that it is queued."""
        return [*await self._preview.resized(made.resizes, speech), *queued_lines(made, speech)]

    async def _asked(
        self, sender: Address, pending: Mapping[str, Any], kind: str, values: Sequence[str], speech: Speech
    ) -> Reply:
        """Ask for the recipients, the text in another language, or the time."""
        mark = str(pending["mark"])
        if kind == "whom":
            await self._ask(sender, WHOM, pending)
            return await self._whom.ask(mark, speech)
        if kind == "when":
            await self._ask(sender, WHEN, pending)
            return speech.reply(speech.say(texts.WHEN_TO_SEND))
        if values and values[0] in LANGUAGES:
            await self._ask(sender, TRANSLATE, pending, to=values[0], author=speech.language)
            return speech.reply(speech.say(texts.WHICH_TEXT, language=OWN_NAMES[values[0]]))
        left = [tag for tag in LANGUAGES if tag != pending["draft"]["language"]]
        choices = tuple(Choice(OWN_NAMES[tag], f"{ANNOUNCE}:language.{tag}:{mark}") for tag in left)
        return Reply(speech.say(texts.TEXT_IN_WHICH), choices, speech.language)

    async def _ask(self, sender: Address, asked: str, pending: Mapping[str, Any], **more: str) -> None:
        await self._conversations.ask_back(sender, {**pending, "asked": asked, **more})

    async def _drafted(self, sender: Address, text: str, language: str, audience: Audience, speech: Speech) -> Reply:
        change = self._change_in(text, language)
        bodies = bodies_in(text)
        if bodies:
            language, text = next(iter(bodies.items()))
            del bodies[language]
        return await self.show(sender, Draft(text, language, (change,) if change else (), audience, bodies), speech)

    async def _timing_in(self, text: str, language: str) -> Timing | None:
        """Return when text says that a broadcast is to start; None where that is not clear, or over."""
        sessions = self._sessions_in(text, language)
        told = start_told(text, language, self._publishing.now(), await self._publishing.first_day(), CONFERENCE_TIME)
        if isinstance(told, int):
            return Timing(session=sessions[0].key, minutes=-told) if len(sessions) == 1 else None
        return Timing(at=told) if told is not None and told > self._publishing.now() else None

    def _change_in(self, text: str, language: str) -> Change | None:
        found = self._sessions_in(text, language)
        if len(found) != 1:
            return None
        values = change_told(text, language, found[0])
        is_so_already = values in ({}, {"cancelled": found[0].is_cancelled})
        return None if is_so_already else Change(found[0].key, values, self._publishing.today())

    def _sessions_in(self, text: str, language: str) -> list[Any]:
        places = self._library.read(text, language=language).places
        titles = list(dict.fromkeys(place.session for place in places))
        return [session for session in self._library.sessions() if session.title in titles]


def queued_lines(made: Broadcast, speech: Speech) -> list[str]:
    """Return what is said once a broadcast is confirmed; nothing where there is none to be sent."""
    if made.state is State.APPROVAL:
        return [speech.say(texts.WAITS_FOR_APPROVAL, number=made.number)]
    if made.draft is not None and not made.draft.tells:
        return []
    if 0 < made.recipients == made.cancelled:
        return [speech.say(texts.NOTHING_LEFT_TO_TELL, number=made.number)]
    lines = [speech.say(texts.QUEUED, number=made.number, count=made.recipients - made.cancelled)]
    if made.state is State.PLANNED and made.due:
        lines.append(speech.say(texts.GOES_OUT_AT, when=speech.moment(made.due)))
    return lines
