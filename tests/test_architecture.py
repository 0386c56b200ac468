"""Rules of the code base that no other tool checks."""

import ast
import re
import socket

import pytest

from tests.figures import PACKAGES, ROOT, catch_alls, mocks, sources, tree_of

# Where one failure must not end everything else. A file joins this list with a reason in its review.
BOUNDARIES = {
    "bot/__main__.py",  # the command line: one clear line instead of a traceback
    "bot/inbox.py",  # what has come in: one message must not end the handling of all others
    "bot/jobs.py",  # what goes by the clock: a job that fails is done again, and ends nothing else
    "bot/outbox.py",  # the outbox: one notice that cannot be delivered keeps no other from its reader
    "bot/store/failures.py",  # a connection: every driver raises its own errors where none can be made
    "handlers/concierge.py",  # the conversation: a person always gets a reply
    "knowledge/phrasing.py",  # every chat model provider raises its own errors; the answer by rule goes out
}
SETTINGS_MAKERS = {"bot/__main__.py", "bot/people_commands.py", "bot/settings.py"}
WALL_CLOCKS = {
    "bot/settings.py",  # the present, or the one that is set: all else asks it
    "bot/store/pace.py",  # the places of messages in real seconds, which a platform counts too
}
MAX_LINES = 300
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9][\w.-]*==[\w.]+)( ?\\?)$", re.MULTILINE)
ADDRESS = re.compile(r"://|@ |^-", re.MULTILINE)  # a URL, a direct reference, an option for pip
CODE = sources(*PACKAGES)


def _name(path):
    return path.relative_to(ROOT).as_posix()


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def _makes_settings(tree):
    """Tell whether a module reads the environment: it calls Settings() without saying what holds."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and not node.keywords and not node.args)
    return any(getattr(node.func, "id", "") == "Settings" for node in calls)


def test_the_three_packages_are_there():
    assert {_name(path).split("/")[0] for path in CODE} == set(PACKAGES)


def test_catch_alls_stand_in_boundary_files_only():
    sites = {_name(path): catch_alls(tree_of(path)) for path in CODE}

    assert {name: lines for name, lines in sites.items() if lines and name not in BOUNDARIES} == {}


@pytest.mark.parametrize(
    "clause",
    ["except:", "except Exception:", "except (KeyError, Exception):", "except builtins.BaseException as e:"],
)
def test_every_form_of_catch_all_is_seen(clause):
    assert catch_alls(ast.parse(f"try:\n    pass\n{clause}\n    pass")) == [3]


def test_a_narrow_except_is_no_catch_all():
    assert catch_alls(ast.parse("try:\n    pass\nexcept (KeyError, ValueError):\n    pass")) == []


def test_settings_are_made_at_the_edge_only():
    makers = {_name(path) for path in CODE if _makes_settings(tree_of(path))}

    assert makers - SETTINGS_MAKERS == set()


def _reads_the_wall_clock(tree):
    """Tell whether a module asks what time it is, behind the back of the clock that a rehearsal sets."""
    asked = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return any(re.search(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?)$", call) for call in asked)


def test_there_is_one_clock():
    assert {_name(path) for path in CODE if _reads_the_wall_clock(tree_of(path))} == WALL_CLOCKS


def test_no_module_is_longer_than_a_reader_can_hold():
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in CODE}

    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_modules_are_named_by_what_they_are_for():
    assert [_name(path) for path in sources(*PACKAGES, "tests") if path.stem in EMPTY_NAMES] == []


def test_nothing_is_mocked():
    importers = [
        _name(path)
        for path in sources(*PACKAGES, "tests")
        if any(name.startswith(("unittest.mock", "mock", "pytest_mock")) for name in _imported(tree_of(path)))
    ]

    assert importers == []


@pytest.mark.parametrize(
    "call", ["Mock()", "mock.AsyncMock()", "patch.object(a, 'b')", "monkeypatch.setattr(a, 'b', c)"]
)
def test_every_form_of_mock_is_counted(call):
    assert mocks(ast.parse(call)) == 1


@pytest.mark.parametrize("call", ["client.patch(url)", "monkeypatch.setenv('A', 'b')"])
def test_a_request_or_a_variable_is_no_mock(call):
    assert mocks(ast.parse(call)) == 0


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_pin_by_hash_and_name_no_address(lock):
    text = (ROOT / lock).read_text("utf-8")
    unhashed = [pin for pin, continued in PIN.findall(text) if not continued]

    assert (bool(PIN.findall(text)), unhashed, ADDRESS.findall(text)) == (True, [], [])


def test_what_people_install_is_what_is_tested():
    runtime, development = ({pin for pin, _ in PIN.findall((ROOT / lock).read_text("utf-8"))} for lock in LOCKS)

    assert runtime - development == set()


def test_tests_cannot_reach_other_machines():
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match="loopback addresses only"):
        outside.connect(("192.0.2.1", 80))  # reserved for documentation: nothing is there


def test_tests_can_reach_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with socket.create_connection(address, timeout=5) as client:
            assert client.getpeername() == address
