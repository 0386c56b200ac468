"""Secrets are taken out of what is written to a log or a terminal, whoever writes it."""

import logging
import re
from typing import Final

_TOKEN: Final = re.compile(r"\d{1,20}:[\w-]{20,}", re.ASCII)  # of a Telegram bot; it is part of every address there


def redacted(text: str) -> str:
    """Return text without tokens of bots."""
    return _TOKEN.sub("(token)", text)


class RedactingFormatter(logging.Formatter):
    """Format a log line, its traceback included, without tokens."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return redacted(super().format(record))
