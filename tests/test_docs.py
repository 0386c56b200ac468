"""The docs name what there is, and what they name is there."""

import re
import shlex

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bot.__main__ import app
from bot.settings import Settings
from tests.figures import ROOT

README = ROOT / "README.md"
OPERATIONS = ROOT / "docs" / "operations.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LONGEST_LINE = 200  # characters
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMANDS = get_command(app).commands


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def shell_lines(path):
    """Return what a reader may copy to a shell."""
    return [line for block in SHELL.findall(path.read_text("utf-8")) for line in block.splitlines()]


def command_lines(quoted):
    """Return the command lines of the desk among quoted ones, as words, without the desk itself."""
    lines = [re.sub(r"^\.venv/bin/", "", line.strip()) for line in quoted]
    return [shlex.split(line, comments=True)[1:] for line in lines if re.match(r"desk [a-z]", line)]


def quoted_lines(path):
    return command_lines([*shell_lines(path), *INLINE.findall(path.read_text("utf-8"))])


def modules(path):
    """Return the modules that the first columns of the tables in a document name."""
    rows = re.findall(r"^\| (`.*?) \|", path.read_text("utf-8"), re.MULTILINE)
    return sorted(module for row in rows for module in INLINE.findall(row))


def anchors(path):
    headings = HEADING.findall(CODE.sub("", path.read_text("utf-8")))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", [ROOT / ".env.example", README, OPERATIONS], ids=name_of)
def test_every_setting_is_told(path):
    told = set(re.findall(r"\bDESK_[A-Z_]+\b", path.read_text("utf-8")))

    assert told == {f"DESK_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("path", [README, OPERATIONS], ids=name_of)
def test_every_command_is_told(path):
    assert {words[0] for words in quoted_lines(path)} == set(COMMANDS)


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_quoted_commands_have_the_options_that_are_quoted(path):
    for command, *words in quoted_lines(path):
        below = [word for word in words[:1] if word in getattr(COMMANDS[command], "commands", ())]
        offered = CliRunner().invoke(app, [command, *below, "--help"])

        assert offered.exit_code == 0, command
        assert [word for word in words if word.startswith("--") and word not in offered.output] == []


@pytest.mark.parametrize("path", [README, OPERATIONS], ids=name_of)
def test_what_can_be_copied_to_a_shell_can_be_run(path):
    for name, *words in command_lines(shell_lines(path)):
        command, given = COMMANDS[name], words[: words.index(">")] if ">" in words else words
        for below in (word for word in words[:1] if word in getattr(command, "commands", ())):
            command, given = command.commands[below], given[1:]
        with command.make_context(name, given) as context:
            assert context.args == []


def test_the_two_first_commands_are_targets_of_the_makefile():
    quoted = re.findall(r"^make (run|test)\b", README.read_text("utf-8"), re.MULTILINE)
    targets = re.findall(r"^(run|test):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert quoted == targets == ["run", "test"]


def test_the_architecture_tells_of_every_module_of_knowledge_once():
    there = sorted(path.stem for path in (ROOT / "knowledge").glob("*.py") if path.stem != "__init__")

    assert modules(ARCHITECTURE) == there


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_links_lead_somewhere(path):
    links = [(target, anchor) for target, anchor in LINK.findall(CODE.sub("", path.read_text("utf-8")))]
    found = [(path.parent / target if target else path, anchor) for target, anchor in links]

    assert [name_of(target) for target, _ in found if not target.exists()] == []
    assert [anchor for target, anchor in found if anchor and anchor not in anchors(target)] == []


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_no_line_is_too_long_to_be_read_in_a_terminal(path):
    lines = path.read_text("utf-8").splitlines()

    assert [number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE] == []
