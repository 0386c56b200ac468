"""From a clause and the evidence for its topic to the parts of a reply."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from knowledge import agenda_answers as agenda
from knowledge import corrections, phrases
from knowledge import event_answers as event
from knowledge import passage_answers as passages
from knowledge.briefing import Slot
from knowledge.clauses import Clause
from knowledge.evidence import Context, Part
from knowledge.index import PassageIndex
from knowledge.programme import Certainty
from knowledge.programme_questions import ProgrammeQuestions
from knowledge.routing import choose_topics
from knowledge.slots import Slots
from knowledge.thresholds import thresholds
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
_LONG = 500  # letters of a fact; what is not stated beside it would not fit a phone screen
_EMBASSY = {"practical.visa"}


class Composer:
    """Compose the parts of one reply."""

    def __init__(self, context: Context, index: PassageIndex) -> None:
        self._context = context
        self._index = index
        self._home = context.library.home
        self._programme = ProgrammeQuestions(context)

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
        is_refused = self._context.topics[clause.topic].kind is Kind.REFUSED
        if clause.confidence < thresholds().lost and not choice.cities and not is_refused:
            named = passages.naming(self._context, clause)
            if named is not None:
                return [named]
        is_guess = clause.confidence < thresholds().floor or clause.is_gibberish
        if is_guess and not choice.is_exact and not choice.cities:
            return [self._not_found()]
        parts = [self._of_other_event(clause, city) for city in choice.cities]
        if not choice.cities or choice.is_home_too:
            parts += self._on_home_event(clause, choice.topics)
        return list(dict.fromkeys(parts))

    def _on_home_event(self, clause: Clause, topics: Sequence[str]) -> list[Part]:
        """Return what is said on topics, behind the date where clause takes the event to be in another month."""
        parts = [self._part(clause, topic) for topic in topics]
        is_told = "event.dates" in topics or not corrections.mistakes_the_month(self._context, clause)
        return parts if is_told else [self._part(clause, "event.dates"), *parts]

    def _not_found(self) -> Part:
        """Return that nothing was found, and what can be asked."""
        frames = (phrases.NOT_FOUND, phrases.I_CAN_HELP_WITH)
        text = "\n".join(self._context.words.say(frame) for frame in frames)
        return Part(text, Certainty.NOT_STATED, (), "practical.other", is_answer=False)

    def _part(self, clause: Clause, key: str) -> Part:
        topic = self._context.topics[key]
        if key in _TALK:
            text = self._context.words.say(_TALK[key])
            return Part(text, Certainty.OUT_OF_SCOPE, (), key, is_answer=False)
        made = self._fact(clause, topic)
        if made is None:
            return self._not_stated(clause, topic)
        if corrections.corrects(self._context, clause, topic, made):
            made = replace(made, text=f"{self._context.words.say(phrases.CORRECTION)} {made.text}")
        return replace(self._with_unsaid(made, topic), topic=key)

    def _fact(self, clause: Clause, topic: Topic) -> Part | None:
        """Return the fact on a topic from rows, else from passages; None where nothing is stated."""
        if topic.family == "sister":
            return passages.host_background(self._context, self._index, clause, topic)
        if topic.kind is Kind.GAP:
            sessions = self._programme.sessions_of(topic) if topic.family == "session" else []
            return (
                agenda.session_lines(self._context, sessions) if sessions else passages.stated(self._context, topic.id)
            )
        if self._home is None:
            return None
        answer = self._answers.get(topic.id)
        made = answer(clause) if answer else self._programme.of_sessions(clause, topic)
        return made or passages.stated(self._context, topic.id)

    @property
    def _answers(self) -> dict[str, Callable[[Clause], Part | None]]:
        """The topics that are answered by a rule of their own; session topics are found by their titles."""
        context, home, programme = self._context, self._home, self._programme
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
            "event.subtheme": programme.subtheme,
            "event.draft": lambda _: event.draft(context, home),
            "event.invitation": lambda _: event.invitation(context, home),
            "event.editions": self._editions,
            "agenda.full": lambda _: agenda.programme_of(context, context.programme.sessions),
            "agenda.day": programme.day,
            "agenda.time": programme.at_time,
            "agenda.next": programme.neighbour,
            "agenda.free_time": programme.free_time,
            "agenda.start": programme.start,
            "agenda.end": programme.end,
            "session.opening_end": programme.opening_end,
            "session.overlap": lambda _: agenda.contradictions(context),
            "session.parallel": lambda _: agenda.parallel_sessions(context),
            "session.dialogue": programme.dialogue,
            "session.dialogues": programme.dialogues,
            "session.visits": programme.visits,
            "session.visit": programme.visit,
            "session.visits_optional": programme.visits_optional,
            "cost.covered": lambda _: event.coverage(context, home),
            "cost.extra_delegate": lambda _: event.coverage(context, home),
        }

    def _of_other_event(self, clause: Clause, city: str) -> Part:
        topic = clause.topic
        made = passages.other_event(self._context, self._index, clause, city)
        if made is not None:
            return replace(made, topic=topic)
        return self._not_stated(clause, self._context.topics[topic], is_elsewhere=True)

    def _editions(self, _: Clause) -> Part | None:
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
        if gap is None or len(part.text) > _LONG or passages.stated(self._context, gap.id) is not None:
            return part
        subject = self._context.words.say(gap.subject)
        return replace(part, text=f"{part.text}\n{self._context.words.say(phrases.NOT_STATED, subject=subject)}")

    def _nearest(self, clause: Clause, topic: Topic) -> Part | None:
        """Return the fact nearest to what is not stated, in a line or two."""
        if not topic.near:
            return None
        near = self._context.topics[max(topic.near, key=clause.probability)]
        if near.id == "session.visits":
            return self._programme.themes_of_visits()
        sessions = self._programme.sessions_of(near) if near.family == "session" else []
        return agenda.session_lines(self._context, sessions, full=False) if sessions else self._fact(clause, near)

    def _not_stated(self, clause: Clause, topic: Topic, *, is_elsewhere: bool = False) -> Part:
        """Return that the documents do not state it, the nearest fact, and the next step.

        is_elsewhere: another city's event was asked for; a fact of the own event would pass for one of that.
        """
        say = self._context.words.say
        subject = topic.subject or "this point"
        lines = [say(phrases.NOT_STATED, subject=say(subject))]
        fact = None if is_elsewhere else self._nearest(clause, topic)
        lines += fact.text.split("\n") if fact else []
        lines.append(say(phrases.ASK_EMBASSY if topic.id in _EMBASSY else phrases.ASK_ORGANIZERS))
        sources = fact.sources if fact else ()
        return Part("\n".join(lines), Certainty.NOT_STATED, sources, topic.id, is_answer=False)
