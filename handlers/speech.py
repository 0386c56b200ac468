"""Say the frames of the conversation in a person's language, with activities, times and names put in."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone

from handlers import texts
from handlers.errors import Refusal
from handlers.model import Activity, Choice, Reply, Rsvp, Status
from knowledge import phrases, wording

CONFERENCE_TIME = timezone(timedelta(hours=8), "UTC+8")  # China has one time zone, without summer time
_SHOWN = 12  # choices below one message


class Speech:
    """The desk's voice in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._frames = wording(language, "handlers")
        self._words = wording(language)

    def say(self, frame: str, **values: object) -> str:
        """Return a frame in this language; activities and moments among values are written out."""
        return self._frames.say(frame, **{name: self._written(value) for name, value in values.items()})

    def reply(self, *lines: str, choices: Sequence[Choice] = ()) -> Reply:
        """Return a reply of lines."""
        return Reply("\n".join(filter(None, lines)), tuple(choices)[:_SHOWN], self.language)

    def refused(self, refusal: Refusal) -> Reply:
        """Return what a person reads where a rule stops them."""
        return self.reply(self.say(refusal.frame, **refusal.values))

    def button(self, frame: str, payload: str) -> Choice:
        """Return a button."""
        return Choice(self.say(frame), payload)

    def when(self, activity: Activity) -> str:
        """Return day and times of an activity, with the date once it is known."""
        if activity.is_cancelled:
            return self._words.say(phrases.SESSION_CANCELLED)
        return self._words.when(activity.day, activity.start, activity.end, on=activity.on)

    def at(self, day: int, start: time | None, end: time | None) -> str:
        """Return a day of the programme and times."""
        return self._words.when(day, start, end)

    def moment(self, moment: datetime) -> str:
        """Return a moment in the conference's own time."""
        return str(self._written(moment))

    def listed(self, items: Sequence[str]) -> str:
        """Return items as a list in running text."""
        return self._words.listed(items)

    def enumerated(self, items: Sequence[str]) -> str:
        """Return longer items one after the other."""
        return self._words.enumerated(items)

    def line_of(self, rsvp: Rsvp, activity: Activity) -> str:
        """Return how a person's RSVP stands, in one line."""
        frames = {Status.WAITLISTED: texts.MINE_WAITLISTED, Status.OFFERED: texts.MINE_OFFERED}
        return self.say(
            frames.get(rsvp.status, texts.MINE_CONFIRMED),
            activity=activity,
            when=self.when(activity),
            party=rsvp.party,
            position=rsvp.position,
            until=rsvp.offered_until or "",
        )

    def _written(self, value: object) -> object:
        if isinstance(value, Activity):
            return value.name(self.language)
        if isinstance(value, datetime):
            local = value.astimezone(CONFERENCE_TIME)
            return f"{self._words.date(local.date())}, {local:%H:%M}"
        if isinstance(value, date):
            return self._words.date(value)
        return value
