"""Choose whom a broadcast is for: read from plain words, or picked with buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from handlers import texts
from handlers.broadcasts import Audience
from handlers.model import Activity, Choice, Reply, Role, Status
from handlers.organizer_ports import Broadcasts
from handlers.ports import Activities, Library
from handlers.preview import ANNOUNCE, ROLES, STATUSES
from handlers.profile import OWN_NAMES
from handlers.speech import Speech
from knowledge import base_language
from knowledge.audiences import described_in
from knowledge.folding import fold

_CATEGORIES = {
    "role": texts.BUTTON_ROLE,
    "city": texts.BUTTON_CITY,
    "language": texts.BUTTON_LANGUAGE,
    "channel": texts.BUTTON_CHANNEL,
    "activity": texts.BUTTON_ACTIVITY,
    "status": texts.BUTTON_STATUS,
}
FIELDS = {  # of an Audience, by what staff choose it by
    "role": "roles",
    "city": "cities",
    "language": "languages",
    "channel": "channels",
    "activity": "activities",
    "status": "statuses",
}
_STATUSES = {"confirmed": (Status.CONFIRMED,), "waitlisted": (Status.WAITLISTED, Status.OFFERED)}


class NotOffered(ValueError):
    """Whom a broadcast is chosen for is not there, or no more: nobody else gets it instead."""


class AudienceChoice:
    """Read and choose audiences."""

    def __init__(self, library: Library, activities: Activities, broadcasts: Broadcasts) -> None:
        self._library = library
        self._activities = activities
        self._broadcasts = broadcasts

    async def read(self, text: str, language: str, meant: Sequence[Activity] = ()) -> Audience | None:
        """Return whom text describes; None where it describes nobody. meant: what more than text is taken to name."""
        described = described_in(text)
        places = self._library.read(text, language=language).places
        named = await self._broadcasts.named(text)
        audience = Audience(
            activities=await self._keys(places, meant),
            statuses=tuple(one for status in described.statuses for one in _STATUSES[status]),
            cities=await self._cities(text, described.cities),
            roles=tuple(map(Role, described.roles)),
            languages=described.languages,
            channels=described.channels,
            people=tuple(number for number, _ in named),
        )
        if audience == Audience() and not described.is_everybody:
            return None
        return audience

    async def ask(self, mark: str, speech: Speech) -> Reply:
        """Ask for the recipients."""
        buttons = [speech.button(texts.EVERYBODY, f"{ANNOUNCE}:whom.everybody:{mark}")]
        buttons += [speech.button(label, f"{ANNOUNCE}:whom.{kind}:{mark}") for kind, label in _CATEGORIES.items()]
        return speech.reply(speech.say(texts.CHOOSE_WHOM), choices=buttons)

    async def offer(self, kind: str, mark: str, speech: Speech) -> Reply:
        """Offer what there is of a kind: roles, cities, and so on."""
        labelled = await self.offered(kind, speech)
        buttons = [
            Choice(label, f"{ANNOUNCE}:whom.{kind}.{number}:{mark}") for number, (_, label) in enumerate(labelled)
        ]
        return speech.reply(speech.say(texts.CHOOSE_WHOM), choices=buttons)

    async def chosen(self, audience: Audience, values: Sequence[str]) -> Audience | None:
        """Return an audience with one value more, or without it where it was there; None where none is told."""
        if values[0] == "everybody":
            return Audience()
        if len(values) < 2 or values[0] not in FIELDS or not values[1].isdecimal():
            return None
        offered = await self.offered(values[0], Speech("en"))
        if int(values[1]) >= len(offered):
            return None
        of, value = FIELDS[values[0]], offered[int(values[1])][0]
        added: tuple[object, ...] = _STATUSES[value] if of == "statuses" else (value,)
        before: tuple[object, ...] = getattr(audience, of)
        after = [one for one in before if one not in added]
        return Audience.of_json(asdict(audience) | {of: after if len(after) < len(before) else [*before, *added]})

    async def picked(self, chosen: Mapping[str, Sequence[str]]) -> Audience:
        """Return the audience of values that were offered, by kind.

        Raises:
            NotOffered: one of them is not offered.
        """
        fields: dict[str, list[object]] = {}
        for kind, values in chosen.items():
            known = [value for value, _ in await self.offered(kind, Speech("en"))] if values else []
            if not set(values) <= set(known):
                raise NotOffered
            for value in values:
                fields.setdefault(FIELDS[kind], []).extend(_STATUSES[value] if kind == "status" else [value])
        return Audience.of_json(fields)

    async def offered(self, kind: str, speech: Speech) -> Sequence[tuple[str, str]]:
        """Return the values of a kind with their labels."""
        match kind:
            case "role":
                return [(role.value, speech.say(label)) for role, label in ROLES.items()]
            case "status":
                return [(key, speech.say(STATUSES[statuses[0]])) for key, statuses in _STATUSES.items()]
            case "city":
                return [(city, city) for city in await self._broadcasts.cities()]
            case "activity":
                return [(one.key, one.name(speech.language)) for one in await self._activities.all()]
        everybody = await self._broadcasts.resolved(Audience())
        if kind == "channel":
            return [(channel, channel) for channel in sorted(everybody.by_channel)]
        return [(tag, OWN_NAMES.get(tag, tag)) for tag in sorted(everybody.by_language) if base_language(tag)]

    async def _keys(self, places: Sequence[object], meant: Sequence[Activity]) -> tuple[str, ...]:
        routes = {(place.session, place.route) for place in places}  # type: ignore[attr-defined]
        sessions = {session for session, _ in routes}
        of = meant or await self._activities.all()
        exact = [one for one in of if (one.session, one.wording) in routes]
        return tuple(one.key for one in exact or [one for one in of if one.session in sessions])

    async def _cities(self, text: str, known: Sequence[str]) -> tuple[str, ...]:
        folded = fold(text)
        own = [city for city in await self._broadcasts.cities() if fold(city) in folded]
        return tuple(dict.fromkeys([*own, *(city for city in known if fold(city) not in map(fold, own))]))
