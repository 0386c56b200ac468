"""Answer from the programme: days, times, sessions, routes, overlaps. Every time comes from a session's row."""

import re
from collections.abc import Iterable, Sequence
from datetime import time

from knowledge import phrases
from knowledge.evidence import Context, Part
from knowledge.programme import Certainty, Session
from knowledge.visit_answers import remark, route_text
from knowledge.wording import clock

_LONG = 40  # letters of a subject line; longer ones do not fit a line of a phone screen


def session_lines(context: Context, sessions: Sequence[Session], *, full: bool = True, says_end: bool = True) -> Part:
    """Return one line a session with day and times; with full also what it includes and what contradicts it.

    says_end: say so where no end is stated.
    """
    lines = [session_line(context, session) for session in sessions]
    if len(sessions) > 1:
        lines.append(context.words.say(phrases.IN_TOTAL, count=len(sessions)))
    if full and len(sessions) == 1:
        lines += _details(context, sessions[0], says_end=says_end)
    conflicts = (
        [pair for pair in context.programme.overlaps if pair[0] in sessions or pair[1] in sessions] if full else []
    )
    lines += [contradiction(context, *pair) for pair in conflicts]
    certainty = Certainty.CONTRADICTORY if conflicts else _least(sessions)
    return Part("\n".join(lines), certainty, context.sources_of(*sessions))


def session_line(context: Context, session: Session) -> str:
    """Return title, subject, day, times and certainty of a session."""
    title = _titled(context, session)
    line = context.hedged(
        phrases.SESSION, phrases.SESSION_CONFIRMED, context.standing(session), title=title, when=context.when(session)
    )
    return "\n".join(filter(None, (line, context.change(session))))


def _details(context: Context, session: Session, *, says_end: bool) -> list[str]:
    lines = []
    items = [context.name(item) for item in session.items if item != _subject(session)]
    if items:
        lines.append(context.words.say(phrases.INCLUDES, items=context.words.enumerated(items)))
    if session.place:
        lines.append(context.words.say(phrases.MEETING_POINT, place=session.place))
    if says_end and session.start is not None and session.end is None and not session.is_cancelled:
        lines += _open_end(context, session)
    return lines


def _open_end(context: Context, session: Session) -> list[str]:
    """Return that no end is stated, and what comes next, without drawing the conclusion."""
    following = _following(context, session)
    return [
        context.words.say(phrases.NO_END),
        *(context.words.say(phrases.NEXT_ITEM, title=context.name(s.title), when=context.when(s)) for s in following),
    ]


def _subject(session: Session) -> str:
    """Return the subject line of a session that has just one item; a list of several is its contents."""
    return session.items[0] if len(session.items) == 1 else ""


def part_of_session(context: Context, item: str, session: Session) -> Part:
    """Return that an item, such as the signing, is part of a session and has no time of its own."""
    text = context.words.say(
        phrases.PART_OF,
        item=context.name(item),
        title=context.name(session.title),
        when=context.when(session),
        certainty=context.certainty(session.certainty),
    )
    return Part(text, session.certainty, (context.agenda_source(),))


def end_of_session(context: Context, session: Session) -> Part:
    """Return until when a session lasts; for an open end, what comes next."""
    is_open = session.end is None and not session.is_cancelled
    lines = [session_line(context, session), *(_open_end(context, session) if is_open else [])]
    return Part("\n".join(lines), session.certainty, context.sources_of(session))


def neighbour(context: Context, session: Session, *, before: bool) -> Part:
    """Return what the agenda lists right after a session, or right before it."""
    found = _preceding(context, session) if before else _following(context, session)
    if not found:
        frame = phrases.FIRST_ON_DAY if before else phrases.LAST_ON_DAY
        values = {"day": session.day, "title": context.name(session.title), "when": context.when(session)}
        text = context.words.say(frame, certainty=context.certainty(session.certainty), **values)
        return Part(text, session.certainty, (context.agenda_source(),))
    frame = phrases.PREVIOUS_ITEM if before else phrases.NEXT_ITEM
    lines = [context.words.say(frame, title=_titled(context, other), when=context.when(other)) for other in found]
    return Part("\n".join(lines), _least(found), (context.agenda_source(),))


