"""The channel Telegram: what comes in through aiogram, what goes out on its own through python-telegram-bot."""
