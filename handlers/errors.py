"""What a person should read when a rule stops them."""


class Refusal(Exception):
    """A rule stops what the person wants; frame is the text they read, values fill its placeholders."""

    def __init__(self, frame: str, **values: object) -> None:
        super().__init__(frame)
        self.frame = frame
        self.values = values


class TryAgain(Exception):
    """Two messages were in each other's way and this one has changed nothing: it can be handled again as a whole."""


class Away(Exception):
    """The database does not answer, or takes nothing, for now; this message has changed nothing. str(): why."""
