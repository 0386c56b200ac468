import pytest

from knowledge.audiences import Described, announces, bodies_in, described_in


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("to everybody", Described(is_everybody=True)),
        ("to all delegates", Described(is_everybody=True)),
        ("an alle Delegierten", Described(is_everybody=True)),
        ("à tous les délégués", Described(is_everybody=True)),
        ("群发通知所有代表", Described(is_everybody=True)),
        ("所有代表", Described(is_everybody=True)),
        ("delegates", Described(roles=("delegate",))),
        ("all delegates of Bordeaux", Described(roles=("delegate",), cities=("Bordeaux",))),
        (
            "aides from Bordeaux on Telegram",
            Described(roles=("aide",), cities=("Bordeaux",), channels=("telegram",)),
        ),
        ("a los delegados en lista de espera", Described(roles=("delegate",), statuses=("waitlisted",))),
        ("已报名的助理", Described(roles=("aide",), statuses=("confirmed",))),
        ("French speakers", Described(languages=("fr",))),
        ("those who read Deutsch", Described(languages=("de",))),
        ("Attention", Described()),
        ("Important reminder", Described()),
    ],
)
def test_plain_words_tell_whom_a_message_is_for(text, described):
    assert described_in(text) == described


def test_a_message_in_several_languages_is_told_apart_line_by_line():
    assert bodies_in("en: Bring a jacket\nand shoes\n[fr] : Une veste\nzh：带外套") == {
        "en": "Bring a jacket\nand shoes",
        "fr": "Une veste",
        "zh": "带外套",
    }


@pytest.mark.parametrize("text", ["it: works", "Bring:\nen: a jacket\nfr: une veste", "at 10:30\nen: x", "en:\nfr:"])
def test_what_is_written_in_one_language_stays_one_text(text):
    assert bodies_in(text) == {}


@pytest.mark.parametrize(
    "text", ["Broadcast to Ana Ruiz: come", "群发：集合", "Rundnachricht: los", "Annonce à tous : x"]
)
def test_a_message_that_is_to_be_told_begins_so(text):
    assert announces(text)


@pytest.mark.parametrize("text", ["When is the broadcast?", "Is there an announcement about the cruise?"])
def test_a_question_about_announcements_is_none(text):
    assert not announces(text)
