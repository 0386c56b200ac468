"""From briefing documents to evidence, and from evidence to true answers."""
