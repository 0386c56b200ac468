"""The programme: what is true now, what was changed, and how to change it for everybody at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from starlette.responses import Response

from bot.dashboard.activity import LARGEST
from bot.dashboard.asking import Asked
from bot.dashboard.confirming import preview_page
from bot.dashboard.exports import exported
from bot.store.editions import Published
from handlers.changes import as_told, lines_of
from handlers.organizing import places_in
from handlers.resizing import Resize
from knowledge import Change, Edition, Session, wording
from knowledge.editions import EVENT

_SHOWN: Final = 20  # editions
_FIELDS: Final = ("session", "day", "start", "end", "place", "name", "places", "limit", "is_cancelled")


@dataclass(frozen=True, slots=True)
class Row:
    """An edition as the page tells it; lines: its differences."""

    number: int
    when: str
    by: str
    lines: Sequence[str]


async def programme(asked: Asked, *, wrong: str = "") -> Response:
    """Return the page; wrong: why a change cannot be shown."""
    library = asked.works.desk.library
    days: dict[int, list[tuple[Session, str, str]]] = {}
    for one in library.sessions():
        title = library.named(one.title, asked.language)
        days.setdefault(one.day, []).append((one, title, asked.speech.at(one.day, one.start, one.end)))
    first = await asked.works.publishing.first_day()
    return asked.page(
        "programme.html",
        status=422 if wrong else 200,
        days=days,
        first=wording(asked.language).date(first) if first else "",
        first_given=asked.given("first_day") or (first.isoformat() if first else ""),
        editions=await _editions(asked),
        wrong=wrong,
        kept={name: asked.given(name) for name in _FIELDS},
    )


async def change(asked: Asked) -> Response:
    """Show what a change of a session would tell, and to whom."""
    session = next((s for s in asked.works.desk.library.sessions() if s.key == asked.given("session")), None)
    if session is None:
        return await programme(asked, wrong=asked.say("Please choose a session."))
    try:
        values = _values(asked, session)
    except ValueError:
        return await programme(asked, wrong=asked.say("Please write times as 19:30, and the day as a number."))
    try:
        resizes = await _resizes(asked, session)
    except ValueError as error:
        return await programme(asked, wrong=asked.say(str(error)))
    changes = [Change(session.key, values, asked.works.publishing.today())] if values else []
    if not (changes or resizes):
        return await programme(asked, wrong=asked.say("Nothing differs from what is there."))
    return await _shown(asked, changes, resizes)


async def dates(asked: Asked) -> Response:
    """Show what confirming the date of the first day would tell."""
    try:
        first = date.fromisoformat(asked.given("first_day"))
    except ValueError:
        return await programme(asked, wrong=asked.say("Please choose the date of the first day."))
    return await _shown(asked, [Change(EVENT, {"first_day": first.isoformat()}, asked.works.publishing.today())])


async def undo(asked: Asked) -> Response:
    """Show what taking a change back would tell."""
    draft = await asked.works.publishing.undoing(asked.number("number"), asked.language)
    return await preview_page(asked, draft, back="/programme")


async def programme_file(asked: Asked) -> Response:
    """Return the sessions as they are now, as a file."""
    rows: list[tuple[object, ...]] = [("key", "title", "day", "start", "end", "place", "cancelled")]
    for one in asked.works.desk.library.sessions():
        times = [f"{moment:%H:%M}" if moment else None for moment in (one.start, one.end)]
        title = asked.works.desk.library.named(one.title, asked.language)
        rows.append((one.key, title, one.day, *times, one.place, one.is_cancelled))
    return exported(rows, "programme", asked.request.path_params["form"])


async def _shown(asked: Asked, changes: Sequence[Change], resizes: Sequence[Resize] = ()) -> Response:
    draft = asked.works.publishing.drafted(changes, resizes, asked.language)
    return await preview_page(asked, draft, back="/programme")


async def _resizes(asked: Asked, session: Session) -> list[Resize]:
    """Return what differs of the places of a session.

    Raises:
        ValueError: that is no number, or people do not sign up for the session as a whole; str() says so.
    """
    given, is_unlimited = asked.given("places"), asked.given("limit") == "none"
    if not given and not is_unlimited:
        return []
    places = None if is_unlimited else places_in(given)
    if not is_unlimited and (places is None or places > LARGEST):
        raise ValueError("Please write a number of places, such as 120.")
    own = [one for one in await asked.works.store.activities.all() if one.session == session.title]
    if len(own) > 1:
        raise ValueError("People sign up for parts of this session. Please set the places on the page of each part.")
    if not own:
        raise ValueError("Nobody signs up for this session, so it has no places.")
    return [Resize(own[0].key, own[0].capacity, places)] if own[0].capacity != places else []


def _values(asked: Asked, session: Session) -> dict[str, Any]:
    """Return what differs from a session as it is.

    Raises:
        ValueError: a time or the day is none.
    """
    is_cancelled = asked.given("is_cancelled") == "yes"
    if is_cancelled or session.is_cancelled:
        return {"cancelled": is_cancelled} if is_cancelled != session.is_cancelled else {}
    values: dict[str, Any] = {}
    if (day := asked.given("day")) and int(day) != session.day:
        if not 1 <= int(day) <= 99:
            raise ValueError(day)
        values["day"] = int(day)
    for name, before in (("start", session.start), ("end", session.end)):
        if (given := asked.given(name)) and (moment := time.fromisoformat(given)) != before:
            values[name] = f"{moment:%H:%M}"
    for name, known in (("place", session.place), ("name", "")):
        if (given := asked.given(name)) and given != known:
            values[name] = given[:200]
    return values


async def _editions(asked: Asked) -> list[Row]:
    every = await asked.works.store.editions.all()
    rows = [await _row(asked, every, place) for place in range(max(0, len(every) - _SHOWN), len(every))]
    return rows[::-1]


async def _row(asked: Asked, every: Sequence[Published], place: int) -> Row:
    library, one = asked.works.desk.library, every[place]
    earlier = tuple(change for before in every[:place] for change in before.changes)
    edition = Edition(one.number - 1, earlier)
    before = {s.key: s for s in library.sessions_at(edition)}
    after = {s.key: s for s in library.sessions_at(Edition(one.number, (*earlier, *one.changes)))}
    touched = dict.fromkeys(change.session for change in one.changes if change.session in after)
    difference = [(before.get(key), after[key]) for key in touched]
    days = max((session.day for session in after.values()), default=1)
    lines = lines_of(as_told(one.changes, tuple(difference), edition, days), library, asked.speech)
    lines += await asked.works.preview.resized(one.resizes, asked.speech)
    return Row(one.number, asked.speech.moment(one.published), await _name(asked, one.by), lines)


async def _name(asked: Asked, person: int | None) -> str:
    if person is None:
        return asked.say("command line")
    try:
        return (await asked.works.store.people.get(person)).name
    except KeyError:
        return "–"
