"""What goes to many people: shown as each will read it, and done once, as it was shown."""

from typing import Final
from uuid import uuid4

from starlette.responses import Response

from bot.dashboard.asking import Asked
from handlers.announcing import queued_lines
from handlers.broadcasts import Draft
from handlers.profile import OWN_NAMES

_KIND = "dashboard"  # of marks
DONE: Final = "published or sent what was shown"


async def preview_page(asked: Asked, draft: Draft, *, back: str) -> Response:
    """Return the page that shows a draft; its button does what it shows."""
    works = asked.works
    resolved = await works.store.broadcasts.resolved(draft.audience)
    languages = dict.fromkeys([draft.language, *draft.bodies, *resolved.by_language])
    shown = [
        (tag, OWN_NAMES[tag], works.preview.rendered(draft, tag), resolved.by_language.get(tag, 0)) for tag in languages
    ]
    return asked.page(
        "preview.html",
        draft=draft,
        shown=shown,
        lines=await works.preview.about(draft, resolved, asked.speech),
        resolved=resolved,
        sealed=asked.sealed({"draft": draft.as_json(), "mark": uuid4().hex}),
        needs_approval=works.desk.settings.four_eyes,
        back=back,
    )


async def confirm(asked: Asked) -> Response:
    """Publish and queue what was shown, with what is told of it; a second press of the button does nothing."""
    works, kept = asked.works, asked.unsealed("draft")
    draft = Draft.of_json(kept["draft"])
    if not await works.store.seen.is_first(_KIND, kept["mark"]):
        return asked.done("/broadcasts", asked.say("It was sent already. Nothing was sent twice."))
    made = await works.publishing.publish(draft, asked.person)
    if not made.resizes:  # which have their line already
        await works.store.log.note(DONE, "", by=asked.person.id)
    lines = [*await works.preview.resized(made.resizes, asked.speech), *queued_lines(made, asked.speech)]
    return asked.done(f"/broadcasts/{made.number}" if made.number else "/programme", "\n".join(lines))
