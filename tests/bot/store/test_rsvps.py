from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store.rsvps import OFFER_HOLDS
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Act, Address, Role, Status, Wanted
from tests.bot.store.conftest import CRUISE


async def signed_up(kept, name, party=1, **wanted):
    person = await kept.person(name)
    return await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise", party, **wanted))


async def cancelled(kept, name):
    person = await kept.person(name)
    return await kept.rsvps.cancel(Act(person.id, person.id, "said"), "cruise")


async def status_of(kept, name):
    person = await kept.person(name)
    return [(rsvp.status, rsvp.party, rsvp.position) for rsvp in await kept.rsvps.of(person.id)]


async def taken(kept):
    return (await kept.activities.all())[0].taken


async def test_a_place_is_taken_once_however_often_it_is_asked_for(kept):
    await kept.rsvps.resize("cruise", 5)

    first, second = await signed_up(kept, "Ana", 2), await signed_up(kept, "Ana", 2)

    assert (first.is_change, second.is_change, await taken(kept)) == (True, False, 2)


async def test_a_party_may_grow_and_shrink(kept):
    await kept.rsvps.resize("cruise", 5)
    await signed_up(kept, "Ana", 2)

    await signed_up(kept, "Ana", 5)
    assert await taken(kept) == 5
    await signed_up(kept, "Ana", 1)
    assert await taken(kept) == 1


async def test_a_party_that_cannot_grow_keeps_what_it_has(kept):
    await kept.rsvps.resize("cruise", 3)
    await signed_up(kept, "Ana", 2)

    with pytest.raises(Refusal) as refused:
        await signed_up(kept, "Ana", 4)

    assert refused.value.frame == texts.NO_ROOM_FOR_MORE
    assert await status_of(kept, "Ana") == [(Status.CONFIRMED, 2, 0)]


async def test_a_full_activity_has_a_waitlist_in_order(kept):
    await kept.rsvps.resize("cruise", 1)
    for name in ("Ana", "Ben", "Cai"):
        await signed_up(kept, name)

    assert await status_of(kept, "Ben") == [(Status.WAITLISTED, 1, 1)]
    assert await status_of(kept, "Cai") == [(Status.WAITLISTED, 1, 2)]


async def test_a_freed_place_is_offered_to_the_first_party_that_fits_and_told(kept):
    await kept.rsvps.resize("cruise", 3)
    await signed_up(kept, "Ana", 2)
    await signed_up(kept, "Eve", 1)
    await signed_up(kept, "Ben", 3)
    await signed_up(kept, "Cai", 2)

    outcome = await cancelled(kept, "Ana")

    assert outcome.offers == 1
    assert await status_of(kept, "Cai") == [(Status.OFFERED, 2, 0)]
    assert [(address.id, notice.kind) for address, notice in await kept.drained()] == [("Cai", "offer")]
    assert await kept.drained() == []


async def test_an_offer_is_confirmed_by_taking_it(kept):
    await kept.rsvps.resize("cruise", 1)
    await signed_up(kept, "Ana")
    await signed_up(kept, "Ben")
    await cancelled(kept, "Ana")

    await signed_up(kept, "Ben")

    assert (await status_of(kept, "Ben"), await taken(kept)) == ([(Status.CONFIRMED, 1, 0)], 1)


async def test_an_offer_that_nobody_takes_goes_to_the_next(kept, clock):
    await kept.rsvps.resize("cruise", 1)
    for name in ("Ana", "Ben", "Cai"):
        await signed_up(kept, name)
    await cancelled(kept, "Ana")

    clock.moment += OFFER_HOLDS + timedelta(minutes=1)
    await kept.rsvps.expire()

    assert (await status_of(kept, "Ben"), await status_of(kept, "Cai")) == ([], [(Status.OFFERED, 1, 0)])
    assert await taken(kept) == 1


async def test_who_is_content_with_less_gets_what_is_free(kept):
    await kept.rsvps.resize("cruise", 3)
    await signed_up(kept, "Ana", 2)

    outcome = await signed_up(kept, "Ben", 3, takes_what_is_free=True)

    assert (outcome.after.status, outcome.after.party) == (Status.CONFIRMED, 1)


async def test_making_it_smaller_takes_no_place_and_lets_nobody_in(kept):
    await kept.rsvps.resize("cruise", 3)
    await signed_up(kept, "Ana", 3)

    await kept.rsvps.resize("cruise", 1)
    await signed_up(kept, "Ben")

    assert await status_of(kept, "Ana") == [(Status.CONFIRMED, 3, 0)]
    assert await status_of(kept, "Ben") == [(Status.WAITLISTED, 1, 1)]


