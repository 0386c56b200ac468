"""Who somebody is, which language they want, what the desk keeps of them and sends them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from handlers import report_texts, texts, told
from handlers.attachments import Attachments
from handlers.errors import Refusal
from handlers.model import Address, File, Notice, Person, Reply
from handlers.ports import Activities, Conversations, Library, People
from handlers.speech import Speech
from knowledge import LANGUAGES, Introduction, base_language

LANGUAGE, ERASE = "language", "erase"
# How each language is called by those who speak it.
OWN_NAMES = {
    "ar": "العربية", "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "it": "Italiano",
    "ja": "日本語", "ko": "한국어", "nl": "Nederlands", "pl": "Polski", "pt": "Português", "ru": "Русский",
    "th": "ไทย", "tr": "Türkçe", "zh": "简体中文", "zh-TW": "繁體中文",
}  # fmt: skip


class KnownPeople(People, Protocol):
    """Who is who, on whichever channel."""

    async def connecting_code(self, sender: Address) -> str:
        """Return a one-time code for the person who writes from sender, to be redeemed on another channel soon."""
        ...


class Profile:
    """Carry out what people wish about themselves."""

    def __init__(
        self,
        people: KnownPeople,
        conversations: Conversations,
        activities: Activities,
        library: Library,
        attachments: Attachments,
    ) -> None:
        self._attachments = attachments
        self._library = library
        self._people = people
        self._conversations = conversations
        self._activities = activities

    async def choose_language(self, sender: Address, wanted: str, speech: Speech) -> Reply:
        """Set the language that sender wants; ask for it where none is told."""
        tag = base_language(wanted) or ""
        if not tag:
            choices = [speech.button(OWN_NAMES[code], f"{LANGUAGE}:{code}") for code in LANGUAGES]
            text = speech.say(texts.WHICH_LANGUAGE)
            return Reply(text, tuple(choices), speech.language)
        await self._conversations.choose_language(sender, tag)
        return Speech(tag).reply(Speech(tag).say(texts.LANGUAGE_IS_SET))

    async def redeem(self, sender: Address, code: str, speech: Speech) -> Reply:
        """Bind sender to who a code was made for."""
        try:
            person = await self._people.redeem(sender, code)
        except Refusal as refusal:
            return speech.refused(refusal)
        await self._conversations.ask_back(sender, None)
        memory = await self._conversations.recall(sender)
        speech = Speech(memory.language) if memory.is_chosen else speech  # they may have chosen it elsewhere
        welcome = speech.say(texts.WELCOME_BACK, name=person.name or "–", city=person.city or "–")
        return speech.reply(welcome, speech.say(texts.HELP))

    async def connect(self, sender: Address, speech: Speech) -> Reply:
        """Give sender a code by which they are known on another channel too."""
        return speech.reply(speech.say(texts.CONNECT, code=await self._people.connecting_code(sender)))

    async def introduce(
        self, sender: Address, said: Introduction, speech: Speech, *, before: Mapping[str, Any] | None = None
    ) -> Reply:
        """Keep the name and city that sender has told. before: what the next message may still change, as pending."""
        person = await self._people.introduce(sender, name=said.name, city=said.city)
        if person.name and not person.city:
            asked = {"asked": "introduce", "language": speech.language, "lacks_city": True}
            await self._conversations.ask_back(sender, {**(before or {}), **asked})
            return speech.reply(speech.say(texts.INTRODUCED_BY_NAME, name=person.name))
        await self._conversations.ask_back(sender, {**before, "asked": ""} if before else None)
        return speech.reply(speech.say(texts.INTRODUCED, name=person.name or "–", city=person.city or "–"))

    async def subscribe(self, sender: Address, speech: Speech, *, is_subscribed: bool) -> Reply:
        """Set whether sender gets messages on changes and reminders."""
        person = await self._people.find(sender) or await self._people.introduce(sender, name="", city="")
        await self._people.subscribe(person.id, is_subscribed=is_subscribed)
        return speech.reply(speech.say(texts.STARTED if is_subscribed else texts.STOPPED))

    async def remind(self, sender: Address, speech: Speech, *, are_wanted: bool | None = None) -> Reply:
        """Set whether sender gets reminders; without are_wanted, the other way round than before."""
        person = await self._people.find(sender) or await self._people.introduce(sender, name="", city="")
        are_on = await self._people.want(person.id, "reminders", is_wanted=are_wanted)
        return speech.reply(speech.say(texts.REMINDERS_ON if are_on else texts.REMINDERS_OFF))

    async def report(self, person: Person | None, speech: Speech, *, is_wanted: bool | None = None) -> Reply:
        """Set whether one of the staff gets the daily report; without is_wanted, the other way round than before."""
        if person is None or not person.role.is_of_the_organizer:
            return speech.reply(speech.say(texts.STAFF_ONLY))
        is_on = await self._people.want(person.id, "digest", is_wanted=is_wanted)
        return speech.reply(speech.say(report_texts.DIGEST_ON if is_on else report_texts.DIGEST_OFF))

    async def my_data(self, sender: Address, speech: Speech) -> Reply:
        """Return all that is kept about sender, as a file."""
        kept = await self._people.export(sender)
        person = await self._people.find(sender)
        activities = {activity.key: activity for activity in await self._activities.all()}
        signed_up = [activities[one["activity"]].name(speech.language) for one in kept.get("rsvps", ())]
        lines = [f"– {person.name or '–'}, {person.city or '–'}"] if person else []
        reply = speech.reply(speech.say(texts.MY_DATA), *lines, *(f"– {name}" for name in signed_up))
        whole = json.dumps(kept, ensure_ascii=False, indent=2, default=str).encode()
        return Reply(reply.text, language=reply.language, files=(File("my-data.json", "application/json", whole),))

    async def ask_to_erase(self, sender: Address, speech: Speech) -> Reply:
        """Ask whether everything is to be erased."""
        await self._conversations.ask_back(sender, {"asked": ERASE})
        buttons = [speech.button(texts.BUTTON_YES, f"{ERASE}:yes"), speech.button(texts.BUTTON_NO, f"{ERASE}:no")]
        return speech.reply(speech.say(texts.SURE_TO_ERASE), choices=buttons)

    async def erase(self, sender: Address, speech: Speech, *, is_wanted: bool) -> Reply:
        """Erase everything about sender, if that is still what they want."""
        if not is_wanted:
            await self._conversations.ask_back(sender, None)
            return speech.reply(speech.say(texts.NOT_ERASED))
        await self._people.erase(sender)
        return speech.reply(speech.say(texts.ERASED))

    async def worded(self, notice: Notice, speech: Speech) -> Reply:
        """Return what a notice says to its person, with its files."""
        reply = await self._worded(notice, speech)
        return replace(reply, files=tuple(await self._attachments.loaded(reply.files))) if reply.files else reply

    async def _worded(self, notice: Notice, speech: Speech) -> Reply:
        if notice.kind == "answer":
            return speech.reply(speech.say(texts.ANSWERED, **notice.told))
        if notice.kind == "broadcast":
            return told.broadcast(notice.told, self._library, speech)
        if notice.kind in ("judged", "approval", "digest"):
            return await self._worded_for_staff(notice, speech)
        if "activities" in notice.told:
            return told.reminder(notice, await self._activities.all(), speech)
        activity = next((a for a in await self._activities.all() if a.key == notice.told["activity"]), None)
        if activity is None:
            return speech.reply(speech.say(texts.NO_SUCH_ACTIVITY))
        if notice.kind == "lapsed":
            sign_up = speech.button(texts.BUTTON_SIGN_UP, f"signup:{activity.key}:{notice.told['party']}")
            return speech.reply(speech.say(texts.LAPSED, activity=activity), choices=[sign_up])
        values = {"when": speech.when(activity), "party": notice.told["party"], "until": _moment(notice.told["until"])}
        buttons = [
            speech.button(texts.BUTTON_TAKE, f"take:{activity.key}"),
            speech.button(texts.BUTTON_CANCEL, f"cancel:{activity.key}"),
        ]
        return speech.reply(speech.say(texts.OFFER, activity=activity, **values), choices=buttons)

    async def _worded_for_staff(self, notice: Notice, speech: Speech) -> Reply:
        if notice.kind == "judged":
            return told.judged(notice.told, speech)
        if notice.kind == "approval":
            return told.approval(notice.told, self._library, await self._activities.all(), speech)
        return told.digest(notice.told, await self._activities.all(), speech)


def _moment(until: str | None) -> datetime | str:
    return datetime.fromisoformat(until) if until else ""
