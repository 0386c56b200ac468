from datetime import timedelta

import pytest

from bot.outbox import Sent, Unreachable
from bot.store.broadcasts import SqlBroadcasts
from bot.store.receipts import SqlReceipts
from handlers.broadcasts import Audience, Dispatch, Draft, State
from handlers.model import Act, Address, Role, Status, Wanted

EVERYBODY = Audience()


@pytest.fixture
def broadcasts(database, clock):
    return SqlBroadcasts(database, clock)


@pytest.fixture
def receipts(database, clock):
    return SqlReceipts(database, clock)


@pytest.fixture
async def people(kept):
    """Four people: Ana is on the cruise, Ben has said stop, Cai has cancelled, Dan is of Kyiv."""
    ana, ben, cai = [await kept.person(name) for name in ("Ana", "Ben", "Cai")]
    dan = await kept.person("Dan", city="Kyiv")
    for person in (ana, ben, cai):
        await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise"))
    await kept.rsvps.cancel(Act(cai.id, cai.id, "said"), "cruise")
    await kept.people.subscribe(ben.id, is_subscribed=False)
    return {"Ana": ana, "Ben": ben, "Cai": cai, "Dan": dan}


async def queued(broadcasts, audience=EVERYBODY, text="The pier is wet.", state=State.SENDING, **more):
    return await broadcasts.queue(Draft(text, "en", audience=audience, **more), {}, Dispatch(state), by=None)


async def told(kept):
    return [address.id for address, _ in await kept.drained()]


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience(), ["Ana", "Cai", "Dan"]),
        (Audience(sessions=("Night Cruise",)), ["Ana"]),
        (Audience(activities=("cruise",)), ["Ana"]),
        (Audience(statuses=(Status.CONFIRMED,)), ["Ana"]),
        (Audience(statuses=(Status.WAITLISTED,)), []),
        (Audience(cities=("kyiv",)), ["Dan"]),
        (Audience(cities=("Kyiv", "Oita")), ["Ana", "Cai", "Dan"]),
        (Audience(activities=("cruise",), cities=("Kyiv",)), []),
        (Audience(roles=(Role.DELEGATE,)), ["Ana", "Cai", "Dan"]),
        (Audience(roles=(Role.AIDE,)), []),
        (Audience(channels=("console",)), ["Ana", "Cai", "Dan"]),
        (Audience(channels=("telegram",)), []),
        (Audience(languages=("en",)), ["Ana", "Cai", "Dan"]),
        (Audience(languages=("fr",)), []),
        (Audience(is_reachable=True), ["Ana", "Cai", "Dan"]),
        (Audience(is_reachable=False), []),
    ],
)
async def test_an_audience_is_who_it_names_but_never_who_has_said_stop(kept, broadcasts, people, audience, names):
    shown = await broadcasts.resolved(audience)
    assert (shown.count, shown.unreachable) == (len(names), 0)
    assert [name.split(",")[0] for name in shown.sample] == names

    made = await queued(broadcasts, audience)

    assert made.recipients == len(names)
    assert await told(kept) == names


async def test_people_can_be_named(kept, broadcasts, people):
    found = await broadcasts.named("please tell Ana, and Danuta; also cai.")
    assert [name for _, name in found] == ["Ana", "Cai"]

    await queued(broadcasts, Audience(people=tuple(number for number, _ in found)))

    assert await told(kept) == ["Ana", "Cai"]


async def test_what_is_shown_of_an_audience_tells_who_is_not_reached_and_why(kept, broadcasts, people):
    await kept.invites.create(role=Role.DELEGATE, city="Oita", name="Eve")  # who has not used the code yet
    await queued(broadcasts, Audience(people=(people["Dan"].id,)))
    [delivery] = await kept.notices.claim("console", most=9, lease=timedelta(seconds=15), gap=timedelta())
    await kept.notices.settle(delivery, Unreachable("Forbidden: bot was blocked by the user"))

    shown = await broadcasts.resolved(Audience())

    assert (shown.count, shown.unreachable, shown.opted_out) == (4, 2, 1)
    assert {one.name: one.why for one in shown.unreached} == {
        "Dan": "Forbidden: bot was blocked by the user",
        "Eve": "",
    }
    assert (shown.by_channel, shown.by_language) == ({"console": 2}, {"en": 2})


