from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.store import tables as t
from bot.store.delegations import QUOTA, NoSuchDelegation
from bot.store.invites import VALID, WITHIN
from handlers import texts
from handlers.errors import Refusal
from handlers.model import Act, Address, Role, Wanted
from handlers.speech import CONFERENCE_TIME

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


async def member(kept, role, name, city="Oita"):
    return await kept.people.redeem(
        Address("console", name), await kept.invites.create(role=role, city=city, name=name)
    )


async def test_covered_delegates_are_named_bit_by_bit_up_to_the_quota(kept):
    aide = await member(kept, Role.AIDE, "Anna Schmidt")

    await kept.delegations.nominate(aide.id, ["Bo Li", "Cai Wu"])
    named = await kept.delegations.nominate(aide.id, ["Di Xu", "wu cai"])
    with pytest.raises(Refusal) as refused:
        await kept.delegations.nominate(aide.id, ["Ed Yi"])

    assert named.covered == ("Bo Li", "Cai Wu", "Di Xu")
    assert refused.value.frame == texts.MORE_THAN_COVERED
    assert await kept.delegations.of("Oita") == named


async def test_covered_delegates_are_named_instead_of_others(kept):
    aide = await member(kept, Role.AIDE, "Anna Schmidt")
    before = await kept.delegations.nominate(aide.id, ["Bo Li", "Cai Wu"])

    after = await kept.delegations.nominate(aide.id, ["Di Xu"], instead=True)
    back = await kept.delegations.set_covered(aide.id, before.covered_ids)

    assert after.covered == ("Di Xu",)
    assert back == before


async def test_nobody_of_another_city_is_covered(kept):
    aide = await member(kept, Role.AIDE, "Anna Schmidt")
    stranger = await member(kept, Role.DELEGATE, "Bo Li", city="Duisburg")

    assert (await kept.delegations.set_covered(aide.id, [stranger.id])).covered == ()


async def test_the_head_and_aides_name_who_is_covered_where_there_is_a_head(kept):
    head, aide, other = [
        await member(kept, role, name)
        for role, name in ((Role.DELEGATE, "Mayor Abe"), (Role.AIDE, "Bo Li"), (Role.DELEGATE, "Cai Wu"))
    ]
    assert (await kept.delegations.nominate(other.id, ["Cai Wu"])).covered == ("Cai Wu",)  # no head is known yet

    await kept.delegations.set_head("oita", "abe mayor")
    with pytest.raises(Refusal) as refused:
        await kept.delegations.nominate(other.id, ["Di Xu"])

    assert (refused.value.frame, refused.value.values["head"]) == (texts.NAMED_BY_HEAD, "Mayor Abe")
    await kept.delegations.nominate(head.id, ["Mayor Abe"])
    assert len((await kept.delegations.nominate(aide.id, ["Bo Li"])).covered) == QUOTA


async def test_a_head_has_to_be_of_the_delegation(kept):
    await member(kept, Role.DELEGATE, "Cai Wu")

    with pytest.raises(NoSuchDelegation, match="Di Xu: nobody of that name is of Oita \\(Cai Wu\\)"):
        await kept.delegations.set_head("Oita", "Di Xu")


async def test_covered_delegates_are_named_until_the_deadline(kept, clock):
    aide = await member(kept, Role.AIDE, "Aiko Sato")
    until = clock().astimezone(CONFERENCE_TIME) + timedelta(hours=1)  # written as in Wuhan, compared as a moment
    await kept.delegations.set_deadline(until)

    assert (await kept.delegations.nominate(aide.id, ["Bo Li"])).nominated_until == until
    clock.go_on(hours=2)
    with pytest.raises(Refusal) as refused:
        await kept.delegations.nominate(aide.id, ["Cai Wu"])

    assert (refused.value.frame, refused.value.values) == (texts.NOMINATION_IS_OVER, {"until": until})
    assert (await kept.delegations.of("Oita")).covered == ("Bo Li",)


async def test_the_history_of_naming_holds_no_names(kept):
    """Who is named may want to be forgotten."""
    aide = await member(kept, Role.AIDE, "Anna Schmidt")
    named = await kept.delegations.nominate(aide.id, ["Bo Li"])

    async with kept.database.reading() as connection:
        (row,) = await connection.execute(select(t.history).where(t.history.c.why == "nominated"))

    assert (row.by_id, row.before, row.after) == (aide.id, {"covered": []}, {"covered": list(named.covered_ids)})


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
