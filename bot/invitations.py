"""Invite codes as links and pictures, for whoever comes with a browser."""

import io

import segno

from bot.settings import Settings
from bot.web.site import Site


def chat_link(settings: Settings, code: str = "") -> str:
    """Return a link that opens the chat in a browser, with a code or for anybody."""
    site = Site.of(settings.public_url or settings.own_url)
    return site.url(f"/chat/{code}" if code else "/chat")


def qr_as_svg(link: str) -> str:
    """Return the QR code of a link as an SVG picture."""
    drawn: str = segno.make(link, error="m").svg_inline(scale=4)
    return drawn


def qr_as_text(link: str) -> str:
    """Return the QR code of a link for a terminal."""
    out = io.StringIO()
    segno.make(link, error="m").terminal(out=out, compact=True)
    return out.getvalue()
