"""Read what is wished of reminders: to end them, or to have them again."""

from typing import Final

from knowledge import Message, Wish
from knowledge.audiences import announces
from knowledge.reminder_words import ends_reminders, is_of_reminders

_SURE: Final = 0.3  # probability from which it is done: one word takes it back
_CERTAIN: Final = 0.6
_CHANGING: Final = (Wish.SIGN_UP, Wish.CANCEL, Wish.CHANGE)
_MEANT: Final = {Wish.OPEN: Wish.START, Wish.CLOSE: Wish.STOP}  # what begins or ends something begins or ends them


def are_wanted(message: Message) -> bool | None:
    """Tell whether message wants reminders, or wants them no more; None where it says neither."""
    if not is_of_reminders(message.text) or announces(message.text):
        return None
    message = message.instead(_MEANT)
    if ends_reminders(message.text):
        return False
    if message.wish in _CHANGING and message.probability < _CERTAIN:
        return True  # "please remind me before the cruise"
    if message.wish in (Wish.STOP, Wish.START) and message.probability >= _SURE:
        return message.wish is Wish.START
    return None
