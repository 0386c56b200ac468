"""The conversation: one message in, one reply out; no SDK, no SQL, no HTTP."""
