import io
import json

import pytest
from rich.console import Console

from bot.channels.console import BadLine, chat, chat_in_json, read_message
from handlers.model import Address, Choice, Incoming, Reply

MENU = (Choice("Dates", "topic:dates"), Choice("Visits [day 3]", "topic:visits"))


def echo(incoming):
    """Return the menu for /start, otherwise what was said or pressed."""
    if incoming.text == "/start":
        return Reply("Hello!", MENU)
    return Reply(f"pressed {incoming.pressed}" if incoming.pressed else f"said {incoming.text}")


def shown(*lines, terminal=False):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, no_color=True, width=40, highlight=False)
    chat(echo, lines, console, language="en")
    return out.getvalue()


def sent(*lines):
    out = io.StringIO()
    chat_in_json(echo, list, [line if isinstance(line, str) else json.dumps(line) for line in lines], out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_menu_is_shown_with_numbers_and_a_number_presses_its_button():
    assert shown("2") == "Hello!\n  1  Dates\n  2  Visits [day 3]\npressed topic:visits\n"


def test_the_numbers_of_the_menu_work_until_another_is_shown():
    assert shown("hi", "1").splitlines()[-2:] == ["said hi", "pressed topic:dates"]


@pytest.mark.parametrize("text", ["3", "0", "22", "-1", "²", "1.", "999999999999999999999999"])
def test_a_number_without_a_button_is_a_message(text):
    assert shown(text).splitlines()[-1] == f"said {text}"


@pytest.mark.parametrize("word", ["/quit", "/exit", " /QUIT "])
def test_a_word_ends_the_conversation(word):
    assert "said" not in shown(word, "more")


def test_blank_lines_are_passed_over():
    assert shown("", "   ", "hi").splitlines()[-1] == "said hi"


def test_a_terminal_is_told_how_to_leave():
    assert "/quit leaves" in shown(terminal=True)


def test_programs_get_lines_as_they_are_and_no_markup_is_read_from_text():
    text = "[bold]a[/bold] long line that would not fit into forty columns"

    assert shown(text).splitlines()[-1] == f"said {text}"


def test_each_line_is_answered_in_order_and_closed_with_done():
    assert sent({"from": "ana", "say": "/start"}, {"from": "ben", "press": "topic:dates"}) == [
        {
            "to": "ana",
            "text": "Hello!",
            "buttons": [
                {"label": "Dates", "payload": "topic:dates"},
                {"label": "Visits [day 3]", "payload": "topic:visits"},
            ],
            "files": [],
        },
        {"done": True},
        {"to": "ben", "text": "pressed topic:dates", "buttons": [], "files": []},
        {"done": True},
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("nonsense", "line 1: not JSON (Expecting value)"),
        ("[" * 100_000, "line 1: not JSON that can be read"),
        ("[1]", 'line 1: expected {"from": "address", "say": "text"}'),
        ({"say": "hi"}, 'line 1: expected {"from": "address", "say": "text"}'),
        ({"from": 5, "say": "hi"}, 'line 1: expected {"from": "address", "say": "text"}'),
        ({"from": "ana"}, 'line 1: expected a text under "say" or "press"'),
        ({"from": "ana", "say": 5}, 'line 1: expected a text under "say" or "press"'),
        ({"from": "ana", "say": "a", "press": "b"}, 'line 1: expected a text under "say" or "press"'),
    ],
)
def test_a_bad_line_is_told_and_the_next_one_read(line, error):
    assert sent(line, {"from": "ana", "say": "hi"})[:3] == [
        {"error": error},
        {"done": True},
        {"to": "ana", "text": "said hi", "buttons": [], "files": []},
    ]


def test_an_empty_message_is_a_message():
    assert read_message('{"from": "ana", "say": ""}', 1) == Incoming(Address("console", "ana"))


def test_a_line_without_an_address_is_none():
    with pytest.raises(BadLine):
        read_message("{}", 7)
