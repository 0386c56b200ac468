"""The frames of the conversation, in English: message ids of the catalogs in locale/.

Built like those of knowledge/phrases.py: a label, a colon, a value, so that translation meets no grammar trouble.
{activity} is an activity's official name.
"""

from typing import Final

# Ways to write
READS_TEXT: Final = "I read text only. Please write to me what you would like to know."
EDITED: Final = "You have changed your message. This is the reply to the new text:"
PRIVATELY: Final = "Please write to me privately for this: in a group everybody reads along."
BY_NUMBER: Final = "Reply with a number:"
NO_FILES_HERE: Final = "No files can be sent here: {names}. To get them, send /connect and use me elsewhere too."

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
DROPPED: Final = "Not carried out: what I had asked you about before."
NOTHING_TO_UNDO: Final = "There is nothing to undo any more."

# Room and rules
ROOM: Final = "Places left:"
PLACES_LEFT: Final = "{free} of {capacity}"
NO_LIMIT_KNOWN: Final = "open, no limit has been set"
NO_SIGNING_UP: Final = "closed for sign-ups"
OPEN_UNTIL: Final = "Signing up for {activity} is possible until {until}."
CHANGEABLE_UNTIL: Final = "Sign-ups for {activity} can be changed or cancelled here until {until}."
NO_LIMIT_YET: Final = (
    "No deadline has been set yet: until the organizers set one, you can sign up, change and cancel here at any time."
)
NO_LIMIT_ELSEWHERE: Final = (
    "For the other activities no deadline has been set yet: you can sign up, change and cancel here at any time."
)

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
NOMINATION_IS_OVER: Final = (
    "The covered delegates could be named until {until}. Please ask the organizers if something has to change."
)
NAMED_BY_HEAD: Final = "The covered delegates of {city} are named by {head}, who leads the delegation, or by an aide."
COVER_INSTEAD: Final = "Shall these be covered instead: {wanted}?"

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
NAMED_UNTIL: Final = "They can be named and changed until {until}."
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
CONNECT: Final = (
    "Send this code to me on your other channel within an hour, and I know you there too, "
    "with your sign-ups and messages: {code}"
)
HANDED_OVER: Final = "I have passed your question on to the organizers. Their answer comes here."
NOTHING_TO_HAND_OVER: Final = "What shall I ask the organizers? Please write your question first."
ALL_RIGHT: Final = "All right."

# What the desk says on its own
OFFER: Final = "A place has become free: {activity}, {when}, people: {party}. It is held for you until {until}."
REMINDER: Final = "Reminder: {activity}, {when}"
TOMORROW: Final = "Your programme tomorrow:"
REMINDERS_OFF: Final = "You get no more reminders; changes are still told. /reminders brings them back."
REMINDERS_ON: Final = "You get reminders: the evening before, and an hour before."
LAPSED: Final = "The place in {activity} was held for you and has been given on, because there was no answer."
ANSWERED: Final = "The organizers answered your question “{question}”: {answer}"
FROM_ORGANIZERS: Final = "Answer of the organizers: {answer}"

CHANGE_MOVED: Final = "{title}: {before} → {after}"
CHANGE_CANCELLED: Final = "{title} is cancelled. It was planned for: {before}."
CHANGE_ADDED: Final = "New in the programme: {title}, {after}"
CHANGE_RENAMED: Final = "{title} is now called {name}."
CHANGE_PLACE: Final = "{title}, meeting point: {place}"
CHANGE_BACK_ON: Final = "{title} takes place after all: {after}"
DATES_OPEN: Final = "The dates of the conference are open again."
DATES_CONFIRMED: Final = "The dates of the conference are confirmed: {first} – {last}."
FROM_THE_ORGANIZERS: Final = "Message of the organizers:"
CORRECTION: Final = "Correction by the organizers:"
READ_NOTED: Final = "Thank you. The organizers see that you have read it."
APPROVE_THIS: Final = "{name} wants to send broadcast {number}. Recipients: {count}. May it go out?"
APPROVED_BY: Final = "Broadcast {number} has been approved by {name} and goes out."
REJECTED_BY: Final = "Broadcast {number} has been rejected by {name}. It will not be sent."

