import pytest

from knowledge.people import Introduction, People, read_introduction, read_people


@pytest.mark.parametrize(
    ("language", "text", "people"),
    [
        ("en", "two of us for the boat please", People(2)),
        ("en", "Put me on the cruise at 19:00 on day 2", People()),
        ("en", "put -2 people on the cruise list", People(-2)),
        ("en", "add one more person", People(more=1)),
        ("en", "just me", People(1)),
        ("en", "my wife and I, so a party of 2", People(2)),
        ("de", "eine Person, Duisburg", People(1)),
        ("de", "wir sind zu dritt", People(3)),
        ("fr", "Finalement nous serons trois.", People(3)),
        ("es", "somos cuatro", People(4)),
        ("ru", "нас двое", People(2)),
        ("zh", "我想报名夜游长江,一个人", People(1)),
        ("zh", "两个人报名", People(2)),
        ("ja", "3名でお願いします", People(3)),
        ("ko", "두 명 신청할게요", People(2)),
        ("th", "ขอลงทะเบียนล่องเรือกลางคืน 1 คน", People(1)),
        ("ar", "شخص واحد", People(1)),
        ("tr", "iki kişi geliyoruz", People(2)),
    ],
)
def test_people_are_counted(language, text, people):
    assert read_people(text, language) == people


@pytest.mark.parametrize(
    ("language", "text", "introduction"),
    [
        (
            "en",
            "My name is Robert'); DROP TABLE rsvp;-- and I want to join, Manchester",
            Introduction("Robert", "Manchester"),
        ),
        ("en", "Sign me up, I'm Anna Schmidt from Duisburg", Introduction("Anna Schmidt", "Duisburg")),
        ("de", "eine Person, Duisburg", Introduction("", "Duisburg")),
        ("en", "When is the cruise?", Introduction()),
    ],
)
def test_name_and_city_are_read(language, text, introduction):
    assert read_introduction(text, language) == introduction


@pytest.mark.parametrize("text", ["Jean Martin, Bordeaux", "Jean Martin - Bordeaux"])
def test_a_line_of_name_and_city_is_read_where_it_was_asked_for(text):
    assert read_introduction(text, "en", is_expected=True) == Introduction("Jean Martin", "Bordeaux")
