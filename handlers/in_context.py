"""What a message is meant as by who writes it, right after what was said before."""

import re
from typing import Final

from handlers.model import Memory, Person
from handlers.second_thoughts import LAST
from knowledge import Message, Wish
from knowledge.names_listed import names_in

SURE: Final = 0.25  # probability from which a message is taken for a wish; below it, it is answered as a question
_NAMING: Final = 0.2  # probability from which names that a member of a delegation sends are those who are covered
_HINT: Final = 0.12  # probability from which a wish is considered where what was said before speaks for it
_MEANT_BY_STAFF: Final = {Wish.START: Wish.OPEN}  # who gets messages does not ask for them
_SAYS_MORE: Final = re.compile(r"[,;.!?，；。！？、،؛]\s*(?=\D)\S")  # "the cruise is at 19:30, bring a jacket"


def in_context(memory: Memory, message: Message) -> Message:
    """Return message as it is meant by who writes it, right after what was said before."""
    person, likely = memory.person, dict(message.likely)
    if message.wish is Wish.QUESTION and likely.get(Wish.TERMS, 0.0) >= SURE:
        return message.rather(Wish.TERMS)  # no document says what the desk's own rules are
    if message.wish is Wish.QUESTION and likely.get(Wish.AVAILABLE, 0.0) >= SURE and message.are_named:
        return message.rather(Wish.AVAILABLE)  # nor how many places are left
    if person is None and message.wish is Wish.CHANGE and likely.get(Wish.SIGN_UP, 0.0) >= _HINT:
        return message.rather(Wish.SIGN_UP)  # who is not signed up changes nothing
    if person is None or message.probability == 1.0:
        return message
    if _names_who_is_covered(person, message):
        return message.rather(Wish.NOMINATE)
    return _meant_by_staff(person, message) if person.role.is_of_the_organizer else _meant_by_delegate(memory, message)


def _meant_by_staff(person: Person, message: Message) -> Message:
    if person.is_subscribed:
        message = message.instead(_MEANT_BY_STAFF)
    likely = dict(message.likely)
    says_more = message.wish is Wish.RESCHEDULE and _SAYS_MORE.search(message.text) is not None
    if says_more and likely.get(Wish.ANNOUNCE, 0.0) >= _HINT:
        return message.rather(Wish.ANNOUNCE)  # which tells of the change as well
    is_likely = likely.get(Wish.COUNTS, 0.0) >= _HINT
    is_count = message.wish is Wish.QUESTION and is_likely and message.are_named
    return message.rather(Wish.COUNTS) if is_count else message


def _meant_by_delegate(memory: Memory, message: Message) -> Message:
    likely, is_just_signed_up = dict(message.likely), (memory.pending or {}).get(LAST)
    if is_just_signed_up and message.wish is Wish.QUESTION and likely.get(Wish.STATUS, 0.0) >= SURE:
        return message.rather(Wish.STATUS)
    if message.wish is Wish.NO and likely.get(Wish.CANCEL, 0.0) >= _HINT:
        return message.rather(Wish.CANCEL)  # nothing has been asked that it could deny
    return message


def _names_who_is_covered(person: Person, message: Message) -> bool:
    """Tell whether a member of a delegation sends names: a message of hardly more than names is otherwise unclear."""
    is_likely = any(wish is Wish.NOMINATE and probability >= _NAMING for wish, probability in message.likely[:2])
    return is_likely and person.is_verified and not message.places and bool(names_in(message.text))
