"""The frames of counts and of the daily report, for staff; like those of texts."""

from typing import Final

DIGEST: Final = "Since yesterday morning:"
DIGEST_ACTIVITY: Final = "{activity}: {change} people, now {confirmed}"
DIGEST_QUESTIONS: Final = "Unanswered questions: {count}. /questions shows them."
DIGEST_NOT_REACHED: Final = "Messages that have reached nobody: {count}. /broadcasts tells of which broadcast."
DIGEST_UNVERIFIED: Final = "Signed up, and still to be verified: {count}"
DIGEST_OFF: Final = "You get no more daily reports. /digest brings them back."
DIGEST_ON: Final = "You get a short report each morning at 8, where there is something to report."
BUTTON_NO_DIGEST: Final = "No daily report"
COUNT_LINE: Final = "{activity}: {confirmed} people in {parties} sign-ups"
COUNT_PLACES: Final = "places: {capacity}, free: {free}"
COUNT_OFFERED: Final = "offered: {offered}"
COUNT_WAITLISTED: Final = "waitlist: {waitlisted}"
COUNT_UNVERIFIED: Final = "to be verified: {unverified}"
