"""What staff and organizers do in chat: counts, lists, opening and resizing, unanswered questions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handlers import report_texts, texts
from handlers.broadcasts import State
from handlers.model import ANSWER_HOLDS, Activity, Address, Counts, File, Listed, Person, Reply, Status
from handlers.ports import Activities, Conversations, Questions, Rsvps
from handlers.publishing import Publishing
from handlers.resizing import Resize
from handlers.speech import Speech
from handlers.tables import as_csv
from knowledge import Message, Wish

RESIZE, OPENING = "resize", "opening"
STAFF_WISHES = frozenset(
    {
        Wish.COUNTS,
        Wish.WAITLIST,
        Wish.CHECKIN,
        Wish.EXPORT_LIST,
        Wish.CLOSE,
        Wish.OPEN,
        Wish.RESIZE,
        Wish.RESCHEDULE,
        Wish.UNANSWERED,
        Wish.ANNOUNCE,
    }
)
_SHOWN = 40  # lines of a list in chat; a file holds the rest


class Organizing:
    """Carry out what people of the organizer wish; nobody else gets this far."""

    def __init__(
        self,
        rsvps: Rsvps,
        activities: Activities,
        questions: Questions,
        conversations: Conversations,
        publishing: Publishing,
    ) -> None:
        self._publishing = publishing
        self._rsvps = rsvps
        self._activities = activities
        self._questions = questions
        self._conversations = conversations

    async def wish(self, sender: Address, message: Message, meant: Sequence[Activity], speech: Speech) -> Reply:
        """Return the reply to a wish of the organizer's people."""
        if message.wish is Wish.OPEN and not meant:
            meant = [activity for activity in await self._activities.all() if not activity.is_open]
        one = meant[0] if len(meant) == 1 else None
        match message.wish:
            case Wish.COUNTS:
                return await self.counts(meant, speech)
            case Wish.WAITLIST | Wish.CHECKIN:
                return await self._lists(meant, speech, is_waitlist=message.wish is Wish.WAITLIST)
            case Wish.EXPORT_LIST:
                return await self._exported(meant, speech)
            case Wish.UNANSWERED:
                return await self.unanswered(speech)
            case Wish.CLOSE | Wish.OPEN if one:
                return await self._shown_opening(sender, one, speech, is_open=message.wish is Wish.OPEN)
            case Wish.RESIZE if one:
                return await self._preview(sender, one, places_in(message.text), speech)
            case _:
                names = [activity.name(speech.language) for activity in await self._activities.all()]
                return speech.reply(speech.say(texts.WHICH_ACTIVITY), *(f"– {name}" for name in names))

    async def counts(self, meant: Sequence[Activity], speech: Speech) -> Reply:
        """Return how activities stand: those that are meant, else all."""
        activities = {a.key: a for a in await self._activities.all()}
        wanted = {a.key for a in meant} or set(activities)
        lines: list[str] = []
        for counts in await self._rsvps.counts():
            if counts.activity in wanted:
                lines += _count_lines(counts, activities[counts.activity], speech, with_cities=len(wanted) < 4)
        return speech.reply(*lines)

    async def unanswered(self, speech: Speech) -> Reply:
        """Return the questions that wait for an answer, and how to give one."""
        waiting = await self._questions.open()
        if not waiting:
            return speech.reply(speech.say(texts.NO_OPEN_QUESTIONS))
        lines = [f"{question.id}. {question.text} ({question.language})" for question in waiting]
        return speech.reply(speech.say(texts.OPEN_QUESTIONS), *lines, speech.say(texts.HOW_TO_ANSWER))

    async def answer(self, person: Person, number: int, text: str, speech: Speech) -> Reply:
        """Keep an answer to a question, and queue it for all who asked."""
        told = await self._questions.answer(number, text, by=person.id)
        return speech.reply(speech.say(texts.ANSWER_SENT, days=ANSWER_HOLDS.days, count=told))

    async def settle_resize(self, person: Person, pending: Mapping[str, Any], speech: Speech) -> Reply:
        """Do the resize that was shown before: a change of places alone, published as any other."""
        activity = await self._activity(str(pending["activity"]))
        resize = Resize(activity.key, activity.capacity, pending["capacity"])
        made = await self._publishing.publish(self._publishing.drafted((), [resize], speech.language), person)
        if made.state is State.APPROVAL:
            return speech.reply(speech.say(texts.WAITS_FOR_APPROVAL, number=made.number))
        capacity = pending["capacity"] if pending["capacity"] is not None else speech.say(texts.NO_LIMIT)
        offers = sum(one.offers for one in made.resizes)
        return speech.reply(speech.say(texts.RESIZED, activity=activity, capacity=capacity, offers=offers))

    async def settle_opening(self, person: Person, pending: Mapping[str, Any], speech: Speech) -> Reply:
        """Open or close signing up, as was shown before."""
        activity, is_open = await self._activity(str(pending["activity"])), bool(pending["is_open"])
        await self._activities.set_open(activity.key, is_open=is_open, by=person.id)
        return speech.reply(speech.say(texts.OPENED if is_open else texts.IS_CLOSED_NOW, activity=activity))

    async def _shown_opening(self, sender: Address, activity: Activity, speech: Speech, *, is_open: bool) -> Reply:
        """Show what opening or closing would do; do it on a yes."""
        if activity.is_open == is_open:
            return speech.reply(speech.say(texts.OPENED if is_open else texts.IS_CLOSED_NOW, activity=activity))
        await self._conversations.ask_back(sender, {"asked": OPENING, "activity": activity.key, "is_open": is_open})
        buttons = [speech.button(texts.BUTTON_YES, f"{OPENING}:yes"), speech.button(texts.BUTTON_NO, f"{OPENING}:no")]
        return speech.reply(*self.opening_shown(activity, speech, is_open=is_open), choices=buttons)

    def opening_shown(self, activity: Activity, speech: Speech, *, is_open: bool) -> tuple[str, str]:
        """Return what opening or closing an activity would do, and a warning, '' where there is none."""
        values = {"taken": activity.taken, "waitlisted": activity.waitlisted}
        shown = speech.say(texts.OPENING if is_open else texts.CLOSING, activity=activity, **values)
        is_over = is_open and activity.deadline is not None and activity.deadline < self._publishing.now()
        return shown, speech.say(texts.STILL_OVER, deadline=activity.deadline) if is_over else ""

    async def settle_places(self, sender: Address, pending: Mapping[str, Any], text: str, speech: Speech) -> Reply:
        """Show what a resize would do, now that the number of places has been told."""
        return await self._preview(sender, await self._activity(str(pending["activity"])), places_in(text), speech)

    async def _preview(self, sender: Address, activity: Activity, places: int | None, speech: Speech) -> Reply:
        if places is None:
            await self._conversations.ask_back(sender, {"asked": "places", "activity": activity.key})
            return speech.reply(speech.say(texts.HOW_MANY_PLACES, activity=activity))
        await self._conversations.ask_back(sender, {"asked": RESIZE, "activity": activity.key, "capacity": places})
        before = activity.capacity if activity.capacity is not None else speech.say(texts.NO_LIMIT)
        values = {"before": before, "after": places, "taken": activity.taken, "waitlisted": activity.waitlisted}
        over = activity.taken - places
        warning = speech.say(texts.RESIZE_TOO_SMALL, over=over) if over > 0 else ""
        buttons = [speech.button(texts.BUTTON_YES, f"{RESIZE}:yes"), speech.button(texts.BUTTON_NO, f"{RESIZE}:no")]
        return speech.reply(speech.say(texts.RESIZE, activity=activity, **values), warning, choices=buttons)

    async def _activity(self, key: str) -> Activity:
        return next(activity for activity in await self._activities.all() if activity.key == key)

    async def _lists(self, meant: Sequence[Activity], speech: Speech, *, is_waitlist: bool) -> Reply:
        lines: list[str] = []
        for activity in meant or await self._activities.all():
            listed = await self._rsvps.listed(activity.key)
            shown = [one for one in listed if (one.rsvp.status is Status.WAITLISTED) == is_waitlist]
            if is_waitlist and not shown and not meant:
                continue
            heading = texts.WAITLIST_OF if is_waitlist else texts.LIST_OF
            lines.append(speech.say(heading, activity=activity, count=len(shown)))
            lines += [_person_line(one, speech) for one in shown[:_SHOWN]] or [f"– {speech.say(texts.NOBODY)}"]
        return speech.reply(*(lines or [speech.say(texts.NOBODY)]))

    async def _exported(self, meant: Sequence[Activity], speech: Speech) -> Reply:
        rows: list[Sequence[object]] = [("activity", "name", "city", "party", "names", "status", "verified")]
        for activity in meant or await self._activities.all():
            for one in await self._rsvps.listed(activity.key):
                r = one.rsvp
                rows.append((activity.key, one.name, one.city, r.party, "; ".join(r.names), r.status, one.is_verified))
        reply = speech.reply(speech.say(texts.EXPORTED))
        return Reply(reply.text, language=reply.language, files=(File("rsvps.csv", "text/csv", as_csv(rows)),))


