"""What staff and organizers do in chat: counts, lists, opening and resizing, unanswered questions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handlers import texts
from handlers.model import Activity, Address, Counts, File, Listed, Person, Reply, Status
from handlers.ports import Activities, Conversations, Questions, Rsvps
from handlers.speech import Speech
from handlers.tables import as_csv
from knowledge import Message, Wish

RESIZE = "resize"
FAQ_DAYS = 60
STAFF_WISHES = frozenset(
    {
        Wish.COUNTS,
        Wish.WAITLIST,
        Wish.CHECKIN,
        Wish.EXPORT_LIST,
        Wish.CLOSE,
        Wish.OPEN,
        Wish.RESIZE,
        Wish.UNANSWERED,
        Wish.ANNOUNCE,
    }
)
_SHOWN = 40  # lines of a list in chat; a file holds the rest


class Organizing:
    """Carry out what people of the organizer wish; nobody else gets this far."""

    def __init__(
        self, rsvps: Rsvps, activities: Activities, questions: Questions, conversations: Conversations
    ) -> None:
        self._rsvps = rsvps
        self._activities = activities
        self._questions = questions
        self._conversations = conversations

    async def wish(
        self, sender: Address, person: Person, message: Message, meant: Sequence[Activity], speech: Speech
    ) -> Reply:
        """Return the reply to a wish of the organizer's people."""
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
                is_open = message.wish is Wish.OPEN
                await self._activities.set_open(one.key, is_open=is_open, by=person.id)
                return speech.reply(speech.say(texts.OPENED if is_open else texts.IS_CLOSED_NOW, activity=one))
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
        return speech.reply(speech.say(texts.ANSWER_SENT, days=FAQ_DAYS, count=told))

    async def settle_resize(self, person: Person, pending: Mapping[str, Any], speech: Speech) -> Reply:
        """Do the resize that was shown before."""
        activity = await self._activity(str(pending["activity"]))
        offers = await self._activities.resize(activity.key, pending["capacity"], by=person.id)
        capacity = pending["capacity"] if pending["capacity"] is not None else speech.say(texts.NO_LIMIT)
        return speech.reply(speech.say(texts.RESIZED, activity=activity, capacity=capacity, offers=offers))

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
    line = speech.say(texts.COUNT_LINE, activity=activity, confirmed=counts.confirmed, parties=counts.parties)
    details = [
        speech.say(texts.COUNT_PLACES, capacity=activity.capacity, free=activity.free) if activity.capacity else "",
        speech.say(texts.COUNT_OFFERED, offered=counts.offered) if counts.offered else "",
        speech.say(texts.COUNT_WAITLISTED, waitlisted=counts.waitlisted) if counts.waitlisted else "",
        speech.say(texts.COUNT_UNVERIFIED, unverified=counts.unverified) if counts.unverified else "",
    ]
    lines = [speech.enumerated([line, *filter(None, details)])]
    if with_cities and counts.by_city:
        cities = [f"{city or speech.say(texts.NO_CITY)} {number}" for city, number in counts.by_city.items()]
        lines.append(speech.say(texts.BY_CITY, cities=", ".join(cities)))
    return lines


def _person_line(one: Listed, speech: Speech) -> str:
    place = f"{one.rsvp.position}. " if one.rsvp.position else "– "
    city = one.city or speech.say(texts.NO_CITY)
    return f"{place}{one.name or '–'}, {city}: {one.rsvp.party}"
