"""The `desk` command line: parses, then calls one function; imports nothing heavy at the top."""

import asyncio
import gc
import logging
import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from typer.exceptions import TyperException

from bot.agenda_commands import app as agenda_commands
from bot.broadcast_commands import app as broadcast_commands
from bot.integration_commands import app as integration_commands
from bot.people_commands import app as people_commands
from bot.people_commands import desk_of_settings, print_json
from bot.redaction import RedactingFormatter, redacted
from bot.settings import BadSetting, settings
from bot.wechat_commands import app as wechat_commands

if TYPE_CHECKING:
    from handlers.model import Incoming, Reply

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Answers for the delegates of a conference, from its briefing documents.",
    epilog="--debug with any command shows tracebacks and logs more.",
    rich_markup_mode=None,
)

app.add_typer(people_commands)
app.add_typer(agenda_commands)
app.add_typer(broadcast_commands)
app.add_typer(wechat_commands)
app.add_typer(integration_commands)

_STOPPED = 130  # as shells report a program that Ctrl-C has stopped
_UNREAD = 141  # and one whose output nobody reads any more


class Failure(Exception):
    """What a command cannot do; str() is the one line that the user reads."""


@app.command()
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="files or folders; DESK_BRIEFINGS if none")] = None,
    only: Annotated[bool, typer.Option("--only", help="make these the whole library")] = False,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="do nothing if there is a library")] = False,
) -> None:
    """Read briefing documents into the library.

    txt, md, html, pdf and docx files; each replaces what the document of that name held before.

    Example: desk ingest invitation.pdf background/
    """
    from bot import reports  # noqa: PLC0415

    desk = desk_of_settings()
    if if_empty and not desk.shelf.is_empty:
        return
    with reports.progress("reading") as advance:
        done = desk.ingest(paths or (), only=only, progress=advance)
    for line in reports.ingested(done):
        typer.echo(line)
    if done.unreadable:
        raise Failure(f"not ingested: {'; '.join(map(str, done.unreadable))}")


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="the question")] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help="the person's language, for questions that tell none")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as JSON")] = False,
    jsonl: Annotated[
        str | None, typer.Option("--jsonl", help="questions as JSON lines: a file, or - for standard input")
    ] = None,
) -> None:
    """Answer one question, or many.

    Example: desk ask "la croisière c'est à quelle heure ?"
    """
    from bot import batch  # noqa: PLC0415

    if jsonl is None and text is None:
        raise Failure('ask what? For example: desk ask "When is the night cruise?"')
    _check_language(lang)
    questions = [batch.Question("1", text or "")] if jsonl is None else batch.read_questions(_lines(jsonl))
    desk = desk_of_settings()
    library, rewording, fallback = desk.library, desk.rewording(), lang or desk.settings.language
    bad = 0
    with asyncio.Runner() as runner:
        library.turn_to(runner.run(desk.edition()))
        for question in questions:
            if isinstance(question, batch.BadQuestion):
                bad += 1
                print_json({"error": str(question)})
                continue
            answer = runner.run(batch.answered(question, library, rewording, fallback=fallback))
            if as_json or jsonl is not None:
                print_json(answer)
            else:
                typer.echo(answer["reply"])
    if bad:
        raise Failure(f"lines without a question in {jsonl}: {bad}")


@app.command()
def chat(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="JSON lines in and out, several people at once")] = False,
    code: Annotated[str, typer.Option("--as", help="an invite code: talk as the person it was made for")] = "",
) -> None:
    """Talk with the desk on this terminal.

    With --jsonl, each line in is {"from": "address", "say": "text"} or {"from": "address", "press": "payload"}.

    Example: echo '{"from": "ana", "say": "Where is it?"}' | desk chat --jsonl
    """
    from bot.app import delivery, tell_due  # noqa: PLC0415
    from bot.channels import console  # noqa: PLC0415

    desk = desk_of_settings()
    with asyncio.Runner() as runner:
        store, concierge = runner.run(desk.opened(is_chat=True))

        def respond(said: "Incoming") -> "Reply":
            return runner.run(concierge.respond(said))

        try:
            if jsonl:
                own = delivery(console.CHANNEL, store, concierge, console.Told(sys.stdout))
                console.chat_in_json(respond, lambda: runner.run(tell_due(store, own)), _stdin(), sys.stdout)
                return
            from rich.console import Console  # noqa: PLC0415

            if code:
                respond(console.started_with(code))
            console.chat(respond, _typed(), Console(highlight=False), language=desk.settings.language)
        finally:
            runner.run(desk.close())


@app.command()
def serve() -> None:
    """Answer on every channel that is set up, and tell over HTTP how the desk is; until Ctrl-C or SIGTERM.

    Example: desk serve
    """
    from bot.server import serve as serving  # noqa: PLC0415

    asyncio.run(serving(desk_of_settings(), typer.echo))


