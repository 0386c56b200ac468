"""Which of the activities a message means."""

from collections.abc import Sequence

from handlers.model import Activity
from knowledge import Message


def activities_meant(message: Message, activities: Sequence[Activity]) -> list[Activity]:
    """Return those that message means: a route where one is named, else those of the sessions named."""
    routes = {place.route for place in message.places if place.route}
    sessions = {place.session for place in message.places if not place.route}
    by_route = [a for a in activities if a.wording in routes]
    of_routes = {a.session for a in by_route}
    return [a for a in activities if a in by_route or (a.session in sessions - of_routes)]
