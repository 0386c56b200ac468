"""What every test has around it: no settings of the developer's own, and no network but loopback."""

import ipaddress
import os
import shutil
import sys

import pytest

_ADDRESS_AT = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0}
_LOCAL_NAMES = {"", "localhost", "localhost.localdomain"}


def refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Fail the test that is about to reach another machine; an audit hook sees all of Python's own sockets.

    pytest.fail raises no Exception but a BaseException: the desk's own error boundary cannot swallow it.
    """
    if event not in _ADDRESS_AT:
        return
    address = arguments[_ADDRESS_AT[event]]
    host = address[0] if isinstance(address, tuple) and address else address
    if event != "socket.getaddrinfo" and not isinstance(address, tuple):
        return  # a Unix socket is a path
    if not is_loopback(host):
        pytest.fail(f"a test tried to reach {host!r}; tests reach loopback addresses only")


def is_loopback(host: object) -> bool:
    """Tell whether host is this machine: None, a name of it, or a loopback address."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name is None or name in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _loopback_only():
    sys.addaudithook(refuse_outside)  # once a session: a hook cannot be taken out again


@pytest.fixture(scope="session")
def ingested(tmp_path_factory):
    """A data folder that holds the shipped pack; tests that write take a copy."""
    from bot.app import Desk  # noqa: PLC0415 - 1 s to import, which tests of single functions should not pay
    from bot.settings import PACK, Settings  # noqa: PLC0415

    home = tmp_path_factory.mktemp("home")
    Desk(Settings(home=home, _env_file=None)).shelf.ingest([PACK])
    return home


@pytest.fixture
def home(ingested, tmp_path):
    """A data folder of one's own that holds the shipped pack, and knows nobody."""
    return shutil.copytree(ingested, tmp_path / "home", ignore=shutil.ignore_patterns("desk.sqlite3*"))


@pytest.fixture(autouse=True)
def _only_default_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("DESK_") and not name.startswith("DESK_TEST_"):
            monkeypatch.delenv(name)
