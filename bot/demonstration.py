"""Invented people of real sister cities, marked as examples: a desk that shows how it looks when it is used."""

from bot.app import Desk, Store
from handlers.model import Act, Role, Wanted

# Cities that the article on friendship cities names; the people are invented.
_DELEGATIONS = {
    "Bordeaux": ("Claire Exemple", "Hugo Exemple", "Léa Exemple"),
    "Duisburg": ("Anna Beispiel", "Jonas Beispiel"),
    "Manchester": ("Amy Example", "Tom Example", "Zoe Example"),
    "Bangkok": ("Niran Tuayang", "Suda Tuayang"),
    "Oita": ("Haruto Rei", "Yui Rei"),
    "Markham": ("Grace Example", "Noah Example"),
    "Cheongju": ("Min-jun Yesi", "Seo-yeon Yesi"),
    "Borlänge": ("Elin Exempel",),
}
_CRUISE_PLACES = 12


async def fill(desk: Desk, *, if_empty: bool) -> str:
    """Write the examples; return what was written. if_empty: only where nobody is known yet."""
    store = await desk.store()
    await desk.seed_activities(store)
    try:
        if if_empty and await store.people.count():
            return "There are people already; no examples were added."
        return await _written(store)
    finally:
        await store.database.close()


async def _written(store: Store) -> str:
    activities = await store.activities.all()
    cruise = next((activity for activity in activities if activity.key == "cruise"), None)
    if cruise is not None:
        await store.rsvps.resize(cruise.key, _CRUISE_PLACES)
    people = rsvps = 0
    for city, names in _DELEGATIONS.items():
        for place, name in enumerate(names):
            person = await store.people.example(name, city, Role.AIDE if place else Role.DELEGATE)
            people += 1
            for activity in activities[place::3]:
                await store.rsvps.sign_up(Act(person, person, "example"), Wanted(activity.key, 1 + place))
                rsvps += 1
    return f"{people} people of {len(_DELEGATIONS)} cities with {rsvps} RSVPs were added; all of them are examples."
