"""`desk chat --jsonl` in a process of its own, as another program drives it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
Reply = dict[str, Any]  # "to", "text", "buttons", "files"


class ChatProcess:
    """A desk that several people talk with, one message after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def say(self, who: str, text: str) -> list[Reply]:
        """Return what the desk says to a text: the reply, then what it tells others."""
        return self.send({"from": who, "say": text})

    def press(self, who: str, payload: str) -> list[Reply]:
        """Return what the desk says to a button."""
        return self.send({"from": who, "press": payload})

    def send(self, message: Mapping[str, str]) -> list[Reply]:
        """Return what the desk says to a line, up to its {"done": true}."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        said = []
        while (line := json.loads(self._process.stdout.readline())) != {"done": True}:
            said.append(line)
        return said


@contextmanager
def chatting(home: Path, **settings: str) -> Iterator[ChatProcess]:
    """Run the desk on a data folder; the process must end well."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--jsonl"],
        env=outer | {"DESK_HOME": str(home), "PYTHONPATH": str(ROOT)} | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        yield ChatProcess(process)
        assert process.stdin is not None
        process.stdin.close()
    assert process.returncode == 0