# Staff
BY_CITY: Final = "By city: {cities}"
NO_CITY: Final = "city not told"
LIST_OF: Final = "{activity}: {count} sign-ups"
NOBODY: Final = "nobody"
WAITLIST_OF: Final = "Waitlist of {activity}:"
OPENED: Final = "Signing up for {activity} is open."
IS_CLOSED_NOW: Final = "Signing up for {activity} is closed now. Those signed up stay."
OPENING: Final = (
    "Open signing up for {activity}? Signed up: {taken}, waitlist: {waitlisted}. New people can sign up then."
)
CLOSING: Final = (
    "Close signing up for {activity}? Signed up: {taken}, waitlist: {waitlisted}. "
    "They stay, and can still cancel; nobody new can sign up."
)
STILL_OVER: Final = "But the deadline was {deadline}: until a later one is set, nobody can sign up."
UNVERIFIED: Final = "not verified"
RESIZE: Final = (
    "{activity}: {before} places now, {after} after it. Taken: {taken}. Waitlist: {waitlisted}. Shall I do it?"
)
RESIZE_TOO_SMALL: Final = "Nobody loses a place: {over} more are taken than there would be."
RESIZED: Final = "{activity} has {capacity} places now. Offers made to the waitlist: {offers}."
PLACES_SET: Final = "{activity}, places: {before} → {after}. Parties of the waitlist that get an offer: {offers}"
PLACES_ALONE: Final = "Only those who get an offer are told; other places alone are announced to nobody. Shall I do it?"
HOW_MANY_PLACES: Final = "{activity}: how many places shall it have?"
NO_LIMIT: Final = "no limit"
OPEN_QUESTIONS: Final = "Unanswered questions:"
NO_OPEN_QUESTIONS: Final = "There are no unanswered questions."
HOW_TO_ANSWER: Final = "To answer one, write for example: /answer 12 The boat leaves from pier 3."
ANSWER_SENT: Final = "Answer kept for {days} days, and queued for {count} who asked."
WITH_FILES: Final = "Files: {files}"
BAD_FILE: Final = "{name} cannot go with a message: a file must not be empty, nor larger than {megabytes} MB."
TOO_MANY_FILES: Final = "A message takes at most {most} files."
HOW_TO_ATTACH: Final = (
    "To attach a file, write the message first (/announce), and then send me the file on Telegram, "
    "or choose it in the dashboard: at most {most} files of {megabytes} MB each."
)
FILES_GONE: Final = "The files of this message are not kept any more. Please prepare it anew."
WHAT_TO_ANNOUNCE: Final = "What is the text of the message? Please write it just as people shall read it."
PREVIEW: Final = (
    "This is the preview of a broadcast. Recipients: {count}, of whom {unreachable} cannot be reached. Shall I send it?"
)
FOR_WHOM: Final = "For: {audience}"
EVERYBODY: Final = "Everybody"
BY_NAME: Final = "{count} people by name"
NOT_REACHED: Final = "Cannot be reached: {people}"
NO_ADDRESS: Final = "no address yet"
OPTED_OUT: Final = "Want no messages, and get none: {count}"
READ_INSTEAD: Final = "No text of their own: {languages}. They read: {language}."
GOES_OUT_AT: Final = "Goes out: {when}"
GATHERS_UNTIL: Final = "Goes out: {when}. What else is changed until then goes out with it, as one message."
TOLD_AS_ONE: Final = "Not told of an earlier change yet: {count}. They get one message, with all that has changed."
NOTHING_LEFT_TO_TELL: Final = "Broadcast {number}: nothing is left to tell, for nobody had been told of the change yet."
GOES_OUT_BEFORE: Final = "Goes out {minutes} minutes before: {title}. As it stands: {when}"
CHOOSE_WHOM: Final = (
    "Who shall get it? Choose, as often as you like, or write it, for example: aides from Bordeaux on the waitlist"
)
ROLE_DELEGATE: Final = "Delegates"
ROLE_AIDE: Final = "Aides"
ROLE_STAFF: Final = "Staff"
ROLE_ORGANIZER: Final = "Organizers"
ROLE_VIEWER: Final = "Viewers"
STATUS_CONFIRMED: Final = "Confirmed"
STATUS_WAITLISTED: Final = "Waitlist"
TEXT_IN_WHICH: Final = "In which language shall the text be added?"
WHICH_TEXT: Final = "Please write the text. Language: {language}"
WHEN_TO_SEND: Final = (
    "When shall it go out? Please write: 18:30, or: 2026-09-15 08:00, or: 60 minutes before the cruise"
)
WAITS_FOR_APPROVAL: Final = "Broadcast {number} waits for approval by somebody else of the staff. They have been asked."
NOT_BY_ONESELF: Final = "Somebody else of the staff must approve what you have written."
NO_SUCH_BROADCAST: Final = "There is no broadcast {number}."
HOW_TO_CORRECT: Final = (
    "Please write the number and the right text, for example: /correct 3 The boat leaves from pier 4."
)
NO_SUCH_EDITION: Final = "There is no change {number} that can be undone."
CHANGED_SINCE: Final = "It has been changed again since: {title}. Please undo the later change first."
TOO_LATE: Final = "That is not possible any more:"
STATE_APPROVAL: Final = "waits for approval"
STATE_PLANNED: Final = "planned"
STATE_SENDING: Final = "being sent"
STATE_PAUSED: Final = "paused"
STATE_CANCELLED: Final = "cancelled"
STATE_DONE: Final = "finished"
COUNT_READ: Final = "read by {count}"
COUNT_NOT_REACHED: Final = "not reached: {count}"
QUEUED: Final = "Broadcast {number} is queued. Recipients: {count}. /broadcasts shows to how many it has been sent."
BROADCAST_LINE: Final = "{number}. sent to {sent} of {count}: {text}"
NO_BROADCASTS: Final = "There are no broadcasts yet."
HOW_TO_CHANGE: Final = (
    "I see no change in that. Please write for example: /change night cruise 19:30, "
    "or: /change night cruise cancelled, or: /change night cruise 120 places"
)
HOW_TO_SET_DATES: Final = "Please write the date of the first day, for example: /dates 2026-09-14"
EXPORTED: Final = "The list as a file."
DASHBOARD: Final = "Your dashboard: {link}"
LINK_HOLDS: Final = "The link signs you in once, within {minutes} minutes. Please do not pass it on."
DASHBOARD_IS_FOR_STAFF: Final = (
    "The dashboard is for the team of the organizers. Here you can ask me anything about the conference, and sign up."
)

