"""Messages to many people: written, shown, sent, and followed until each has arrived or somebody is to be called."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from bot.dashboard.asking import Asked, NotFound
from bot.dashboard.confirming import preview_page
from bot.dashboard.exports import exported
from handlers.attachments import LARGEST, MOST, Attachment, check, named
from handlers.audience_choice import FIELDS, NotOffered
from handlers.broadcasting import ALLOWED
from handlers.broadcasts import Audience, Broadcast, Draft, State, Timing
from handlers.errors import Refusal
from handlers.profile import OWN_NAMES
from handlers.speech import CONFERENCE_TIME
from knowledge import LANGUAGES

_FURTHER: Final = 3  # languages beside the first
_RECEIPTS: Final = 200  # on the page; the file has all
LONGEST: Final = 4000  # letters
_RECEIPT: Final = ("name", "city", "liaison", "channel", "language", "state", "at", "why", "is_repeated")
_CALL: Final = ("city", "liaison", "name", "state", "why")
_LIST: Final = ("number", "created", "state", "language", "recipients", "sent", "read", "failed", "cancelled", "text")
KINDS: Final = {  # what recipients are chosen by
    "role": "By role",
    "activity": "By activity",
    "status": "By sign-up",
    "city": "By city",
    "language": "By language",
    "channel": "By channel",
}


async def broadcasts(asked: Asked) -> Response:
    """Return the list of all."""
    every = await asked.works.store.broadcasts.all()
    rows = [(one, state_of(one), asked.speech.moment(one.created)) for one in every]
    return asked.page("broadcasts.html", rows=rows, labels=LABELS)


async def compose(asked: Asked, *, wrong: str = "") -> Response:
    """Return the form of a new one; wrong: what is to be mended in it."""
    choice = asked.works.choice
    offered = {kind: await choice.offered(kind, asked.speech) for kind in KINDS}
    library = asked.works.desk.library
    return asked.page(
        "compose.html",
        status=422 if wrong else 200,
        kinds=KINDS,
        offered=offered,
        tongues_of_text=[(tag, OWN_NAMES[tag]) for tag in LANGUAGES],
        sessions=[(one.key, library.named(one.title, asked.language)) for one in library.sessions() if one.start],
        further=range(1, _FURTHER + 1),
        wrong=wrong,
        corrects=asked.given("corrects"),
        most_files=MOST,
        megabytes=LARGEST // 2**20,
        typed={name: asked.given(name) for name in _TYPED},
        chosen={kind: asked.every(f"to-{kind}") for kind in KINDS},
    )


async def preview(asked: Asked) -> Response:
    """Show a new one as each will read it."""
    try:
        draft = await _draft(asked)
        draft = replace(draft, files=await _files(asked))
    except ValueError as error:
        return await compose(asked, wrong=asked.say(str(error)))
    except Refusal as refusal:
        return await compose(asked, wrong=asked.speech.refused(refusal).text)
    return await preview_page(asked, draft, back="/broadcasts/new")


async def broadcast(asked: Asked) -> Response:
    """Return the page of one: how far it has got, who has got it, who is to be called."""
    made = await _made(asked)
    receipts = await asked.works.store.receipts.of(made.number)
    calls = await asked.works.store.receipts.calls(made.number)
    draft = made.draft
    return asked.page(
        "broadcast.html",
        made=made,
        state=state_of(made),
        labels=LABELS,
        created=asked.speech.moment(made.created),
        due=asked.speech.moment(made.due) if made.due else "",
        text=asked.works.preview.rendered(draft, asked.language) if draft else made.text,
        receipts=receipts[:_RECEIPTS],
        more=len(receipts) - _RECEIPTS,
        calls=calls,
        doable=[what for what, states in ALLOWED.items() if made.state in states and not made.is_done],
        names=OWN_NAMES,
        files=draft.files if draft else (),
        places=await _places(asked, made),
    )


async def do(asked: Asked) -> Response:
    """Pause one, go on with it, stop it, send it now, approve or reject it."""
    number = asked.number("number")
    reply = await asked.works.broadcasting.do(asked.given("what"), number, asked.person, asked.speech)
    return asked.done(f"/broadcasts/{number}", reply.text)


async def broadcasts_file(asked: Asked) -> Response:
    """Return the list as a file."""
    rows: list[tuple[object, ...]] = [_LIST]
    for one in await asked.works.store.broadcasts.all():
        counts = (one.recipients, one.sent, one.read, one.failed, one.cancelled)
        created = one.created.isoformat(timespec="seconds")
        rows.append((one.number, created, state_of(one), one.language, *counts, one.text))
    return exported(rows, "broadcasts", asked.request.path_params["form"])


async def receipts_file(asked: Asked) -> Response:
    """Return what became of one, person by person, as a file."""
    made = await _made(asked)
    return _file(asked, _RECEIPT, await asked.works.store.receipts.of(made.number), f"broadcast-{made.number}")


async def calls_file(asked: Asked) -> Response:
    """Return who is to be called, as a file."""
    made = await _made(asked)
    return _file(asked, _CALL, await asked.works.store.receipts.calls(made.number), f"calls-{made.number}")


def state_of(made: Broadcast) -> str:
    """Return where one stands: a key of LABELS."""
    return "done" if made.is_done else made.state.value


LABELS: Final = {  # what is said of each state, and how it is marked
    State.APPROVAL.value: ("waits for approval", "care"),
    State.PLANNED.value: ("planned", "info"),
    State.SENDING.value: ("being sent", "info"),
    State.PAUSED.value: ("paused", "care"),
    State.CANCELLED.value: ("stopped", "stop"),
    "done": ("finished", "well"),
}
DEEDS: Final = {
    "approve": "Approve",
    "reject": "Reject",
    "now": "Send now",
    "pause": "Pause",
    "go": "Go on",
    "cancel": "Stop it",
}
_FURTHER_FIELDS: Final = [f"{name}-{n}" for n in range(1, _FURTHER + 1) for name in ("text", "language")]
_TYPED: Final = ("text", "language", "at", "before", "session", "asks_reading", *_FURTHER_FIELDS)


def _file(asked: Asked, columns: Sequence[str], found: Sequence[Mapping[str, Any]], name: str) -> Response:
    rows: list[tuple[object, ...]] = [tuple(columns), *(tuple(one[column] for column in columns) for one in found)]
    return exported(rows, name, asked.request.path_params["form"])


async def _places(asked: Asked, made: Broadcast) -> Sequence[str]:
    """Return what one has made of the places of activities, or, while it waits for approval, would make now."""
    if made.draft is not None and made.state is State.APPROVAL:
        return await asked.works.preview.places(made.draft, asked.speech)
    return await asked.works.preview.resized(made.resizes, asked.speech)


async def _made(asked: Asked) -> Broadcast:
    made = await asked.works.store.broadcasts.get(asked.number("number"))
    if made is None:
        raise NotFound
    return made


async def _draft(asked: Asked) -> Draft:
    """Return what the form says.

    Raises:
        ValueError: something is missing or wrong; str() says what.
    """
    text, language = asked.given("text"), asked.given("language")
    if not text or language not in LANGUAGES:
        raise ValueError("Please write the text, and choose its language.")
    bodies = {asked.given(f"language-{n}"): asked.given(f"text-{n}") for n in range(1, _FURTHER + 1)}
    bodies = {tag: body for tag, body in bodies.items() if body and tag in LANGUAGES and tag != language}
    if any(len(body) > LONGEST for body in (text, *bodies.values())):
        raise ValueError("The text is too long: a message holds 4,000 letters.")
    try:
        audience = await asked.works.choice.picked({kind: asked.every(f"to-{kind}") for kind in FIELDS})
    except NotOffered:
        raise ValueError("Some of the recipients are not there any more. Please choose again.") from None
    corrects = await _corrected(asked)
    if corrects:
        audience = Audience.of_json({**asdict(audience), "told_of": corrects})
    draft = Draft(text, language, audience=audience, bodies=bodies, timing=_timing(asked), corrects=corrects)
    return replace(draft, asks_reading=asked.given("asks_reading") == "yes")


async def _files(asked: Asked) -> tuple[Attachment, ...]:
    """Keep the files that were chosen.

    Raises:
        Refusal: they are too many, or one is empty or too large.
    """
    files = [named(one.filename or "", await one.read()) for one in asked.files("files")]
    check(files)
    return tuple(await asked.works.store.attachments.keep(files)) if files else ()


async def _corrected(asked: Asked) -> int:
    given = asked.given("corrects")
    if not given:
        return 0
    made = await asked.works.store.broadcasts.get(int(given)) if given.isascii() and given.isdecimal() else None
    if made is None:
        raise ValueError("There is no such broadcast to correct.")
    return made.number


def _timing(asked: Asked) -> Timing:
    if asked.given("session"):
        before = asked.given("before")
        if not (before.isascii() and before.isdecimal() and int(before) <= 10_000):
            raise ValueError("Please write how many minutes before the session it shall go out.")
        return Timing(session=asked.given("session"), minutes=-int(before))
    if not asked.given("at"):
        return Timing()
    try:
        at = datetime.fromisoformat(asked.given("at"))
    except ValueError:
        raise ValueError("Please choose a day and a time.") from None
    at = at.replace(tzinfo=at.tzinfo or CONFERENCE_TIME)
    if at <= asked.works.store.now():
        raise ValueError("That time is over. Please choose a later one, or leave it empty to send at once.")
    return Timing(at=at)
