import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.format import (
    CAPTION_LIMIT,
    DATA_LIMIT,
    OUTDATED,
    TEXT_LIMIT,
    Message,
    data_of,
    in_rows,
    messages,
    payload_of,
    readable,
    split,
    units,
)
from handlers.ask import welcome
from handlers.model import Activity, Choice, File, Outcome, Reply, Rsvp, Status
from handlers.profile import LANGUAGE
from handlers.rsvp_replies import told
from handlers.speech import Speech
from knowledge.activities import KEY_LENGTH
from knowledge.languages import LANGUAGES
from tests.bot_api_rules import shown

CALENDAR = File("agenda.ics", "text/calendar", b"BEGIN:VCALENDAR")
CHART = File("places.png", "image/png", b"\x89PNG")
WRITTEN = st.text(
    st.one_of(st.characters(), st.sampled_from(" \n\t<>&\"'😀é中。\x00\ud83d\u200d\ufe0f\u0301")), max_size=200
)
LONG = st.lists(
    st.one_of(WRITTEN, st.sampled_from(["\n\n", "\n", " ", "word " * 60, "😀" * 90, "中" * 99])), max_size=60
)


def without_space(text):
    return re.sub(r"\s+", "", text)


@given(LONG)
def test_nothing_is_lost_and_telegram_takes_every_piece(parts):
    text = "".join(parts)

    found = messages(Reply(text))

    assert [shown(message.html, "HTML") for message in found]  # refuses what Telegram would
    read = "".join(html.unescape(message.html) for message in found)
    assert without_space(read) == (without_space(readable(text)) or "…")


@given(LONG, st.integers(4, 400))
def test_pieces_are_within_any_limit_and_none_is_empty(parts, limit):
    text = readable("".join(parts))

    pieces = split(text, limit)

    assert [piece for piece in pieces if not 0 < units(piece) <= limit] == []
    assert without_space("".join(pieces)) == without_space(text)


@given(st.lists(st.builds(Choice, WRITTEN, st.text("abc:-0123", max_size=62)), max_size=30))
def test_every_button_comes_once_and_in_order(choices):
    rows = in_rows(choices)

    assert [payload_of(button.payload) for row in rows for button in row] == [choice.payload for choice in choices]
    assert [row for row in rows if not 1 <= len(row) <= 4] == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("one two\n\nthree four", ["one two", "three four"]),
        ("one two\nthree four", ["one two", "three four"]),
        ("one two three four", ["one two", "three four"]),
        ("a\n\nb one two three", ["a\n\nb one", "two three"]),
        ("会议日期。具体日期尚待确认。", ["会议日期。", "具体日期尚待确认。"]),
        ("x" * 25, ["x" * 10, "x" * 10, "x" * 5]),
        ("e\u0301" * 7, ["e\u0301" * 5, "e\u0301" * 2]),
        ("😀" * 7, ["😀" * 5, "😀" * 2]),
        ("  ", []),
    ],
)
def test_texts_are_cut_where_a_reader_pauses(text, pieces):
    assert split(text, 10) == pieces


def test_buttons_are_below_the_last_text():
    first, second = messages(Reply("x" * TEXT_LIMIT + " yes?", (Choice("Yes", "y"), Choice("No", "n"))))

    assert first == Message("x" * TEXT_LIMIT)
    assert second == Message("yes?", ((Choice("Yes", "1:y"), Choice("No", "1:n")),))


@pytest.mark.parametrize(
    ("labels", "lengths"),
    [
        (["Day 1", "Day 2", "Day 3", "Day 4"], [4]),
        (["Dates", "Programme", "Place", "Expenses"], [3, 1]),
        (["Sign up for the night cruise", "Undo"], [1, 1]),
        (["報名參加長江夜遊船", "取消", "返回"], [1, 2]),
        (["Undo", "Ask the organizers about this question"], [1, 1]),
    ],
)
def test_rows_of_buttons_can_be_read_on_a_phone(labels, lengths):
    assert [len(row) for row in in_rows([Choice(label, "x") for label in labels])] == lengths


def test_a_text_goes_as_the_caption_of_its_file_where_it_fits():
    choices = (Choice("Yes", "y"),)
    rows = ((Choice("Yes", "1:y"),),)
    long = "x" * (CAPTION_LIMIT + 1)

    assert messages(Reply("<b>", choices, files=(CALENDAR,))) == (Message("&lt;b&gt;", rows, CALENDAR),)
    assert messages(Reply(long, choices, files=(CALENDAR,))) == (Message(long, rows), Message("", file=CALENDAR))
    assert messages(Reply("", files=(CALENDAR,))) == (Message("", file=CALENDAR),)
    assert [message.file for message in messages(Reply("two", files=(CALENDAR, CHART)))] == [None, CALENDAR, CHART]


def test_a_chart_is_shown_and_a_calendar_offered():
    assert [Message("", file=file).is_picture for file in (CALENDAR, CHART)] == [False, True]


def test_a_payload_that_telegram_cannot_carry_is_a_mistake_of_ours():
    longest = "x" * (DATA_LIMIT - 2)

    assert payload_of(data_of(longest)) == longest
    with pytest.raises(ValueError, match="longer than 62 bytes"):
        data_of(longest + "x")


def test_a_button_of_another_version_means_nothing():
    assert payload_of("0:cancel:cruise") == payload_of("junk") == payload_of("") == OUTDATED


def test_every_button_that_handlers_make_fits():
    cruise, visit = (activity("x" * KEY_LENGTH), activity("y" * KEY_LENGTH))
    states = [Rsvp(cruise.key, 1, 999, status) for status in Status]
    changes = [Outcome(before, after) for before in states for after in states]
    replies = [told(change, cruise, Speech("en"), other) for change in changes for other in (None, visit)]
    pressed = [choice.payload for reply in [*replies, welcome("en")] for choice in reply.choices]
    languages = [f"{LANGUAGE}:{code}" for code in LANGUAGES]

    assert {payload_of(data_of(payload)) for payload in pressed + languages} == {*pressed, *languages}


def activity(key):
    return Activity(key, {"en": "Cruise"}, "Cruise", "Cruise", "session", 2, capacity=2000)


def test_a_picture_that_goes_with_a_broadcast_arrives_as_it_is():
    made, attached = File("map.png", "image/png", b"x"), File("map.png", "image/png", b"x", attachment=7)

    assert [messages(Reply("Here", files=(file,)))[0].is_picture for file in (made, attached)] == [True, False]
