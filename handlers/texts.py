"""The frames of the conversation, in English: message ids of the catalogs in locale/.

Built like those of knowledge/phrases.py: a label, a colon, a value, so that translation meets no grammar trouble.
{activity} is an activity's official name.
"""

from typing import Final

# Ways to write
READS_TEXT: Final = "I read text only. Please write to me what you would like to know."
EDITED: Final = "You have changed your message. This is the reply to the new text:"
PRIVATELY: Final = "Please write to me privately for this: in a group everybody reads along."

# Signing up
SIGNED_UP: Final = "You are signed up: {activity}, {when}. People: {party}."
ALREADY_SIGNED_UP: Final = "You are already signed up: {activity}, {when}. People: {party}. Nothing has changed."
PARTY_CHANGED: Final = "Changed: {activity}, {when}. You are signed up with {party} people now (before: {before})."
SWITCHED: Final = "Changed: you are signed up for {activity} now and no longer for {other}. People: {party}."
WAITLISTED: Final = "{activity} is full. You are on the waitlist, place {position}. People: {party}."
WAITLIST_RULE: Final = "A place that becomes free is offered to the first party on the waitlist that fits in whole."
KEPT_UNTIL_THEN: Final = "Until there is a place you stay signed up for: {other}."
PLACES_FREE: Final = "{free} places are free."
ACCEPTED: Final = "Confirmed: {activity}, {when}. People: {party}."
CANCELLED: Final = "Cancelled: {activity}. You are no longer signed up for it."
NOT_SIGNED_UP: Final = "You are not signed up for {activity}."
CANCELLED_FOR: Final = "{name} – cancelled: {activity}."
NOT_SIGNED_UP_FOR: Final = "{name} – not signed up: {activity}."
NOTHING: Final = "You are not signed up for anything yet."
NOTHING_TO_UNDO: Final = "There is nothing to undo any more."

# Asking back
WHICH_ACTIVITY: Final = "You can sign up for these. Which one do you mean?"
WHICH_TO_CANCEL: Final = "Which of these shall I cancel?"
HOW_MANY: Final = "{activity}: how many people, you included?"
INTRODUCE: Final = "Please tell me your name and city in one line, so that the organizers can verify you."
INTRODUCED: Final = "Thank you, {name}. City: {city}. The organizers will verify this."
INTRODUCED_BY_NAME: Final = "Thank you, {name}. Which city are you from?"
BACK_TO: Final = "Back to your sign-up:"

# Rules
NO_SUCH_ACTIVITY: Final = "There is no such activity."
PARTY_OUT_OF_RANGE: Final = "The number of people must be at least 1 and at most {most}. How many are you?"
NOT_ELIGIBLE: Final = "{activity} is not open to your role. Please ask the organizers if you think it should be."
CLOSED: Final = "Signing up for {activity} is closed. Please ask the organizers if you need a place."
DEADLINE_PASSED: Final = "The deadline for {activity} was {deadline}. Please ask the organizers if you need a place."
FROZEN: Final = "The list of {activity} is final and can no longer be changed here. Please ask the organizers."
NO_ROOM_FOR_MORE: Final = (
    "{activity} has no room for more: {free} places are free. You stay signed up with {party} people."
)
CLASH: Final = (
    "Please note: you are also signed up for {other}, {when}. The documents do not say whether one can do both."
)
COVERED_FOR: Final = (
    "The organizer covers {quota} delegates per city (accommodation and transport during the stay). "
    "For further delegates nothing is stated."
)
WRONG_CODE: Final = "This code is not valid. Please check it, or ask the organizers for a new one."
TOO_MANY_CODES: Final = "Too many codes were tried. Please wait ten minutes, or ask the organizers."
NEEDS_A_CODE: Final = "To sign up you need an invite code. Please send it here, or ask the organizers for one."
STAFF_ONLY: Final = "That is only for staff of the organizers."
NO_SUCH_QUESTION: Final = "There is no open question number {number}."
NOT_OF_A_DELEGATION: Final = (
    "Only a verified member of a delegation can name who is covered. Please send your invite code."
)
MORE_THAN_COVERED: Final = "The organizer covers {quota} delegates of {city}; please name at most {quota}."
NOMINATION_IS_OVER: Final = "The time for naming the covered delegates is over. Please ask the organizers."

# My programme, my data
MY_PROGRAMME: Final = "You are signed up for:"
MINE_CONFIRMED: Final = "{activity}, {when}: confirmed, people: {party}"
MINE_WAITLISTED: Final = "{activity}, {when}: on the waitlist, place {position}, people: {party}"
MINE_OFFERED: Final = "{activity}, {when}: a place is held for you until {until}, people: {party}"
YES_SIGNED_UP: Final = "Yes. {line}"
NEXT_OF_YOURS: Final = "Next: {line}"
CALENDAR: Final = (
    "Here are your sign-ups for your calendar. After a change, open a new file: it updates the old entries."
)
NO_CALENDAR_YET: Final = "There is no calendar file yet, for the dates of the conference are not confirmed."
COVERED_NOW: Final = "Covered delegates of {city}: {count} of {quota} named ({names})."
NONE_NAMED: Final = "none yet"
WELCOME_BACK: Final = "Welcome, {name}. City: {city}."
LANGUAGE_IS_SET: Final = "From now on I answer in English."
WHICH_LANGUAGE: Final = "Which language shall I answer in?"
STOPPED: Final = (
    "You will no longer get messages on changes and reminders. Your sign-ups stay. /start brings the messages back."
)
STARTED: Final = "You get messages on changes and reminders again."
SURE_TO_ERASE: Final = (
    "Shall I erase all that I keep about you: name, city, questions and sign-ups? Your places become free."
)
ERASED: Final = "Everything about you has been erased, and your sign-ups are cancelled."
NOT_ERASED: Final = "Nothing has been erased."
MY_DATA: Final = "This is all that I keep about you."
PRIVACY: Final = "I keep what you write here for the organizers. /privacy tells more, /forget erases it."
PRIVACY_MORE: Final = (
    "Kept are your name, city, language, sign-ups and questions, for the organizers and until the conference is over. "
    "/mydata sends you all of it, /forget erases it, /stop ends messages."
)
HELP: Final = (
    "Ask me anything about the conference in your own language. You can also write: sign me up for the night cruise; "
    "what am I signed up for; cancel the cruise. /language /mydata /stop /forget"
)
HANDED_OVER: Final = "I have passed your question on to the organizers. Their answer comes here."
NOTHING_TO_HAND_OVER: Final = "What shall I ask the organizers? Please write your question first."
ALL_RIGHT: Final = "All right."

