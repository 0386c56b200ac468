"""What is said of an RSVP, and the buttons that go with it."""

from handlers import texts
from handlers.delegation_ports import Delegations
from handlers.model import Activity, Outcome, Person, Reply, Rsvp, Status
from handlers.speech import Speech

SIGN_UP, CANCEL, UNDO, TAKE_FREE = "signup", "cancel", "undo", "free"
_LETTERS = {Status.CONFIRMED: "c", Status.WAITLISTED: "w", Status.OFFERED: "o", Status.CANCELLED: "x"}


def told(outcome: Outcome, activity: Activity, speech: Speech, other: Activity | None = None) -> Reply:
    """Return what became of a wish, in a line or two; other: the activity that was to be given up."""
    before, after = outcome.before, outcome.after
    values = {"activity": activity, "when": speech.when(activity), "party": after.party, "before": before.party}
    undo = [speech.button(texts.BUTTON_UNDO, undo_payload(before, after))] if outcome.is_change else []
    if after.status is Status.WAITLISTED:
        lines = [speech.say(texts.WAITLISTED, position=after.position, **values), speech.say(texts.WAITLIST_RULE)]
        if activity.free:
            lines.append(speech.say(texts.PLACES_FREE, free=activity.free))
            undo.append(speech.button(texts.BUTTON_TAKE_FREE, f"{TAKE_FREE}:{activity.key}:{after.party}"))
        if other is not None:
            lines.append(speech.say(texts.KEPT_UNTIL_THEN, other=other))
        return speech.reply(*lines, choices=undo)
    if other is not None:
        swap = speech.button(texts.BUTTON_UNDO, f"swap:{other.key}:{after.party}:{activity.key}")
        return speech.reply(speech.say(texts.SWITCHED, other=other, **values), choices=[swap])
    frame = texts.SIGNED_UP
    if not outcome.is_change:
        frame = texts.ALREADY_SIGNED_UP
    elif before.status is Status.OFFERED:
        frame, undo = texts.ACCEPTED, [speech.button(texts.BUTTON_CANCEL, f"{CANCEL}:{activity.key}")]
    elif before.status is Status.CONFIRMED:
        frame = texts.PARTY_CHANGED
    return speech.reply(speech.say(frame, **values), choices=undo)


async def covered(delegations: Delegations, person: Person, rsvp: Rsvp, speech: Speech) -> list[str]:
    """Return how many the organizer covers, where a party is larger than that."""
    if rsvp.party == 1:
        return []
    quota = (await delegations.of(person.city)).quota
    return [speech.say(texts.COVERED_FOR, quota=quota)] if rsvp.party > quota else []


def undo_of(reply: Reply) -> str:
    """Return the payload of the button that undoes what reply tells; '' where nothing has changed."""
    return reply.choices[0].payload if reply.choices else ""


def clash(one: Activity, other: Activity) -> bool:
    """Tell whether two activities are at the same time, or routes of the same visit."""
    if one.day != other.day:
        return False
    if one.start is None or other.start is None:
        return one.session == other.session
    return one.start < (other.end or other.start) and other.start < (one.end or one.start)


def undo_payload(before: Rsvp, after: Rsvp) -> str:
    """Return the payload of a button that undoes a change: it knows both states, so that a late press does no harm."""
    return f"{UNDO}:{after.activity}:{state_of(before)}:{state_of(after)}"


def state_of(rsvp: Rsvp) -> str:
    """Return how an RSVP stands, in a letter and a number: c3 is confirmed for three."""
    return f"{_LETTERS[rsvp.status]}{rsvp.party}"


def party_of(said: int | None, before: int | None) -> int:
    """Return how many are to come, by what is said now and was said before: "the green one" is no party of one."""
    return before if before and said in (None, 1) else said or 1
