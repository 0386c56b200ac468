"""What people ask: how much, about what, what waits for an answer, and what organizers have answered."""

from collections import Counter
from typing import Final

from starlette.responses import Response

from bot.dashboard.asking import Asked, NotFound
from bot.dashboard.charts import Bar, bars
from bot.dashboard.exports import exported
from bot.dashboard.overview import by_day, questions_chart
from bot.web.pages import direction
from handlers.profile import OWN_NAMES
from knowledge import wording

_DAYS: Final = 14
_TOPICS: Final = 10
LONGEST: Final = 2000  # letters of an answer: it is one message on every channel


async def questions(asked: Asked, *, wrong: int = 0) -> Response:
    """Return the page. wrong: the question whose answer cannot be sent as it was written."""
    store = asked.works.store
    counted = await store.figures.questions(_DAYS)
    languages = Counter[str]()
    for one in counted:
        languages[one.language] += one.count
    topics = [(subject_of(asked, topic), count) for topic, count in await store.figures.topics(_TOPICS)]
    entries = [(one, asked.speech.moment(one.expires)) for one in await store.questions.entries()]
    return asked.page(
        "questions.html",
        status=422 if wrong else 200,
        groups=await store.questions.alike(),
        chart=questions_chart(asked, counted),
        days=by_day(asked, counted),
        has_questions=bool(counted),
        languages=[(OWN_NAMES.get(tag, tag), count) for tag, count in languages.most_common()],
        topics=topics,
        topics_chart=bars(
            [Bar(name, (count,), None, str(count)) for name, count in topics],
            asked.say("Top topics"),
            is_rtl=direction(asked.language) == "rtl",
        ),
        entries=entries,
        names=OWN_NAMES,
        wrong=wrong,
        typed=asked.given("text"),
    )


async def answer(asked: Asked) -> Response:
    """Answer a question, and all that mean the same."""
    number, text = asked.number("number"), asked.given("text")
    if not text or len(text) > LONGEST:
        return await questions(asked, wrong=number)
    reply = await asked.works.organizing.answer(asked.person, number, text, asked.speech)
    return asked.done("/questions", reply.text)


async def set_expiry(asked: Asked) -> Response:
    """Let an answer hold for longer, or end it."""
    is_kept = asked.given("is_kept") == "yes"
    if not await asked.works.store.questions.set_expiry(asked.number("number"), is_kept=is_kept):
        raise NotFound
    kept, ended = asked.say("The answer is told for sixty more days."), asked.say("The answer is no longer told.")
    return asked.done("/questions", kept if is_kept else ended)


async def questions_file(asked: Asked) -> Response:
    """Return all questions as a file."""
    rows: list[tuple[object, ...]] = [("id", "asked", "language", "answered", "certainty", "question")]
    for one in await asked.works.store.questions.all():
        when = one.asked.isoformat(timespec="seconds")
        rows.append((one.id, when, one.language, one.is_answered, one.certainty, one.text))
    return exported(rows, "questions", asked.request.path_params["form"])


def subject_of(asked: Asked, topic: str) -> str:
    """Return what a topic of the catalogue is about, in words."""
    known = asked.works.desk.topics.get(topic)
    return wording(asked.language).say(known.subject) if known and known.subject else topic.rpartition(".")[2]
