import pytest

from knowledge.spelling import Speller
from knowledge.topics import catalogue, texts_by_language


@pytest.fixture(scope="module")
def english() -> Speller:
    return Speller("en", texts_by_language(catalogue().samples)["en"], names=["harbin"])


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("when is the opning", "when is the opening"),
        ("who pays for acommodation?", "who pays for accommodation?"),
        ("When is the conferense", "When is the conference"),
    ],
)
def test_unknown_words_become_the_nearest_known_one(english, text, mended):
    assert english.mended(text, rare=False) == mended


@pytest.mark.parametrize("text", ["when is the opening", "is there a porthole", "Harbin", "xqzzkw", "", "10:30?"])
def test_known_and_strange_words_stay(english, text):
    assert english.mended(text, rare=False) == text


def test_rare_words_are_mended_only_where_asked_for(english):
    assert [english.mended("teh programme", rare=rare) for rare in (False, True)] == ["teh programme", "the programme"]


def test_language_that_glues_its_words_is_left_alone():
    speller = Speller("ko", ["호텔이 어디예요", "호텔이 어디예요"])

    assert speller.mended("호텔이 어디에요", rare=True) == "호텔이 어디에요"


def test_names_are_known(english):
    assert (english.knows("Harbin"), english.knows("harbnn")) == (True, False)
