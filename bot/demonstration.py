"""Invented people of real sister cities, marked as examples: a desk that shows how it looks when it is used."""

from bot.app import Desk
from bot.store.whole import Store
from handlers.model import Act, Role, Wanted

# Sister cities of Wuhan: the first eight are named in the article on friendship cities. The people are invented.
_DELEGATIONS = {
    "Bordeaux": ("Claire Exemple", "Hugo Exemple", "Léa Exemple"),
    "Duisburg": ("Anna Beispiel", "Jonas Beispiel"),
    "Manchester": ("Amy Example", "Tom Example", "Zoe Example"),
    "Bangkok": ("Niran Tuayang", "Suda Tuayang"),
    "Oita": ("Haruto Rei", "Yui Rei"),
    "Markham": ("Grace Example", "Noah Example"),
    "Cheongju": ("Min-jun Yesi", "Seo-yeon Yesi"),
    "Borlänge": ("Elin Exempel",),
    "Pittsburgh": ("Ruth Example", "Sam Example", "Ida Example", "Joe Example"),
    "Arnhem": ("Daan Voorbeeld", "Sanne Voorbeeld"),
    "Győr": ("Anna Példa", "Márton Példa"),
    "Christchurch": ("Kiri Example", "Mark Example"),
}
_CRUISE_PLACES = 12
_COVERED = 3  # named of a city at most
ORGANIZER = "Lin Shili"  # an example, whom `make run` signs in to the dashboard


async def fill(desk: Desk, *, if_empty: bool) -> str:
    """Write the examples; return what was written. if_empty: only where nobody is known yet."""
    async with desk.stored() as store:
        if if_empty and await store.people.count():
            return "There are people already; no examples were added."
        if await store.people.has_examples():
            return "The examples are there already; none were added."
        return await _written(store)


async def _written(store: Store) -> str:
    activities = await store.activities.all()
    cruise = next((activity for activity in activities if activity.key == "cruise"), None)
    if cruise is not None:
        await store.rsvps.resize(cruise.key, _CRUISE_PLACES)
    await store.people.example(ORGANIZER, "", Role.ORGANIZER)
    people, rsvps = 1, 0
    for city, names in _DELEGATIONS.items():
        for place, name in enumerate(names):
            person = await store.people.example(name, city, Role.AIDE if place else Role.DELEGATE)
            people += 1
            for activity in activities[place::3]:
                await store.rsvps.sign_up(Act(person, person, "example"), Wanted(activity.key, 1 + place))
                rsvps += 1
        named = names[:_COVERED] if len(names) > 1 else ()  # the smallest delegation has not chosen yet
        if named:
            await store.delegations.nominate(person, named)
    return f"{people} people of {len(_DELEGATIONS)} cities with {rsvps} RSVPs were added; all of them are examples."
