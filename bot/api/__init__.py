"""What other programs may read: the figures of the command line, as JSON, with a token for each integration."""
