from datetime import date, timedelta

import pytest

from bot.store.activities import SqlActivities
from bot.store.figures import Asked, Covered, SqlFigures, Standing
from bot.store.questions import SqlQuestions
from handlers.model import Act, Address, Reply, Wanted


@pytest.fixture
async def figures(kept, clock):
    return SqlFigures(kept.database, clock)


async def sign_up(kept, name, party, city="Oita"):
    person = await kept.person(name, city)
    await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise", party))
    return person


async def test_what_has_moved_since_yesterday_is_told_in_people(kept, figures, clock):
    early = await sign_up(kept, "Ana", 3)
    clock.go_on(hours=25)
    await sign_up(kept, "Ben", 2)
    await kept.rsvps.sign_up(Act(early.id, early.id, "said"), Wanted("cruise", 1))

    assert await figures.activities() == [Standing("cruise", 3, 0, 0, 3, moved=0)]
    clock.go_on(hours=25)
    await kept.rsvps.cancel(Act(early.id, early.id, "said"), "cruise")
    assert await figures.activities() == [Standing("cruise", 2, 0, 0, 2, moved=-1)]


async def test_who_waits_and_who_is_offered_a_place_are_counted_apart(kept, figures):
    await kept.rsvps.resize("cruise", 2)
    first = await sign_up(kept, "Ana", 2)
    await sign_up(kept, "Ben", 2)
    await sign_up(kept, "Cem", 1)
    await kept.rsvps.cancel(Act(first.id, first.id, "said"), "cruise")

    (cruise,) = await figures.activities()

    assert (cruise.confirmed, cruise.offered, cruise.waitlisted) == (0, 2, 1)


async def test_delegations_are_counted_by_city(kept, figures):
    for name, city in (("Ana", "Oita"), ("Ben", "Oita"), ("Cem", "Bordeaux")):
        await kept.person(name, city)

    assert await figures.delegations() == [Covered("Bordeaux", 1, 0, 3, ""), Covered("Oita", 2, 0, 3, "")]


async def test_questions_are_counted_by_the_days_of_the_conference(kept, figures, clock):
    questions = SqlQuestions(kept.database, lambda _: None, clock)
    await kept.person("Ana")
    clock.moment = clock.moment.replace(hour=15, minute=59)  # one minute before midnight in Wuhan
    for minutes, answered in ((0, True), (2, False), (0, True)):
        clock.go_on(minutes=minutes)
        reply = Reply("…", language="fr", is_answer=answered, certainty="not_stated")
        await questions.log(Address("console", "Ana"), "Où ?", reply, ["event.place"])

    assert await figures.questions(7) == [Asked(date(2026, 9, 1), "fr", 1, 1), Asked(date(2026, 9, 2), "fr", 2, 1)]
    assert await figures.topics(3) == [("event.place", 3)]
    clock.moment += timedelta(days=8)
    assert await figures.questions(7) == []


async def test_the_version_changes_with_what_is_shown(kept, figures):
    versions = [await figures.version(), await figures.version()]
    await sign_up(kept, "Ana", 1)
    versions.append(await figures.version())
    await SqlActivities(kept.database, kept.rsvps, kept.now).set_open("cruise", is_open=False, by=1)
    versions.append(await figures.version())

    assert versions[0] == versions[1]
    assert len(set(versions)) == 3
