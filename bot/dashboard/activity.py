"""One activity: who takes part, who waits, and what another number of places, opening or closing would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.dashboard.asking import Asked, NotFound
from bot.dashboard.charts import Bar, bars
from bot.dashboard.exports import exported
from bot.registry import activity_as_json
from bot.web.pages import direction
from handlers.model import Activity, Listed, Status
from handlers.organizing import places_in

LARGEST = 99_999  # places
_CITIES = 15  # of the chart; the table has all


@dataclass(frozen=True, slots=True)
class Effect:
    """What a resize would do: how many places there would be (None: no limit), and to whom places would be offered."""

    before: int | None
    after: int | None
    over: int
    offered: Sequence[Listed]


async def activity(asked: Asked) -> Response:
    """Return the page of an activity."""
    return await _page(asked, await _activity(asked))


async def resize(asked: Asked) -> Response:
    """Show what a resize would do, before it is done."""
    found = await _activity(asked)
    is_unlimited = asked.given("limit") == "none"
    places = places_in(asked.given("places"))
    if not is_unlimited and (places is None or places > LARGEST):
        return await _page(asked, found, wrong=asked.say("Please write a number of places, such as 120."))
    effect = await _effect(asked, found, None if is_unlimited else places)
    sealed = asked.sealed({"activity": found.key, "capacity": effect.after})
    return await _page(asked, found, effect=effect, sealed=sealed)


async def resized(asked: Asked) -> Response:
    """Do what was shown."""
    found, kept = await _confirmed(asked, "capacity")
    reply = await asked.works.organizing.settle_resize(asked.person, kept, asked.speech)
    return asked.done(f"/activities/{found.key}", reply.text)


async def show_opening(asked: Asked) -> Response:
    """Show what opening an activity for RSVPs, or closing it, would do, before it is done."""
    found, is_open = await _activity(asked), asked.given("is_open") == "yes"
    shown = asked.works.organizing.opening_shown(found, asked.speech, is_open=is_open)
    return await _page(asked, found, opening=shown, sealed=asked.sealed({"activity": found.key, "is_open": is_open}))


async def set_open(asked: Asked) -> Response:
    """Do what was shown."""
    found, kept = await _confirmed(asked, "is_open")
    reply = await asked.works.organizing.settle_opening(asked.person, kept, asked.speech)
    return asked.done(f"/activities/{found.key}", reply.text)


async def activities_file(asked: Asked) -> Response:
    """Return all activities as a file."""
    rows: list[tuple[object, ...]] = []
    for one in await asked.works.store.activities.all():
        kept = {**activity_as_json(one), "names": one.name(asked.language), "eligible": ", ".join(sorted(one.eligible))}
        rows = rows or [tuple(kept)]
        rows.append(tuple(kept.values()))
    return exported(rows or [("key",)], "activities", asked.request.path_params["form"])


async def people_file(asked: Asked) -> Response:
    """Return who takes part in an activity, and who waits, as a file."""
    found = await _activity(asked)
    rows: list[tuple[object, ...]] = [("name", "city", "party", "companions", "status", "place", "verified")]
    for one in await asked.works.store.rsvps.listed(found.key):
        r = one.rsvp
        rows.append((one.name, one.city, r.party, "; ".join(r.names), r.status.value, r.position, one.is_verified))
    return exported(rows, found.key, asked.request.path_params["form"])


async def _activity(asked: Asked) -> Activity:
    key = asked.request.path_params["key"]
    found = next((one for one in await asked.works.store.activities.all() if one.key == key), None)
    if found is None:
        raise NotFound
    return found


async def _confirmed(asked: Asked, what: str) -> tuple[Activity, Mapping[str, Any]]:
    """Return the activity, and what was shown of it; what: the value that it sets.

    Raises:
        NotFound: something else was shown, or to somebody else.
    """
    kept, found = asked.unsealed("draft"), await _activity(asked)
    if kept.get("activity") != found.key or what not in kept:
        raise NotFound
    return found, kept


async def _effect(asked: Asked, found: Activity, capacity: int | None) -> Effect:
    """Return what a resize would do: it is tried, and taken back."""
    store = asked.works.store
    async with store.database.tried():
        await store.activities.resize(found.key, capacity, by=asked.person.id)
        after = await store.rsvps.listed(found.key)
    before = {one.rsvp.person for one in await store.rsvps.listed(found.key) if one.rsvp.status is Status.OFFERED}
    offered = [one for one in after if one.rsvp.status is Status.OFFERED and one.rsvp.person not in before]
    over = max(0, found.taken - capacity) if capacity is not None else 0
    return Effect(found.capacity, capacity, over, offered)


async def _page(
    asked: Asked,
    found: Activity,
    *,
    wrong: str = "",
    effect: Effect | None = None,
    opening: Sequence[str] = (),
    sealed: str = "",
) -> Response:
    """Return the page. effect, opening: what is shown before it is done, which is sealed."""
    store = asked.works.store
    counts = next(one for one in await store.rsvps.counts() if one.activity == found.key)
    listed = await store.rsvps.listed(found.key) if asked.is_staff else []
    cities = sorted(counts.by_city.items(), key=lambda pair: (-pair[1], pair[0]))
    return asked.page(
        "activity.html",
        status=422 if wrong else 200,
        activity=found,
        counts=counts,
        when=asked.speech.when(found),
        deadline=asked.speech.moment(found.deadline) if found.deadline else "",
        freeze=asked.speech.moment(found.freeze) if found.freeze else "",
        cities=cities,
        chart=_chart(asked, cities),
        confirmed=[one for one in listed if one.rsvp.status is Status.CONFIRMED],
        offered=[(one, asked.speech.moment(u)) for one in listed if (u := one.rsvp.offered_until)],
        waiting=[one for one in listed if one.rsvp.status is Status.WAITLISTED],
        wrong=wrong,
        effect=effect,
        opening=opening,
        sealed=sealed,
    )


def _chart(asked: Asked, cities: Sequence[tuple[str, int]]) -> object:
    drawn = [Bar(city or asked.say("city not told"), (count,), None, str(count)) for city, count in cities[:_CITIES]]
    return bars(drawn, asked.say("People by city"), is_rtl=direction(asked.language) == "rtl")
