"""The pictures in the documentation show what the desk says now, each line inside its bubble."""

import xml.etree.ElementTree as ET

from tests.pictures import BUBBLE, CONVERSATIONS, FOLDER, PADDING, pictures, width, words, wrapped

DELEGATES = FOLDER.parent / "delegates.md"
OPERATIONS = FOLDER.parent / "operations.md"
LARGEST = 100_000  # bytes of a photograph


async def test_the_pictures_show_what_the_desk_says_now():
    now = await pictures()
    shown = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.svg")}

    assert {tag: words(picture) for tag, picture in shown.items()} == {tag: words(p) for tag, p in now.items()}
    assert shown == now, "draw them again: make pictures"


def test_the_delegates_see_every_picture():
    text = DELEGATES.read_text("utf-8")

    assert [tag for tag in CONVERSATIONS if f"](pictures/{tag}.svg)" not in text] == []


def test_those_who_run_a_desk_see_every_photograph_of_the_dashboard_and_none_is_large():
    photographs = {path.name: path.stat().st_size for path in FOLDER.glob("*.png")}
    text = OPERATIONS.read_text("utf-8")

    assert 0 < len(photographs) <= 4
    assert [name for name in photographs if f"](pictures/{name})" not in text] == []
    assert {name: size for name, size in photographs.items() if size > LARGEST} == {}


def test_a_picture_can_be_shown_by_itself():
    for path in FOLDER.glob("*.svg"):
        assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own


def test_lines_are_cut_between_words_and_wide_characters_and_fit():
    most = BUBBLE - 2 * PADDING
    latin, chinese = "a night cruise on the Yangtze with the mayors of many cities", "第二天下午有什么安排" * 5
    lines = [list(wrapped(text, most)) for text in (latin, chinese)]

    assert (" ".join(lines[0]), "".join(lines[1])) == (latin, chinese)
    assert all(width(line) <= most for of_one in lines for line in of_one)
