from bot.memory import RecentQuestions
from handlers.model import Address

ANA, BEN = Address("console", "ana"), Address("console", "ben")


async def test_the_last_five_questions_of_each_person_are_kept():
    memory = RecentQuestions()
    for number in range(7):
        await memory.remember(ANA, f"question {number}", "en")
    await memory.remember(BEN, "Wo?", "de")

    assert await memory.recent(ANA) == [f"question {number}" for number in range(2, 7)]
    assert await memory.recent(BEN) == ["Wo?"]


async def test_the_language_is_that_of_the_last_question():
    memory = RecentQuestions()
    await memory.remember(ANA, "Wo?", "de")
    await memory.remember(ANA, "Where?", "en")

    assert (await memory.language_of(ANA), await memory.language_of(BEN)) == ("en", None)


async def test_of_very_many_people_who_asked_longest_ago_is_forgotten():
    memory = RecentQuestions()
    await memory.remember(BEN, "Wo?", "de")
    await memory.remember(ANA, "Where?", "en")
    await memory.remember(BEN, "Wann?", "de")
    for number in range(9_999):
        await memory.remember(Address("console", str(number)), "Where?", "en")

    assert await memory.recent(BEN) == ["Wo?", "Wann?"]
    assert (await memory.recent(ANA), await memory.language_of(ANA)) == ([], None)
