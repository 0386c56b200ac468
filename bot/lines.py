"""The lines of a conversation in a browser: what its page shows, in order."""

from dataclasses import dataclass
from datetime import datetime

from handlers.model import Reply


@dataclass(frozen=True, slots=True)
class NewLine:
    """What is to be shown. key: a line of a key is there once. is_own: said by the person; else by the desk."""

    session: str  # whose conversation it is
    key: str
    reply: Reply
    is_own: bool = False
    notice: int = 0  # the number of the notice that it tells; 0: of none


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown. number: grows from line to line of a session, also after lines have been forgotten."""

    number: int
    key: str
    at: datetime
    reply: Reply
    is_own: bool
    is_notice: bool = False
    is_taken: bool = False  # a page has said that it shows the notice