def programme_of(context: Context, sessions: Sequence[Session]) -> Part:
    """Return the given sessions as a timetable, day by day; of one day with routes and remarks."""
    is_one_day = len({session.day for session in sessions}) == 1
    lines = []
    for day in sorted({session.day for session in sessions}):
        of_day = [session for session in sessions if session.day == day]
        standing = context.certainty(_least(of_day))
        lines.append(context.hedged(phrases.PROGRAMME_OF_DAY, phrases.PROGRAMME_OF_DAY_CONFIRMED, standing, day=day))
        for session in of_day:
            lines += _timetable_lines(context, session) if is_one_day else [_timetable_line(context, session)]
    return Part("\n".join(lines), _least(sessions), context.sources_of(*sessions))


def _timetable_line(context: Context, session: Session) -> str:
    return f"{context.times(session)} {context.name(session.title)}".strip()


def _timetable_lines(context: Context, session: Session) -> list[str]:
    lines = [f"{context.times(session)} {_titled(context, session)}".strip(), context.change(session)]
    lines += [f"– {route_text(context, route)}" for route in session.routes]
    return [*lines, remark(context, session)] if session.note else [line for line in lines if line]


def _titled(context: Context, session: Session) -> str:
    """Return a session's title with its subject, of which a long one is cut to what follows its last colon."""
    subject = context.name(_subject(session))
    if len(subject) > _LONG:
        subject = re.split("[:：]", subject)[-1].strip()
    title = context.name(session.title)
    return context.words.bracketed(title, subject) if subject else title


def sessions_at(context: Context, day: int, moment: time) -> list[Session]:
    """Return what is on at a moment; a session without an end lasts until the next one starts."""
    running = []
    for session in context.programme.timed:
        if session.day == day and session.start is not None:
            end = session.end or next((s.start for s in _following(context, session)), None) or session.start
            if session.start <= moment < end or session.start == moment:
                running.append(session)
    return running


def sessions_between(context: Context, day: int, hours: tuple[time, time]) -> list[Session]:
    """Return the sessions of a day that start within hours."""
    return [
        session
        for session in context.programme.timed
        if session.day == day and session.start is not None and hours[0] <= session.start < hours[1]
    ]


def sessions_from(context: Context, day: int, moment: time) -> list[Session]:
    """Return what is on at a moment and what follows on that day."""
    running = sessions_at(context, day, moment)
    return running + [
        session
        for session in context.programme.timed
        if session.day == day and session.start is not None and session.start > moment and session not in running
    ]


def nothing_at(context: Context, day: int, moment: time) -> Part:
    """Return that nothing is listed at a moment, with what is listed around it."""
    lines = [context.words.say(phrases.NOTHING_LISTED_AT, when=context.words.when(day, moment, None))]
    timed = [s for s in context.programme.timed if s.day == day]
    after = [session for session in timed if session.start and session.start > moment][:1]
    lines += [context.words.say(phrases.NEXT_ITEM, title=_titled(context, s), when=context.when(s)) for s in after]
    return Part("\n".join(lines), context.programme.certainty, (context.agenda_source(),))


def free_time(context: Context, day: int) -> Part:
    """Return the intervals of a day for which nothing is listed."""
    lines = [
        context.words.say(phrases.NOTHING_LISTED_BETWEEN, start=clock(start), end=clock(end), day=day)
        for of_day, start, end in context.programme.gaps
        if of_day == day
    ]
    lines.append(last_of_day(context, day).text)
    return Part("\n".join(lines), context.programme.certainty, (context.agenda_source(),))


