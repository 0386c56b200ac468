"""The parts of the conversation, and what it remembers: what its entry hands a message on to."""

from dataclasses import dataclass

from handlers.announcing import Announcing
from handlers.for_others import ForOthers
from handlers.organizer_ports import Editions
from handlers.organizing import Organizing
from handlers.own_programme import OwnProgramme
from handlers.ports import Conversations, Library, People, Questions, Rewording, Seen, Turns
from handlers.profile import Profile
from handlers.rsvp import SigningUp


@dataclass(frozen=True)
class Parts:
    """All that the conversation is made of."""

    library: Library
    turn: Turns
    editions: Editions
    conversations: Conversations
    people: People
    questions: Questions
    seen: Seen
    signing_up: SigningUp
    for_others: ForOthers
    profile: Profile
    programme: OwnProgramme
    announcing: Announcing
    organizing: Organizing
    rewording: Rewording | None = None
    needs_code: bool = False  # to sign up
