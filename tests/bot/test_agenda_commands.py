import json

import pytest

CRUISE = "day-2-1900-yangtze-river-night-cruise"


def test_editions_are_compared_and_exported(commanded):
    commanded("change", CRUISE, "--start", "19:30")
    commanded("change", CRUISE, "--start", "20:00", "--place", "Pier 5", "--name", "Gala Cruise")
    commanded("dates", "2026-09-14")

    told = json.loads(commanded("editions", "--compare", "3", "1", "--format", "json"))
    assert [(row["what"], row["edition 1"], row["edition 3"]) for row in told] == [
        ("name", "Yangtze River Night Cruise", "Gala Cruise"),
        ("start", "19:30", "20:00"),
        ("place", "", "Pier 5"),
        ("first day", None, "2026-09-14"),
    ]
    starts = {
        number: next(one["start"] for one in json.loads(listed) if one["key"] == CRUISE)
        for number in ("0", "1", "2")
        for listed in [commanded("agenda", "--edition", number, "--format", "json")]
    }
    assert starts == {"0": "19:00", "1": "19:30", "2": "20:00"}


@pytest.mark.parametrize("words", [("agenda", "--edition", "1"), ("editions", "--compare", "0", "1")])
def test_an_edition_that_is_not_there_is_told_with_those_that_are(commanded, words):
    assert commanded(*words) == "edition 1: there is none of that number (0 to 0; 0 is what the documents say)"


def places_of(commanded):
    listed = json.loads(commanded("activities", "list", "--format", "json"))
    return next(one["capacity"] for one in listed if one["key"] == "cruise")


def test_places_are_a_part_of_a_change_and_are_undone_with_it(commanded):
    assert "no limit -> 120, offers to the waitlist: 0" in commanded(
        "change", "cruise", "--start", "19:30", "--places", "120"
    )
    assert commanded("change", CRUISE, "--places", "100") == (
        "published; cruise: places 120 -> 100, offers to the waitlist: 0\n"
    )
    told = json.loads(commanded("editions", "--format", "json"))
    assert [(one["session"], one["change"]) for one in told][1:] == [
        ("cruise", "places: no limit -> 120, offers: 0"),
        ("cruise", "places: 120 -> 100, offers: 0"),
    ]
    compared = json.loads(commanded("editions", "--compare", "1", "2", "--format", "json"))
    assert [(row["session"], row["what"], row["edition 1"], row["edition 2"]) for row in compared] == [
        ("cruise", "places", "120", "100")
    ]

    commanded("editions", "--undo", "2")
    assert places_of(commanded) == 120
    commanded("editions", "--undo", "3")
    commanded("activities", "set", "cruise", "--capacity", "90")
    assert places_of(commanded) == 90
    assert commanded("editions", "--undo", "5").startswith("undone; cruise: places 90 -> 100")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cruise", "--places", "many"), "--places many: expected a number of places, or none"),
        (("day-2-0920-group-photo", "--places", "9"), "expected an activity"),
        (("nothing", "--places", "9"), "expected an activity"),
    ],
)
def test_what_is_no_number_of_places_and_what_has_none_is_said(commanded, words, said):
    assert said in commanded("change", *words)
