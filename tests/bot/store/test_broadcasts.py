import pytest

from bot.store.broadcasts import SqlBroadcasts
from handlers.model import Act, Audience, Wanted


@pytest.fixture
def broadcasts(database, clock):
    return SqlBroadcasts(database, clock)


@pytest.fixture
async def people(kept):
    """Four people: Ana is on the cruise, Ben has said stop, Cai has cancelled, Dan is of Kyiv."""
    ana, ben, cai = [await kept.person(name) for name in ("Ana", "Ben", "Cai")]
    await kept.person("Dan", city="Kyiv")
    for person in (ana, ben, cai):
        await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise"))
    await kept.rsvps.cancel(Act(cai.id, cai.id, "said"), "cruise")
    await kept.people.subscribe(ben.id, is_subscribed=False)


async def told(kept):
    return [address.id for address, _ in await kept.drained()]


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience(), ["Ana", "Cai", "Dan"]),
        (Audience(sessions=("Night Cruise",)), ["Ana"]),
        (Audience(activities=("cruise",)), ["Ana"]),
        (Audience(city="kyiv"), ["Dan"]),
        (Audience(activities=("cruise",), city="Kyiv"), []),
    ],
)
async def test_an_audience_is_who_it_names_but_never_who_has_said_stop(kept, broadcasts, people, audience, names):
    assert await broadcasts.count(audience) == (len(names), 0)

    made = await broadcasts.queue("The pier is wet.", "en", audience, {}, by=None)

    assert made.recipients == len(names)
    assert await told(kept) == names


async def test_who_has_no_address_is_counted_as_out_of_reach(kept, broadcasts):
    await kept.person("Ana")
    await kept.invites.create(role="delegate", city="Oita", name="Eve")  # who has not used the code yet

    assert await broadcasts.count(Audience()) == (2, 1)


async def test_a_list_tells_how_far_each_has_got(kept, broadcasts, people):
    await broadcasts.queue("One", "en", Audience(), {}, by=None)
    await told(kept)
    await broadcasts.queue("Two", "en", Audience(city="Kyiv"), {}, by=None)

    assert [(one.text, one.sent, one.recipients) for one in await broadcasts.all()] == [("Two", 0, 1), ("One", 3, 3)]
    assert [bool(one["sent"]) for one in await broadcasts.deliveries(1)] == [True, True, True]
