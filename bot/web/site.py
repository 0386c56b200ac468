"""Where the desk's pages stand for the outside world: at the top of a host, or below a path of it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Site:
    """The pages' place. origin: scheme and host, '' where that is not set; prefix: '' or such as '/desk'."""

    origin: str = ""
    prefix: str = ""

    @classmethod
    def of(cls, public_url: str) -> "Site":
        """Return the site of DESK_PUBLIC_URL, whose path is the prefix."""
        parts = urlsplit(public_url)
        return cls(f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")) if public_url else cls()

    @property
    def is_https(self) -> bool:
        """Whether browsers reach it over HTTPS, so that cookies never travel otherwise."""
        return self.origin.startswith("https:")

    def path(self, path: str) -> str:
        """Return a path of the desk, such as /dashboard, as browsers ask for it."""
        return f"{self.prefix}{path}"

    def url(self, path: str, *, otherwise: str = "") -> str:
        """Return the whole address of a path of the desk; otherwise: the origin where none is set."""
        return f"{self.origin or otherwise}{self.path(path)}"


class Below:
    """Serve an app below a prefix as well as without: some proxies cut the prefix off, and others do not."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request by its path without the prefix."""
        if self._prefix and scope["type"] == "http" and scope["path"].startswith(f"{self._prefix}/"):
            own = scope["path"].removeprefix(self._prefix)
            scope = {**scope, "path": own, "raw_path": own.encode()}
        await self._app(scope, receive, send)
