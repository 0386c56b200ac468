import pytest

from knowledge.persons_named import persons_named

KNOWN = {"yangtze", "night", "cruise", "river"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sign up Ms Chen and Mr Ruiz for the night cruise", ("Chen", "Ruiz")),
        ("Please register Ana Ruiz and Chen Li for the Yangtze River Night Cruise", ("Ana Ruiz", "Chen Li")),
        ("Bitte melden Sie Frau Schmidt und Herrn Weber zur Flussfahrt an", ("Schmidt", "Weber")),
        ("Inscrivez Mme Dupont à la croisière", ("Dupont",)),
        ("Add Mayor Olena Koval to the cruise", ("Olena Koval",)),
        ("Запишите Госпожу Коваль на круиз", ("Коваль",)),
        ("请为王明和李华报名长江夜游", ("王明", "李华")),
        ("Sign me up for the night cruise", ()),
        ("Two of us from Bordeaux for the Night Cruise", ()),
        ("为我们两人报名夜游", ()),
    ],
)
def test_persons_are_found_by_title_or_by_two_capitals(text, names):
    assert persons_named(text, known=KNOWN) == names
