"""Answer from the headings of the briefing: date, city, organizer, theme, expenses and so on."""

from knowledge import phrases
from knowledge.briefing import Briefing, Slot, certainty_of
from knowledge.evidence import ORGANIZERS, Context, Part, Source, source_of
from knowledge.lexicon import city_name
from knowledge.programme import Certainty

_PARTS = {"early": phrases.EARLY_MONTH, "mid": phrases.MID_MONTH, "late": phrases.LATE_MONTH}
_COVERED = {
    "accommodation": phrases.ACCOMMODATION,
    "transport": phrases.TRANSPORT,
    "meals": phrases.MEALS,
    "flights": phrases.FLIGHTS,
}
_LABELLED = {
    Slot.ORGANIZER: phrases.ORGANIZER,
    Slot.OBJECTIVE: phrases.OBJECTIVE,
    Slot.INVITEES: phrases.INVITED,
}


def dates(context: Context, home: Briefing) -> Part | None:
    """Return when the event is, and whether that is settled."""
    first, last = context.date(1), context.date(max(context.programme.days, default=1))
    if first is not None and last is not None:
        say = context.words.say
        text = say(phrases.FIRST_AND_LAST_DAY, first=context.words.date(first), last=context.words.date(last))
        return Part(say(phrases.DATES, dates=text), Certainty.CONFIRMED, (Source(ORGANIZERS),))
    period = home.period
    if period is None:
        return None
    if not period.month:
        text = period.statement.text
    elif period.part:
        text = context.words.month(_PARTS[period.part], period.month, period.year)
    else:
        text = context.words.month("{month_year}", period.month, period.year)
    frame = phrases.DATES_OPEN if period.is_open else phrases.DATES
    return Part(context.words.say(frame, dates=text), certainty_of(period), (source_of(period.statement),))


def duration(context: Context, home: Briefing) -> Part | None:
    """Return how many days the programme covers."""
    days = context.programme.days
    if not days:
        return None
    certainty = context.programme.certainty
    text = context.words.say(
        phrases.DURATION,
        count=len(days),
        first=days[0],
        last=days[-1],
        certainty=context.certainty(certainty),
    )
    return Part(text, certainty, (Source(home.document, home.agenda_section),))


def name(context: Context, home: Briefing) -> Part:
    """Return the official name of the event."""
    text = context.words.say(phrases.NAME, name=context.name(home.title))
    return Part(text, Certainty.CONFIRMED, (Source(home.document),))


def city(context: Context, home: Briefing) -> Part:
    """Return the host city."""
    text = context.words.say(phrases.CITY, city=city_name(home.city, context.words.language))
    return Part(text, Certainty.CONFIRMED, (Source(home.document),))


def labelled(context: Context, home: Briefing, slot: Slot) -> Part | None:
    """Return a statement of the briefing behind its label: organizer, objective, invitees."""
    statement = home.statements.get(slot)
    if statement is None:
        return None
    value = context.name(statement.text) if slot is Slot.ORGANIZER else context.quote(statement)
    if context.words.language == "en":
        value = statement.text
    text = context.words.say(_LABELLED[slot], text=value, organizer=value)
    certainty = Certainty.DRAFT if context.programme.certainty is Certainty.DRAFT else Certainty.CONFIRMED
    return Part(text, certainty, (source_of(statement),))


def theme(context: Context, home: Briefing) -> Part | None:
    """Return the main theme."""
    if home.theme is None:
        return None
    frame = phrases.THEME if home.is_tentative else phrases.THEME_CONFIRMED
    text = context.words.say(frame, theme=context.name(home.theme.text))
    return Part(text, _theme_certainty(home), (source_of(home.theme),))


def subthemes(context: Context, home: Briefing) -> Part | None:
    """Return all subthemes."""
    if not home.subthemes:
        return None
    frame = phrases.SUBTHEMES if home.is_tentative else phrases.SUBTHEMES_CONFIRMED
    lines = [context.words.say(frame, count=len(home.subthemes))]
    lines += [f"{number}. {context.name(s.text)}" for number, s in enumerate(home.subthemes, 1)]
    return Part("\n".join(lines), _theme_certainty(home), (source_of(home.subthemes[0]),))


def subtheme(context: Context, home: Briefing, number: int) -> Part | None:
    """Return one subtheme, and the session in which it is discussed."""
    if not 1 <= number <= len(home.subthemes):
        return subthemes(context, home)
    statement = home.subthemes[number - 1]
    lines = [context.words.say(phrases.SUBTHEME, number=number, title=context.name(statement.text))]
    session = next((s for s in context.programme.sessions if _discusses(s.title, number)), None)
    if session is not None:
        title = context.name(session.title)
        lines.append(context.words.say(phrases.DISCUSSED_IN, title=title, when=context.when(session)))
    return Part("\n".join(lines), _theme_certainty(home), (source_of(statement), context.agenda_source()))


def _discusses(title: str, number: int) -> bool:
    return "ubtheme" in title and title.rstrip().endswith(str(number))


def _theme_certainty(home: Briefing) -> Certainty:
    return Certainty.DRAFT if home.is_tentative else Certainty.CONFIRMED


def draft(context: Context, home: Briefing) -> Part:
    """Return whether the agenda is final, and when the confirmed one comes."""
    is_draft = context.programme.certainty is not Certainty.CONFIRMED
    lines = [context.words.say(phrases.AGENDA_IS_DRAFT if is_draft else phrases.AGENDA_IS_CONFIRMED)]
    if home.is_tentative:
        lines.append(context.words.say(phrases.THEME_IS_TENTATIVE))
    if is_draft and home.invitation is not None:
        lines.append(context.quote(home.invitation) if context.words.language != "en" else home.invitation.text)
    return Part("\n".join(lines), context.programme.certainty, (Source(home.document, home.agenda_section),))


def invitation(context: Context, home: Briefing) -> Part | None:
    """Return what is stated about the official invitation."""
    if home.invitation is None:
        return None
    text = home.invitation.text if context.words.language == "en" else context.quote(home.invitation)
    return Part(text, Certainty.TO_BE_CONFIRMED, (source_of(home.invitation),))


def coverage(context: Context, home: Briefing) -> Part | None:
    """Return what the organizer pays, and for how many delegates per city."""
    covered = home.coverage
    if covered is None:
        return None
    items = context.words.listed([context.words.say(_COVERED[item]) for item in covered.items])
    text = context.words.say(
        phrases.COVERED,
        items=items,
        city=city_name(home.city, context.words.language),
        count=covered.delegates,
    )
    certainty = Certainty.DRAFT if context.programme.certainty is Certainty.DRAFT else Certainty.CONFIRMED
    return Part(text, certainty, (source_of(covered.statement),))
