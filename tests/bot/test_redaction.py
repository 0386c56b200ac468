import logging

from bot.redaction import RedactingFormatter, redacted

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"


def test_a_token_is_taken_out_of_a_text_and_times_stay():
    assert redacted(f"POST https://api.telegram.org/bot{TOKEN}/getMe at 12:30:45") == (
        "POST https://api.telegram.org/bot(token)/getMe at 12:30:45"
    )


def test_a_traceback_in_the_log_tells_no_token():
    error = ValueError(TOKEN)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, (ValueError, error, None))

    line = RedactingFormatter().format(record)

    assert "ValueError: (token)" in line
    assert TOKEN not in line
