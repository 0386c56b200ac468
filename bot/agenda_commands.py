"""The commands on what the organizers publish: the agenda as it is now, its editions, dates, broadcasts."""

import asyncio
from typing import Annotated

import typer

from bot.people_commands import desk_of_settings, write_out

app = typer.Typer(rich_markup_mode=None)


@app.command()
def agenda(
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
    edition: Annotated[
        int | None, typer.Option("--edition", help="as an earlier one had them; 0: the documents")
    ] = None,
) -> None:
    """Print the sessions as they are now, with their keys.

    Example: desk agenda --format csv > agenda.csv
    """
    from bot import publishing  # noqa: PLC0415 - slow to import

    write_out(asyncio.run(publishing.agenda(desk_of_settings(), form, edition)))


@app.command()
def change(
    session: Annotated[str, typer.Argument(help="its key, see `desk agenda`; or that of its activity, such as cruise")],
    day: Annotated[int | None, typer.Option("--day", help="of the conference")] = None,
    start: Annotated[str, typer.Option("--start", help="HH:MM")] = "",
    end: Annotated[str, typer.Option("--end", help="HH:MM; none for an open end")] = "",
    name: Annotated[str, typer.Option("--name", help="a new name")] = "",
    place: Annotated[str, typer.Option("--place", help="where people meet")] = "",
    places: Annotated[str, typer.Option("--places", help="a number, or none: no limit")] = "",
    cancelled: Annotated[bool | None, typer.Option("--cancelled/--back-on", help="whether it takes place")] = None,
    title: Annotated[str, typer.Option("--add", help="the title of a session to add; SESSION is then its key")] = "",
) -> None:
    """Publish a change of the agenda, and tell those whom it concerns.

    Other places alone are told to nobody but those of the waitlist who get an offer by that.

    Example: desk change cruise --start 19:30 --places 120
    """
    from bot import publishing  # noqa: PLC0415

    given = {
        "day": day,
        "start": start,
        "end": end,
        "name": name,
        "place": place,
        "places": places,
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
    undo: Annotated[int | None, typer.Option("--undo", help="number of a change to be taken back by another")] = None,
    compare: Annotated[
        tuple[int, int] | None, typer.Option("--compare", help="numbers of two; 0: the documents")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """Print what has been published of the agenda: each change, when, and by whom; or compare two editions.

    Example: desk editions --compare 0 3
    """
    from bot import publishing  # noqa: PLC0415

    if undo is not None:
        typer.echo(asyncio.run(publishing.undone(desk_of_settings(), undo)))
        return
    if compare is not None:
        write_out(asyncio.run(publishing.compared(desk_of_settings(), *compare, form)))
        return
    write_out(asyncio.run(publishing.editions(desk_of_settings(), form)))


@app.command()
def rehearse(
    speed: Annotated[float, typer.Option("--speed", min=1, help="how many times faster than it will be")] = 600,
    day: Annotated[int | None, typer.Option("--day", help="play this day only")] = None,
    first_day: Annotated[str, typer.Option("--first-day", help="of the conference, where it is not confirmed")] = "",
) -> None:
    """Play the days of the conference: print each reminder and planned broadcast, to whom and when; send nothing.

    It is played on a copy of the database, which is removed afterwards.

    Example: desk rehearse --speed 6000 --day 2
    """
    from bot import publishing, rehearsal  # noqa: PLC0415

    first = publishing.date_of(first_day) if first_day else None
    asyncio.run(rehearsal.rehearsed(desk_of_settings(), rehearsal.Plan(speed, day, first), typer.echo))
