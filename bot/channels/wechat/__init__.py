"""WeChat: the Official Account and WeCom, each with its callback, and what the desk sends there on its own."""
