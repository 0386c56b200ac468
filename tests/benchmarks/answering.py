"""Measure what an answer costs, as multiples of one bare embedding of the same question in the same run.

    python -m tests.benchmarks.answering [--passages 20000]

Exits with 1 where a bar is missed. Not a test: machines are shared, and a timed test fails for its neighbours.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bot.app import Desk
from bot.settings import PACK, Settings
from knowledge.librarian import Librarian

QUESTIONS = Path(__file__).parents[1] / "evaluation" / "questions.jsonl"
WORDS = (
    "harbour bridge tram delegation museum agreement exchange river school festival energy housing market "
    "orchestra stadium library airport forest clinic archive network garden factory kitchen theatre"
).split()


def main() -> int:
    """Print the figures; return the number of bars missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=20_000)
    wanted = parser.parse_args()
    items = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    questions = [item["question"] for item in items]
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        missed += measure_answers("pack", Path(folder) / "pack", [PACK], questions, most=3.0)
        large = Path(folder) / "large-documents"
        write_documents(large, wanted.passages)
        missed += measure_answers("20,000 passages", Path(folder) / "large", [PACK, large], questions, most=6.0)
        missed += measure_process(Path(folder) / "pack")
    return missed


def measure_answers(name: str, home: Path, documents: Sequence[Path], questions: Sequence[str], *, most: float) -> int:
    """Print latencies of answers from documents as multiples of a bare embedding; return the bars missed."""
    desk = Desk(Settings(home=home))
    done = desk.shelf.ingest(documents, only=True)
    librarian = desk.librarian()
    for question in ("Which symphony was played in Harbin?", *questions):  # the words of 16 languages are read once
        librarian.answer(question)
    bare = timed(lambda question: desk.encoder.encode([question]), questions)
    fresh = timed(lambda question: answer_anew(librarian, question), questions)
    for question in questions:
        librarian.answer(question)
    again = timed(librarian.answer, questions)
    ratio = float(np.median(fresh / bare))
    tail = float(np.percentile(fresh, 99) / np.median(fresh))
    repeated = float(np.median(again / bare))
    print(f"{name}: {len(done.library.passages)} passages, {len(questions)} questions")
    print(f"  bare embedding   median {np.median(bare):6.2f} ms")
    print(f"  answer           median {np.median(fresh):6.2f} ms, p99 {np.percentile(fresh, 99):6.2f} ms")
    missed = bar("answer / embedding, median of the ratios", ratio, most)
    missed += bar("answer p99 / median", tail, 10.0)
    return missed + bar("repeated answer / embedding", repeated, 0.5)


def answer_anew(librarian: Librarian, question: str) -> None:
    """Answer a question as if it had never been asked: what is remembered of it is dropped."""
    librarian.forget()
    librarian.answer(question)


def timed(call: Callable[[str], object], questions: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return how long each call took, in milliseconds."""
    took = []
    for question in questions:
        started = time.perf_counter()
        call(question)
        took.append((time.perf_counter() - started) * 1000)
    return np.array(took)


def measure_process(home: Path) -> int:
    """Print time and memory of one answer from a cold process, and memory of an idle chat; return bars missed."""
    environment = {**os.environ, "DESK_HOME": str(home)}
    print("process")
    missed = 0
    for question in ("la croisière c'est à quelle heure ?", "Which symphony was played in Harbin?"):
        command = [sys.executable, "-m", "bot", "ask", question]
        seconds, megabytes = min(cold_process(command, environment) for _ in range(3))
        missed += bar(f"desk ask {question[:12]}… from a cold process, s", seconds, 3.0)
        missed += bar("  its memory, MB", megabytes, 350.0)
    return missed + bar("desk chat idle, MB", idle_chat(environment), 350.0)


def cold_process(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return seconds and peak megabytes of a process.

    A small process starts it and is asked afterwards: a child's peak counts what its parent held when it was forked.
    """
    script = (
        "import json, resource, subprocess, sys, time; started = time.perf_counter(); "
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); took = time.perf_counter() - started; "
        "print(json.dumps([took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))"
    )
    done = subprocess.run([sys.executable, "-c", script, *command], env=environment, check=True, stdout=subprocess.PIPE)
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def idle_chat(environment: dict[str, str]) -> float:
    """Return the resident megabytes of `desk chat` after it has answered once and waits."""
    command = [sys.executable, "-m", "bot", "chat", "--jsonl"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write('{"from": "a", "say": "Which symphony was played in Harbin?"}\n')
        process.stdin.flush()
        while "done" not in json.loads(process.stdout.readline()):
            pass
        status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
        process.stdin.close()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


def write_documents(folder: Path, passages: int) -> None:
    """Write background documents on invented cities and on the host, with so many sentences together."""
    folder.mkdir()
    chance = random.Random(0)  # noqa: S311 - sample text
    for number in range(20):
        city = "Wuhan" if number < 10 else "Harbin"
        lines = [
            f"---\ntitle: Paper {number}\ncity: {city}\nyear: 2020\nauthority: background\n---\n",
            "## Notes\n",
        ]
        lines += [f"{sentence(chance)}\n" for _ in range(passages // 20)]
        (folder / f"paper-{number}.md").write_text("\n".join(lines), "utf-8")


def sentence(chance: random.Random) -> str:
    """Return a sentence of twelve words."""
    words = " ".join(chance.choice(WORDS) for _ in range(9))
    return f"In {chance.randint(1950, 2020)} the {words} was opened."


def bar(what: str, value: float, most: float) -> int:
    """Print a figure against its bar; return 1 where it is missed."""
    is_missed = value > most
    print(f"  {what:45} {value:8.2f}  (at most {most:g}){'  MISSED' if is_missed else ''}")
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
