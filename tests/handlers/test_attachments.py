import pytest

from handlers import texts
from handlers.attachments import LARGEST, check, clean_name, named
from handlers.combining import combined
from handlers.errors import Refusal
from handlers.model import File


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("Programme day 2.pdf", "Programme day 2.pdf"),
        ("日程 第二天.pdf", "日程 第二天.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\map.png", "map.png"),
        ("..", "file"),
        (".hidden", "hidden"),
        ("a\nb\x00\tc.txt", "abc.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ('say "hi" <b>.txt', "say hi b.txt"),
        ("", "file"),
    ],
)
def test_a_name_holds_nothing_but_a_name(given, clean):
    assert clean_name(given) == clean


def test_a_long_name_keeps_its_ending():
    assert clean_name("x" * 300 + ".pdf") == "x" * 76 + ".pdf"


def test_the_kind_of_a_file_is_told_by_its_name():
    kinds = [named(name, b"x").media_type for name in ("map.png", "list.pdf", "thing", "page.html")]
    assert kinds == ["image/png", "application/pdf", "application/octet-stream", "text/html"]


@pytest.mark.parametrize(
    ("contents", "already", "frame"),
    [
        ([b""], 0, texts.BAD_FILE),
        ([b"x" * (LARGEST + 1)], 0, texts.BAD_FILE),
        ([b"x"] * 4, 0, texts.TOO_MANY_FILES),
        ([b"x"], 3, texts.TOO_MANY_FILES),
    ],
)
def test_what_no_message_takes_is_refused(contents, already, frame):
    with pytest.raises(Refusal) as refused:
        check([File("a.pdf", "application/pdf", content) for content in contents], already)

    assert refused.value.frame == frame


def test_three_files_of_the_largest_size_are_taken():
    check([File("a.pdf", "application/pdf", b"x" * LARGEST)] * 3)


def test_files_of_changes_that_are_told_as_one_go_together_each_once():
    a, b = ({"id": number, "name": f"{number}.pdf"} for number in (1, 2))
    told = combined([{"sessions": [], "files": [a]}, {"sessions": []}, {"sessions": [], "files": [a, b]}])

    assert told["files"] == [a, b]
    assert "files" not in combined([{"sessions": []}, {"sessions": []}])
