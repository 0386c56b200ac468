"""Sign up, change, cancel, and see what one is signed up for."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import texts
from handlers.activities_meant import activities_meant
from handlers.delegation_ports import Delegations
from handlers.model import (
    Act,
    Activity,
    Address,
    Choice,
    Person,
    Reply,
    Status,
    Wanted,
)
from handlers.own_programme import OwnProgramme
from handlers.ports import Activities, Conversations, Rsvps
from handlers.rsvp_replies import CANCEL, SIGN_UP, clash, covered, party_of, state_of, told, undo_of, undo_payload
from handlers.speech import Speech
from knowledge import Message, Wish

_BUTTONS_FOR_PARTY = (1, 2, 3, 4)


class SigningUp:
    """Carry out what people wish about activities: at once where it is clear, after asking back where it is not."""

    def __init__(
        self,
        rsvps: Rsvps,
        activities: Activities,
        delegations: Delegations,
        conversations: Conversations,
        programme: OwnProgramme,
    ) -> None:
        self._programme = programme
        self._rsvps = rsvps
        self._activities = activities
        self._delegations = delegations
        self._conversations = conversations

    async def activities(self) -> Sequence[Activity]:
        """Return every activity, in the order of the programme."""
        return await self._activities.all()

    async def knows(self, payload: Sequence[str]) -> bool:
        """Tell whether a button is about an activity that there is."""
        return len(payload) > 1 and payload[1] in {activity.key for activity in await self._activities.all()}

    async def wish(
        self, sender: Address, person: Person, message: Message, meant: Sequence[Activity], speech: Speech
    ) -> Reply | None:
        """Return the reply to a wish about activities; None where message is none. meant: the activities it means."""
        match message.wish:
            case Wish.SIGN_UP:
                return await self._sign_up(sender, person, message, meant, speech)
            case Wish.CHANGE:
                return await self._change(sender, person, message, meant, speech)
            case Wish.CANCEL:
                return await self._cancel(sender, person, message, meant, speech)
            case Wish.TAKE_FREE:
                return await self._take(sender, person, meant, speech)
            case Wish.STATUS:
                return await self._programme.status(person, speech, asked=meant)
            case _:
                return None

    async def pressed(  # noqa: C901 - one case a button
        self, sender: Address, person: Person, payload: Sequence[str], speech: Speech
    ) -> Reply | None:
        """Return the reply to a button of ours: what it asks for, as far as it still can be done."""
        action, key, *rest = [*payload, "", ""]
        activity = {a.key: a for a in await self._activities.all()}.get(key)
        if activity is None:
            return None
        party = int(rest[0]) if rest[0].isdecimal() else 0
        match action:
            case "signup" if party:
                return await self.done(sender, person, Wanted(key, party), activity, speech)
            case "signup":
                return await self._ask_party(sender, activity, speech)
            case "free":
                return await self.done(
                    sender, person, Wanted(key, max(party, 1), takes_what_is_free=True), activity, speech
                )
            case "swap" if party:
                return await self.done(sender, person, Wanted(key, party, instead_of=rest[1]), activity, speech)
            case "take":
                return await self._accept(sender, person, activity, speech)
            case "cancel":
                return await self._cancelled(sender, person, activity, speech)
            case "undo":
                return await self._undo(sender, person, activity, rest, speech)
            case _:
                return None

    async def settle(
        self, sender: Address, person: Person, pending: Mapping[str, Any], message: Message, speech: Speech
    ) -> Reply | None:
        """Return the reply where message tells what the desk has asked back; None where it does not."""
        activities = await self._activities.all()
        meant = activities_meant(message, activities)
        match pending["asked"]:
            case "which":
                about = [a for a in activities if a.key == pending.get("about")]
                is_yes = message.wish in (Wish.YES, Wish.SIGN_UP, Wish.CHANGE, Wish.TAKE_FREE)
                chosen = meant if len(meant) == 1 else about * is_yes  # "good, that one then"
                is_choice = message.wish is not Wish.QUESTION or message.probability < _SURE
                if len(chosen) != 1 or not is_choice:
                    return None
                if pending["wish"] == CANCEL:
                    return await self._cancelled(sender, person, chosen[0], speech)
                party = party_of(message.people.count, pending.get("party"))
                return await self.done(sender, person, Wanted(chosen[0].key, party), chosen[0], speech)
            case "party":
                activity = next((a for a in activities if a.key == pending["activity"]), None)
                if activity is None or message.people.count is None:
                    return None
                return await self.done(sender, person, Wanted(activity.key, message.people.count), activity, speech)
            case _:
                return None

    async def offer(self, sender: Address, person: Person | None, speech: Speech, *, party: int | None = None) -> Reply:
        """Ask which of the activities is meant that person is not signed up for yet."""
        own = {rsvp.activity for rsvp in await self._rsvps.of(person.id)} if person else set()
        options = [activity for activity in await self._activities.all() if activity.key not in own]
        return await self.choose(sender, options, speech, party=party)

    async def choose(
        self,
        sender: Address,
        options: Sequence[Activity],
        speech: Speech,
        wish: str = SIGN_UP,
        party: int | None = None,
    ) -> Reply:
        """Ask which of options is meant, and keep what has been said already."""
        await self._conversations.ask_back(sender, {"asked": "which", "wish": wish, "party": party})
        party = party or (1 if wish == SIGN_UP else 0)
        choices = [Choice(a.name(speech.language), f"{wish}:{a.key}" + (f":{party}" if party else "")) for a in options]
        question = texts.WHICH_ACTIVITY if wish == SIGN_UP else texts.WHICH_TO_CANCEL
        return speech.reply(speech.say(question), *(f"– {c.label}" for c in choices), choices=choices)

    async def _sign_up(
        self, sender: Address, person: Person, message: Message, meant: Sequence[Activity], speech: Speech
    ) -> Reply:
        people = message.people
        if not meant:
            return await self.offer(sender, person, speech, party=people.count)
        if len({a.session for a in meant}) < len(meant):  # "a site visit": which of the routes?
            return await self.choose(sender, meant, speech, party=people.count)
        if people.count is None and (people.is_plural or people.others) and not people.more:  # "sign up my deputy"
            return await self._ask_party(sender, meant[0], speech)
        replies = [
            await self.done(sender, person, Wanted(a.key, await self._party(person, a, message)), a, speech)
            for a in meant
        ]
        texts_of_all = [reply.text for reply in replies]
        lines = dict.fromkeys("\n".join(texts_of_all).split("\n"))
        return speech.reply(*lines, choices=[choice for reply in replies for choice in reply.choices])

    async def _party(self, person: Person, activity: Activity, message: Message) -> int:
        """Return how many people a message wants a place for: those it counts, as many as are signed up, or one."""
        if message.people.count is not None and not message.people.more:
            return message.people.count
        own = next((r.party for r in await self._rsvps.of(person.id) if r.activity == activity.key), 0)
        return own + message.people.more if message.people.more else own or 1

    async def _change(
        self, sender: Address, person: Person, message: Message, meant: Sequence[Activity], speech: Speech
    ) -> Reply:
        activities = {a.key: a for a in await self._activities.all()}
        rsvps = await self._rsvps.of(person.id)
        own = [activities[rsvp.activity] for rsvp in rsvps]
        new = [a for a in meant if a not in own]
        if len(new) == 1 and new[0].kind == "route":
            old = next((a for a in own if a.session == new[0].session), None)
            if old is not None:
                party = next(r.party for r in rsvps if r.activity == old.key)
                wanted = Wanted(new[0].key, message.people.count or party, instead_of=old.key)
                return await self.done(sender, person, wanted, new[0], speech, other=old)
        about = [a for a in meant if a in own] or ([] if meant else own)
        if not about:
            return await self._sign_up(sender, person, message, meant, speech)
        if len(about) > 1:
            if message.people.count is None and not message.people.more:
                return await self._programme.status(person, speech)
            return await self.choose(sender, about, speech, party=message.people.count)
        if message.people.count is None and not message.people.more:
            return await self._ask_party(sender, about[0], speech)
        party = await self._party(person, about[0], message)
        return await self.done(sender, person, Wanted(about[0].key, party), about[0], speech)

    async def _cancel(
        self, sender: Address, person: Person, message: Message, meant: Sequence[Activity], speech: Speech
    ) -> Reply:
        activities = {a.key: a for a in await self._activities.all()}
        parties = {rsvp.activity: rsvp.party for rsvp in await self._rsvps.of(person.id)}
        own, people = [activities[key] for key in parties], message.people
        fewer = people.others or people.count or -people.more
        about = [a for a in meant if a in own] if meant else own
        if meant and not about:
            return speech.reply(speech.say(texts.NOT_SIGNED_UP, activity=meant[0]))
        if not about:
            return speech.reply(speech.say(texts.NOTHING))
        if len(about) > 1:
            return await self.choose(sender, about, speech, CANCEL)
        if 0 < fewer < parties[about[0].key]:  # "my deputy cannot come"
            wanted = Wanted(about[0].key, parties[about[0].key] - fewer)
            return await self.done(sender, person, wanted, about[0], speech)
        if people.others or people.more < 0:
            return await self.choose(sender, about, speech, CANCEL)
        return await self._cancelled(sender, person, about[0], speech)

    async def _take(self, sender: Address, person: Person, meant: Sequence[Activity], speech: Speech) -> Reply | None:
        """Accept an offer, or be content with the places that are left."""
        waiting = [r for r in await self._rsvps.of(person.id) if r.status in (Status.OFFERED, Status.WAITLISTED)]
        waiting = [r for r in waiting if not meant or r.activity in {a.key for a in meant}]
        if not waiting:
            return None
        activity = next(a for a in await self._activities.all() if a.key == waiting[0].activity)
        if waiting[0].status is Status.OFFERED:
            return await self._accept(sender, person, activity, speech)
        wanted = Wanted(activity.key, waiting[0].party, takes_what_is_free=True)
        return await self._taken(sender, Act(person.id, person.id, "took what is free"), wanted, activity, speech)

    async def done(
        self, sender: Address, person: Person, wanted: Wanted, activity: Activity, speech: Speech, **given_up: Activity
    ) -> Reply:
        """Carry out a wish that is complete, and tell it in a line with what belongs to it."""
        outcome = await self._rsvps.sign_up(Act(person.id, person.id, "said"), wanted)
        reply = told(outcome, activity, speech, **given_up)
        extra = [
            *await self._clashes(person, activity, speech),
            *await covered(self._delegations, person, outcome.after, speech),
        ]
        is_known = person.is_verified or (person.name and person.city)
        if not is_known:
            extra.append(speech.say(texts.INTRODUCE))
        pending = {"asked": "" if is_known else "introduce", "undo": undo_of(reply), "last": activity.key}
        pending["language"] = speech.language
        await self._conversations.ask_back(sender, pending)
        return speech.reply(reply.text, *extra, choices=reply.choices)

    async def _clashes(self, person: Person, activity: Activity, speech: Speech) -> list[str]:
        """Return a warning for each RSVP at the same time, or for another route of the same visit."""
        rsvps = [rsvp for rsvp in await self._rsvps.of(person.id) if rsvp.activity != activity.key]
        if not rsvps:
            return []
        activities = {a.key: a for a in await self._activities.all()}
        own = [activities[rsvp.activity] for rsvp in rsvps]
        clashing = [other for other in own if other.key != activity.key and clash(activity, other)]
        return [speech.say(texts.CLASH, other=other, when=speech.when(other)) for other in clashing]

    async def _accept(self, sender: Address, person: Person, activity: Activity, speech: Speech) -> Reply:
        own = next((r for r in await self._rsvps.of(person.id) if r.activity == activity.key), None)
        if own is None or own.status is not Status.OFFERED:
            return await self._programme.status(person, speech, asked=[activity])
        wanted = Wanted(activity.key, own.party)
        return await self._taken(sender, Act(person.id, person.id, "took the offer"), wanted, activity, speech)

    async def _taken(self, sender: Address, act: Act, wanted: Wanted, activity: Activity, speech: Speech) -> Reply:
        reply = told(await self._rsvps.sign_up(act, wanted), activity, speech)
        await self._conversations.ask_back(sender, {"asked": "", "undo": undo_of(reply)})
        return reply

    async def _cancelled(self, sender: Address, person: Person, activity: Activity, speech: Speech) -> Reply:
        outcome = await self._rsvps.cancel(Act(person.id, person.id, "said"), activity.key)
        if not outcome.is_change:
            return speech.reply(speech.say(texts.NOT_SIGNED_UP, activity=activity))
        undo = speech.button(texts.BUTTON_UNDO, undo_payload(outcome.before, outcome.after))
        pending = {"asked": "", "undo": undo.payload}
        await self._conversations.ask_back(sender, pending, about=activity.name(speech.language))
        return speech.reply(speech.say(texts.CANCELLED, activity=activity), choices=[undo])

    async def _ask_party(self, sender: Address, activity: Activity, speech: Speech) -> Reply:
        await self._conversations.ask_back(sender, {"asked": "party", "activity": activity.key})
        choices = [Choice(str(n), f"{SIGN_UP}:{activity.key}:{n}") for n in _BUTTONS_FOR_PARTY]
        return speech.reply(speech.say(texts.HOW_MANY, activity=activity), choices=choices)

    async def _undo(
        self, sender: Address, person: Person, activity: Activity, states: Sequence[str], speech: Speech
    ) -> Reply:
        """Bring an RSVP back to what it was, if it is still what the button knows."""
        own = next((r for r in await self._rsvps.of(person.id) if r.activity == activity.key), None)
        now = state_of(own) if own else "x"
        before, after = states[0], states[1]
        if now[0] != after[:1] or (now[0] != "x" and now != after):
            reply = await self._programme.status(person, speech)
            return speech.reply(speech.say(texts.NOTHING_TO_UNDO), reply.text)
        if before.startswith("x") or not before[1:].isdecimal():
            return await self._cancelled(sender, person, activity, speech)
        return await self.done(sender, person, Wanted(activity.key, int(before[1:])), activity, speech)


_SURE = 0.6  # probability from which a message is a question and no answer to ours
