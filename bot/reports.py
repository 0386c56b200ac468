"""What the commands print: the ingest report, the figures of an evaluation, the progress of long work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from knowledge.librarian import Librarian
from knowledge.programme import ProgrammeReport, Session, report_on
from knowledge.shelf import Ingested
from knowledge.wording import clock


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error what is being worked on, if that is a terminal; yield the function that says it."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what)
        yield lambda item: bar.update(task, description=f"{what} {item}")


def ingested(done: Ingested) -> Iterator[str]:
    """Yield the lines of an ingest report: documents, passages, sessions, and what the programme leaves open."""
    library = done.library
    for document in done.read:
        passages = sum(passage.document == document.stem for passage in library.passages)
        yield f"{document.stem}: {len(document.sections)} sections, {passages} passages"
    yield f"{len(library.documents)} documents, {len(library.passages)} passages ({done.embedded} embedded now)"
    for translation in done.outdated:
        yield f"  translation of a text that has changed, not used: {translation}"
    home = library.home
    if home is None:
        yield "No document holds an agenda: questions on the programme cannot be answered."
        return
    yield f"{home.title}: {len(home.programme.sessions)} sessions on {len(home.programme.days)} days"
    yield from programme_report(report_on(home.programme, library.by_stem[home.document]))


def programme_report(report: ProgrammeReport) -> Iterator[str]:
    """Yield what the programme contradicts, doubles, leaves out or has not settled."""
    for one, other in report.overlaps:
        yield f"  overlap: {_named(one)} and {_named(other)}"
    for one, other in report.parallel:
        yield f"  at the same time: {_named(one)} and {_named(other)}"
    for day, start, end in report.gaps:
        yield f"  nothing listed: day {day}, {clock(start)}-{clock(end)}"
    for session in report.untimed:
        yield f"  no time: day {session.day}, {session.title}"
    for session in report.open_ended:
        yield f"  no end: {_named(session)}"
    for item in report.to_be_confirmed:
        yield f"  to be confirmed: {item}"


def _named(session: Session) -> str:
    times = "-".join(clock(moment) for moment in (session.start, session.end) if moment)
    return f"day {session.day}, {times} {session.title}"


def evaluated(librarian: Librarian, file: Path, fails: int) -> Iterator[str]:
    """Yield the figures of the answers to the labelled questions in file, and at most fails that failed.

    Raises:
        UnreadableQuestion: a line of file is no labelled question.
    """
    from knowledge import evaluation  # noqa: PLC0415 - for this command only
    from knowledge.labelled import read_questions  # noqa: PLC0415

    measured = evaluation.figures(evaluation.examine(librarian, read_questions(file)))
    yield from evaluation.table(measured)
    yield from islice(evaluation.failures(measured), fails)


def calibrated() -> Iterator[str]:
    """Fit weights and thresholds to the catalogue, write them, and yield what was found."""
    from knowledge.calibration import calibrate  # noqa: PLC0415 - scikit-learn, for this command only

    yield from calibrate()
