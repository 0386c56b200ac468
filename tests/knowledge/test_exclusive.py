import subprocess
import sys
from datetime import timedelta

import pytest

from knowledge.exclusive import Busy, exclusively

NOT_AT_ALL = timedelta(0)
HOLDING = """
import sys, datetime, pathlib
from knowledge.exclusive import exclusively
with exclusively(pathlib.Path(sys.argv[1]), activity="waiting", within=datetime.timedelta(0)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "folder" / "lock"


@pytest.fixture
def holder(lock):
    """Another process that holds the lock until its standard input is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        yield process


def test_a_second_process_is_told_what_the_first_does(lock, holder):
    with (
        pytest.raises(Busy, match=r"^another process is ingesting; try again when it is done$"),
        exclusively(lock, activity="ingesting", within=NOT_AT_ALL),
    ):
        pass


def test_the_lock_of_a_killed_process_is_free(lock, holder):
    holder.kill()
    holder.wait()

    with exclusively(lock, activity="ingesting", within=timedelta(seconds=5)):
        assert lock.exists()


def test_who_waits_gets_the_lock_when_it_is_given_back(lock, holder):
    holder.stdin.close()

    with exclusively(lock, activity="ingesting", within=timedelta(seconds=5)):
        assert lock.exists()


def test_the_lock_can_be_taken_again_after_an_error(lock):
    with pytest.raises(KeyError), exclusively(lock, activity="ingesting", within=NOT_AT_ALL):
        raise KeyError

    with exclusively(lock, activity="ingesting", within=NOT_AT_ALL):
        assert lock.exists()
