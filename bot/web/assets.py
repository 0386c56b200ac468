"""Styles, scripts and pictures: files whose address holds a hash, so that browsers keep them until they change."""

import hashlib
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

FOREVER: Final = "public, max-age=31536000, immutable"  # seconds: a year, the most that RFC 9111 caches honour
OWN: Final = Path(__file__).parent / "static"


class Assets:
    """Files of some folders, read once. Their names differ; the first folder's wins."""

    def __init__(self, *folders: Path, below: str = "/static") -> None:
        """below: the path that they are served under, by `serve` at `route`."""
        self._below = below
        self._files: dict[str, tuple[str, bytes]] = {}
        self._paths: dict[str, str] = {}
        for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
            if path.name in self._paths:
                continue
            content = path.read_bytes()
            hashed = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
            self._files[hashed] = (guess_type(path.name)[0] or "application/octet-stream", content)
            self._paths[path.name] = f"{below}/{hashed}"

    @property
    def route(self) -> str:
        """The path of the route."""
        return f"{self._below}/{{name}}"

    def path(self, name: str) -> str:
        """Return the path of a file by its name in its folder.

        Raises:
            KeyError: there is none.
        """
        return self._paths[name]

    async def serve(self, request: Request) -> Response:
        """Return a file by the name that holds its hash."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        kind, content = found
        return Response(content, media_type=kind, headers={"Cache-Control": FOREVER})
