"""The commands on what the organizers publish: the agenda as it is now, its editions, dates, broadcasts."""

import asyncio
from typing import Annotated

import typer

from bot.people_commands import desk_of_settings, write_out

app = typer.Typer(rich_markup_mode=None)


@app.command()
def agenda(
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """Print the sessions as they are now, with their keys.

    Example: desk agenda --format csv > agenda.csv
    """
    from bot import publishing  # noqa: PLC0415 - slow to import

    write_out(asyncio.run(publishing.agenda(desk_of_settings(), form)))


@app.command()
def change(
    session: Annotated[str, typer.Argument(help="its key, see `desk agenda`")],
    day: Annotated[int | None, typer.Option("--day", help="of the conference")] = None,
    start: Annotated[str, typer.Option("--start", help="HH:MM")] = "",
    end: Annotated[str, typer.Option("--end", help="HH:MM; none for an open end")] = "",
    name: Annotated[str, typer.Option("--name", help="a new name")] = "",
    place: Annotated[str, typer.Option("--place", help="where people meet")] = "",
    cancelled: Annotated[bool | None, typer.Option("--cancelled/--back-on", help="whether it takes place")] = None,
    title: Annotated[str, typer.Option("--add", help="the title of a session to add; SESSION is then its key")] = "",
) -> None:
    """Publish a change of the agenda, and tell those whom it concerns.

    Example: desk change day-2-1900-yangtze-river-night-cruise --start 19:30
    """
    from bot import publishing  # noqa: PLC0415

    given = {
        "day": day,
        "start": start,
        "end": end,
        "name": name,
        "place": place,
        "cancelled": cancelled,
        "title": title,
    }
    typer.echo(asyncio.run(publishing.changed(desk_of_settings(), session, given)))


@app.command()
def dates(
    first_day: Annotated[str, typer.Argument(help="the date of day 1, such as 2026-09-14")],
) -> None:
    """Confirm the dates of the conference, and tell everybody.

    Example: desk dates 2026-09-14
    """
    from bot import publishing  # noqa: PLC0415

    typer.echo(asyncio.run(publishing.dated(desk_of_settings(), first_day)))


@app.command()
def editions(
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """Print what has been published of the agenda: each change, when, and by whom.

    Example: desk editions
    """
    from bot import publishing  # noqa: PLC0415

    write_out(asyncio.run(publishing.editions(desk_of_settings(), form)))


@app.command()
def broadcasts(
    number: Annotated[
        int | None, typer.Argument(help="of one broadcast: whom it was for, and who has been told")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """Print broadcasts and how far they have got.

    Example: desk broadcasts 3 --format csv
    """
    from bot import publishing  # noqa: PLC0415

    write_out(asyncio.run(publishing.broadcasts(desk_of_settings(), number, form)))
