import pytest

from knowledge.names_listed import names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We name Dora, Ada Martin and Luc Petit", ["Dora", "Ada Martin", "Luc Petit"]),
        ("our delegates are Ana Ruiz and Jan van der Berg.", ["Ana Ruiz", "Jan van der Berg"]),
        ("Wir benennen Eva Klein und Otto von Thal", ["Eva Klein", "Otto von Thal"]),
        ("Nous désignons Zoé Roux et Hugo Le Gall !", ["Zoé Roux", "Hugo Le Gall"]),
        ("Мы выдвигаем Ольгу Белову, Ивана Крылова", ["Ольгу Белову", "Ивана Крылова"]),
        ("我们提名 王伟、李娜", ["王伟", "李娜"]),
        ("受邀代表：王伟和欧阳娜娜", ["王伟", "欧阳娜娜"]),
        ("We nominate Dora Klein and Luc Petit as our delegates", ["Dora Klein", "Luc Petit"]),
        ("Wir benennen Eva Klein als Delegierte", ["Eva Klein"]),
        ("who is covered?", []),
        ("我们提名的人是谁", []),
    ],
)
def test_names_are_read_without_what_stands_before_them(text, names):
    assert names_in(text) == names
