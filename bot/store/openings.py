"""What is known when a message comes, read for all that come at the same time."""

from collections.abc import Sequence

from bot.store.addresses import memories
from bot.store.database import Database
from bot.store.editions import SqlEditions
from bot.store.seen import replies
from bot.together import Together
from handlers.model import Incoming, Memory
from handlers.ports import Opening


class SqlOpenings:
    """Read what messages begin with."""

    def __init__(self, database: Database, editions: SqlEditions) -> None:
        self._database = database
        self._editions = editions
        self._read = Together(self._read_all)

    async def of(self, incoming: Incoming) -> Opening:
        """Return what is known, in the state that is committed now or later."""
        return await self._read(incoming)

    async def _read_all(self, messages: Sequence[Incoming]) -> Sequence[Opening]:
        async with self._database.reading() as connection:
            edition = await self._editions.newest(connection)
            before = await replies(connection, messages)
            known = await memories(connection, {incoming.sender for incoming in messages})
        return [Opening(edition, before.get((m.sender.channel, m.id)), known.get(m.sender, Memory())) for m in messages]
