import json

import pytest
from typer.testing import CliRunner

from bot.__main__ import app


@pytest.fixture
def desk(home, monkeypatch):
    """Run a command on a data folder of its own; return what it prints, or the error."""
    monkeypatch.setenv("DESK_HOME", str(home))

    def run(*words):
        done = CliRunner().invoke(app, words)
        return str(done.exception) if done.exit_code else done.output

    return run


def test_activities_come_from_the_programme_and_take_what_is_set(desk):
    told = json.loads(desk("activities", "set", "cruise", "--capacity", "120", "--deadline", "2026-09-10T18:00+08:00"))
    keys = [activity["key"] for activity in json.loads(desk("activities", "list", "--format", "json"))]

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
        (("rsvps", "--format", "pdf"), "--format pdf: expected table, json, csv or xlsx"),
        (("export", "ana"), "ana: expected channel:id, such as console:ana"),
        (("export", "console:ana"), "console:ana: nothing is kept about it"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(desk, words, error):
    assert desk(*words).startswith(error)


def test_a_new_activity_needs_a_day(desk):
    assert "a new one needs --day" in desk("activities", "set", "gala")
    assert json.loads(desk("activities", "set", "gala", "--day", "2", "--name", "Gala"))["names"] == {"en": "Gala"}


def test_an_invite_is_a_code_and_a_link(desk):
    made = json.loads(desk("invite", "--role", "aide", "--city", "Oita", "--name", "Rei", "--json"))

    assert len(made["code"]) == 19
    assert made["link"].endswith(made["code"].replace("-", ""))


def test_examples_are_added_once_and_listed_safely(desk):
    assert "are examples" in desk("demo")
    assert "no examples were added" in desk("demo", "--if-empty")

    rows = desk("rsvps", "--activity", "cruise", "--format", "csv").splitlines()
    assert rows[0].lstrip("\ufeff") == "activity,name,city,party,names,status,place,verified"
    assert {row["activity"] for row in json.loads(desk("rsvps", "--format", "json"))} >= {"cruise", "reception"}
