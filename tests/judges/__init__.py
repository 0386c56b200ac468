"""Programs that nobody here wrote judge the channels; those for node are pinned in package-lock.json."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
REQUIRED = "DESK_TEST_JUDGES"  # set: a judge that is missing fails the tests that need it


def need_node(package: str) -> None:
    """Skip the test where node or the package is missing; fail it where they are required."""
    if shutil.which("node") and (FOLDER / "node_modules" / package).is_dir():
        return
    told = f"NOT TESTED AGAINST {package}: needs node and npm, then `make judges`"
    if os.environ.get(REQUIRED):
        pytest.fail(told)
    pytest.skip(told)


@contextmanager
def running(script: str, package: str) -> Iterator[str]:
    """Run a script of this folder; yield the address that it prints. It ends with its standard input."""
    need_node(package)
    with subprocess.Popen(
        ["node", script], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()
    assert process.returncode == 0
