"""Answer on site visits: themes, routes, places, and what the agenda remarks on them."""

import re

from knowledge import phrases
from knowledge.evidence import Context, Part
from knowledge.programme import Route, Session

_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]$")
_ENDS = (".", "。", "”", "»", "!", "?", "！", "？")
_STOPS = {"zh": "。", "zh-TW": "。", "ja": "。", "th": ""}  # what ends a sentence, where it is no full stop


def visit_route(context: Context, session: Session, route: Route) -> Part:
    """Return where a route leads."""
    text = context.hedged(
        phrases.VISIT_ROUTE,
        phrases.VISIT_ROUTE_CONFIRMED,
        context.standing(session),
        route=context.name(route.title),
        day=session.day,
        stops=_stops(context, route),
    )
    return Part(text, session.certainty, (context.agenda_source(),))


def visit_place(context: Context, session: Session, route: Route, stop: str) -> Part:
    """Return on which route a place is."""
    text = context.words.say(
        phrases.PLACE_ON_ROUTE,
        place=context.name(stop),
        route=context.name(route.title),
        day=session.day,
        certainty=context.standing(session),
    )
    return Part(text, session.certainty, (context.agenda_source(),))


def visit_themes(context: Context, session: Session) -> Part:
    """Return just the themes of the site visits."""
    text = context.hedged(
        phrases.ROUTES_TO_CHOOSE,
        phrases.ROUTES_TO_CHOOSE,
        context.standing(session),
        day=session.day,
        routes=context.words.listed([context.name(route.title) for route in session.routes]),
    )
    return Part(text, session.certainty, (context.agenda_source(),))


def remark(context: Context, session: Session) -> str:
    """Return the remark that the agenda makes on a session, as a sentence."""
    translated = context.library.names.of(session.note, context.words.language)
    text = translated or context.words.say(phrases.QUOTED, text=session.note)
    stop = "" if text.endswith(_ENDS) else _STOPS.get(context.words.language, ".")
    return f"{text}{stop}"


def route_text(context: Context, route: Route) -> str:
    """Return a route's theme and places in one line, the places without what stands in brackets."""
    stops = context.words.listed([_BRACKETS.sub("", context.name(stop)) for stop in route.stops])
    places = context.words.bracketed(context.name(route.detail), stops) if route.detail else stops
    return context.words.labelled(context.name(route.title), places)


def _stops(context: Context, route: Route) -> str:
    stops = context.words.listed([context.name(stop) for stop in route.stops])
    return context.words.bracketed(context.name(route.detail), stops) if route.detail else stops