def first_of_day(context: Context, day: int) -> Part:
    """Return the first item listed for a day."""
    of_day = [session for session in context.programme.sessions if session.day == day and not session.is_cancelled]
    first = min(of_day, key=lambda session: session.start or time.max)
    text = context.words.say(
        phrases.FIRST_ON_DAY,
        day=day,
        title=context.name(first.title),
        when=context.when(first),
        certainty=context.certainty(first.certainty),
    )
    return Part(text, first.certainty, (context.agenda_source(),))


def last_of_day(context: Context, day: int) -> Part:
    """Return the last item listed for a day."""
    timed = [session for session in context.programme.sessions if session.day == day and not session.is_cancelled]
    last = max(timed, key=lambda session: session.end or session.start or time())
    text = context.words.say(
        phrases.LAST_ON_DAY,
        day=day,
        title=context.name(last.title),
        when=context.when(last),
        certainty=context.certainty(last.certainty),
    )
    if last.start is not None and last.end is None:
        text = f"{text} {context.words.say(phrases.NO_END)}"
    return Part(text, last.certainty, (context.agenda_source(),))


def main_day(context: Context) -> int:
    """Return the day with most timed sessions: the day people mean when they name only a time."""
    timed = [session.day for session in context.programme.sessions if session.start is not None]
    return max(timed or list(context.programme.days) or [1], key=timed.count)


def contradiction(context: Context, one: Session, other: Session) -> str:
    """Return that the agenda lists two sessions for times that overlap, without deciding between them."""
    return context.words.say(
        phrases.CONTRADICTION,
        first=context.name(one.title),
        first_time=context.words.times(one.start, one.end),
        second=context.name(other.title),
        second_time=context.words.times(other.start, other.end),
    )


def contradictions(context: Context) -> Part | None:
    """Return all contradictions of the agenda; None where there is none."""
    lines = [contradiction(context, *pair) for pair in context.programme.overlaps]
    return Part("\n".join(lines), Certainty.CONTRADICTORY, (context.agenda_source(),)) if lines else None


def parallel_sessions(context: Context) -> Part | None:
    """Return which sessions are listed for the same time; None where there are none."""
    lines = [
        context.words.say(
            phrases.PARALLEL, first=context.name(a.title), second=context.name(b.title), when=context.when(a)
        )
        for a, b in context.programme.parallel
    ]
    certainty = context.programme.certainty
    return Part("\n".join(lines), certainty, (context.agenda_source(),)) if lines else None


def _following(context: Context, session: Session) -> list[Session]:
    """Return the next sessions of the day: all that start at the first start after this one's."""
    return _next_of(context.programme.timed, session, (session.end or session.start))


def _next_of(sessions: Iterable[Session], session: Session, moment: time | None) -> list[Session]:
    if moment is None or session.start is None:
        return []
    later = [
        s
        for s in sessions
        if s.day == session.day and s.start is not None and s.start > session.start and s.start >= moment
    ]
    first = min((s.start for s in later if s.start), default=None)
    return [s for s in later if s.start == first]


def _preceding(context: Context, session: Session) -> list[Session]:
    earlier = [
        s
        for s in context.programme.timed
        if s.day == session.day and s.start is not None and session.start is not None and s.start < session.start
    ]
    starts = sorted({s.start for s in earlier if s.start})[-2:]
    return [s for s in earlier if s.start in starts]


def _least(sessions: Sequence[Session]) -> Certainty:
    return next((s.certainty for s in sessions if s.certainty is not Certainty.CONFIRMED), Certainty.CONFIRMED)


def visit_routes(context: Context, session: Session) -> Part:
    """Return the themes of the site visits with their places, and that no time is stated."""
    lines = [session_line(context, session)]
    lines += [f"– {route_text(context, route)}" for route in session.routes]
    return Part("\n".join(lines), session.certainty, (context.agenda_source(),))