async def test_making_it_larger_offers_places(kept):
    await kept.rsvps.resize("cruise", 1)
    await signed_up(kept, "Ana")
    await signed_up(kept, "Ben", 2)

    assert (await kept.rsvps.resize("cruise", 3), await status_of(kept, "Ben")) == (1, [(Status.OFFERED, 2, 0)])


@pytest.mark.parametrize(
    ("rules", "frame"),
    [
        ({"is_open": False}, texts.CLOSED),
        ({"party_limit": 1}, texts.PARTY_OUT_OF_RANGE),
        ({"eligible": ["staff"]}, texts.NOT_ELIGIBLE),
    ],
)
async def test_rules_are_kept_and_told(kept, rules, frame):
    await kept.activities.change("cruise", rules)

    with pytest.raises(Refusal) as refused:
        await signed_up(kept, "Ana", 2)

    assert (refused.value.frame, await taken(kept)) == (frame, 0)


async def test_after_the_deadline_nobody_signs_up_but_who_is_in_may_leave(kept, clock):
    await signed_up(kept, "Ana", 2)
    await kept.activities.change("cruise", {"deadline": clock() - timedelta(hours=1)})

    with pytest.raises(Refusal) as refused:
        await signed_up(kept, "Ben")

    assert refused.value.frame == texts.DEADLINE_PASSED
    assert (await cancelled(kept, "Ana")).after.status is Status.CANCELLED


async def test_a_frozen_list_is_left_as_it_is(kept, clock):
    await signed_up(kept, "Ana")
    await kept.activities.change("cruise", {"freeze": clock() - timedelta(hours=1)})

    with pytest.raises(Refusal) as refused:
        await cancelled(kept, "Ana")

    assert (refused.value.frame, await taken(kept)) == (texts.FROZEN, 1)


@pytest.mark.parametrize("party", [0, -2, 51])
async def test_no_party_is_empty_or_a_crowd(kept, party):
    with pytest.raises(Refusal) as refused:
        await signed_up(kept, "Ana", party)

    assert refused.value.frame == texts.PARTY_OUT_OF_RANGE


async def test_switching_gives_up_the_old_place_only_for_a_new_one(kept):
    await kept.activities.add_new([replace(CRUISE, key="lake"), replace(CRUISE, key="museum", capacity=0)])
    ana = await kept.person("Ana")
    act = Act(ana.id, ana.id, "said")
    await kept.rsvps.sign_up(act, Wanted("cruise"))

    await kept.rsvps.sign_up(act, Wanted("museum", instead_of="cruise"))
    assert {r.activity: r.status for r in await kept.rsvps.of(ana.id)} == {
        "cruise": Status.CONFIRMED,
        "museum": Status.WAITLISTED,
    }
    await kept.rsvps.sign_up(act, Wanted("lake", instead_of="cruise"))
    assert {r.activity for r in await kept.rsvps.of(ana.id)} == {"lake", "museum"}


async def test_who_is_erased_leaves_a_free_place_and_no_name(kept):
    await kept.rsvps.resize("cruise", 1)
    await signed_up(kept, "Ana")
    await signed_up(kept, "Ben")

    await kept.people.erase(Address("console", "Ana"))

    assert await kept.people.find(Address("console", "Ana")) is None
    assert await status_of(kept, "Ben") == [(Status.OFFERED, 1, 0)]
    assert [(c.confirmed, c.offered) for c in await kept.rsvps.counts()] == [(0, 1)]


async def test_counts_tell_people_parties_and_cities(kept):
    await kept.rsvps.resize("cruise", 5)
    await signed_up(kept, "Ana", 2)
    code = await kept.invites.create(role=Role.DELEGATE, city="Bordeaux", name="Luc")
    luc = await kept.people.redeem(Address("console", "luc"), code)
    await kept.rsvps.sign_up(Act(luc.id, luc.id, "said"), Wanted("cruise", 3))
    await signed_up(kept, "Ben", 1)

    (counts,) = await kept.rsvps.counts()

    assert (counts.confirmed, counts.parties, counts.waitlisted, counts.unverified) == (5, 2, 1, 2)
    assert counts.by_city == {"Bordeaux": 3, "Oita": 2}