# Buttons
BUTTON_UNDO: Final = "Undo"
BUTTON_SIGN_UP: Final = "Sign up"
BUTTON_CANCEL: Final = "Cancel it"
BUTTON_YES: Final = "Yes"
BUTTON_NO: Final = "No"
BUTTON_REMOVE: Final = "Remove {name}"
BUTTON_TAKE: Final = "Take the place"
BUTTON_TAKE_FREE: Final = "Take what is free"
BUTTON_NO_REMINDERS: Final = "No reminders"
BUTTON_CALENDAR: Final = "Calendar file"
BUTTON_SEND: Final = "Send"
BUTTON_WHOM: Final = "Recipients"
BUTTON_TRANSLATE: Final = "Add a language"
BUTTON_WHEN: Final = "Time"
BUTTON_ASK_READING: Final = "Ask who has read it"
BUTTON_NO_READING: Final = "Do not ask who has read it"
BUTTON_TEXT_ONLY: Final = "Only the text, no change"
BUTTON_NO_FILES: Final = "Without the files"
BUTTON_SHOW: Final = "As others read it"
BUTTON_ROLE: Final = "Role"
BUTTON_CITY: Final = "City"
BUTTON_LANGUAGE: Final = "Language"
BUTTON_CHANNEL: Final = "Channel"
BUTTON_ACTIVITY: Final = "Activity"
BUTTON_STATUS: Final = "Confirmed or waitlist"
BUTTON_READ: Final = "I have read this"
BUTTON_APPROVE: Final = "Approve"
BUTTON_REJECT: Final = "Reject"
BUTTON_SEND_NOW: Final = "Send now"
BUTTON_PAUSE: Final = "Pause"
BUTTON_GO_ON: Final = "Go on"
BUTTON_STOP: Final = "Stop"
BUTTON_ASK: Final = "Ask the organizers"
BUTTON_PRIVATELY: Final = "Write privately"
