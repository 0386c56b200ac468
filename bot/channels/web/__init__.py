"""The conversation in a browser: a channel that needs no app and no account."""
