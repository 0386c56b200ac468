"""Whatever is posted to a callback of WeChat: a message, or a refusal of the project's own, and no memory is kept.

    python -m tests.faults.test_wechat_fuzz 200000

runs so many inputs; the test runs some thousands.
"""

import gc
import hashlib
import resource
import sys
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from bot.channels.wechat.envelope import BadCallback, Envelope, NotFromWeChat, answer, fields_of
from bot.channels.wechat.format import numbered, split
from bot.channels.wechat.reading import has_left, heard, id_of, sender_of
from handlers.model import Choice, Reply
from tests.judges.wechat import KEY, OWNER, TOKEN

INPUTS = 3_000
NOW = datetime(2026, 9, 14, 8, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
NAMES = "MsgType Event EventKey FromUserName ToUserName CreateTime Content MsgId Recognition Encrypt a:b x".split()
KINDS = ["text", "event", "voice", "image", "subscribe", "SCAN", "CLICK", "unsubscribe", "qrscene_X", "", "1" * 300]

values = st.one_of(st.sampled_from(KINDS), st.text(max_size=40), st.integers().map(str))
elements = st.builds(lambda name, value: f"<{name}><![CDATA[{value}]]></{name}>", st.sampled_from(NAMES), values)
documents = st.lists(elements, max_size=8).map(lambda found: f"<xml>{''.join(found)}</xml>".encode("utf-8", "replace"))
cut = st.builds(lambda whole, at, more: whole[:at] + more, documents, st.integers(0, 300), st.binary(max_size=20))
bodies = st.one_of(documents, cut, st.binary(max_size=200))

PLAIN, SEALED = Envelope(TOKEN, "", OWNER, lambda: NOW), Envelope(TOKEN, KEY, OWNER, lambda: NOW)
CIPHER = PrpCrypto(b64decode(f"{KEY}="))


def signed(*parts):
    return hashlib.sha1("".join(sorted([TOKEN, STAMP, "n", *parts])).encode(), usedforsecurity=False).hexdigest()


def post(body, way):
    """Open a body as a callback does; what is no message is refused."""
    try:
        if way == "plain":
            fields = PLAIN.opened({"timestamp": STAMP, "nonce": "n", "signature": signed()}, body)
        elif way == "inside":
            sealed = CIPHER.encrypt(body, OWNER).decode()
            whole = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
            query = {"timestamp": STAMP, "nonce": "n", "msg_signature": signed(sealed)}
            fields = SEALED.opened(query, whole)
        else:
            sealed = body.decode("latin-1")
            query = {"timestamp": STAMP, "nonce": "n", "msg_signature": signed(sealed), "echostr": sealed}
            SEALED.greeting(query)
            return
    except (BadCallback, NotFromWeChat):
        return
    message = heard(fields, "wechat")
    assert len(id_of(fields)) <= 200
    assert len(sender_of(fields, "wechat").id) <= 200
    assert has_left(fields) in (True, False)
    said = message.incoming.text if message else ""
    text = numbered(Reply(said, (Choice(said[:10], "x"),)))
    assert all(len(piece.encode("utf-8", "replace")) <= 2048 for piece in split(text))
    told = fields_of(answer(fields, said, NOW).encode("utf-8", "replace"))
    assert told["MsgType"] == "text"


def fuzzed(inputs, *, chunk=5_000):
    """Post so many inputs; return the memory in use after a tenth of them, and after all, in MB.

    In chunks, for the library that makes them remembers all that it has made, and that is not the desk's memory.
    """
    measured = []
    for number in range(max(1, inputs // chunk)):

        @seed(number)
        @settings(
            max_examples=min(inputs, chunk),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(bodies, st.sampled_from(["plain", "inside", "sealed"]))
        def run(body, way):
            post(body, way)

        run()
        gc.collect()
        measured.append(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20)
    return measured[len(measured) // 10], measured[-1]


def test_whatever_is_posted_it_is_a_message_or_a_refusal():
    fuzzed(INPUTS)


def main():
    """Print the figures; return 1 where memory has grown by more than a twentieth."""
    inputs = int(sys.argv[1])
    before, after = fuzzed(inputs)
    sys.stdout.write(f"{inputs:,} inputs; memory {before:.0f} MB after a tenth of them, {after:.0f} MB in the end\n")
    return int(after > 1.05 * before)


if __name__ == "__main__":
    sys.exit(main())
