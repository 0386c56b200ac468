"""Changes of the tables, one module each, in order; applied by bot.store.migrate."""
