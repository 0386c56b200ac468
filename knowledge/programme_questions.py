"""Questions on the programme: which sessions, days, routes and places a clause means, and the answer from them."""

from dataclasses import replace
from datetime import time

from knowledge import agenda_answers as agenda
from knowledge import event_answers as event
from knowledge import phrases, visit_answers
from knowledge.clauses import Clause
from knowledge.evidence import Context, Part
from knowledge.linking import Link, Sort
from knowledge.programme import Certainty, Session
from knowledge.topics import Topic

_MAY_MEAN_ALL = 0.4  # share of "one dialogue" from which on "all dialogues" may be meant, if no subject is named
_MEANT = 0.3  # similarity from which a subtheme or route counts as meant without being named


class ProgrammeQuestions:
    """Answer clauses from the current programme."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._home = context.library.home

    def sessions_of(self, topic: Topic) -> list[Session]:
        """Return the sessions whose title is about topic."""
        return [session for session in self._context.programme.sessions if topic.is_evidenced_by(session.title)]

    def of_sessions(self, clause: Clause, topic: Topic) -> Part | None:
        """Return the sessions that topic is about, or the session that it is a part of."""
        sessions = self.sessions_of(topic)
        if clause.slots.part is not None and len(sessions) > 1:
            first, last = clause.slots.part.hours
            sessions = [s for s in sessions if s.start and first <= s.start < last] or sessions
        if sessions:  # what is not stated about it, its end included, stands behind
            return agenda.session_lines(self._context, sessions, says_end=not topic.unsaid)
        for session in self._context.programme.sessions:
            for item in session.items:
                if topic.is_evidenced_by(item):
                    return agenda.part_of_session(self._context, item, session)
        return None

    def opening_end(self, _: Clause) -> Part | None:
        """Return until when the opening lasts."""
        sessions = self.sessions_of(self._context.topics["session.opening"])
        return agenda.end_of_session(self._context, sessions[0]) if sessions else None

    def dialogue(self, clause: Clause) -> Part | None:
        """Return the dialogues asked for by number or subject; all of them where neither is clear."""
        dialogues = self.sessions_of(self._context.topics["session.dialogues"])
        numbers = clause.slots.numbers or self._subject_numbers(clause)
        chosen = [dialogues[number - 1] for number in numbers if 1 <= number <= len(dialogues)]
        return agenda.session_lines(self._context, chosen) if chosen else self.dialogues(clause)

    def dialogues(self, _: Clause) -> Part | None:
        """Return all dialogues, and the date of the event, which people call the Mayors Dialogue as well."""
        sessions = self.sessions_of(self._context.topics["session.dialogues"])
        made = agenda.session_lines(self._context, sessions, full=False) if sessions else None
        dates = event.dates(self._context, self._home) if self._home else None
        if made is None or dates is None:
            return made or dates
        return replace(made, text=f"{made.text}\n{dates.text}", sources=(*made.sources, *dates.sources))

    def _subject_numbers(self, clause: Clause) -> tuple[int, ...]:
        """Return the numbers of the subthemes that clause is about; none where it may mean all dialogues."""
        links = self._context.linker.link(clause.wide, clause.wide_vector, [Sort.SUBTHEME])
        one, every = clause.probability("session.dialogue"), clause.probability("session.dialogues")
        is_about_all = every >= _MAY_MEAN_ALL * one > 0.0
        if not links or links[0].score < _MEANT or (is_about_all and not links[0].is_named):
            return ()
        best = [link for link in links if link.is_named] or links[:1]
        return tuple(sorted({link.entity.number for link in best[:1]}))

    def subtheme(self, clause: Clause) -> Part | None:
        """Return the subthemes asked for by number or subject; all of them where neither is clear."""
        if self._home is None:
            return None
        numbers = clause.slots.numbers or self._subject_numbers(clause)
        made = [event.subtheme(self._context, self._home, number) for number in numbers]
        parts = [part for part in made if part is not None]
        if not parts:
            return event.subthemes(self._context, self._home)
        return replace(parts[0], text="\n".join(part.text for part in parts))

    def visits(self, clause: Clause) -> Part | None:
        """Return the site visits with their routes."""
        sessions = [session for session in self._context.programme.sessions if session.routes]
        return (
            agenda.visit_routes(self._context, sessions[0])
            if sessions
            else self.of_sessions(clause, self._context.topics["session.visits"])
        )

    def visit(self, clause: Clause) -> Part | None:
        """Return the route or place meant; all routes where none is clear."""
        links = self._context.linker.link(clause.wide, clause.wide_vector, [Sort.ROUTE, Sort.STOP])
        named: list[Link] = [link for link in links if link.is_named] or [k for k in links[:1] if k.score >= _MEANT]
        if not named:
            return self.visits(clause)
        entity = named[0].entity
        if entity.session is None or entity.route is None:
            return None
        if entity.sort is Sort.ROUTE:
            return visit_answers.visit_route(self._context, entity.session, entity.route)
        return visit_answers.visit_place(self._context, entity.session, entity.route, entity.wording)

    def visits_optional(self, _: Clause) -> Part | None:
        """Return what the agenda remarks on the site visits: whether they are optional, and may change."""
        session = next((s for s in self._context.programme.sessions if s.routes and s.note), None)
        if session is None:
            return None
        return Part(visit_answers.remark(self._context, session), session.certainty, (self._context.agenda_source(),))

    def _day_meant(self, clause: Clause) -> int:
        """Return the day that clause names, or the one before it did; else the main conference day."""
        before = clause.previous.slots.day if clause.previous else None
        day = clause.slots.day or before or agenda.main_day(self._context)
        return self._context.programme.days[-1] if day == -1 and self._context.programme.days else day

    def day(self, clause: Clause) -> Part | None:
        """Return the programme of the day, or part of a day, that clause means; of all days where it names none."""
        days = self._context.programme.days
        if clause.slots.day is None and clause.slots.part is None:
            return agenda.programme_of(self._context, self._context.programme.sessions)
        day = self._day_meant(clause)
        if day not in days:
            text = self._context.words.say(phrases.DAY_NOT_LISTED, day=day, first=days[0], last=days[-1])
            return Part(text, self._context.programme.certainty, (self._context.agenda_source(),))
        sessions = [session for session in self._context.programme.sessions if session.day == day]
        if clause.slots.part is not None:
            sessions = agenda.sessions_between(self._context, day, clause.slots.part.hours) or sessions
        return agenda.programme_of(self._context, sessions)

    def at_time(self, clause: Clause) -> Part | None:
        """Return what is on at the time that clause names, and after it."""
        if not clause.slots.times:
            return self.day(clause)
        day = self._day_meant(clause)
        for moment in _readings(clause.slots.times[0]):
            sessions = agenda.sessions_from(self._context, day, moment)
            if sessions and moment >= (sessions[0].start or moment):
                return self._told_with_conflicts(agenda.programme_of(self._context, sessions), day, moment)
        return agenda.nothing_at(self._context, day, clause.slots.times[0])

    def _told_with_conflicts(self, part: Part, day: int, moment: time) -> Part:
        """Return part with the contradictions of the agenda about a moment."""
        running = agenda.sessions_at(self._context, day, moment)
        pairs = [pair for pair in self._context.programme.overlaps if set(pair) <= set(running)]
        lines = [part.text, *(agenda.contradiction(self._context, *pair) for pair in pairs)]
        certainty = Certainty.CONTRADICTORY if pairs else part.certainty
        return replace(part, text="\n".join(lines), certainty=certainty)

    def neighbour(self, clause: Clause) -> Part | None:
        """Return what comes after or before the session that clause, or the question before it, is about."""
        session = self._session_meant(clause)
        if session is None:
            return self.at_time(clause)
        before = clause.slots.asks_previous and not clause.slots.asks_next
        return agenda.neighbour(self._context, session, before=before)

    def _session_meant(self, clause: Clause) -> Session | None:
        for asked in filter(None, (clause, clause.previous)):
            links = self._context.linker.named(asked.bare, [Sort.SESSION, Sort.ITEM])
            named = [link.entity.session for link in links if link.entity.session and link.entity.session.start]
            if named:
                return named[0]
            if asked.topic in ("session.dialogue", "event.subtheme"):
                dialogues = self.sessions_of(self._context.topics["session.dialogues"])
                numbers = [n for n in asked.slots.numbers or self._subject_numbers(asked) if n <= len(dialogues)]
                if numbers:
                    return dialogues[numbers[0] - 1]
            sessions = self.sessions_of(self._context.topics[asked.topic])
            if sessions and sessions[0].start is not None:
                return sessions[0]
        return None

    def start(self, clause: Clause) -> Part | None:
        """Return the first item of the day that clause means."""
        day = self._day_meant(clause)
        return agenda.first_of_day(self._context, day) if day in self._context.programme.days else self.day(clause)

    def end(self, clause: Clause) -> Part | None:
        """Return the last item of the day that clause means."""
        day = self._day_meant(clause)
        return agenda.last_of_day(self._context, day) if day in self._context.programme.days else self.day(clause)

    def free_time(self, clause: Clause) -> Part | None:
        """Return when nothing is listed on the day that clause means."""
        day = self._day_meant(clause)
        return agenda.free_time(self._context, day) if day in self._context.programme.days else self.day(clause)

    def themes_of_visits(self) -> Part | None:
        """Return just the themes of the site visits."""
        session = next((session for session in self._context.programme.sessions if session.routes), None)
        return visit_answers.visit_themes(self._context, session) if session else None


def _readings(moment: time) -> list[time]:
    """Return what a time may mean, the likelier first: 'at 7' is in the morning or in the evening."""
    return [moment, moment.replace(hour=moment.hour + 12)] if moment.hour < 12 else [moment]
