"""Show a broadcast before it is confirmed: what each reader will get, who the readers are, when it starts."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import texts, told
from handlers.attachments import WITHOUT_FILES
from handlers.broadcasts import Audience, Draft, Resolved
from handlers.model import Choice, Reply, Role, Status
from handlers.organizer_ports import Broadcasts
from handlers.ports import Activities, Library
from handlers.profile import OWN_NAMES
from handlers.publishing import Publishing
from handlers.resizing import Resize, lines_of
from handlers.speech import Speech

ANNOUNCE = "announce"
ROLES = {
    Role.DELEGATE: texts.ROLE_DELEGATE,
    Role.AIDE: texts.ROLE_AIDE,
    Role.STAFF: texts.ROLE_STAFF,
    Role.ORGANIZER: texts.ROLE_ORGANIZER,
    Role.VIEWER: texts.ROLE_VIEWER,
}
STATUSES = {
    Status.CONFIRMED: texts.STATUS_CONFIRMED,
    Status.WAITLISTED: texts.STATUS_WAITLISTED,
    Status.OFFERED: texts.STATUS_WAITLISTED,
}


class Preview:
    """Show drafts."""

    def __init__(
        self, library: Library, publishing: Publishing, broadcasts: Broadcasts, activities: Activities
    ) -> None:
        self._activities = activities
        self._library = library
        self._publishing = publishing
        self._broadcasts = broadcasts

    async def reply(self, draft: Draft, mark: str, speech: Speech) -> Reply:
        """Return what staff are shown in chat; mark: of the buttons, by which later drafts are told from it."""
        return speech.reply(*await self.lines(draft, speech), choices=_buttons(draft, mark, speech))

    async def lines(self, draft: Draft, speech: Speech) -> list[str]:
        """Return the message in the author's language and in those of its own texts, and whom it reaches when."""
        if not draft.tells:
            return [*await self.places(draft, speech), speech.say(texts.PLACES_ALONE)]
        resolved = await self._broadcasts.resolved(draft.audience)
        shown = [self.rendered(draft, speech.language)]
        for language in [draft.language, *draft.bodies]:
            if language != speech.language and (draft.bodies or draft.text):
                text = self.rendered(draft, language)
                shown += [f"— {OWN_NAMES[language]} —", text] if text not in shown else []
        lines = [*shown, *await self.about(draft, resolved, speech)]
        return [*lines, speech.say(texts.PREVIEW, count=resolved.count, unreachable=resolved.unreachable)]

    def rendered(self, draft: Draft, language: str) -> str:
        """Return the message word for word as a reader of a language gets it."""
        content = told.content_of(draft, self._publishing.told(draft.changes))
        return told.broadcast(content, self._library, Speech(language)).text

    async def in_all_languages(self, draft: Draft) -> list[str]:
        """Return the message as each language of the audience reads it."""
        resolved = await self._broadcasts.resolved(draft.audience)
        languages = dict.fromkeys([draft.language, *draft.bodies, *resolved.by_language])
        return [f"— {OWN_NAMES[one]} —\n{self.rendered(draft, one)}" for one in languages]

    async def places(self, draft: Draft, speech: Speech) -> list[str]:
        """Return for staff what a draft would change of places, how many offers that makes, that nobody loses one."""
        activities, resizes = await self._activities.all(), await self._publishing.resized(draft)
        taken = {activity.key: activity.taken for activity in activities}
        over = [taken[one.activity] - one.after for one in resizes if one.after is not None]
        losses = [speech.say(texts.RESIZE_TOO_SMALL, over=more) for more in over if more > 0]
        return [*lines_of(resizes, activities, speech), *losses]

    async def resized(self, resizes: Sequence[Resize], speech: Speech) -> list[str]:
        """Return for staff what has become of places."""
        return lines_of(resizes, await self._activities.all(), speech)

    async def about(self, draft: Draft, resolved: Resolved, speech: Speech) -> list[str]:
        """Return what a draft changes of places, whom it reaches, and when it starts."""
        places = await self.places(draft, speech)
        if not draft.tells:
            return [*places, speech.say(texts.PLACES_ALONE)]
        untold = await self._broadcasts.untold(draft.audience) if draft.changes else 0
        as_one = [speech.say(texts.TOLD_AS_ONE, count=untold)] if untold else []
        audience = await self.audience_lines(draft, resolved, speech)
        return [
            *files_lines(draft, resolved, speech),
            *places,
            *audience,
            *as_one,
            await self._start_line(draft, speech),
        ]

    async def audience_lines(self, draft: Draft, resolved: Resolved, speech: Speech) -> list[str]:
        """Return who a draft is for: in words, by name, by channel and language, and who is not reached and why."""
        lines = [speech.say(texts.FOR_WHOM, audience=await self._described(draft.audience, speech))]
        if resolved.sample:
            more = resolved.count - len(resolved.sample)
            lines.append(speech.enumerated(resolved.sample) + (f" (+{more})" if more > 0 else ""))
        if resolved.by_channel:
            lines.append(_counted(resolved.by_channel))
            lines.append(_counted({OWN_NAMES[tag]: n for tag, n in resolved.by_language.items()}))
        lines += _fallback_lines(draft, resolved, speech)
        if resolved.unreached:
            why = [f"{one.name or '–'} ({one.why or speech.say(texts.NO_ADDRESS)})" for one in resolved.unreached]
            more = resolved.unreachable - len(why)
            lines.append(speech.say(texts.NOT_REACHED, people="; ".join(why) + (f" (+{more})" if more > 0 else "")))
        if resolved.opted_out:
            lines.append(speech.say(texts.OPTED_OUT, count=resolved.opted_out))
        return lines

    async def _described(self, audience: Audience, speech: Speech) -> str:
        named = [one.name(speech.language) for one in await self._activities.all() if one.key in audience.activities]
        told = [
            *(speech.say(ROLES[role]) for role in audience.roles),
            *audience.cities,
            *(OWN_NAMES[language] for language in audience.languages),
            *audience.channels,
            *(self._library.named(title, speech.language) for title in audience.sessions),
            *named,
            *dict.fromkeys(speech.say(STATUSES[status]) for status in audience.statuses),
        ]
        earlier = [f"#{audience.told_of}"] if audience.told_of else []
        people = [speech.say(texts.BY_NAME, count=len(audience.people))] if audience.people else []
        return " · ".join([*told, *earlier, *people]) or speech.say(texts.EVERYBODY)

    async def _start_line(self, draft: Draft, speech: Speech) -> str:
        timing = draft.timing
        if timing.is_now:
            told_from = await self._publishing.told_from(draft)
            return speech.say(texts.GATHERS_UNTIL, when=speech.moment(told_from)) if told_from else ""
        moment = await self._publishing.starts(timing)
        when = speech.moment(moment) if moment else "–"
        session = next((one for one in self._library.sessions() if one.key == timing.session), None)
        if session is None:
            return speech.say(texts.GOES_OUT_AT, when=when)
        title = self._library.named(session.title, speech.language)
        return speech.say(texts.GOES_OUT_BEFORE, minutes=-timing.minutes, title=title, when=when)


