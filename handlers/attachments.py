"""Files that go with a broadcast: kept once, named in its draft, and the same for each of its readers."""

import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from handlers import texts
from handlers.errors import Refusal
from handlers.model import File

MOST: Final = 3  # with one broadcast
LARGEST: Final = 5 * 1024 * 1024  # bytes of each
WITHOUT_FILES: Final = ("wechat",)  # channels whose platform takes none from a program
_LONGEST_NAME: Final = 80  # letters; Chinese ones are three bytes, and file systems take 255
_NEVER_IN_A_NAME: Final = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+')


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept. id: 0 where it is only shown, and kept nowhere; size: in bytes."""

    id: int
    name: str
    media_type: str
    size: int

    def as_json(self) -> dict[str, Any]:
        """Return what a draft and its notices keep of it."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Attachment":
        """Return what was kept with as_json."""
        return cls(**kept)

    @property
    def unloaded(self) -> File:
        """The file as a reply holds it until its content is needed."""
        return File(self.name, self.media_type, b"", self.id)

    @property
    def shown(self) -> str:
        """Its name and size, as staff see them."""
        return f"{self.name} ({max(1, round(self.size / 1024))} KB)"


class Attachments(Protocol):
    """The files that are kept."""

    async def keep(self, files: Sequence[File]) -> Sequence[Attachment]:
        """Keep files; those that no broadcast carries in the end go after some days."""
        ...

    async def loaded(self, files: Sequence[File]) -> Sequence[File]:
        """Return files with their contents; what has its content already, as it is."""
        ...


def named(name: str, content: bytes) -> File:
    """Return a file of somebody's computer, with a name that is safe everywhere, and the media type that it tells."""
    safe = clean_name(name)
    return File(safe, mimetypes.guess_type(safe)[0] or "application/octet-stream", content)


def clean_name(name: str) -> str:
    """Return the last part of a path without what no name holds: control and direction characters, leading dots."""
    last = re.split(r"[/\\]", name)[-1]
    clean = re.sub(r"\s+", " ", _NEVER_IN_A_NAME.sub("", last)).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > _LONGEST_NAME // 4:
        return clean[:_LONGEST_NAME] or "file"
    return f"{stem[: _LONGEST_NAME - len(ending) - 1].rstrip(' .') or 'file'}.{ending}"


def check(files: Sequence[File], already: int = 0) -> None:
    """Raise a Refusal where files cannot go with a broadcast that has so many already."""
    if already + len(files) > MOST:
        raise Refusal(texts.TOO_MANY_FILES, most=MOST)
    for file in files:
        if not 0 < len(file.content) <= LARGEST:
            raise Refusal(texts.BAD_FILE, name=file.name, megabytes=LARGEST // 2**20)
