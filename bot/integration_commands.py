"""The commands on other programs: tokens with which they read, and webhooks that tell them."""

import asyncio
from typing import Annotated

import typer

from bot.people_commands import desk_of_settings, print_json, write_out

app = typer.Typer(rich_markup_mode=None)
_NONE: list[str] = []
_SCOPES = "activities, rsvps, people (names too), questions, agenda or broadcasts"
_FORM = "table, json, csv or xlsx"

tokens = typer.Typer(help="Tokens with which other programs read the API.", rich_markup_mode=None)
app.add_typer(tokens, name="tokens")
webhooks = typer.Typer(help="Addresses of other programs that are told what happens.", rich_markup_mode=None)
app.add_typer(webhooks, name="webhooks")


@tokens.command("create")
def create_token(
    name: Annotated[str, typer.Option("--name", help="of the integration that gets it")],
    scopes: Annotated[list[str], typer.Option("--scope", help=_SCOPES)],
    as_json: Annotated[bool, typer.Option("--json", help="print number and token as JSON")] = False,
) -> None:
    """Make a token; it is printed once, and kept nowhere.

    Example: desk tokens create --name "Wall screen" --scope activities --scope agenda
    """
    from bot import integrations  # noqa: PLC0415 - slow to import

    number, token = asyncio.run(integrations.token_created(desk_of_settings(), name, scopes))
    if as_json:
        print_json({"number": number, "token": token})
    else:
        typer.echo(token)


@tokens.command("list")
def list_tokens(form: Annotated[str, typer.Option("--format", help=_FORM)] = "table") -> None:
    """List tokens: whose they are, what they may read, when they were last used.

    Example: desk tokens list
    """
    from bot import integrations  # noqa: PLC0415 - as above

    write_out(asyncio.run(integrations.tokens(desk_of_settings(), form)))


@tokens.command("revoke")
def revoke_token(number: Annotated[int, typer.Argument(help="of the token, see `desk tokens list`")]) -> None:
    """Refuse a token from now on.

    Example: desk tokens revoke 2
    """
    from bot import integrations  # noqa: PLC0415 - as above

    typer.echo(asyncio.run(integrations.token_revoked(desk_of_settings(), number)))


@webhooks.command("add")
def add_webhook(
    url: Annotated[str, typer.Argument(help="https:// address that is posted to")],
    events: Annotated[list[str], typer.Option("--event", help="rsvp.changed or question.unanswered")],
    scopes: Annotated[list[str], typer.Option("--scope", help="people: names too; questions: words too")] = _NONE,
    as_json: Annotated[bool, typer.Option("--json", help="print number and secret as JSON")] = False,
) -> None:
    """Have an address told of events; prints the secret that signs what it is told.

    Example: desk webhooks add https://example.org/desk --event rsvp.changed
    """
    from bot import integrations  # noqa: PLC0415 - as above

    number, secret = asyncio.run(integrations.webhook_added(desk_of_settings(), url, events, scopes))
    if as_json:
        print_json({"number": number, "secret": secret})
    else:
        typer.echo(secret)


@webhooks.command("list")
def list_webhooks(form: Annotated[str, typer.Option("--format", help=_FORM)] = "table") -> None:
    """List webhooks: what they are told, how many calls wait, were taken or given up, and why the last one failed.

    Example: desk webhooks list
    """
    from bot import integrations  # noqa: PLC0415 - as above

    write_out(asyncio.run(integrations.webhooks(desk_of_settings(), form)))


@webhooks.command("remove")
def remove_webhook(number: Annotated[int, typer.Argument(help="of the webhook, see `desk webhooks list`")]) -> None:
    """Tell a webhook nothing more.

    Example: desk webhooks remove 1
    """
    from bot import integrations  # noqa: PLC0415 - as above

    typer.echo(asyncio.run(integrations.webhook_removed(desk_of_settings(), number)))


@webhooks.command("again")
def call_webhook_again(number: Annotated[int, typer.Argument(help="of the webhook, see `desk webhooks list`")]) -> None:
    """Make the calls of a webhook again that were given up.

    Example: desk webhooks again 1
    """
    from bot import integrations  # noqa: PLC0415 - as above

    typer.echo(asyncio.run(integrations.webhook_called_again(desk_of_settings(), number)))
