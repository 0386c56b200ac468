"""Delegations: how many people of each city are known, who of them is covered, and who looks after them."""

from datetime import datetime
from typing import Final

from starlette.responses import Response

from bot.dashboard.asking import Asked
from bot.dashboard.charts import Bar, bars
from bot.dashboard.exports import exported
from bot.store.delegations import NoSuchDelegation
from bot.web.pages import direction
from handlers.speech import CONFERENCE_TIME

_CHART: Final = 20  # cities; the table has all
_MOST: Final = 999  # covered people of a city


async def delegations(asked: Asked, *, wrong: str = "") -> Response:
    """Return the page; wrong: why a change was not made."""
    store = asked.works.store
    found = await store.figures.delegations()
    names = {one.city: one.covered for one, _ in await store.delegations.all()} if asked.is_staff else {}
    until = await store.delegations.deadline()
    first = sorted(found, key=lambda one: (-one.named, -one.people, one.city))[:_CHART]
    return asked.page(
        "delegations.html",
        status=422 if wrong else 200,
        rows=[(one, names.get(one.city, ())) for one in found],
        chart=bars(
            [Bar(one.city, (one.named,), one.quota, f"{one.named} / {one.quota}") for one in first],
            asked.say("Covered delegates by city"),
            is_rtl=direction(asked.language) == "rtl",
        ),
        until=asked.speech.moment(until) if until else "",
        until_given=until.astimezone(CONFERENCE_TIME).strftime("%Y-%m-%dT%H:%M") if until else "",
        wrong=wrong,
    )


async def set_delegation(asked: Asked) -> Response:
    """Set how many of a city are covered, and who looks after its people."""
    store, city, quota = asked.works.store, asked.given("city"), asked.given("quota")
    if not (quota.isascii() and quota.isdecimal()) or int(quota) > _MOST:
        return await delegations(asked, wrong=asked.say("Please write how many are covered as a number."))
    try:
        await store.delegations.set_quota(city, int(quota), by=asked.person.id)
    except NoSuchDelegation:
        return await delegations(asked, wrong=asked.say("Nobody is from there."))
    await store.delegations.set_liaison(city, asked.given("liaison"), by=asked.person.id)
    return asked.done("/delegations", asked.say("{city} is set.", city=city))


async def set_deadline(asked: Asked) -> Response:
    """Set until when delegations name who is covered."""
    try:
        until = datetime.fromisoformat(asked.given("until"))
    except ValueError:
        return await delegations(asked, wrong=asked.say("Please choose a day and a time."))
    until = until.replace(tzinfo=until.tzinfo or CONFERENCE_TIME)
    await asked.works.store.delegations.set_deadline(until, by=asked.person.id)
    return asked.done(
        "/delegations",
        asked.say("Delegations can name who is covered until {moment}.", moment=asked.speech.moment(until)),
    )


async def delegations_file(asked: Asked) -> Response:
    """Return all delegations as a file."""
    rows: list[tuple[object, ...]] = [("city", "people", "named", "quota", "names", "liaison")]
    names = {one.city: one.covered for one, _ in await asked.works.store.delegations.all()}
    rows += [
        (one.city, one.people, one.named, one.quota, "; ".join(names[one.city]), one.liaison)
        for one in await asked.works.store.figures.delegations()
    ]
    return exported(rows, "delegations", asked.request.path_params["form"])
