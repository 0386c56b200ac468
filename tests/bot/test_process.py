"""The command as the shell sees it: what only a process of its own can show."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import _code_of

ROOT = Path(__file__).parents[2]
DESK = [sys.executable, "-m", "bot"]
MENU = b"Hello! Ask me about the conference: dates, programme, activities, site visits, expenses.\n"


@pytest.fixture
def environment(ingested):
    outer = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    return outer | {"DESK_HOME": str(ingested), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def run(environment, tmp_path):
    def command(*arguments, **options):
        return subprocess.run(
            [*DESK, *arguments], env=environment, cwd=tmp_path, capture_output=True, timeout=60, check=False, **options
        )

    return command


@pytest.fixture
def started(environment, tmp_path):
    def command(*arguments, **more):
        return subprocess.Popen(
            [*DESK, *arguments],
            env=environment | more,
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return command


def exchange(process, message):
    """Send a message; return the texts of the replies."""
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()
    texts = []
    while (reply := json.loads(process.stdout.readline())) != {"done": True}:
        texts.append(reply["text"])
    return texts


def test_a_command_without_words_shows_what_there_is(run):
    done = run()

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"ingest" in done.stdout


def test_a_reader_who_stops_reading_is_no_error(started):
    with started("ask", "--jsonl", "-") as process:
        process.stdout.close()
        process.stdin.write(b'{"question": "Where?"}\n' * 500)
        process.stdin.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) in [(1, b""), (141, b"")]


def test_a_conversation_without_input_greets_and_ends(run):
    done = run("chat", input=b"")

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(MENU)


def test_a_conversation_whose_input_is_closed_greets_and_ends(environment):
    closing = ["sh", "-c", 'exec "$@" <&-', "sh"]
    done = subprocess.run([*closing, *DESK, "chat"], env=environment, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(MENU)


@pytest.mark.parametrize("arguments", [["chat", "--jsonl"], ["chat"]])
def test_an_interrupted_conversation_ends_quietly(started, arguments):
    with started(*arguments) as process:
        process.stdin.write(b'{"from": "ana", "say": "hi"}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (130, b"")


def test_a_question_in_broken_utf8_is_answered(run):
    done = run("ask", b"When is the cruise? \xff\xfe")

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"19:00" in done.stdout


def test_words_are_utf8_whatever_the_locale(started):
    with started("ask", "游船几点？", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii") as process:
        said = process.communicate()[0].decode()

    assert "19:00" in said
    assert "长江" in said


def test_answers_come_line_by_line(started):
    with started("ask", "--jsonl", "-") as process:
        for identity in ("1", "2"):
            process.stdin.write(json.dumps({"id": identity, "question": "hi"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == identity
        process.stdin.close()


def test_debug_shows_where_it_failed(run):
    done = run("ingest", "gone.md", "--debug")

    assert done.returncode == 1
    assert b"Traceback" in done.stderr
    assert done.stderr.splitlines()[-1] == b"desk: gone.md: no such file or folder"


def test_a_conversation_goes_on_with_what_another_process_has_ingested(started, ingested, tmp_path, monkeypatch):
    home = shutil.copytree(ingested, tmp_path / "home")
    question = {"from": "ana", "say": "When was the Harbin event held?"}
    changed = (ROOT / "knowledge/briefings/harbin-2026-dialogue.md").read_text().replace("6-8 January", "16-18 May")
    (tmp_path / "harbin-2026-dialogue.md").write_text(changed)
    monkeypatch.setenv("DESK_HOME", str(home))

    with started("chat", "--jsonl", DESK_HOME=str(home)) as process:
        before = exchange(process, question)
        code = _code_of(["ingest", str(tmp_path / "harbin-2026-dialogue.md")], is_debugging=False)
        after = exchange(process, question)
        process.stdin.close()

    assert ("6-8 January" in before[0], code, "16-18 May" in after[0]) == (True, 0, True)