@app.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="labelled questions, JSON lines")],
    fails: Annotated[int, typer.Option("--fails", help="show so many that failed")] = 20,
) -> None:
    """Measure the answers on labelled questions.

    Example: desk eval questions.jsonl --fails 5
    """
    from bot import reports  # noqa: PLC0415

    for line in reports.evaluated(desk_of_settings().librarian(), file, fails):
        typer.echo(line)


@app.command()
def calibrate() -> None:
    """Fit the router to the catalogue's samples (minutes).

    Example: desk calibrate
    """
    from bot import reports  # noqa: PLC0415

    for line in reports.calibrated():
        typer.echo(line)


@app.command()
def doctor() -> None:
    """Say what is wrong with the set-up, and what to do.

    Example: desk doctor
    """
    from bot import examination  # noqa: PLC0415

    wrong = 0
    for finding in examination.examine(settings()):
        wrong += not finding.is_well
        typer.echo(f"{'ok   ' if finding.is_well else 'WRONG'} {finding.what}")
    if wrong:
        raise Failure(f"{wrong} to mend, see above")


def _check_language(language: str | None) -> None:
    from knowledge.languages import LANGUAGES, base_language  # noqa: PLC0415

    if language and base_language(language) is None:
        raise Failure(f"--lang: the desk does not speak {language!r}, but {', '.join(LANGUAGES)}")


def _stdin() -> TextIO | list[str]:
    return sys.stdin or []  # it is None where the caller has closed it


def _lines(source: str) -> Iterable[str]:
    if source == "-":
        return _stdin()
    try:
        return Path(source).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise Failure(f"{source} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error


def _typed() -> Iterator[str]:
    """Yield the lines that are typed, until the end of input."""
    if not sys.stdin or not sys.stdin.isatty():
        yield from _stdin()
        return
    while True:
        try:
            yield input("> ")
        except EOFError:
            typer.echo()
            return


def run() -> None:
    """Run the command line; what fails is one line on standard error and an exit code other than 0."""
    # Arguments are UTF-8 whatever the locale says; a path may hold other bytes.
    given = [os.fsencode(word).decode("utf-8", "surrogateescape") for word in sys.argv[1:]]
    arguments = [word for word in given if word != "--debug"] or ["--help"]
    for stream in filter(None, (sys.stdin, sys.stdout, sys.stderr)):
        # Output for programs is UTF-8 everywhere; a terminal knows its own encoding.
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    gc.set_threshold(50_000, 20, 20)  # catalogues and vocabularies are made once and kept: a tenth of the start-up
    is_debugging = "--debug" in given or _is_set_to_debug()
    lines = logging.StreamHandler()
    lines.setFormatter(RedactingFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[lines])
    for package in ("bot", "handlers", "knowledge"):
        logging.getLogger(package).setLevel(logging.DEBUG if is_debugging else logging.WARNING)
    sys.exit(_code_of(arguments, is_debugging=is_debugging))


def _code_of(arguments: list[str], *, is_debugging: bool) -> int:
    """Run a command; return its exit code."""
    try:
        code = app(arguments, prog_name="desk", standalone_mode=False)
        if sys.stdout:  # it is None where the caller has closed it
            sys.stdout.flush()
    except (KeyboardInterrupt, asyncio.CancelledError, typer.Abort):
        # asyncio.Runner passes Ctrl-C on as a bare cancellation when it comes while a task is being set up.
        return _STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it ends
        return _UNREAD
    except TyperException as error:
        return _told(f"{error.format_message()} See: desk --help", error.exit_code)
    except Exception as error:  # noqa: BLE001 - the boundary: one clear line instead of a traceback
        if is_debugging:
            typer.echo(redacted(traceback.format_exc()), err=True, nl=False)
        return _told(_in_one_line(error))
    return code if isinstance(code, int) else 0


def _told(message: str, code: int = 1) -> int:
    """Print message as one line on standard error; return code."""
    typer.echo(f"desk: {redacted(' '.join(message.split()))}", err=True)
    return code


def _in_one_line(error: Exception) -> str:
    """Return what the user should read: our own errors say it themselves, others are not meant to happen."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    is_own = type(error).__module__.partition(".")[0] in ("__main__", "bot", "handlers", "knowledge")
    if is_own or isinstance(error, OSError | ValueError):
        return str(error) or type(error).__name__
    return f"this should not happen ({type(error).__name__}: {error}); --debug shows where"


def _is_set_to_debug() -> bool:
    try:
        return settings().debug
    except BadSetting:
        return False  # the command will tell


if __name__ == "__main__":
    run()