def places_in(text: str) -> int | None:
    """Return the number of places that a text tells; the last number, for "from 80 to 120"."""
    found = re.findall(r"(?<![\w.:])\d{1,5}(?![\w:])", text)
    return int(found[-1]) if found else None


def _count_lines(counts: Counts, activity: Activity, speech: Speech, *, with_cities: bool) -> list[str]:
    line = speech.say(report_texts.COUNT_LINE, activity=activity, confirmed=counts.confirmed, parties=counts.parties)
    details = [
        speech.say(report_texts.COUNT_PLACES, capacity=activity.capacity, free=activity.free)
        if activity.capacity
        else "",
        speech.say(report_texts.COUNT_OFFERED, offered=counts.offered) if counts.offered else "",
        speech.say(report_texts.COUNT_WAITLISTED, waitlisted=counts.waitlisted) if counts.waitlisted else "",
        speech.say(report_texts.COUNT_UNVERIFIED, unverified=counts.unverified) if counts.unverified else "",
    ]
    lines = [speech.enumerated([line, *filter(None, details)])]
    if with_cities and counts.by_city:
        cities = [f"{city or speech.say(texts.NO_CITY)} {number}" for city, number in counts.by_city.items()]
        lines.append(speech.say(texts.BY_CITY, cities=", ".join(cities)))
    return lines


def _person_line(one: Listed, speech: Speech) -> str:
    place = f"{one.rsvp.position}. " if one.rsvp.position else "– "
    city = one.city or speech.say(texts.NO_CITY)
    others = f" ({speech.listed(one.rsvp.names)})" if one.rsvp.names else ""
    unverified = "" if one.is_verified else f" – {speech.say(texts.UNVERIFIED)}"
    return f"{place}{one.name or '–'}, {city}: {one.rsvp.party}{others}{unverified}"
