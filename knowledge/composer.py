"""From a clause and the evidence for its topic to the parts of a reply."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from knowledge import agenda_answers as agenda
from knowledge import event_answers as event
from knowledge import passage_answers as passages
from knowledge import phrases
from knowledge.briefing import Slot
from knowledge.corrections import corrects
from knowledge.evidence import Context, Part
from knowledge.index import PassageIndex
from knowledge.linking import Link, Sort
from knowledge.programme import Certainty, Session
from knowledge.reading import Clause
from knowledge.routing import choose_topics
from knowledge.slots import Slots
from knowledge.topics import Kind, Topic

_TALK = {
    "social.hello": phrases.HELLO,
    "social.thanks": phrases.THANKS,
    "social.bye": phrases.GOODBYE,
    "social.bot": phrases.ABOUT_ME,
    "social.mood": phrases.SMALL_TALK,
    "refused.out_of_scope": phrases.OUT_OF_SCOPE,
    "refused.injection": phrases.REFUSED_INSTRUCTION,
    "refused.private": phrases.REFUSED_PRIVATE,
}
_EMBASSY = {"practical.visa"}
_MEANT = 0.3  # similarity from which a subtheme or route counts as meant without being named


class Composer:
    """Compose the parts of one reply."""

    def __init__(self, context: Context, index: PassageIndex) -> None:
        self._context = context
        self._index = index
        self._home = context.library.home

    def wordless(self, text: str) -> Part:
        """Return the answer to a message without words: thanks for an emoji, else a request for words."""
        frame = phrases.THANKS if any(not character.isascii() for character in text) else phrases.EMPTY
        return Part(self._context.words.say(frame), Certainty.OUT_OF_SCOPE, (), "social.thanks", is_answer=False)

    def on_topic(self, topic: Topic) -> Part:
        """Return what there is to say on a topic when nothing more exact was asked."""
        nothing = Clause(topic.id, topic.id, np.zeros(0, np.float32), {topic.id: 1.0}, Slots(), ())
        return self._part(nothing, topic.id)

    def compose(self, clause: Clause) -> list[Part]:
        """Return what answers clause: one part, or two where it could mean either of two things."""
        choice = choose_topics(clause, self._context)
        parts = []
        for city in choice.cities:
            parts.append(self._of_other_event(clause, city))
        if not choice.cities or choice.is_home_too:
            parts += [self._part(clause, topic) for topic in choice.topics]
        return list(dict.fromkeys(parts))

    def _part(self, clause: Clause, key: str) -> Part:
        topic = self._context.topics[key]
        if key in _TALK:
            text = self._context.words.say(_TALK[key])
            return Part(text, Certainty.OUT_OF_SCOPE, (), key, is_answer=False)
        made = self._fact(clause, topic)
        if made is None:
            return self._not_stated(clause, topic)
        if corrects(self._context, clause, topic, made):
            made = replace(made, text=f"{self._context.words.say(phrases.CORRECTION)} {made.text}")
        return replace(self._with_unsaid(made, topic), topic=key)

    def _fact(self, clause: Clause, topic: Topic) -> Part | None:
        """Return the fact on a topic from rows, else from passages; None where nothing is stated."""
        if topic.family == "sister":
            return passages.host_background(self._context, self._index, clause)
        if topic.kind is Kind.GAP:
            sessions = self._sessions_of(topic) if topic.family == "session" else []
            return agenda.session_lines(self._context, sessions) if sessions else passages.stated(self._context, topic.id)
        if self._home is None:
            return None
        answer = self._answers.get(topic.id)
        made = answer(clause) if answer else self._of_sessions(clause, topic)
        return made or passages.stated(self._context, topic.id)

    @property
    def _answers(self) -> dict[str, Callable[[Clause], Part | None]]:
        """The topics that are answered by a rule of their own; session topics are found by their titles."""
        context, home = self._context, self._home
        if home is None:
            return {}
        return {
            "event.dates": lambda _: event.dates(context, home),
            "event.duration": lambda _: event.duration(context, home),
            "event.name": lambda _: event.name(context, home),
            "event.city": lambda _: event.city(context, home),
            "event.organizer": lambda _: event.labelled(context, home, Slot.ORGANIZER),
            "event.objective": lambda _: event.labelled(context, home, Slot.OBJECTIVE),
            "event.invitees": lambda _: event.labelled(context, home, Slot.INVITEES),
            "event.theme": lambda _: event.theme(context, home),
            "event.subthemes": lambda _: event.subthemes(context, home),
            "event.subtheme": self._subtheme,
            "event.draft": lambda _: event.draft(context, home),
            "event.invitation": lambda _: event.invitation(context, home),
            "event.editions": lambda clause: self._editions(clause),
            "agenda.full": lambda _: agenda.programme_of(context, context.programme.sessions),
            "agenda.day": self._day,
            "agenda.time": self._time,
            "agenda.next": self._neighbour,
            "agenda.free_time": lambda clause: agenda.free_time(context, self._day_meant(clause)),
            "agenda.end": lambda clause: agenda.last_of_day(context, self._day_meant(clause)),
            "session.opening_end": self._opening_end,
            "session.overlap": lambda _: agenda.contradictions(context),
            "session.parallel": lambda _: agenda.parallel_sessions(context),
            "session.dialogue": self._dialogue,
            "session.dialogues": self._dialogues,
            "session.visits": self._visits,
            "session.visit": self._visit,
            "session.visits_optional": self._visits_optional,
            "cost.covered": lambda _: event.coverage(context, home),
            "cost.extra_delegate": lambda _: event.coverage(context, home),
        }

    # -- sessions

    def _sessions_of(self, topic: Topic) -> list[Session]:
        """Return the sessions whose title is about topic."""
        return [session for session in self._context.programme.sessions if topic.is_evidenced_by(session.title)]

    def _of_sessions(self, clause: Clause, topic: Topic) -> Part | None:
        sessions = self._sessions_of(topic)
        if clause.slots.part is not None and len(sessions) > 1:
            first, last = clause.slots.part.hours
            sessions = [s for s in sessions if s.start and first <= s.start < last] or sessions
        if sessions:
            return agenda.session_lines(self._context, sessions)
        for session in self._context.programme.sessions:
            for item in session.items:
                if topic.is_evidenced_by(item):
                    return agenda.part_of_session(self._context, item, session)
        return None

    def _opening_end(self, clause: Clause) -> Part | None:
        sessions = self._sessions_of(self._context.topics["session.opening"])
        return agenda.end_of_session(self._context, sessions[0]) if sessions else None

    def _dialogue(self, clause: Clause) -> Part | None:
        """Return the dialogues asked for by number or subject; all of them where neither is clear."""
        dialogues = self._sessions_of(self._context.topics["session.dialogues"])
        numbers = clause.slots.numbers or self._subject_numbers(clause)
        chosen = [dialogues[number - 1] for number in numbers if 1 <= number <= len(dialogues)]
        return agenda.session_lines(self._context, chosen or dialogues, full=bool(chosen)) if dialogues else None

    def _dialogues(self, clause: Clause) -> Part | None:
        """Return all dialogues, and the date of the event, which people call the Mayors Dialogue as well."""
        sessions = self._sessions_of(self._context.topics["session.dialogues"])
        made = agenda.session_lines(self._context, sessions, full=False) if sessions else None
        dates = event.dates(self._context, self._home) if self._home else None
        if made is None or dates is None:
            return made or dates
        return replace(made, text=f"{made.text}\n{dates.text}", sources=(*made.sources, *dates.sources))

    def _subject_numbers(self, clause: Clause) -> tuple[int, ...]:
        """Return the numbers of the subthemes that clause is about."""
        links = self._context.linker.link(clause.wide, clause.wide_vector, [Sort.SUBTHEME])
        if not links or links[0].score < _MEANT:
            return ()
        best = [link for link in links if link.is_named] or links[:1]
        return tuple(sorted({link.entity.number for link in best[:1]}))

    def _subtheme(self, clause: Clause) -> Part | None:
        if self._home is None:
            return None
        numbers = clause.slots.numbers or self._subject_numbers(clause)
        made = [event.subtheme(self._context, self._home, number) for number in numbers]
        parts = [part for part in made if part is not None]
        if not parts:
            return event.subthemes(self._context, self._home)
        return replace(parts[0], text="\n".join(part.text for part in parts))

    def _visits(self, clause: Clause) -> Part | None:
        sessions = [session for session in self._context.programme.sessions if session.routes]
        return agenda.visit_routes(self._context, sessions[0]) if sessions else self._of_sessions(
            clause, self._context.topics["session.visits"]
        )

    def _visit(self, clause: Clause) -> Part | None:
        """Return the route or place meant; all routes where none is clear."""
        links = self._context.linker.link(clause.wide, clause.wide_vector, [Sort.ROUTE, Sort.STOP])
        named: list[Link] = [link for link in links if link.is_named] or [k for k in links[:1] if k.score >= _MEANT]
        if not named:
            return self._visits(clause)
        entity = named[0].entity
        if entity.session is None or entity.route is None:
            return None
        if entity.sort is Sort.ROUTE:
            return agenda.visit_route(self._context, entity.session, entity.route)
        return agenda.visit_place(self._context, entity.session, entity.route, entity.wording)

    def _visits_optional(self, clause: Clause) -> Part | None:
        session = next((s for s in self._context.programme.sessions if s.routes and s.note), None)
        if session is None:
            return None
        return Part(agenda.remark(self._context, session), session.certainty, (self._context.agenda_source(),))

    # -- days and times

    def _day_meant(self, clause: Clause) -> int:
        """Return the day that clause names, or the one before it did; else the main conference day."""
        before = clause.previous.slots.day if clause.previous else None
        day = clause.slots.day or before or agenda.main_day(self._context)
        return self._context.programme.days[-1] if day == -1 and self._context.programme.days else day

    def _day(self, clause: Clause) -> Part | None:
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

    def _time(self, clause: Clause) -> Part | None:
        if not clause.slots.times:
            return self._day(clause)
        day, moment = self._day_meant(clause), clause.slots.times[0]
        sessions = agenda.sessions_from(self._context, day, moment)
        if not sessions or moment < (sessions[0].start or moment):
            return agenda.nothing_at(self._context, day, moment)
        return agenda.programme_of(self._context, sessions)

    def _neighbour(self, clause: Clause) -> Part | None:
        """Return what comes after or before the session that clause, or the question before it, is about."""
        session = self._session_meant(clause)
        if session is None:
            return self._time(clause)
        before = clause.slots.asks_previous and not clause.slots.asks_next
        return agenda.neighbour(self._context, session, before=before)

    def _session_meant(self, clause: Clause) -> Session | None:
        for asked in filter(None, (clause, clause.previous)):
            links = self._context.linker.named(asked.bare, [Sort.SESSION, Sort.ITEM])
            named = [link.entity.session for link in links if link.entity.session and link.entity.session.start]
            if named:
                return named[0]
            if asked.topic in ("session.dialogue", "event.subtheme"):
                dialogues = self._sessions_of(self._context.topics["session.dialogues"])
                numbers = [n for n in asked.slots.numbers or self._subject_numbers(asked) if n <= len(dialogues)]
                if numbers:
                    return dialogues[numbers[0] - 1]
            sessions = self._sessions_of(self._context.topics[asked.topic])
            if sessions and sessions[0].start is not None:
                return sessions[0]
        return None

    # -- other events, and what is not stated

    def _of_other_event(self, clause: Clause, city: str) -> Part:
        topic = clause.topic
        made = passages.other_event(self._context, self._index, clause, city)
        if made is not None:
            return replace(made, topic=topic)
        return self._not_stated(clause, self._context.topics[topic])

    def _editions(self, clause: Clause) -> Part | None:
        """Return the events of other cities that the background documents are about."""
        made = [passages.event_dates(self._context, city) for city in self._context.library.other_events]
        parts = [part for part in made if part is not None]
        if not parts:
            return None
        sources = tuple(source for part in parts for source in part.sources)
        return Part("\n".join(part.text for part in parts), Certainty.CONFIRMED, sources)

    def _with_unsaid(self, part: Part, topic: Topic) -> Part:
        """Return part with what people ask for in the same breath and the documents do not state."""
        gap = self._context.topics.get(topic.unsaid)
        if gap is None or passages.stated(self._context, gap.id) is not None:
            return part
        subject = self._context.words.say(gap.subject)
        return replace(part, text=f"{part.text}\n{self._context.words.say(phrases.NOT_STATED, subject=subject)}")

    def _nearest(self, clause: Clause, topic: Topic) -> Part | None:
        """Return the fact nearest to what is not stated, in a line or two."""
        if not topic.near:
            return None
        near = self._context.topics[max(topic.near, key=clause.probability)]
        if near.id == "session.visits":
            session = next((s for s in self._context.programme.sessions if s.routes), None)
            return agenda.visit_themes(self._context, session) if session else None
        sessions = self._sessions_of(near) if near.family == "session" else []
        return agenda.session_lines(self._context, sessions, full=False) if sessions else self._fact(clause, near)

    def _not_stated(self, clause: Clause, topic: Topic) -> Part:
        """Return that the documents do not state it, the nearest fact, and the next step."""
        say = self._context.words.say
        subject = topic.subject or "this point"
        lines = [say(phrases.NOT_STATED, subject=say(subject))]
        fact = self._nearest(clause, topic)
        lines += fact.text.split("\n") if fact else []
        lines.append(say(phrases.ASK_EMBASSY if topic.id in _EMBASSY else phrases.ASK_ORGANIZERS))
        sources = fact.sources if fact else ()
        return Part("\n".join(lines), Certainty.NOT_STATED, sources, topic.id, is_answer=False)
