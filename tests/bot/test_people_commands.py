import io
import json

import pytest
from openpyxl import load_workbook

from bot.registry import formatted, link


def test_activities_come_from_the_programme_and_take_what_is_set(commanded):
    told = json.loads(
        commanded("activities", "set", "cruise", "--capacity", "120", "--deadline", "2026-09-10T18:00+08:00")
    )
    keys = [activity["key"] for activity in json.loads(commanded("activities", "list", "--format", "json"))]

    assert (told["capacity"], told["deadline"], told["names"]["de"][:10]) == (
        120,
        "2026-09-10T10:00:00+00:00",
        "Nächtliche",
    )
    assert keys == [
        "reception",
        "matchmaking",
        "press",
        "cruise",
        "commerce-and-logistics",
        "ecological-civilization",
        "industrial-innovation",
    ]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            ("activities", "set", "cruise", "--capacity", "many"),
            "--capacity many: expected a number of places, or none",
        ),
        (("activities", "set", "cruise", "--start", "7pm"), "--start 7pm: expected a time such as 19:00"),
        (("invite", "--role", "king", "--city", "Oita", "--name", "A"), "--role king: expected one of"),
        (("activities", "set", "press", "--eligible", "king"), "--eligible king: expected roles such as"),
        (("delegations", "set", "Atlantis", "--quota", "4"), "Atlantis: no delegation of that city (there are none"),
        (("delegations", "set", "--quota", "4"), "expected a city with --quota or --head, or --nominate"),
        (("delegations", "set", "--nominate-until", "soon"), "--nominate-until soon: expected a time such as"),
        (("invite", "--city", "Oita", "--name", " "), "--city and --name: expected who the code is for"),
        (("rsvps", "--activity", "gala"), "--activity gala: expected one of reception, "),
        (("rsvps", "--format", "pdf"), "--format pdf: expected table, json, csv or xlsx"),
        (("export", "ana"), "ana: expected channel:id, such as console:ana"),
        (("export", "console:ana"), "console:ana: nothing is kept about it"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(commanded, words, error):
    assert commanded(*words).startswith(error)


def test_delegations_are_listed_and_take_quota_and_deadline(commanded):
    commanded("invite", "--role", "aide", "--city", "Oita", "--name", "Aiko Sato")
    commanded("delegations", "set", "oita", "--quota", "4")
    commanded("delegations", "set", "oita", "--head", "sato aiko")
    commanded("delegations", "set", "--nominate-until", "2026-08-31T18:00+08:00")

    assert json.loads(commanded("delegations", "list", "--format", "json")) == [
        {
            "city": "Oita",
            "people": 1,
            "named": 0,
            "quota": 4,
            "names": "",
            "until": "2026-08-31T10:00:00+00:00",
            "head": "Aiko Sato",
        }
    ]


def test_an_activity_can_be_for_some_roles_only(commanded):
    commanded("activities", "set", "press", "--eligible", "delegate, aide")

    listed = json.loads(commanded("activities", "list", "--format", "json"))
    assert {one["key"]: one["eligible"] for one in listed}["press"] == ["aide", "delegate"]


def test_a_new_activity_needs_a_day(commanded):
    assert "a new one needs --day" in commanded("activities", "set", "gala")
    assert json.loads(commanded("activities", "set", "gala", "--day", "2", "--name", "Gala"))["names"] == {"en": "Gala"}


def test_an_invite_is_a_code_and_a_link(commanded):
    made = json.loads(commanded("invite", "--role", "aide", "--city", "Oita", "--name", "Rei", "--json"))

    assert len(made["code"]) == 19
    assert made["link"] is None  # the bot's name is not known
    assert link(made["code"], "desk_bot") == f"https://t.me/desk_bot?start={made['code'].replace('-', '')}"


def test_examples_are_added_once_and_listed_safely(commanded):
    assert "are examples" in commanded("demo")
    assert "no examples were added" in commanded("demo", "--if-empty")
    assert "there already" in commanded("demo")

    rows = commanded("rsvps", "--activity", "cruise", "--format", "csv").splitlines()
    assert rows[0].lstrip("\ufeff") == "activity,name,city,party,names,status,place,verified"
    assert {row["activity"] for row in json.loads(commanded("rsvps", "--format", "json"))} >= {"cruise", "reception"}


HOSTILE = "=1+1", "+1", "-1", "@a", "\t=1", "\n=1", "＝1", "[/bold]", "[red]a", ":smile:", "a\x07b"


@pytest.mark.parametrize("cell", HOSTILE)
def test_what_people_write_is_shown_as_it_is_and_never_a_formula(cell):
    rows = [("question",), (cell,)]
    shown = cell.replace("\x07", "")
    is_formula = cell[0] in "=+-@\t\n＝"

    if cell.isprintable():
        assert cell in formatted(rows, "table")
    assert formatted(rows, "csv").decode("utf-8-sig").splitlines()[1].startswith(("'", "\"'")) == is_formula
    sheet = load_workbook(io.BytesIO(formatted(rows, "xlsx"))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == (f"'{shown}" if is_formula else shown)


def test_activities_are_listed_in_every_form(commanded):
    assert commanded("activities", "list", "--format", "csv").lstrip("\ufeff").startswith("key,name,day")
    assert "expected table, json, csv or xlsx" in commanded("activities", "list", "--format", "pdf")
