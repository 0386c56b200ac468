from datetime import timedelta

import pytest

from bot.store.invites import VALID, WITHIN
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Address, Delegation, Role

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
