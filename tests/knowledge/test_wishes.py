import pytest

from knowledge import LANGUAGES
from knowledge.router import Router
from knowledge.wishes import WEIGHTS, Wish, digest, language_named, samples


def test_the_weights_were_fitted_to_the_samples():
    router = Router.load(WEIGHTS, digest=digest())

    assert set(router.topics) == {wish.value for wish in Wish}


def test_every_wish_has_samples_in_every_language():
    told = {(sample.topic, sample.language) for sample in samples()}

    assert [(wish.value, tag) for wish in Wish for tag in LANGUAGES if (wish.value, tag) not in told] == []


@pytest.mark.parametrize(
    ("text", "spoken", "named"),
    [
        ("please answer in French", "en", "fr"),
        ("auf Englisch bitte", "de", "en"),
        ("请用英语回答", "zh", "en"),
        ("繁體中文", "en", "zh-TW"),
        ("when is the cruise?", "en", ""),
    ],
)
def test_a_language_is_named_in_the_words_of_another(text, spoken, named):
    assert language_named(text, spoken) == named
