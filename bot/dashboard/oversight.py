"""What organizers look after: whether the set-up is well, who has done what, and who is signed in."""

import asyncio
from typing import Final

from starlette.responses import Response

from bot.dashboard.asking import Asked, NotFound
from bot.dashboard.exports import exported
from bot.examination import examine

_LINES: Final = 200


async def health(asked: Asked) -> Response:
    """Return what `desk doctor` says."""
    found = await asyncio.to_thread(lambda: list(examine(asked.works.desk.settings)))
    return asked.page("health.html", findings=found, wrong=sum(not one.is_well for one in found))


async def log(asked: Asked) -> Response:
    """Return who has changed what, and who is signed in."""
    store = asked.works.store
    entries = [(one, asked.speech.moment(one.at)) for one in await store.log.latest(_LINES)]
    people = [
        (one, asked.speech.moment(one.since), asked.speech.moment(one.expires)) for one in await store.sign_ins.all()
    ]
    return asked.page("log.html", entries=entries, people=people)


async def log_file(asked: Asked) -> Response:
    """Return who has changed what, as a file."""
    rows: list[tuple[object, ...]] = [("at", "by", "what", "about", "after")]
    rows += [
        (one.at.isoformat(timespec="seconds"), one.by, one.what, one.about, str(one.after or ""))
        for one in await asked.works.store.log.latest(100 * _LINES)
    ]
    return exported(rows, "log", asked.request.path_params["form"])


async def sign_out(asked: Asked) -> Response:
    """Sign somebody out."""
    if not await asked.works.store.sign_ins.end(asked.request.path_params["digest"]):
        raise NotFound
    return asked.done("/log", asked.say("Signed out."))
