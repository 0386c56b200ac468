"""A short message right after a sign-up that changes it: another number of people, another route."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.activities_meant import activities_meant
from handlers.model import Activity, Address, Person, Reply, Wanted
from handlers.ports import Activities, Rsvps
from handlers.rsvp import SigningUp
from handlers.speech import Speech
from knowledge import Message, Wish

LAST = "last"  # in what is pending: the key of the activity that the last message signed up for
_SURE = 0.5  # probability from which a message is something else
_EXCHANGES = 0.35  # probability of a change from which two activities are an old and a new one
_EXCHANGING = (Wish.SIGN_UP, Wish.CHANGE, Wish.CANCEL)
_OLD_AND_NEW = 2  # activities
_ELSE = (Wish.QUESTION, Wish.STATUS, Wish.INTRODUCE, Wish.CANCEL, Wish.FORGET, Wish.STOP, Wish.AVAILABLE, Wish.TERMS)


class SecondThoughts:
    """Read "no, two" and "rather the other route" as what they mean right after a sign-up."""

    def __init__(self, rsvps: Rsvps, activities: Activities, signing_up: SigningUp) -> None:
        self._rsvps = rsvps
        self._activities = activities
        self._signing_up = signing_up

    async def settle(
        self, sender: Address, person: Person, pending: Mapping[str, Any], message: Message, speech: Speech
    ) -> Reply | None:
        """Return the reply where message changes the last sign-up of person; None where it does not."""
        activities = {activity.key: activity for activity in await self._activities.all()}
        last = activities.get(str(pending.get(LAST)))
        own = {rsvp.activity: rsvp.party for rsvp in await self._rsvps.of(person.id)}
        if last is None or last.key not in own or not message.is_fragment or _is_something_else(message):
            return None
        named = activities_meant(message, list(activities.values())) if message.are_named else []
        party = message.people.count or max(0, own[last.key] + message.people.more)
        if len(named) == 1 and _is_other_route(named[0], last, own):
            wanted = Wanted(named[0].key, party, instead_of=last.key)
            return await self._signing_up.done(sender, person, wanted, named[0], speech, other=last)
        if not named and party != own[last.key]:
            return await self._signing_up.done(sender, person, Wanted(last.key, party), last, speech)
        return None

    async def exchange(
        self, sender: Address, person: Person, message: Message, meant: Sequence[Activity], speech: Speech
    ) -> Reply | None:
        """Give up the one of two activities that person has for the other: "rather the reception than the cruise"."""
        is_likely = dict(message.likely).get(Wish.CHANGE, 0.0) >= _EXCHANGES
        if message.wish not in _EXCHANGING or not is_likely or len(meant) != _OLD_AND_NEW:
            return None
        own = {rsvp.activity: rsvp.party for rsvp in await self._rsvps.of(person.id)}
        old, new = sorted(meant, key=lambda activity: activity.key not in own)
        if old.key not in own or new.key in own:
            return None
        wanted = Wanted(new.key, message.people.count or own[old.key], instead_of=old.key)
        return await self._signing_up.done(sender, person, wanted, new, speech, other=old)


def _is_something_else(message: Message) -> bool:
    return message.wish in _ELSE and message.probability >= _SURE


def _is_other_route(named: Activity, last: Activity, own: Mapping[str, int]) -> bool:
    return named.kind == "route" and named.session == last.session and named.key not in own
