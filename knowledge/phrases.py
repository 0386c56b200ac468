"""The frames of replies, in English: message ids of the catalogs in locale/.

A frame is built so that it can be translated without grammar trouble: a label, a colon, a value.
Names of sessions, places and cities are not here; they are the briefing pack's (names.py).
"""

from typing import Final

# When
DAY: Final = "Day {day}"
DAY_AT: Final = "Day {day}, {start}"
DAY_SPAN: Final = "Day {day}, {start}–{end}"
SESSION_CANCELLED: Final = "cancelled"
CHANGED: Final = "Changed by the organizers on {date}; before: {when}."
MEETING_POINT: Final = "Meeting point: {place}."
FIRST_AND_LAST_DAY: Final = "{first} – {last}"
CHANGES_BY_ORGANIZERS: Final = "changes published by the organizers"
DAY_UNTIMED: Final = "Day {day}, no time stated"
SPAN: Final = "{start}–{end}"
MID_MONTH: Final = "mid-{month_year}"
EARLY_MONTH: Final = "early {month_year}"
LATE_MONTH: Final = "late {month_year}"

# Certainty, in brackets behind a fact
DRAFT: Final = "draft agenda"
TENTATIVE: Final = "tentative"
TO_BE_CONFIRMED: Final = "to be confirmed"
OPTIONAL: Final = "optional"

# Sessions
SESSION: Final = "{title}: {when} ({certainty})."
SESSION_CONFIRMED: Final = "{title}: {when}."
NO_END: Final = "No end time is stated."
NO_TIME: Final = "No time is stated for it."
INCLUDES: Final = "It includes: {items}."
PART_OF: Final = "{item}: part of “{title}”, {when} ({certainty}). No time of its own is stated."
NEXT_ITEM: Final = "Next item in the agenda: {title}, {when}."
PREVIOUS_ITEM: Final = "Item before it in the agenda: {title}, {when}."
LAST_ON_DAY: Final = "Last item of Day {day}: {title}, {when} ({certainty})."
FIRST_ON_DAY: Final = "First item of Day {day}: {title}, {when} ({certainty})."
CONTRADICTION: Final = (
    "Contradiction in the draft agenda: it lists both “{first}” ({first_time}) and “{second}” ({second_time}). "
    "The times overlap; the documents do not say which one applies."
)
PARALLEL: Final = (
    "“{first}” and “{second}” are listed for the same time: {when}. "
    "The documents do not say whether one person can attend both."
)
PROGRAMME_OF_DAY: Final = "Day {day} ({certainty}):"
PROGRAMME_OF_DAY_CONFIRMED: Final = "Day {day}:"
DAY_NOT_LISTED: Final = "Day {day} is not in the programme. It runs from Day {first} to Day {last}."
NOTHING_LISTED_AT: Final = "Nothing is listed for this time: {when}."
NOTHING_LISTED_BETWEEN: Final = "Nothing is listed between {start} and {end} (Day {day})."
IN_TOTAL: Final = "In total: {count}."
VISIT_ROUTE: Final = "{route} (site visit, Day {day}, {certainty}): {stops}."
VISIT_ROUTE_CONFIRMED: Final = "{route} (site visit, Day {day}): {stops}."
PLACE_ON_ROUTE: Final = "{place}: on the route “{route}” (site visit, Day {day}, {certainty})."
ROUTES_TO_CHOOSE: Final = "Site visits, Day {day} ({certainty}), by theme: {routes}."

# The event
DATES: Final = "Date of the conference: {dates}."
DATES_OPEN: Final = "Date of the conference: {dates}. The exact dates are still to be confirmed."
DURATION: Final = "The programme covers {count} days: Day {first} to Day {last} ({certainty})."
NAME: Final = "Official name: {name}."
CITY: Final = "City: {city}."
ORGANIZER: Final = "Organizer: {organizer}."
OBJECTIVE: Final = "Objective: {text}"
INVITED: Final = "Invited: {text}"
THEME: Final = "Theme: {theme} (tentative)."
THEME_CONFIRMED: Final = "Theme: {theme}."
SUBTHEMES: Final = "{count} subthemes (tentative):"
SUBTHEMES_CONFIRMED: Final = "{count} subthemes:"
SUBTHEME: Final = "Subtheme {number}: {title}"
DISCUSSED_IN: Final = "It is discussed in: {title}, {when}."
AGENDA_IS_DRAFT: Final = "The agenda is a draft and may still change."
AGENDA_IS_CONFIRMED: Final = "The agenda is confirmed."
THEME_IS_TENTATIVE: Final = "The theme and the subthemes are tentative and may still change."
RELEASED: Final = "To be released at the event: {items}."

# Expenses
COVERED: Final = (
    "The organizer covers {items} during the stay in {city} for {count} delegates per city. "
    "For further delegates nothing is stated."
)
ACCOMMODATION: Final = "accommodation"
TRANSPORT: Final = "transport"
MEALS: Final = "meals"
FLIGHTS: Final = "flights"

# What the documents do not say
NOT_STATED: Final = "Not stated in the documents: {subject}."
NOT_FOUND: Final = "I did not find an answer to this in the documents."
I_CAN_HELP_WITH: Final = (
    "I can tell you about the dates, the programme, the activities, the site visits and the expenses."
)
ASK_ORGANIZERS: Final = "Next step: please ask the organizers."
ASK_EMBASSY: Final = "Next step: please ask the organizers and the embassy or consulate of the host country."
CORRECTION: Final = "No, the documents say otherwise."

# Where it comes from
SOURCE: Final = "Source: {sources}."
SECTION: Final = "{document}, § {section}"
OTHER_EVENT: Final = "This is another event, {event}:"
UNDATED: Final = "From an undated article; current figures are not in the documents."
LIKELY_NAME: Final = "“{written}” is the wording of the source; probably {likely}."
QUOTED: Final = "The document says, in English: “{text}”"
WORDED_BY_AI: Final = "(Worded by AI from the documents.)"

# Talk
HELLO: Final = "Hello! Ask me about the conference: dates, programme, activities, site visits, expenses."
THANKS: Final = "You are welcome. Write to me whenever you need something."
GOODBYE: Final = "Goodbye, and have a good journey!"
ABOUT_ME: Final = (
    "I am the conference assistant, a computer program. I answer from the official documents, "
    "with the source, and say so when they do not tell. You can write in your own language."
)
SMALL_TALK: Final = "I am best at questions about the conference. What would you like to know?"
OUT_OF_SCOPE: Final = "I can only help with questions about the conference."
REFUSED_INSTRUCTION: Final = "I cannot do that. I only answer questions about the conference, from its documents."
REFUSED_PRIVATE: Final = "I do not give out personal data, secrets or special rights. The organizers can help you."
EMPTY: Final = "Please write your question in words."
SORRY: Final = "Something went wrong on our side. Please try again in a moment."

# Buttons
MENU_PROGRAMME: Final = "Programme"
MENU_DATES: Final = "Dates"
MENU_VISITS: Final = "Site visits"
MENU_EXPENSES: Final = "Expenses"
