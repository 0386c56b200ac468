"""Print how the code stands on three figures that tell maintainable bots from the rest."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "knowledge")
_EVERYTHING = {"Exception", "BaseException"}
_MOCKS = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "PropertyMock", "create_autospec"}
_PATCHERS = {"patch", "mock", "mocker"}


def sources(*folders: str) -> list[Path]:
    """Return the Python files below folders of the project, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def catch_alls(tree: ast.AST) -> list[int]:
    """Return the lines of `except:` and of `except Exception` or `BaseException`, alone or among others."""
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return [node.lineno for node in handlers if node.type is None or _EVERYTHING & set(_names(node.type))]


def mocks(tree: ast.AST) -> int:
    """Count the calls that make a mock or put one in the place of code: Mock(), patch.object(), setattr()."""
    called = [list(_names(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sum(map(_is_mock, called))


def count_tests(tree: ast.AST) -> int:
    """Count the test functions of a file."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return sum(node.name.startswith("test_") for node in functions)


def complexities() -> list[int]:
    """Return the cyclomatic complexity of every function, as ruff counts it."""
    options = "--isolated --no-cache --ignore-noqa --exit-zero --select C901 --output-format json".split()
    all_functions = ["--config", "lint.mccabe.max-complexity = 0"]
    command = [sys.executable, "-m", "ruff", "check", *options, *all_functions, *PACKAGES]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    stated = (re.search(r"\((\d+) > 0\)", finding["message"]) for finding in json.loads(run.stdout))
    return [int(found[1]) for found in stated if found]


def _is_mock(names: list[str]) -> bool:
    return not _MOCKS.isdisjoint(names) or not _PATCHERS.isdisjoint(names[-1:]) or names == ["setattr", "monkeypatch"]


def _names(expression: ast.expr) -> Iterator[str]:
    """Yield the names in a dotted or tuple expression, the last of each dotted one first."""
    match expression:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=value, attr=name):
            yield name
            yield from _names(value)
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from _names(part)


def main() -> None:
    """Print the three figures, each beside the one to stay below."""
    code, tests = sources(*PACKAGES), [tree_of(path) for path in sources("tests")]
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in code)
    sites = sum(len(catch_alls(tree_of(path))) for path in code)
    mocked, functions = sum(map(mocks, tests)), sum(map(count_tests, tests))
    complexity = quantiles(complexities(), n=10)[-1]

    print(f"catch-alls per 1,000 lines   {1000 * sites / lines:5.2f}   at most 2.7 ({sites} in {lines:,})")
    print(f"mocks a test                 {mocked / functions:5.2f}   at most 0.2 ({mocked} of {functions:,})")
    print(f"complexity, 90th percentile  {complexity:5.2f}   at most 6")


if __name__ == "__main__":
    main()
