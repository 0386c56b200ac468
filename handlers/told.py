"""Word what a broadcast says, for a preview and for its readers alike: what is shown is what arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers import report_texts, texts
from handlers.attachments import Attachment
from handlers.broadcasts import Draft, body_for
from handlers.changes import lines_of
from handlers.model import Activity, Notice, Reply
from handlers.ports import Library
from handlers.resizing import Resize
from handlers.resizing import lines_of as places_lines
from handlers.speech import Speech


def content_of(draft: Draft, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a preview words: what the notices of a draft will keep. changes: what is told of them."""
    content = {**changes, "text": draft.text, "language": draft.language, "bodies": dict(draft.bodies)}
    content |= {"files": [one.as_json() for one in draft.files]} if draft.files else {}
    return content | ({"reads": 0} if draft.asks_reading else {}) | ({"corrects": {}} if draft.corrects else {})


def broadcast(told: Mapping[str, Any], library: Library, speech: Speech) -> Reply:
    """Return what a broadcast says to a reader, in their language as far as there is a text in it.

    Its files are named in it; their contents are still to be loaded.
    """
    text, _ = body_for(told["text"], told["language"], told.get("bodies", {}), speech.language)
    earlier = told.get("corrects")
    heading = texts.CORRECTION if earlier is not None else texts.FROM_THE_ORGANIZERS
    own = [speech.say(heading), text] if text else []
    buttons = [speech.button(texts.BUTTON_READ, f"read:{told['reads']}")] if "reads" in told else []
    reply = speech.reply(*lines_of(told, library, speech), *own, choices=buttons)
    reply = replace(reply, files=tuple(Attachment.of_json(one).unloaded for one in told.get("files", ())))
    return replace(reply, replaces=(earlier["channel"], earlier["to"], earlier["message"])) if earlier else reply


def judged(told: Mapping[str, Any], speech: Speech) -> Reply:
    """Return what its author is told once a broadcast is approved or rejected."""
    frame = texts.APPROVED_BY if told["is_approved"] else texts.REJECTED_BY
    return speech.reply(speech.say(frame, number=told["number"], name=told["by"] or "–"))


def approval(told: Mapping[str, Any], library: Library, activities: Sequence[Activity], speech: Speech) -> Reply:
    """Return what other staff are asked where a broadcast waits for their approval."""
    number = told["number"]
    asked = speech.say(texts.APPROVE_THIS, number=number, name=told["by"] or "–", count=told["count"])
    shown = broadcast(told, library, speech)
    buttons = [
        speech.button(texts.BUTTON_APPROVE, f"broadcast:approve:{number}"),
        speech.button(texts.BUTTON_REJECT, f"broadcast:reject:{number}"),
    ]
    resizes = [Resize.of_json(kept) for kept in told.get("resizes", ())]
    reply = speech.reply(asked, shown.text, *places_lines(resizes, activities, speech), choices=buttons)
    return replace(reply, files=shown.files)


def reminder(notice: Notice, activities: Sequence[Activity], speech: Speech) -> Reply:
    """Return what a person is reminded of, as it is now: one thing in an hour, or all of tomorrow's."""
    own = [a for a in activities if a.key in notice.told["activities"] and not a.is_cancelled]
    places = [speech.say(texts.CHANGE_PLACE, title=a, place=a.place) for a in own if a.place]
    off = speech.button(texts.BUTTON_NO_REMINDERS, "reminders:off")
    if notice.kind == "evening":
        lines = [speech.say(texts.TOMORROW), *(f"– {a.name(speech.language)}, {speech.when(a)}" for a in own)]
    else:
        lines = [speech.say(texts.REMINDER, activity=a, when=speech.when(a)) for a in own]
    return speech.reply(*lines, *places, choices=[off])


def digest(told: Mapping[str, Any], activities: Sequence[Activity], speech: Speech) -> Reply:
    """Return the daily report to one of the staff: news of each activity, then what waits for somebody."""
    named = {activity.key: activity for activity in activities}
    lines = [
        speech.enumerated([_growth(one, named[one["key"]], speech), *_waiting(one["waitlisted"], speech)])
        for one in told["activities"]
        if one["key"] in named
    ]
    counted = {
        report_texts.DIGEST_QUESTIONS: told["questions"],
        report_texts.DIGEST_NOT_REACHED: told["not_reached"],
        report_texts.DIGEST_UNVERIFIED: told["unverified"],
    }
    lines += [speech.say(frame, count=count) for frame, count in counted.items() if count]
    off = speech.button(report_texts.BUTTON_NO_DIGEST, "digest:off")
    return speech.reply(speech.say(report_texts.DIGEST), *(f"– {line}" for line in lines), choices=[off])


def _growth(one: Mapping[str, Any], activity: Activity, speech: Speech) -> str:
    change = f"+{one['more']}" if one["more"] > 0 else f"−{-one['more']}" if one["more"] else "±0"
    return speech.say(report_texts.DIGEST_ACTIVITY, activity=activity, change=change, confirmed=one["confirmed"])


def _waiting(count: int, speech: Speech) -> list[str]:
    return [speech.say(report_texts.COUNT_WAITLISTED, waitlisted=count)] if count else []
