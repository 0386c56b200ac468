from datetime import time

import pytest

from knowledge.languages import LANGUAGES
from knowledge.lexicon import Numerals, Trait, cities_in, city_name, lexicon, without_names


@pytest.mark.parametrize(
    ("language", "text", "bare"),
    [
        ("en", "Good morning, when is Global Mayors Dialogue Wuhan?", "when is the conference?"),
        ("en", "Where is the hotel in Wuhan?", "Where is the hotel?"),
        ("fr", "Bonjour, où est l'hôtel à Wuhan ?", "où est l'hôtel?"),
        ("de", "Guten Tag, wo ist das Hotel in Wuhan?", "wo ist das Hotel?"),
        ("zh", "您好，请问武汉的酒店在哪里？", "的酒店在哪里？"),
        ("en", "Wuhan", "Wuhan"),
    ],
)
def test_greeting_and_host_names_are_cut(language, text, bare):
    assert without_names(text, language) == bare


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Manchester or Duisburg?", ("Manchester", "Duisburg")),
        ("武汉和哈尔滨", ("Wuhan", "Harbin")),
        ("в Харбине", ("Harbin",)),
        ("Cantón", ("Guangzhou",)),
        ("เมืองหนานหนิง", ("Nanning",)),
        ("no city at all", ()),
    ],
)
def test_cities_are_found_in_any_language_in_order(text, cities):
    assert cities_in(text) == cities


@pytest.mark.parametrize(
    ("city", "language", "name"),
    [
        ("Wuhan", "en", "Wuhan"),
        ("Wuhan", "zh", "武汉"),
        ("Wuhan", "zh-TW", "武漢"),
        ("Atlantis", "fr", "Atlantis"),
    ],
)
def test_city_is_named_in_the_language(city, language, name):
    assert city_name(city, language) == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lexicon_loads_with_its_own_name(language):
    assert lexicon(language).language == language


def test_unknown_language_gets_the_english_words():
    assert lexicon("sv").lists == lexicon("en").lists


def test_numerals_know_words_and_stems():
    numerals = Numerals({"first": 1, "ikinci*": 2, "ikincil*": 3})

    assert [numerals.value(word) for word in ("first", "ikincisi", "ikincil")] == [1, 2, 3]


def test_word_that_is_no_numeral_is_refused():
    with pytest.raises(KeyError):
        Numerals({"first": 1}).value("fifth")


def test_moments_and_traits_are_read():
    words = lexicon("th")

    assert words.moments["บ่ายโมง"] == time(13)
    assert words.traits == {Trait.PART_BEFORE_HOUR, Trait.DAY_OF_MONTH}
