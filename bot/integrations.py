"""What the command line does with tokens of the API and with webhooks, and what a desk that serves does for them."""

from collections.abc import Sequence
from typing import TypeVar

from bot.app import Desk
from bot.jobs import Job
from bot.registry import BadValue, formatted
from bot.scopes import Event, Scope
from bot.store.whole import Store
from bot.webhooks import Caller, checked

_T = TypeVar("_T", Scope, Event)
_CALLS_EVERY, _TIDY_EVERY = 1.0, 3600.0  # seconds
_TOKENS = ("number", "name", "scopes", "created", "used", "revoked")
_WEBHOOKS = ("number", "url", "events", "scopes", "waiting", "done", "given_up", "why")


def jobs_of(desk: Desk, store: Store) -> Sequence[Job]:
    """Return what goes by the clock."""
    caller = Caller(store.webhooks, store.now, may_call_inside=desk.settings.webhooks_inside)
    return (
        Job("telling webhooks", _CALLS_EVERY, caller.call_due),
        Job("forgetting old calls of webhooks", _TIDY_EVERY, store.webhooks.forget_old),
    )


async def token_created(desk: Desk, name: str, scopes: Sequence[str]) -> tuple[int, str]:
    """Make a token; return its number and the token.

    Raises:
        BadValue: a scope is none, or none is given.
    """
    wanted = _named(Scope, "--scope", scopes)
    if not wanted or not name.strip():
        raise BadValue("--name and --scope: expected whom the token is for, and what it may read")
    async with desk.stored() as store:
        return await store.tokens.create(name.strip(), wanted)


async def tokens(desk: Desk, form: str) -> str | bytes:
    """Return all tokens as a table, JSON, CSV or XLSX; the tokens themselves are kept nowhere."""
    async with desk.stored() as store:
        found = await store.tokens.all()
    rows: list[tuple[object, ...]] = [_TOKENS]
    for one in found:
        moments = [m.isoformat(timespec="seconds") if m else None for m in (one.created, one.used, one.revoked)]
        rows.append((one.id, one.name, ", ".join(sorted(one.scopes)), *moments))
    return formatted(rows, form)


async def token_revoked(desk: Desk, number: int) -> str:
    """Revoke a token; return that it is done.

    Raises:
        BadValue: there is no valid one of that number.
    """
    async with desk.stored() as store:
        if not await store.tokens.revoke(number):
            raise BadValue(f"{number}: there is no valid token of that number, see `desk tokens list`")
    return f"token {number} is refused from now on"


async def webhook_added(desk: Desk, url: str, events: Sequence[str], scopes: Sequence[str]) -> tuple[int, str]:
    """Have an address told of events; return the webhook's number, and the secret that signs.

    Raises:
        BadValue: an event or scope is none.
        bot.webhooks.BadAddress: the address is not to be called.
    """
    told, allowed = _named(Event, "--event", events), _named(Scope, "--scope", scopes)
    if not told:
        raise BadValue("--event: expected rsvp.changed or question.unanswered")
    checked(url, may_be_inside=desk.settings.webhooks_inside)
    async with desk.stored() as store:
        return await store.webhooks.add(url, told, allowed)


async def webhooks(desk: Desk, form: str) -> str | bytes:
    """Return all webhooks, and how their calls stand, as a table, JSON, CSV or XLSX."""
    async with desk.stored() as store:
        found = await store.webhooks.all()
    rows: list[tuple[object, ...]] = [_WEBHOOKS]
    for one in found:
        hook = one.webhook
        kinds = (", ".join(sorted(hook.events)), ", ".join(sorted(hook.scopes)))
        rows.append((hook.id, hook.url, *kinds, one.waiting, one.done, one.failed, one.why))
    return formatted(rows, form)


async def webhook_removed(desk: Desk, number: int) -> str:
    """Tell a webhook nothing more; return that it is done.

    Raises:
        BadValue: there is none of that number.
    """
    async with desk.stored() as store:
        if not await store.webhooks.remove(number):
            raise BadValue(f"{number}: there is no webhook of that number, see `desk webhooks list`")
    return f"webhook {number} is told nothing more"


async def webhook_called_again(desk: Desk, number: int) -> str:
    """Make the calls of a webhook again that were given up; return how many those are."""
    async with desk.stored() as store:
        return f"{await store.webhooks.again(number)} calls are made again"


def _named(kind: type[_T], option: str, names: Sequence[str]) -> frozenset[_T]:
    for name in names:
        if name not in set(kind):
            raise BadValue(f"{option} {name}: expected one of {', '.join(kind)}")
    return frozenset(map(kind, names))
