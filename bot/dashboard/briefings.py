"""The briefings: which documents the desk answers from, what was read in them, and taking in another."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from starlette.responses import Response

from bot.dashboard.asking import Asked
from bot.dashboard.exports import exported
from bot.dashboard.questions import subject_of
from bot.dashboard.uploads import Gone, name_of
from knowledge import Session
from knowledge.documents import UnreadableDocument
from knowledge.exclusive import Busy
from knowledge.index import IndexNotWritten
from knowledge.library import Authority, Library
from knowledge.lines import Fault
from knowledge.programme import report_on
from knowledge.shelf import Ingested, NothingToIngest
from knowledge.snapshot import LibraryDamaged, NotSaved

TAKEN: Final = "took a document into the library"  # for the log
KINDS: Final = {
    Authority.BRIEFING: "speaks for the conference",
    Authority.STAFF: "notes of the team",
    Authority.BACKGROUND: "background",
}
REASONS: Final = {
    Fault.UNSUPPORTED: "The desk does not read this kind. Save it as PDF, Word (.docx), text, Markdown or HTML.",
    Fault.TOO_LARGE: "It is too large. Leave out pictures and annexes, or divide it.",
    Fault.EMPTY: "It is empty.",
    Fault.WITHOUT_TEXT: "It holds no text: its pages are images. Save it from the program in which it was written.",
    Fault.ENCRYPTED: "It is locked by a password. Save it without one.",
    Fault.MISNAMED: "Its ending does not fit what it is. Save it anew in the kind that its name tells.",
    Fault.DAMAGED: "It is damaged, or not what its ending tells. Save it anew, or send another kind.",
    Fault.BOILERPLATE: "It holds nothing but menus and notices, and no text of its own.",
    Fault.NAME: "Its name is none for a file. Give it a short name with an ending such as .pdf.",
}
OTHERWISE: Final = "It could not be taken in."


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the page tells it; topics: what it is evidence for."""

    stem: str
    title: str
    kind: str
    is_home: bool
    file: str
    when: str
    sections: int
    passages: int
    topics: Sequence[str]


@dataclass(frozen=True, slots=True)
class Effect:
    """What taking in a document would change."""

    row: Row
    is_new: bool
    new: Sequence[str]
    gone: Sequence[str]
    moved: Sequence[str]
    undone: int  # changes that were published, of sessions that would be gone
    home_before: str  # the conference that is served now, where it would be another; else ''
    outdated: Sequence[str]
    report: Sequence[tuple[str, Sequence[str]]]


async def briefings(asked: Asked, *, wrong: str = "", why: str = "") -> Response:
    """Return the page. wrong: why a document was not taken; why: the same in the words of who reads documents."""
    library = await _library(asked)
    return asked.page(
        "briefings.html",
        status=422 if wrong else 200,
        rows=_rows(asked, library),
        days=_days(library),
        report=_report(asked, library),
        wrong=wrong,
        why=why,
        replaces=asked.given("replaces"),
    )


async def upload(asked: Asked) -> Response:
    """Show what a document would change, before it is taken in."""
    library, files, replaces = await _library(asked), asked.files("file"), asked.given("replaces")
    if not files:
        return await briefings(asked, wrong=asked.say("Please choose a file."))
    if replaces and replaces not in library.by_stem:
        return await briefings(asked, wrong=asked.say("Please choose which document it replaces."))
    await files[0].seek(0)  # where a collision in the database has this page made again
    try:
        name = name_of(files[0].filename or "", replaces)
        kept = await asyncio.to_thread(asked.works.uploads.keep, name, await files[0].read())
        seen = await asyncio.to_thread(asked.works.uploads.look, kept)
    except (UnreadableDocument, NothingToIngest, LibraryDamaged, OSError) as error:
        return await _not_taken(asked, error)
    after = seen.library.at(library.edition)
    if after.home is None:
        await asyncio.to_thread(asked.works.uploads.drop, kept)
        return await briefings(asked, wrong=asked.say("No document would hold an agenda then. Nothing was changed."))
    effect = _effect(asked, library, after, seen)
    return asked.page("briefing.html", effect=effect, sealed=asked.sealed({"upload": kept}))


async def take(asked: Asked) -> Response:
    """Take in the document that was shown; answers go by it from the next question on."""
    kept = str(asked.unsealed("draft").get("upload"))
    try:
        await _take_in(asked, kept)
    except Gone:
        return asked.done("/briefings", asked.say("It was taken in already, or has waited for too long."))
    except (NothingToIngest, LibraryDamaged, Busy, NotSaved, IndexNotWritten, OSError) as error:
        return await _not_taken(asked, error)
    stem = PurePath(kept).stem
    await asyncio.to_thread(asked.works.desk.library.activities)  # the new library is read before anybody waits for it
    await asked.works.desk.seed_activities(asked.works.store)
    await asked.works.store.log.note(TAKEN, stem, by=asked.person.id)
    return asked.done("/briefings", asked.say("{name} is in the library. Answers go by it from now on.", name=stem))


