"""Templates: pages as HTML, with every value escaped, in the reader's language and direction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.assets import Assets
from bot.web.site import Site

OWN: Final = Path(__file__).parent / "templates"
_RIGHT_TO_LEFT: Final = frozenset({"ar"})  # of the desk's languages


class Pages:
    """Make pages of the templates in a folder; `frame.html` of this package is the page around them."""

    def __init__(self, folder: Path, assets: Assets, site: Site) -> None:
        loader = FileSystemLoader([folder, OWN])
        self._environment = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._environment.globals |= {
            "asset": lambda name: site.path(assets.path(name)),
            "path": site.path,
            "direction": direction,
        }

    def add(self, **functions: Callable[..., Any]) -> None:
        """Let templates call functions."""
        self._environment.globals |= functions

    def keep(self, **values: object) -> None:
        """Let templates read values."""
        self._environment.globals |= values

    def made(self, template: str, *, language: str, **values: object) -> str:
        """Return a page in a language."""
        return self._environment.get_template(template).render(language=language, **values)


def direction(language: str) -> str:
    """Return how a language is written: ltr or rtl."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"
