"""A process that brings a database to its newest version, and dies before a statement: url, the statement's number."""

import asyncio
import os
import signal
import sys

from sqlalchemy import Engine, event

from bot.store.migrate import migrate


def main(url: str, last: int) -> None:
    """Migrate a database; die where so many statements would be exceeded."""
    count = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def _counted(*_: object) -> None:
        nonlocal count
        count += 1
        if count > last:
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(migrate(url))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
