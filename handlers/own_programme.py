"""A person's own programme: what they are signed up for, what comes next, and a file of it for their calendar."""

from collections.abc import Callable, Sequence
from datetime import datetime, time

from handlers import texts
from handlers.model import Activity, CalendarEntry, Person, Reply, Rsvp, Status
from handlers.organizer_ports import Calendar
from handlers.ports import Activities, Rsvps
from handlers.rsvp_replies import SIGN_UP
from handlers.speech import CONFERENCE_TIME, Speech


class OwnProgramme:
    """Tell what a person is signed up for; once the dates are confirmed, also what comes next, and as a file."""

    def __init__(self, rsvps: Rsvps, activities: Activities, calendar: Calendar, now: Callable[[], datetime]) -> None:
        self._rsvps = rsvps
        self._activities = activities
        self._calendar = calendar
        self._now = now

    async def status(self, person: Person | None, speech: Speech, asked: Sequence[Activity] = ()) -> Reply:
        """Return what a person is signed up for."""
        activities = {activity.key: activity for activity in await self._activities.all()}
        rsvps = await self._rsvps.of(person.id) if person else []
        if len(asked) == 1:
            own = [rsvp for rsvp in rsvps if rsvp.activity == asked[0].key]
            if own and own[0].status is Status.CONFIRMED:
                return speech.reply(speech.say(texts.YES_SIGNED_UP, line=speech.line_of(own[0], asked[0])))
            if not own:
                sign_up = speech.button(texts.BUTTON_SIGN_UP, f"{SIGN_UP}:{asked[0].key}")
                return speech.reply(speech.say(texts.NOT_SIGNED_UP, activity=asked[0]), choices=[sign_up])
        if not rsvps:
            return speech.reply(speech.say(texts.NOTHING))
        lines = [speech.line_of(rsvp, activities[rsvp.activity]) for rsvp in rsvps]
        following = self._next_of(rsvps, activities, speech)
        has_dates = all(activities[rsvp.activity].on for rsvp in rsvps)
        button = [speech.button(texts.BUTTON_CALENDAR, "calendar:")] if has_dates else []
        listed = (f"– {line}" for line in lines)
        return speech.reply(speech.say(texts.MY_PROGRAMME), *listed, following, choices=button)

    async def file(self, person: Person | None, speech: Speech) -> Reply:
        """Return the calendar file of what a person is, or was, signed up for."""
        activities = {activity.key: activity for activity in await self._activities.all()}
        if any(activity.on is None for activity in activities.values()):
            return speech.reply(speech.say(texts.NO_CALENDAR_YET))
        kept = await self._rsvps.with_changes(person.id) if person else []
        entries = [CalendarEntry(activities[rsvp.activity], rsvp, changes) for rsvp, changes in kept]
        if not entries:
            return speech.reply(speech.say(texts.NOTHING))
        reply = speech.reply(speech.say(texts.CALENDAR))
        made = self._calendar(entries, speech.language, self._now())
        return Reply(reply.text, language=reply.language, files=(made,))

    def _next_of(self, rsvps: Sequence[Rsvp], activities: dict[str, Activity], speech: Speech) -> str:
        """Return which of a person's activities is the next one to begin; '' where that cannot be told."""
        local = self._now().astimezone(CONFERENCE_TIME)
        coming = [
            (activity.on, activity.start or time.min, rsvp)
            for rsvp in rsvps
            if rsvp.status is Status.CONFIRMED
            and (activity := activities[rsvp.activity]).on is not None
            and not activity.is_cancelled
            and (activity.on, activity.start or time.max) >= (local.date(), local.time())
        ]
        if not coming:
            return ""
        _, _, rsvp = min(coming, key=lambda one: one[:2])
        return speech.say(texts.NEXT_OF_YOURS, line=speech.line_of(rsvp, activities[rsvp.activity]))
