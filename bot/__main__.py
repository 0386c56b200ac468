"""The `desk` command line: parses, then calls one function; imports nothing heavy at the top."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Answers for the delegates of a conference, from its briefing documents.",
    rich_markup_mode=None,
)

Language = Annotated[str | None, typer.Option("--lang", help="the person's language, for questions that tell none")]


class Failure(Exception):
    """What a command cannot do; str() is the one line that the user reads."""


@app.command()
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="files or folders; the shipped pack if none")] = None,
    only: Annotated[bool, typer.Option("--only", help="make these the whole knowledge base")] = False,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="do nothing if something was ingested before")] = False,
) -> None:
    """Read briefing documents (txt, md, html, pdf, docx), replacing what the same documents held before.

    Example: desk ingest invitation.pdf background/
    """
    from bot import reports  # noqa: PLC0415

    desk = _desk()
    if if_empty and not desk.shelf.is_empty:
        return
    given = paths or [desk.settings.briefings]
    with reports.progress("reading") as advance:
        done = desk.shelf.ingest(given, only=only, progress=lambda path: advance(path.name))
    for line in reports.ingested(done):
        typer.echo(line)
    if done.unreadable:
        raise Failure("; ".join(map(str, done.unreadable)))


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="the question")] = None,
    lang: Language = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as JSON")] = False,
    jsonl: Annotated[str | None, typer.Option("--jsonl", help="questions as JSON lines: a file, or - for input")] = None,
) -> None:
    """Answer one question, or many.

    Example: desk ask "la croisière c'est à quelle heure ?"
    """
    desk = _desk()
    librarian, rewording = desk.librarian(), desk.rewording()
    if jsonl is None and not text:
        raise Failure('ask what? desk ask "When is the night cruise?"')
    questions = _questions(jsonl) if jsonl is not None else [{"id": "1", "question": text, "lang": lang}]
    for item in questions:
        answered = asyncio.run(_answered(item, librarian, rewording, desk.settings.language))
        typer.echo(json.dumps(answered, ensure_ascii=False) if as_json or jsonl else answered["reply"])


async def _answered(item: dict[str, Any], library: Any, rewording: Any, fallback: str) -> dict[str, Any]:
    from handlers.ask import ask as ask_library  # noqa: PLC0415
    from knowledge import base_language  # noqa: PLC0415

    started = time.perf_counter()
    language = base_language(item.get("lang") or fallback) or fallback
    history = tuple(item.get("history") or ())
    if not item.get("lang") and history:
        language = None  # type: ignore[assignment]
    reply = await ask_library(
        item["question"], library=library, rewording=rewording, language=language, history=history
    )
    return {
        "id": item.get("id"),
        "reply": reply.text,
        "answered": reply.is_answer,
        "sources": list(reply.sources),
        "certainty": reply.certainty,
        "lang": reply.language,
        "ms": round((time.perf_counter() - started) * 1000, 2),
    }


def _questions(source: str) -> Iterator[dict[str, Any]]:
    """Yield the questions of a JSON lines file; '-' is standard input."""
    for number, line in enumerate(_lines(source), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise Failure(f"{source}, line {number}: not JSON ({error.msg})") from error
        if not isinstance(item, dict) or not isinstance(item.get("question"), str):
            raise Failure(f'{source}, line {number}: expected {{"id": …, "question": "…"}}')
        yield item


def _lines(source: str) -> Iterable[str]:
    if source == "-":
        return sys.stdin
    try:
        return Path(source).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{source} cannot be read: {error}") from error


@app.command()
def chat(jsonl: Annotated[bool, typer.Option("--jsonl", help="JSON lines in and out, several people at once")] = False) -> None:
    """Talk with the desk on this terminal.

    With --jsonl, each line in is {"from": "address", "say": "text"} or {"from": "address", "press": "payload"}.
    """
    from bot.channels import console  # noqa: PLC0415

    desk = _desk()
    concierge = desk.concierge()
    if jsonl:
        asyncio.run(console.chat_in_json(concierge, sys.stdin, sys.stdout))
        return
    from rich.console import Console  # noqa: PLC0415

    asyncio.run(console.chat(concierge, _typed(), Console(highlight=False), language=desk.settings.language))


async def _typed() -> AsyncIterator[str]:
    """Yield the lines that are typed, until the end of input."""
    prompt = "> " if sys.stdin.isatty() else ""
    while True:
        try:
            yield await asyncio.to_thread(input, prompt)
        except EOFError:
            return


@app.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="labelled questions, JSON lines")],
    fails: Annotated[int, typer.Option("--fails", help="show so many that failed")] = 20,
) -> None:
    """Measure the answers on labelled questions."""
    from bot import reports  # noqa: PLC0415

    for line in reports.evaluated(_desk().librarian(), file, fails):
        typer.echo(line)


@app.command()
def calibrate() -> None:
    """Fit the router's weights and thresholds to the sample questions of the catalogue (some minutes)."""
    from bot import reports  # noqa: PLC0415

    for line in reports.calibrated():
        typer.echo(line)


@app.command()
def doctor() -> None:
    """Check settings, library, index, weights and chat model; say what is wrong and what to do."""
    from bot import examination  # noqa: PLC0415

    findings = list(examination.examine(_settings()))
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.is_well else 'WRONG'} {finding.what}")
    wrong = [finding.what for finding in findings if not finding.is_well]
    if wrong:
        raise Failure(f"{len(wrong)} thing(s) to mend, see above")


def _settings() -> Any:
    from pydantic import ValidationError  # noqa: PLC0415

    from bot.settings import Settings  # noqa: PLC0415

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise Failure(f"DESK_{'_'.join(map(str, first['loc'])).upper()}: {first['msg']}") from error


def _desk() -> Any:
    from bot.app import Desk  # noqa: PLC0415

    return Desk(_settings())


def run() -> None:
    """Run the command line: a failure is one line on standard error and exit code 1; --debug shows its traceback."""
    is_debugging = "--debug" in sys.argv
    if is_debugging:
        sys.argv.remove("--debug")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if is_debugging:
            raise
        print(f"desk: {error or type(error).__name__}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


if __name__ == "__main__":
    run()
