"""Files that go with broadcasts, as rows; what is being sent is read once for all of its readers."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from bot.store import tables as t
from bot.store.database import Clock, Database
from bot.store.rows import key_of
from handlers.attachments import LARGEST, MOST, Attachment
from handlers.model import File

_UNUSED: Final = timedelta(days=7)  # after which a file that no broadcast carries is erased
_MOST_BYTES: Final = 2 * MOST * LARGEST  # of contents that are kept at hand: those of two broadcasts


class SqlAttachments:
    """Keep files."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now
        self._at_hand: OrderedDict[int, bytes] = OrderedDict()
        self._reading = asyncio.Lock()  # of two who need the same content, one reads it

    async def keep(self, files: Sequence[File]) -> Sequence[Attachment]:
        """Keep files; those that no broadcast carries in the end go after some days."""
        kept = []
        old = t.attachment.c.broadcast_id.is_(None) & (t.attachment.c.created < self._now() - _UNUSED)
        async with self._database.writing() as connection:
            await connection.execute(delete(t.attachment).where(old))
            for file in files:
                row = {"name": file.name, "media_type": file.media_type, "content": file.content}
                made = await connection.execute(insert(t.attachment).values(created=self._now(), **row))
                kept.append(Attachment(key_of(made), file.name, file.media_type, len(file.content)))
        return kept

    async def loaded(self, files: Sequence[File]) -> Sequence[File]:
        """Return files with their contents; what has its content already, as it is.

        Raises:
            LookupError: one is not kept any more.
        """
        return [
            replace(file, content=await self._content(file.attachment))
            if file.attachment and not file.content
            else file
            for file in files
        ]

    async def _content(self, attachment: int) -> bytes:
        async with self._reading:
            found = self._at_hand.get(attachment)
            if found is None:
                found = await self._read(attachment)
                self._at_hand[attachment] = found
            self._at_hand.move_to_end(attachment)
            while len(self._at_hand) > 1 and sum(map(len, self._at_hand.values())) > _MOST_BYTES:
                self._at_hand.popitem(last=False)
            return found

    async def _read(self, attachment: int) -> bytes:
        async with self._database.reading() as connection:
            found = await connection.scalar(select(t.attachment.c.content).where(t.attachment.c.id == attachment))
        if found is None:
            raise LookupError(f"attachment {attachment} is not kept any more")
        return bytes(found)