def files_lines(draft: Draft, resolved: Resolved, speech: Speech) -> list[str]:
    """Return which files go with a draft, and what is said of them where a channel of its readers takes none."""
    if not draft.files:
        return []
    names = ", ".join(one.name for one in draft.files)
    without = [channel for channel in resolved.by_channel if channel in WITHOUT_FILES]
    told = [f"{channel}: {speech.say(texts.NO_FILES_HERE, names=names)}" for channel in without]
    return [speech.say(texts.WITH_FILES, files=", ".join(one.shown for one in draft.files)), *told]


def _fallback_lines(draft: Draft, resolved: Resolved, speech: Speech) -> list[str]:
    """Tell which languages of the audience have no text of their own, and which they read instead."""
    instead: dict[str, list[str]] = {}
    for language in resolved.by_language if draft.text else ():
        _, read = draft.body(language)
        if read != language:
            instead.setdefault(read, []).append(OWN_NAMES[language])
    return [
        speech.say(texts.READ_INSTEAD, languages=", ".join(languages), language=OWN_NAMES[read])
        for read, languages in instead.items()
    ]


def _counted(counts: Mapping[str, Any]) -> str:
    return " · ".join(f"{key} {count}" for key, count in counts.items())


def _buttons(draft: Draft, mark: str, speech: Speech) -> Sequence[Choice]:
    if not draft.tells:
        labels = {"yes": texts.BUTTON_YES, "no": texts.BUTTON_NO}
        return [speech.button(label, f"{ANNOUNCE}:{what}:{mark}") for what, label in labels.items()]
    asks = texts.BUTTON_NO_READING if draft.asks_reading else texts.BUTTON_ASK_READING
    labels = {"yes": texts.BUTTON_SEND, "whom": texts.BUTTON_WHOM}
    if draft.text:
        labels |= {"language": texts.BUTTON_TRANSLATE}
    labels |= {"when": texts.BUTTON_WHEN, "reading": asks}
    if draft.text and draft.changes:
        labels |= {"plain": texts.BUTTON_TEXT_ONLY}
    if draft.files:
        labels |= {"bare": texts.BUTTON_NO_FILES}
    labels |= {"show": texts.BUTTON_SHOW, "no": texts.BUTTON_NO}
    return [speech.button(label, f"{ANNOUNCE}:{what}:{mark}") for what, label in labels.items()]
