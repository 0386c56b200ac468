"""Who of a delegation is covered by the organizer: named by its head or an aide, bit by bit or all at once."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard
from zlib import crc32

from handlers import texts
from handlers.delegation_ports import Delegations
from handlers.errors import Refusal
from handlers.model import Address, Choice, Delegation, Person, Reply, Role
from handlers.ports import Conversations
from handlers.speech import Speech
from knowledge.folding import fold
from knowledge.names_listed import names_in

NOMINATE = "nominate"  # what is asked back, and the kind of the buttons


class Nominations:
    """Carry out what people wish about who is covered."""

    def __init__(self, delegations: Delegations, conversations: Conversations) -> None:
        self._delegations = delegations
        self._conversations = conversations

    async def wish(self, sender: Address, person: Person | None, text: str, speech: Speech) -> Reply:
        """Name further people as covered; without names, tell who is. Where they are too many, ask or say so.

        Raises:
            Refusal: it is not for person to name or to know, or the time for it is over.
        """
        names, (person, before) = names_in(text), await self._delegation_of(person)
        if not names:
            return _told(person, before, before, speech)
        if len(names) > before.quota:
            of = {"quota": before.quota, "city": before.city or "–"}
            further = speech.say(texts.COVERED_FOR, quota=before.quota)
            return speech.reply(speech.say(texts.MORE_THAN_COVERED, **of), further)
        if _too_many(before, names) and _may_name(person, before):
            return await self._asked_instead(sender, before, names, speech)
        return _told(person, before, await self._delegations.nominate(person.id, names), speech)

    async def settle(self, sender: Address, person: Person, pending: Mapping[str, Any], speech: Speech) -> Reply:
        """Name those instead of others whom the desk has asked about."""
        await self._conversations.ask_back(sender, None)
        person, before = await self._delegation_of(person)
        after = await self._delegations.nominate(person.id, pending["names"], instead=True)
        return _told(person, before, after, speech)

    async def pressed(self, person: Person | None, value: str, speech: Speech) -> Reply:
        """Set who is covered, if that still is as it was when the button was made; else tell how it is."""
        wanted, _, mark = value.partition(":")
        person, before = await self._delegation_of(person)
        after = before
        if mark == _mark(before):
            after = await self._delegations.set_covered(person.id, [int(one) for one in wanted.split(",") if one])
        return _told(person, before, after, speech)

    async def line(self, person: Person | None, speech: Speech) -> str:
        """Return how many of a verified person's delegation are named, and who; '' for others."""
        if not _is_member(person) or person.role.is_of_the_organizer:
            return ""
        return _state(await self._delegations.of(person.city), speech)

    async def _delegation_of(self, person: Person | None) -> tuple[Person, Delegation]:
        """Return a verified member with their delegation: anybody can say that they are of a city."""
        if not _is_member(person):
            raise Refusal(texts.NOT_OF_A_DELEGATION)
        return person, await self._delegations.of(person.city)

    async def _asked_instead(self, sender: Address, before: Delegation, names: Sequence[str], speech: Speech) -> Reply:
        await self._conversations.ask_back(sender, {"asked": NOMINATE, "names": list(names)})
        asked = speech.say(texts.COVER_INSTEAD, wanted=speech.listed(names))
        further = speech.say(texts.COVERED_FOR, quota=before.quota)
        buttons = [speech.button(texts.BUTTON_YES, f"{NOMINATE}:yes"), speech.button(texts.BUTTON_NO, f"{NOMINATE}:no")]
        return speech.reply(_state(before, speech), further, asked, choices=buttons)


def _told(person: Person, before: Delegation, after: Delegation, speech: Speech) -> Reply:
    """Return who is covered now, with buttons that take back what was changed, and names off the list."""
    until = after.nominated_until
    deadline = speech.say(texts.NAMED_UNTIL, until=until) if until else ""
    is_same = set(before.covered_ids) == set(after.covered_ids)
    undo = [] if is_same else [speech.button(texts.BUTTON_UNDO, _payload(before.covered_ids, after))]
    return speech.reply(_state(after, speech), deadline, choices=[*undo, *_removals(person, after, speech)])


def _removals(person: Person, delegation: Delegation, speech: Speech) -> list[Choice]:
    """Return a button for each who is covered that takes them off the list."""
    if not _may_name(person, delegation):
        return []
    named = zip(delegation.covered_ids, delegation.covered, strict=True)
    return [
        Choice(
            speech.say(texts.BUTTON_REMOVE, name=name),
            _payload([other for other in delegation.covered_ids if other != one], delegation),
        )
        for one, name in named
    ]


def _is_member(person: Person | None) -> TypeGuard[Person]:
    return person is not None and person.is_verified and bool(person.city)


def _may_name(person: Person, delegation: Delegation) -> bool:
    """Tell whether to offer it to a member; the store decides."""
    return not delegation.head or person.is_head or person.role is Role.AIDE


def _too_many(before: Delegation, names: Sequence[str]) -> bool:
    return len({tuple(sorted(fold(name).split())) for name in (*before.covered, *names)}) > before.quota


def _state(delegation: Delegation, speech: Speech) -> str:
    named = speech.listed(delegation.covered) if delegation.covered else speech.say(texts.NONE_NAMED)
    count = len(delegation.covered)
    values = {"city": delegation.city or "–", "quota": delegation.quota, "count": count, "names": named}
    return speech.say(texts.COVERED_NOW, **values)


def _payload(wanted: Sequence[int], seen: Delegation) -> str:
    """Return what a button carries: who shall be covered, and the mark of who was when it was made."""
    return f"{NOMINATE}:{','.join(map(str, wanted))}:{_mark(seen)}"


def _mark(delegation: Delegation) -> str:
    return f"{crc32(','.join(map(str, sorted(delegation.covered_ids))).encode()):08x}"
