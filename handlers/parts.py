"""The parts of the conversation, and what it remembers: what its entry hands a message on to."""

from dataclasses import dataclass

from handlers.announcing import Announcing
from handlers.broadcasting import Broadcasting
from handlers.dashboard import Dashboard
from handlers.for_others import ForOthers
from handlers.nominations import Nominations
from handlers.organizing import Organizing
from handlers.own_programme import OwnProgramme
from handlers.ports import Conversations, Library, Openings, People, Questions, Rewording, Seen, Turns
from handlers.profile import Profile
from handlers.room import Room
from handlers.rsvp import SigningUp
from handlers.second_thoughts import SecondThoughts


@dataclass(frozen=True)
class Parts:
    """All that the conversation is made of."""

    library: Library
    turn: Turns
    openings: Openings
    conversations: Conversations
    people: People
    questions: Questions
    seen: Seen
    signing_up: SigningUp
    for_others: ForOthers
    profile: Profile
    nominations: Nominations
    programme: OwnProgramme
    second_thoughts: SecondThoughts
    room: Room
    announcing: Announcing
    broadcasting: Broadcasting
    organizing: Organizing
    dashboard: Dashboard
    rewording: Rewording | None = None
    needs_code: bool = False  # to sign up