async def briefings_file(asked: Asked) -> Response:
    """Return all documents as a file."""
    rows: list[tuple[object, ...]] = [("document", "title", "kind", "file", "read", "sections", "passages", "topics")]
    library = await _library(asked)
    for one in _rows(asked, library):
        read = origin.read.isoformat(timespec="seconds") if (origin := library.origins.get(one.stem)) else ""
        topics = "; ".join(one.topics)
        rows.append((one.stem, one.title, one.kind, one.file, read, one.sections, one.passages, topics))
    return exported(rows, "briefings", asked.request.path_params["form"])


async def _library(asked: Asked) -> Library:
    """Return what is answered from, read in a thread where it is new."""
    return await asyncio.to_thread(asked.works.desk.library.contents)


async def _take_in(asked: Asked, kept: str) -> None:
    """Take a document in; once, though the page be made again after a collision in the database."""
    state = asked.request.state
    if getattr(state, "taken", None) != kept:
        await asyncio.to_thread(asked.works.uploads.take, kept)
        state.taken = kept


async def _not_taken(asked: Asked, error: Exception) -> Response:
    first = next(iter(error.unreadable), None) if isinstance(error, NothingToIngest) else error
    told = REASONS.get(first.fault, OTHERWISE) if isinstance(first, UnreadableDocument) else OTHERWISE
    return await briefings(asked, wrong=asked.say(told), why=str(error))


def _rows(asked: Asked, library: Library) -> list[Row]:
    return [_row(asked, library, document.stem) for document in library.documents]


def _row(asked: Asked, library: Library, stem: str) -> Row:
    document, origin = library.by_stem[stem], library.origins.get(stem)
    return Row(
        stem,
        document.title,
        asked.say(KINDS[library.authority[stem]]),
        is_home=library.home is not None and library.home.document == stem,
        file=origin.file if origin else "",
        when=asked.speech.moment(origin.read) if origin else "",
        sections=len(document.sections),
        passages=sum(passage.document == stem for passage in library.passages),
        topics=sorted({subject_of(asked, topic) for topic in library.topics_by_document.get(stem, ())}),
    )


def _days(library: Library) -> list[tuple[int, int]]:
    """Return how many sessions each day has."""
    return sorted(Counter(session.day for session in _sessions(library)).items())


def _sessions(library: Library) -> Sequence[Session]:
    return library.programme.sessions if library.programme else ()


def _told(asked: Asked, library: Library, one: Session) -> str:
    """Return a session as the page names it."""
    title = library.names.of(one.title, asked.language) or one.title
    return f"{asked.speech.at(one.day, one.start, one.end)}: {title}"


def _report(asked: Asked, library: Library) -> list[tuple[str, Sequence[str]]]:
    """Return what the programme leaves open, as `desk ingest` reports it: headings with their lines."""
    home = library.home
    if home is None:
        return []
    found = report_on(home.programme, library.by_stem[home.document])

    def pairs(listed: Sequence[tuple[Session, Session]]) -> list[str]:
        return [" / ".join(_told(asked, library, one) for one in pair) for pair in listed]

    report = [
        (asked.say("Overlaps: delegates are told of a contradiction"), pairs(found.overlaps)),
        (asked.say("At the same time"), pairs(found.parallel)),
        (asked.say("Nothing listed"), [asked.speech.at(*gap) for gap in found.gaps]),
        (asked.say("Without a time"), [_told(asked, library, one) for one in found.untimed]),
        (asked.say("Without an end"), [_told(asked, library, one) for one in found.open_ended]),
        (asked.say("To be confirmed"), list(found.to_be_confirmed)),
    ]
    return [(heading, lines) for heading, lines in report if lines]


def _effect(asked: Asked, before: Library, after: Library, seen: Ingested) -> Effect:
    stem = seen.read[0].stem
    was, will = ({one.key: one for one in _sessions(library)} for library in (before, after))
    gone = {one.title: one for one in was.values() if one.key not in will}
    new = [one for one in will.values() if one.key not in was]
    moved = [(gone.pop(one.title), one) for one in new if one.title in gone]
    edited = {change.session for change in before.edition.changes if change.session}
    is_other = before.home and after.home and before.home.document != after.home.document
    return Effect(
        _row(asked, after, stem),
        is_new=stem not in before.by_stem,
        new=[_told(asked, after, one) for one in new if one not in [now for _, now in moved]],
        gone=[_told(asked, before, one) for one in gone.values()],
        moved=[f"{_told(asked, before, old)} → {asked.speech.at(one.day, one.start, one.end)}" for old, one in moved],
        undone=len(edited & (was.keys() - will.keys())),
        home_before=before.home.title if is_other and before.home else "",
        outdated=seen.outdated,
        report=_report(asked, after),
    )
