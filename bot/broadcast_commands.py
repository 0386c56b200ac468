"""The commands on broadcasts: prepare and send one, look after those that are under way, see whom to call."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.people_commands import desk_of_settings, write_out

app = typer.Typer(rich_markup_mode=None)
_NONE: list[str] = []
_NO_FILES: list[Path] = []
_DO = "pause, go, cancel or now"


@app.command()
def broadcast(
    text: Annotated[str, typer.Argument(help="what people read, in the language of --in")],
    language: Annotated[str, typer.Option("--in", help="the language of the text")] = "en",
    also: Annotated[
        list[str], typer.Option("--also", help="the text in a further language, such as fr=Bonjour")
    ] = _NONE,
    to: Annotated[
        list[str],
        typer.Option("--to", help="role=aide, city=Kyiv, language=fr, activity=cruise, ..."),
    ] = _NONE,
    at: Annotated[
        str, typer.Option("--at", help="2026-09-15T08:00+08:00, or 60 minutes before a session: -60@KEY; empty: now")
    ] = "",
    asks_reading: Annotated[bool, typer.Option("--ask-reading", help='with a button "I have read this"')] = False,
    file: Annotated[
        list[Path],
        typer.Option("--file", help="goes with it; at most three, of 5 MB each"),
    ] = _NO_FILES,
    corrects: Annotated[int, typer.Option("--corrects", help="number of a broadcast; goes to its recipients")] = 0,
    is_sent: Annotated[bool, typer.Option("--send", help="send it; without, it is only shown")] = False,
) -> None:
    """Show a message to many people as each will read it, and whom it reaches; with --send, send it.

    --to can be given several times: role, city, language, channel, activity (its key), status (confirmed, waitlisted),
    person (the whole name), reachable (yes, no). Different kinds must all hold; without any it is for everybody.

    Example: desk broadcast "Bring a jacket." --also "fr=Prenez une veste." --to activity=cruise --send
    """
    from bot import broadcasts  # noqa: PLC0415 - slow to import

    given = broadcasts.Given(text, language, tuple(also), tuple(to), at, asks_reading, corrects, tuple(file))
    typer.echo(asyncio.run(broadcasts.prepared(desk_of_settings(), given, is_sent=is_sent)))


@app.command(name="broadcasts")
def listed(
    number: Annotated[int | None, typer.Argument(help="of one: whom it was for, and what became of it")] = None,
    do: Annotated[str, typer.Option("--do", help=_DO)] = "",
    calls: Annotated[bool, typer.Option("--calls", help="who must be called, by city, with its liaison")] = False,
    form: Annotated[str, typer.Option("--format", help="table, json, csv or xlsx")] = "table",
) -> None:
    """Print broadcasts and how far they have got; pause one, go on with it, cancel it, or send it now.

    Example: desk broadcasts 3 --calls --format xlsx > calls.xlsx
    """
    from bot import broadcasts  # noqa: PLC0415

    if do:
        if number is None:
            raise typer.BadParameter("of which broadcast? Give its number", param_hint="--do")
        typer.echo(asyncio.run(broadcasts.done(desk_of_settings(), number, do)))
        return
    write_out(asyncio.run(broadcasts.reported(desk_of_settings(), number, form, calls=calls)))


@app.command()
def liaison(
    city: Annotated[str, typer.Argument(help="as it is spelled in `desk rsvps`")],
    contact: Annotated[str, typer.Argument(help="name and telephone of who looks after its people")],
) -> None:
    """Set who is called where people of a city cannot be reached.

    Example: desk liaison Bordeaux "Wang Min, +86 27 8280 0000"
    """
    from bot import broadcasts  # noqa: PLC0415

    typer.echo(asyncio.run(broadcasts.liaison_set(desk_of_settings(), city, contact)))
