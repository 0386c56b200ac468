"""Several changes of the agenda told as one: from what a reader knows to what is so now, not what was in between."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

_DATES = ("first_day", "days", "is_dates_open", "dates")


def combined(contents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is left to be told of changes that nobody has been told of yet, oldest first, as the newest tells it.

    What was taken back, so that all is as a reader knows it, is left out.
    """
    return reduce(_both, contents, {})


def tells_nothing(content: Mapping[str, Any]) -> bool:
    """Tell whether a content holds no change, nor a text."""
    return not (content.get("sessions") or "dates" in content or content.get("text"))


def of_the_same(content: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Return of later changes those of what a content tells of."""
    titles = {kept["title"] for kept in content.get("sessions", ())}
    same: dict[str, Any] = {"sessions": [kept for kept in later.get("sessions", ()) if kept["title"] in titles]}
    return same | {name: later[name] for name in _DATES if name in later and "dates" in content}


def _both(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    sessions = {kept["title"]: kept for kept in earlier.get("sessions", ())}
    for kept in later.get("sessions", ()):
        sessions[kept["title"]] = _from_to(sessions[kept["title"]], kept) if kept["title"] in sessions else kept
    told = {**earlier, **later, "sessions": [kept for kept in sessions.values() if not _is_as_before(kept)]}
    if files := {kept["id"]: kept for kept in (*earlier.get("files", ()), *later.get("files", ()))}:
        told["files"] = list(files.values())
    return told if "dates" not in later else _with_dates(told, earlier, later)


def _with_dates(told: Mapping[str, Any], earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told with the dates from before the earlier change to after the later one."""
    before, after = earlier.get("dates", later["dates"])[0], later["dates"][1]
    undated = {name: value for name, value in told.items() if name not in _DATES}
    if before == after:
        return undated
    return undated | {name: later[name] for name in _DATES if name in later} | {"dates": [before, after]}


def _from_to(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Return the change of a session from before the earlier one to after the later one."""
    was_cancelled = bool(earlier.get("was_cancelled"))
    kept = {**later, "before": earlier["before"], "was_cancelled": was_cancelled}
    kept["is_back"] = was_cancelled and not later["is_cancelled"]
    for name, both in (("place", "places"), ("name", "names")):
        if both in earlier and both in later:
            kept[both] = [earlier[both][0], later[both][1]]
            kept[name] = later[both][1] if earlier[both][0] != later[both][1] else ""
    return kept


def _is_as_before(kept: Mapping[str, Any]) -> bool:
    if kept["before"] is None:
        return bool(kept["is_cancelled"])
    is_same = kept["before"] == kept["after"] and bool(kept.get("was_cancelled")) == kept["is_cancelled"]
    return is_same and not (kept.get("place") or kept.get("name"))
