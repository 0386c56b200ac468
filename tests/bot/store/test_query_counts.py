"""However many there are, a look costs the same number of queries."""

import pytest
from sqlalchemy import event

from handlers.model import Act, Address, Wanted


@pytest.fixture
def queries(database):
    """What has been asked of the database."""
    asked = []
    event.listen(database._engine.sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    return asked


LOOKS = {
    "activities": lambda kept, _: kept.activities.all(),
    "counts": lambda kept, _: kept.rsvps.counts(),
    "list": lambda kept, _: kept.rsvps.listed("cruise"),
    "own": lambda kept, person: kept.rsvps.of(person),
    "notices": lambda kept, _: kept.drained(),
    "export": lambda kept, _: kept.people.export(Address("console", "p0")),
    "delegation": lambda kept, _: kept.delegations.of("Oita"),
}


@pytest.mark.parametrize("look", LOOKS)
async def test_a_look_costs_the_same_with_one_and_with_three(kept, queries, look):
    costs = []
    for number in range(3):
        person = await kept.person(f"p{number}")
        await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise"))
        await kept.activities.change(f"tea-{number}", {"day": 1})
        await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted(f"tea-{number}"))
        queries.clear()
        await LOOKS[look](kept, person.id)
        costs.append(len(queries))

    assert costs[0] == costs[-1]
    assert costs[0] <= 6
