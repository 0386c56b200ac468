"""The tables, one module a subject; `t.notice` is how the store names them."""

from bot.store.tables.browsing import sign_in_link, signed_in
from bot.store.tables.columns import UtcDateTime, metadata
from bot.store.tables.incoming import faq, inbox, question, seen
from bot.store.tables.outgoing import (
    OPEN,
    UNTIL_THEY_WRITE,
    attachment,
    broadcast,
    edition,
    event,
    notice,
    pace,
    reminder,
)
from bot.store.tables.people import address, delegation, guess, invite, person
from bot.store.tables.platforms import access, nonce, reply_window, shown
from bot.store.tables.signups import activity, history, rsvp, tally
from bot.store.tables.web import OPEN_CALL, api_token, call, web_line, webhook

__all__ = [
    "OPEN",
    "OPEN_CALL",
    "UNTIL_THEY_WRITE",
    "UtcDateTime",
    "access",
    "activity",
    "address",
    "api_token",
    "attachment",
    "broadcast",
    "call",
    "delegation",
    "edition",
    "event",
    "faq",
    "guess",
    "history",
    "inbox",
    "invite",
    "metadata",
    "nonce",
    "notice",
    "pace",
    "person",
    "question",
    "reminder",
    "reply_window",
    "rsvp",
    "seen",
    "shown",
    "sign_in_link",
    "signed_in",
    "tally",
    "web_line",
    "webhook",
]
