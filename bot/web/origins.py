"""From which page a request comes, as far as the browser tells."""

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request

from bot.web.site import Site


class Origins:
    """Tell requests of the desk's own pages from those that other pages make a browser send."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def is_own(self, request: Request) -> bool:
        """Tell whether a request may change something.

        Browsers say from where; one that says nothing sends no cookie of ours along from elsewhere (SameSite).
        """
        told = request.headers.get("origin") or ""
        if not told:
            return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        if self._site.origin:
            return hmac.compare_digest(told.encode(), self._site.origin.encode())
        return urlsplit(told).netloc == request.headers.get("host", "")
