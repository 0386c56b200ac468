"""The commands on people, activities, RSVPs and questions: each parses, then calls one function."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import settings

if TYPE_CHECKING:
    from bot.app import Desk

app = typer.Typer(rich_markup_mode=None)


def desk_of_settings() -> "Desk":
    """Return the desk that the environment asks for."""
    from bot.app import Desk  # noqa: PLC0415 - slow to import

    return Desk(settings())


def print_json(content: dict[str, object]) -> None:
    """Print content as one line of JSON."""
    typer.echo(json.dumps(content, ensure_ascii=False))  # which flushes


@app.command()
def invite(
    city: Annotated[str, typer.Option("--city", help="the person's city")],
    name: Annotated[str, typer.Option("--name", help="the person's name")],
    role: Annotated[str, typer.Option("--role", help="delegate, aide, staff, organizer or viewer")] = "delegate",
    as_json: Annotated[bool, typer.Option("--json", help="print code and links as JSON")] = False,
    has_qr: Annotated[bool, typer.Option("--qr", help="print a link to the chat and its QR code as well")] = False,
) -> None:
    """Make a one-time invite code: who says it to the desk, on any channel, is that person.

    Example: desk invite --role aide --city Duisburg --name "Anna Schmidt"
    """
    from bot import invitations, registry  # noqa: PLC0415

    desk = desk_of_settings()
    code = asyncio.run(registry.invited(desk, role=role, city=city, name=name))
    chat = invitations.chat_link(desk.settings, code)
    if as_json:
        links = {"link": registry.link(code, asyncio.run(registry.bot_name(desk))), "chat_link": chat}
        print_json({"code": code, **links, **({"qr": invitations.qr_as_svg(chat)} if has_qr else {})})
    elif has_qr:
        typer.echo(f"{code}\n{chat}\n{invitations.qr_as_text(chat)}")
    else:
        typer.echo(code)


activities = typer.Typer(help="What people sign up for.", rich_markup_mode=None)
app.add_typer(activities, name="activities")


@activities.command("list")
def list_activities(
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """List activities with their places.

    Example: desk activities list --format json
    """
    from bot import registry  # noqa: PLC0415

    write_out(asyncio.run(registry.activities(desk_of_settings(), form)))


@activities.command("set")
def set_activity(
    key: Annotated[str, typer.Argument(help="of the activity")],
    capacity: Annotated[str, typer.Option("--capacity", help="places; none for no limit")] = "",
    deadline: Annotated[str, typer.Option("--deadline", help="ISO time after which nobody signs up")] = "",
    freeze: Annotated[str, typer.Option("--freeze", help="ISO time after which nobody changes or cancels")] = "",
    day: Annotated[int | None, typer.Option("--day", help="of the conference")] = None,
    start: Annotated[str, typer.Option("--start", help="HH:MM")] = "",
    end: Annotated[str, typer.Option("--end", help="HH:MM")] = "",
    name: Annotated[str, typer.Option("--name", help="English name, for a new one")] = "",
    party_limit: Annotated[int | None, typer.Option("--party-limit", help="people in one RSVP at most")] = None,
    eligible: Annotated[str, typer.Option("--eligible", help="roles that may sign up, such as delegate,aide")] = "",
    is_open: Annotated[bool | None, typer.Option("--open/--closed", help="for new RSVPs")] = None,
) -> None:
    """Set places, deadline and times of an activity, or make a new one.

    Example: desk activities set cruise --capacity 120 --deadline 2026-09-10T18:00+08:00
    """
    from bot import publishing  # noqa: PLC0415

    given = {
        "capacity": capacity,
        "deadline": deadline,
        "freeze": freeze,
        "day": day,
        "start": start,
        "end": end,
        "name": name,
        "party_limit": party_limit,
        "eligible": eligible,
        "is_open": is_open,
    }
    typer.echo(asyncio.run(publishing.set_activity(desk_of_settings(), key, given)))


delegations = typer.Typer(help="Whose expenses the organizer covers.", rich_markup_mode=None)
app.add_typer(delegations, name="delegations")


@delegations.command("list")
def list_delegations(
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """List delegations: how many people, how many are covered, who is named.

    Example: desk delegations list --format csv
    """
    from bot import registry  # noqa: PLC0415

    write_out(asyncio.run(registry.delegations(desk_of_settings(), form)))


@delegations.command("set")
def set_delegation(
    city: Annotated[str, typer.Argument(help="of the delegation; none for all")] = "",
    quota: Annotated[int | None, typer.Option("--quota", min=0, help="covered delegates of that city")] = None,
    until: Annotated[str, typer.Option("--nominate-until", help="ISO time until which all name who is covered")] = "",
    head: Annotated[str, typer.Option("--head", help="who leads it: they and aides name who is covered")] = "",
) -> None:
    """Set how many delegates of a city are covered and who leads it, or until when all delegations name them.

    Example: desk delegations set --nominate-until 2026-08-31T18:00+08:00
    """
    from bot import registry  # noqa: PLC0415

    typer.echo(asyncio.run(registry.set_delegation(desk_of_settings(), city, quota=quota, until=until, head=head)))


@app.command()
def rsvps(
    activity: Annotated[str, typer.Option("--activity", help="key of one activity; all without it")] = "",
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """Print who is signed up for what.

    Example: desk rsvps --activity cruise --format csv > cruise.csv
    """
    from bot import registry  # noqa: PLC0415

    write_out(asyncio.run(registry.rsvps(desk_of_settings(), activity, form)))


@app.command()
def questions(
    unanswered: Annotated[bool, typer.Option("--unanswered", help="only those that wait for an answer")] = False,
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """Print what people have asked.

    Example: desk questions --unanswered
    """
    from bot import registry  # noqa: PLC0415

    write_out(asyncio.run(registry.questions(desk_of_settings(), form, unanswered=unanswered)))


@app.command()
def export(
    address: Annotated[str, typer.Argument(help="channel:id, such as console:ana")],
) -> None:
    """Print all that is kept about the person of an address, as JSON.

    Example: desk export console:ana
    """
    from bot import registry  # noqa: PLC0415

    typer.echo(asyncio.run(registry.exported(desk_of_settings(), address)))


@app.command()
def erase(
    address: Annotated[str, typer.Argument(help="channel:id, such as console:ana")],
) -> None:
    """Erase all that is kept about the person of an address; their places become free.

    Example: desk erase console:ana
    """
    from bot import registry  # noqa: PLC0415

    typer.echo(asyncio.run(registry.erased(desk_of_settings(), address)))


@app.command()
def dashboard(
    name: Annotated[str, typer.Option("--name", help="of the organizer or member of staff; the first without it")] = "",
) -> None:
    """Print an address that signs in to the dashboard, once and within ten minutes; `/dashboard` in a chat is the same.

    Example: desk dashboard --name "Li Wei"
    """
    from bot import registry  # noqa: PLC0415

    typer.echo(asyncio.run(registry.dashboard_link(desk_of_settings(), name)))


@app.command()
def demo(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="do nothing where anybody is known already")] = False,
) -> None:
    """Fill the database with invented delegations, marked as examples, so that there is something to see.

    Example: desk demo
    """
    from bot import demonstration  # noqa: PLC0415

    typer.echo(asyncio.run(demonstration.fill(desk_of_settings(), if_empty=if_empty)))


@app.command()
def migrate() -> None:
    """Make the tables of the database, or bring them up to date.

    Example: desk migrate
    """
    asyncio.run(desk_of_settings().store())


@app.command()
def backup(folder: Annotated[Path, typer.Argument(help="where backups are kept")]) -> None:
    """Copy the database, the library and uploaded documents into a new folder that a desk can be started on.

    Example: desk backup /srv/backups
    """
    from bot.backups import backed_up, is_on_a_server  # noqa: PLC0415

    chosen = settings()
    typer.echo(str(asyncio.run(backed_up(chosen, folder))))
    if is_on_a_server(chosen):
        typer.echo("The database is on a server and not in it: copy it with the server's own program, pg_dump.")


def write_out(content: str | bytes) -> None:
    """Print text, or write bytes as they are."""
    if isinstance(content, bytes):
        sys.stdout.buffer.write(content)
    else:
        typer.echo(content)