# What the desk says on its own
OFFER: Final = "A place has become free: {activity}, {when}, people: {party}. It is held for you until {until}."
LAPSED: Final = "The place in {activity} was held for you and has been given on, because there was no answer."
ANSWERED: Final = "The organizers answered your question “{question}”: {answer}"
FROM_ORGANIZERS: Final = "Answer of the organizers: {answer}"

CHANGE_MOVED: Final = "{title}: {before} → {after}"
CHANGE_CANCELLED: Final = "{title} is cancelled. It was planned for: {before}."
CHANGE_ADDED: Final = "New in the programme: {title}, {after}"
CHANGE_RENAMED: Final = "{title} is now called {name}."
CHANGE_PLACE: Final = "{title}, meeting point: {place}"
DATES_CONFIRMED: Final = "The dates of the conference are confirmed: {first} – {last}."
FROM_THE_ORGANIZERS: Final = "Message of the organizers:"

# Staff
COUNT_LINE: Final = "{activity}: {confirmed} people in {parties} sign-ups"
COUNT_PLACES: Final = "places: {capacity}, free: {free}"
COUNT_OFFERED: Final = "offered: {offered}"
COUNT_WAITLISTED: Final = "waitlist: {waitlisted}"
COUNT_UNVERIFIED: Final = "to be verified: {unverified}"
BY_CITY: Final = "By city: {cities}"
NO_CITY: Final = "city not told"
LIST_OF: Final = "{activity}: {count} sign-ups"
NOBODY: Final = "nobody"
WAITLIST_OF: Final = "Waitlist of {activity}:"
OPENED: Final = "Signing up for {activity} is open."
IS_CLOSED_NOW: Final = "Signing up for {activity} is closed now. Those signed up stay."
RESIZE: Final = (
    "{activity}: {before} places now, {after} after it. Taken: {taken}. Waitlist: {waitlisted}. Shall I do it?"
)
RESIZE_TOO_SMALL: Final = "Nobody loses a place: {over} more are taken than there would be."
RESIZED: Final = "{activity} has {capacity} places now. Offers made to the waitlist: {offers}."
HOW_MANY_PLACES: Final = "{activity}: how many places shall it have?"
NO_LIMIT: Final = "no limit"
OPEN_QUESTIONS: Final = "Unanswered questions:"
NO_OPEN_QUESTIONS: Final = "There are no unanswered questions."
HOW_TO_ANSWER: Final = "To answer one, write for example: /answer 12 The boat leaves from pier 3."
ANSWER_SENT: Final = "Answer kept for {days} days, and queued for {count} who asked."
WHAT_TO_ANNOUNCE: Final = "What is the text of the message? Please write it just as people shall read it."
PREVIEW: Final = (
    "This is the preview of a broadcast. "
    "Recipients: {count}, of whom {unreachable} have no address yet. Shall I send it?"
)
QUEUED: Final = "Broadcast {number} is queued. Recipients: {count}. /broadcasts shows to how many it has been sent."
BROADCAST_LINE: Final = "{number}. sent to {sent} of {count}: {text}"
NO_BROADCASTS: Final = "There are no broadcasts yet."
HOW_TO_CHANGE: Final = (
    "I see no change in that. Please write for example: /change night cruise 19:30, or: /change night cruise cancelled"
)
HOW_TO_SET_DATES: Final = "Please write the date of the first day, for example: /dates 2026-09-14"
EXPORTED: Final = "The list as a file."

# Buttons
BUTTON_UNDO: Final = "Undo"
BUTTON_SIGN_UP: Final = "Sign up"
BUTTON_CANCEL: Final = "Cancel it"
BUTTON_YES: Final = "Yes"
BUTTON_NO: Final = "No"
BUTTON_TAKE: Final = "Take the place"
BUTTON_TAKE_FREE: Final = "Take what is free"
BUTTON_CALENDAR: Final = "Calendar file"
BUTTON_SEND: Final = "Send"
BUTTON_ASK: Final = "Ask the organizers"
BUTTON_PRIVATELY: Final = "Write privately"

# Menus of commands
COMMAND_START: Final = "Menu"
COMMAND_HELP: Final = "What I can do"
COMMAND_MINE: Final = "What you are signed up for"
COMMAND_LANGUAGE: Final = "Choose a language"
COMMAND_STOP: Final = "No more messages on changes"
COMMAND_MYDATA: Final = "What I keep about you"
COMMAND_FORGET: Final = "Erase what I keep about you"
COMMAND_PRIVACY: Final = "How your data are used"
COMMAND_COUNTS: Final = "How many have signed up"
COMMAND_QUESTIONS: Final = "Questions without an answer"
COMMAND_ANSWER: Final = "Answer a question: number and text"
