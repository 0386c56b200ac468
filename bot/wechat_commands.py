"""The commands on the accounts on WeChat."""

import asyncio
from typing import Annotated

import typer

from bot.people_commands import desk_of_settings

app = typer.Typer(rich_markup_mode=None)
wechat = typer.Typer(help="The Official Account on WeChat.", rich_markup_mode=None)
app.add_typer(wechat, name="wechat")


@wechat.command("menu")
def set_menu(
    language: Annotated[str, typer.Option("--lang", help="language of the entries")] = "zh",
) -> None:
    """Set the menu below the conversation: agenda, sign-ups, language, help.

    Example: desk wechat menu --lang zh
    """
    from bot import wechat_accounts  # noqa: PLC0415 - slow to import

    asyncio.run(wechat_accounts.set_menu(desk_of_settings(), language))
    typer.echo("The menu is set; people see it within a day, or when they follow the account anew.")
