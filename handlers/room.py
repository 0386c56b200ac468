"""What room activities have, and until when one may sign up, change and cancel."""

from collections.abc import Callable, Sequence
from datetime import datetime

from handlers import texts
from handlers.model import Activity, Choice, Reply
from handlers.ports import Activities
from handlers.rsvp_replies import SIGN_UP
from handlers.speech import Speech


class Room:
    """Tell what the desk itself knows about signing up: no document does."""

    def __init__(self, activities: Activities, now: Callable[[], datetime]) -> None:
        self._activities = activities
        self._now = now

    async def left(self, meant: Sequence[Activity], speech: Speech) -> Reply:
        """Return how many places are left in the activities meant, else in all, with buttons where there are some."""
        activities = meant or await self._activities.all()
        lines = [f"– {activity.name(speech.language)}: {self._room(activity, speech)}" for activity in activities]
        choices = [Choice(a.name(speech.language), f"{SIGN_UP}:{a.key}:1") for a in activities if self._is_open(a)]
        return speech.reply(speech.say(texts.ROOM), *lines, choices=choices)

    async def rules(self, meant: Sequence[Activity], speech: Speech) -> Reply:
        """Return until when one may sign up for the activities meant, else for all, and change or cancel that."""
        activities = meant or await self._activities.all()
        limited = [activity for activity in activities if activity.deadline or activity.freeze]
        lines = [
            speech.say(frame, activity=activity, until=until)
            for activity in limited
            for frame, until in ((texts.OPEN_UNTIL, activity.deadline), (texts.CHANGEABLE_UNTIL, activity.freeze))
            if until is not None
        ]
        if len(limited) == len(activities):
            return speech.reply(*lines)
        return speech.reply(*lines, speech.say(texts.NO_LIMIT_YET if not limited else texts.NO_LIMIT_ELSEWHERE))

    def _is_open(self, activity: Activity) -> bool:
        is_over = activity.deadline is not None and activity.deadline < self._now()
        return activity.is_open and not activity.is_cancelled and not is_over and activity.free != 0

    def _room(self, activity: Activity, speech: Speech) -> str:
        if not self._is_open(activity) and activity.free != 0:
            return speech.say(texts.NO_SIGNING_UP)
        if activity.free is None:
            return speech.say(texts.NO_LIMIT_KNOWN)
        return speech.say(texts.PLACES_LEFT, free=activity.free, capacity=activity.capacity)
