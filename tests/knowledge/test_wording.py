from datetime import date, time

import pytest

from knowledge import phrases
from knowledge.languages import LANGUAGES
from knowledge.wording import Wording, clock, wording


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "River Cruise: Day 2, 19:30–20:30."),
        ("fr", "River Cruise\u00a0: jour 2, de 19:30 à 20:30."),
        ("zh", "River Cruise：第2天 19:30–20:30。"),
    ],
)
def test_session_is_said_in_the_language(language, text):
    words = wording(language)

    said = words.say(phrases.SESSION_CONFIRMED, title="River Cruise", when=words.when(2, time(19, 30), time(20, 30)))

    assert said == text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(None, None, ""), (time(9), None, "09:00"), (time(9), time(10, 5), "09:00–10:05"), (None, time(9), "")],
)
def test_times_are_said_as_far_as_known(start, end, text):
    assert wording("en").times(start, end) == text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (None, None, "Day 3, no time stated"),
        (time(9), None, "Day 3, 09:00"),
        (time(9), time(10), "Day 3, 09:00–10:00"),
    ],
)
def test_day_is_said_with_its_times(start, end, text):
    assert wording("en").when(3, start, end) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "mid-September 2026"),
        ("de", "Mitte September 2026"),
        ("fr", "mi-septembre 2026"),
        ("pl", "połowa września 2026"),
        ("zh", "2026年9月中旬"),
    ],
)
def test_month_stands_in_the_form_that_its_frame_needs(language, text):
    assert wording(language).month(phrases.MID_MONTH, 9, 2026) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "15 September 2026"),
        ("de", "15. September 2026"),
        ("ja", "2026年9月15日"),
        ("ar", "15 سبتمبر 2026"),
    ],
)
def test_date_is_said_in_long_form(language, text):
    assert wording(language).date(date(2026, 9, 15)) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a, b and c"),
        ("de", "a, b und c"),
        ("zh", "a、b和c"),
        ("ja", "a、b、c"),
        ("th", "a b และc"),
        ("ar", "a وb وc"),
    ],
)
def test_short_items_are_listed_as_in_running_text(language, text):
    assert wording(language).listed(["a", "b", "c"]) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "a, b; c"), ("zh", "a, b；c"), ("ja", "a, b；c"), ("ar", "a, b؛ c"), ("th", "a, b, c")],
)
def test_long_items_are_parted_by_the_semicolon_of_the_language(language, text):
    assert wording(language).enumerated(["a, b", "c"]) == text


@pytest.mark.parametrize(("language", "text"), [("en", "a: b"), ("fr", "a\u00a0: b"), ("ja", "a：b"), ("th", "a: b")])
def test_label_has_the_colon_of_the_language(language, text):
    assert wording(language).labelled("a", "b") == text


@pytest.mark.parametrize(("language", "text"), [("ru", "a (b)"), ("zh-TW", "a（b）")])
def test_remark_has_the_brackets_of_the_language(language, text):
    assert wording(language).bracketed("a", "b") == text


def test_frame_without_a_translation_is_english():
    assert wording("fr").say("A frame that no catalog holds, {name}.", name="x") == "A frame that no catalog holds, x."


def test_value_in_braces_is_left_alone():
    assert wording("en").say(phrases.CITY, city="{city}") == "City: {city}."


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reply_in_the_middle_of_a_day_lacks_a_word(language):
    assert wording(language).when(2, time(9), time(10)).count("09:00") == 1


def test_language_that_the_desk_does_not_speak_is_refused():
    with pytest.raises(ValueError, match="'sv'"):
        Wording("sv")


def test_clock_has_24_hours():
    assert clock(time(9, 5)) == "09:05"
