from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.store import tables as t
from bot.store.invites import VALID, WITHIN
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Act, Address, Delegation, Role, Wanted

ANA, BEN = Address("telegram", str(2**40)), Address("wechat", "oAbc")


async def test_a_code_binds_one_address_once(kept):
    code = await kept.invites.create(role=Role.AIDE, city="Duisburg", name="Anna Schmidt")

    person = await kept.people.redeem(ANA, code.lower().replace("-", ""))
    with pytest.raises(Refusal) as refused:
        await kept.people.redeem(BEN, code)

    assert (person.name, person.city, person.role, person.is_verified) == ("Anna Schmidt", "Duisburg", Role.AIDE, True)
    assert refused.value.frame == texts.WRONG_CODE


async def test_an_expired_code_is_told_like_a_wrong_one(kept, clock):
    code = await kept.invites.create(role=Role.DELEGATE, city="Oita", name="Bo")
    clock.moment += VALID + timedelta(days=1)

    with pytest.raises(Refusal) as refused:
        await kept.people.redeem(ANA, code)

    assert refused.value.frame == texts.WRONG_CODE


async def test_codes_cannot_be_guessed(kept, clock):
    code = await kept.invites.create(role=Role.DELEGATE, city="Oita", name="Bo")
    for _ in range(5):
        with pytest.raises(Refusal, match="not valid"):
            await kept.people.redeem(ANA, "AAAA-AAAA-AAAA-AAAA")

    with pytest.raises(Refusal) as refused:
        await kept.people.redeem(ANA, code)
    assert refused.value.frame == texts.TOO_MANY_CODES

    clock.moment += WITHIN + timedelta(seconds=1)
    assert (await kept.people.redeem(ANA, code)).name == "Bo"


async def test_the_covered_delegates_are_named_up_to_the_quota(kept):
    code = await kept.invites.create(role=Role.AIDE, city="Duisburg", name="Anna Schmidt")
    aide = await kept.people.redeem(ANA, code)

    named = await kept.people.nominate(aide.id, ["Bo Li", "Cai Wu"])
    with pytest.raises(Refusal) as refused:
        await kept.people.nominate(aide.id, ["A B", "C D", "E F", "G H"])

    assert named == Delegation("Duisburg", 3, ("Bo Li", "Cai Wu"))
    assert refused.value.frame == texts.MORE_THAN_COVERED


async def test_what_is_kept_is_told_and_erased(kept):
    await kept.people.introduce(ANA, name="=Ana'); DROP TABLE person;--", city="Oita")

    assert (await kept.people.export(ANA))["person"]["name"] == "=Ana'); DROP TABLE person;--"
    await kept.people.erase(ANA)
    assert await kept.people.export(ANA) == {}


async def test_what_somebody_signed_up_for_before_their_code_stays_theirs(kept):
    stranger = await kept.people.introduce(ANA, name="Anna", city="Essen")
    await kept.rsvps.resize("cruise", 3)
    await kept.rsvps.sign_up(Act(stranger.id, stranger.id, "said"), Wanted("cruise", 2))
    code = await kept.invites.create(role=Role.AIDE, city="Duisburg", name="Anna Schmidt")

    known = await kept.people.redeem(ANA, code)

    assert [(r.activity, r.party) for r in await kept.rsvps.of(known.id)] == [("cruise", 2)]
    (counts,) = await kept.rsvps.counts()
    assert (counts.confirmed, counts.unverified, dict(counts.by_city)) == (2, 0, {"Duisburg": 2})
    assert (await kept.activities.all())[0].taken == 2


async def test_who_has_signed_up_twice_under_two_names_holds_one_place(kept):
    code = await kept.invites.create(role=Role.AIDE, city="Duisburg", name="Anna Schmidt")
    known = await kept.people.redeem(BEN, code)
    stranger = await kept.people.introduce(ANA, name="Anna", city="Essen")
    for person in (known, stranger):
        await kept.rsvps.sign_up(Act(person.id, person.id, "said"), Wanted("cruise"))
    async with kept.database.writing() as connection:  # a second code for the same person
        await connection.execute(update(t.invite).values(used=None))

    await kept.people.redeem(ANA, code)

    assert (await kept.activities.all())[0].taken == 1
    assert await kept.people.find(ANA) == await kept.people.find(BEN)