async def test_the_audience_is_frozen_when_it_is_confirmed(kept, broadcasts, people):
    made = await queued(broadcasts, state=State.PLANNED)
    await kept.person("Eve")

    assert await told(kept) == []
    await broadcasts.start(made.number)
    assert await told(kept) == ["Ana", "Cai", "Dan"]


async def test_a_broadcast_is_paused_goes_on_and_is_cancelled_in_mid_flight(kept, broadcasts, people):
    made = await queued(broadcasts)
    [first] = await kept.notices.claim("console", most=1, lease=timedelta(seconds=15), gap=timedelta())
    await broadcasts.pause(made.number)
    assert await told(kept) == []
    await kept.notices.settle(first, Sent("1"))  # it was in hand: it has arrived, and counts

    await broadcasts.start(made.number)
    [second] = await kept.notices.claim("console", most=1, lease=timedelta(seconds=15), gap=timedelta())
    await kept.notices.settle(second, Sent("2"))
    await broadcasts.cancel(made.number)

    assert await told(kept) == []
    ended = await broadcasts.get(made.number)
    assert (ended.state, ended.sent, ended.cancelled, ended.recipients) == (State.CANCELLED, 2, 1, 3)


async def test_a_report_tells_of_each_person_where_their_message_stands(kept, broadcasts, receipts, people):
    await kept.invites.create(role=Role.DELEGATE, city="Oita", name="Eve")
    assert await kept.delegations.set_liaison("oita", "Wang Min, +86 27 8280 0000")
    made = await queued(broadcasts, asks_reading=True)
    for delivery in await kept.notices.claim("console", most=2, lease=timedelta(seconds=15), gap=timedelta()):
        blocked = delivery.address.id == "Cai"
        await kept.notices.settle(delivery, Unreachable("blocked") if blocked else Sent("7"))
    await kept.notices.claim("console", most=2, lease=timedelta(seconds=15), gap=timedelta())
    assert await broadcasts.read(made.number, people["Ana"].id)
    assert not await broadcasts.read(made.number, people["Ben"].id)

    states = {one["name"]: (one["state"], one["message_id"], one["why"]) for one in await receipts.of(made.number)}
    assert states == {
        "Ana": ("read", "7", ""),
        "Cai": ("unreachable", None, "blocked"),
        "Dan": ("sending", None, ""),
        "Eve": ("unreachable", None, "no address"),
    }
    assert [(one["city"], one["liaison"], one["name"]) for one in await receipts.calls(made.number)] == [
        ("Oita", "Wang Min, +86 27 8280 0000", "Cai"),
        ("Oita", "Wang Min, +86 27 8280 0000", "Eve"),
    ]


async def test_a_correction_replaces_what_has_not_been_sent(kept, broadcasts, people):
    made = await queued(broadcasts, text="Pier 3")
    [first] = await kept.notices.claim("console", most=1, lease=timedelta(seconds=15), gap=timedelta())
    await kept.notices.settle(first, Sent("7"))

    await queued(broadcasts, Audience(told_of=made.number), text="Pier 4", corrects=made.number)

    heard = {address.id: notice.told for address, notice in await kept.drained()}
    assert {who: one["text"] for who, one in heard.items()} == {"Ana": "Pier 4", "Cai": "Pier 4", "Dan": "Pier 4"}
    assert {who: "corrects" in one for who, one in heard.items()} == {"Ana": True, "Cai": False, "Dan": False}


async def test_who_is_told_on_one_channel_is_told_there(kept, broadcasts, people):
    await kept.people.redeem(Address("other", "a"), await kept.invites.create(role=Role.AIDE, city="Oita", name="Ana"))
    await queued(broadcasts, Audience(channels=("other",)))

    assert await told(kept) == []
    claimed = await kept.notices.claim("other", most=9, lease=timedelta(seconds=15), gap=timedelta())
    assert [one.address.id for one in claimed] == ["a"]


async def test_a_list_tells_how_far_each_has_got(kept, broadcasts, people):
    await queued(broadcasts, text="One")
    await told(kept)
    await queued(broadcasts, Audience(cities=("Kyiv",)), text="Two")

    listed = [(one.text, one.sent, one.recipients, one.is_done) for one in await broadcasts.all()]
    assert listed == [("Two", 0, 1, False), ("One", 3, 3, True)]
