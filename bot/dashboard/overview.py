"""The first page: how many are signed up for what, who is covered, what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from bot.dashboard.asking import Asked
from bot.dashboard.charts import Bar, bars, columns
from bot.store.figures import Asked as Questions
from bot.store.figures import Standing
from bot.web.pages import direction
from handlers.model import Activity
from handlers.speech import CONFERENCE_TIME
from knowledge import wording

_DAYS: Final = 14  # of questions
_CITIES: Final = 12  # on this page; the others stand under Delegations


@dataclass(frozen=True, slots=True)
class Line:
    """An activity as the table tells it."""

    activity: Activity
    standing: Standing
    when: str


async def overview(asked: Asked) -> Response:
    """Return the page."""
    store = asked.works.store
    lines = await lines_of(asked)
    delegations = sorted(await store.figures.delegations(), key=lambda one: (-one.named, -one.people, one.city))
    questions = await store.figures.questions(_DAYS)
    waiting = len(await store.questions.open())
    today = store.now().astimezone(CONFERENCE_TIME).date()
    of_today = [one for one in questions if one.day == today]
    totals = {
        "confirmed": sum(line.standing.confirmed for line in lines),
        "moved": sum(line.standing.moved for line in lines),
        "waitlisted": sum(line.standing.waitlisted for line in lines),
        "unverified": sum(line.standing.unverified for line in lines),
        "people": sum(one.people for one in delegations),
        "cities": len(delegations),
        "named": sum(one.named for one in delegations),
        "quota": sum(one.quota for one in delegations),
        "questions": sum(one.count for one in of_today),
        "answered": sum(one.answered for one in of_today),
        "waiting": waiting,
    }
    shown = delegations[:_CITIES]
    return asked.page(
        "overview.html",
        lines=lines,
        totals=totals,
        chart=_activities(asked, lines),
        delegations=shown,
        more_cities=len(delegations) - len(shown),
        covered=bars(
            [Bar(one.city, (one.named,), one.quota, f"{one.named} / {one.quota}") for one in shown],
            asked.say("Covered delegates by city"),
            is_rtl=direction(asked.language) == "rtl",
        ),
        days=by_day(asked, questions),
        asked_chart=questions_chart(asked, questions),
        has_questions=bool(questions),
        has_people=bool(delegations),
    )


async def lines_of(asked: Asked) -> Sequence[Line]:
    """Return a line for each activity, in the order of the programme."""
    store = asked.works.store
    activities: Mapping[str, Activity] = {one.key: one for one in await store.activities.all()}
    standings = await store.figures.activities()
    return [Line(activities[s.activity], s, asked.speech.when(activities[s.activity])) for s in standings]


def by_day(asked: Asked, questions: Sequence[Questions]) -> list[tuple[str, int, int]]:
    """Return each of the last days with how many questions were answered, and how many were not."""
    today = asked.works.store.now().astimezone(CONFERENCE_TIME).date()
    told = wording(asked.language)
    days = [today - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    sums = {day: [0, 0] for day in days}
    for one in questions:
        if one.day in sums:
            sums[one.day][0] += one.answered
            sums[one.day][1] += one.count - one.answered
    return [(told.short_date(day), answered, open_) for day, (answered, open_) in sums.items()]


def questions_chart(asked: Asked, questions: Sequence[Questions]) -> Markup:
    """Return the chart of questions by day."""
    days = [(label, (answered, open_)) for label, answered, open_ in by_day(asked, questions)]
    title = asked.say("Questions by day, answered and unanswered")
    return columns(days, title, is_rtl=direction(asked.language) == "rtl")


def _activities(asked: Asked, lines: Sequence[Line]) -> Markup:
    drawn = []
    for line in lines:
        activity, standing = line.activity, line.standing
        taken = standing.confirmed + standing.offered
        told = f"{taken} / {activity.capacity}" if activity.capacity is not None else str(taken)
        parts = (standing.confirmed, standing.offered)
        drawn.append(Bar(activity.name(asked.language), parts, activity.capacity, told))
    return bars(drawn, asked.say("Places taken by activity"), is_rtl=direction(asked.language) == "rtl")
