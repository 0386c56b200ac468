"""A bridge to Delegate Desk, as small as one can be: Python's own library, one file, to start from.

It takes lines such as `ana: When does the opening begin?` for messages of ana, and prints what ana reads. A number
presses the button of that number. A bridge of your own does the same between the desk and your platform.

    DESK_BRIDGE_SECRET=… python examples/bridge_client.py --desk http://127.0.0.1:8080
    DESK_BRIDGE_SECRET=… python examples/bridge_client.py --desk http://127.0.0.1:8080 --listen 9000

Without --listen it fetches what the desk says on its own. With it, it is posted there: the desk's DESK_BRIDGE_WEBHOOK
is then http://127.0.0.1:9000/.
"""

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import os
import secrets
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WINDOW = 300  # seconds by which a request's time may be off
TRIES = 5
Json = dict[str, Any]


def signature(secret: str, moment: str, nonce: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of time, nonce and body, joined by full stops."""
    return hmac.new(secret.encode(), b".".join((moment.encode(), nonce.encode(), body)), hashlib.sha256).hexdigest()


class Desk:
    """The desk, as a bridge reaches it."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url.rstrip("/")
        self._secret = secret

    def answer(self, message: Json) -> list[Json]:
        """Return what the desk replies to a message."""
        return self._asked("/bridge/messages", message)

    def fetch(self) -> list[Json]:
        """Return some of what the desk says on its own."""
        return self._asked("/bridge/messages", None)

    def acknowledge(self, delivery: int, outcome: Json) -> None:
        """Tell what has become of a delivery; without that, the desk hands it over again after a minute."""
        self._asked("/bridge/acknowledgements", {"delivery": delivery} | outcome)

    def _asked(self, path: str, content: Json | None) -> list[Json]:
        """Return the lines of an answer. What fails is asked again: with the same id, and signed anew."""
        for number in range(TRIES):
            try:
                with urllib.request.urlopen(self._signed(path, content), timeout=30) as response:
                    lines = [json.loads(line) for line in response.read().decode().splitlines()]
                    return [line for line in lines if "done" not in line]
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    raise SystemExit(f"The desk answers {error.code}: {error.read().decode()}") from error
            except urllib.error.URLError as error:
                print(f"The desk is out of reach ({error.reason}).", file=sys.stderr)
            time.sleep(2**number)
        raise SystemExit("The desk has not answered.")

    def _signed(self, path: str, content: Json | None) -> urllib.request.Request:
        body = b"" if content is None else json.dumps(content).encode()
        moment, nonce = str(int(time.time())), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json",
            "X-Desk-Timestamp": moment,
            "X-Desk-Nonce": nonce,
            "X-Desk-Signature": signature(self._secret, moment, nonce, body),
        }
        return urllib.request.Request(self._url + path, data=None if content is None else body, headers=headers)


class People:
    """What people are shown. Here that is a line on the terminal; a bridge of your own sends it on."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._buttons: dict[str, list[Json]] = {}
        self._shown: dict[int, str] = {}  # by delivery: what comes twice is shown once
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def show(self, message: Json) -> str:
        """Show a message; return its id, without which the desk does not take it for sent."""
        delivery = int(message.get("delivery", 0))
        with self._lock:
            if delivery in self._shown:
                return self._shown[delivery]
            identity = f"terminal-{next(self._numbers)}"
            if delivery:
                self._shown[delivery] = identity
            to, buttons = message["to"], message["buttons"]
            if buttons:
                self._buttons[to] = buttons
            lines = message["text"].splitlines()
            lines += [f"{number}. {button['label']}" for number, button in enumerate(buttons, 1)]
            lines += [f"[{self._kept(file)}]" for file in message["files"]]
            print("\n".join(f"{to} < {line}" for line in lines), flush=True)
            return identity

    def message(self, line: str, identity: str) -> Json | None:
        """Return the message that a line is; None where it is none."""
        who, colon, said = (part.strip() for part in line.partition(":"))
        if not (who and colon and said):
            return None
        number = int(said) if said.isdecimal() else 0
        buttons = self._buttons.get(who, [])
        if 0 < number <= len(buttons):
            return {"id": identity, "from": who, "press": buttons[number - 1]["payload"]}
        return {"id": identity, "from": who, "say": said}

    def _kept(self, file: Json) -> str:
        content = base64.b64decode(file["content"])
        name = Path(file["name"]).name
        if self._folder:
            (self._folder / name).write_bytes(content)
        return f"{name}, {len(content)} bytes"


def fetch_all(desk: Desk, people: People) -> None:
    """Show what the desk says on its own, and tell it so."""
    while messages := desk.fetch():
        for message in messages:
            desk.acknowledge(message["delivery"], {"id": people.show(message)})


def fetch_now_and_then(desk: Desk, people: People, done: threading.Event) -> None:
    """Do so every second."""
    while not done.wait(1):
        fetch_all(desk, people)


class Listener(ThreadingHTTPServer):
    """Where the desk posts what it says on its own."""

    def __init__(self, port: int, secret: str, people: People) -> None:
        super().__init__(("127.0.0.1", port), Posted)
        self.secret = secret
        self.people = people
        self._nonces: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_from_the_desk(self, moment: str, nonce: str, shown: str, body: bytes) -> bool:
        """Tell whether a request is signed, in time, and never came before."""
        if not hmac.compare_digest(signature(self.secret, moment, nonce, body), shown):
            return False
        now = time.time()
        if not moment.isdecimal() or abs(now - int(moment)) > WINDOW:
            return False
        with self._lock:
            self._nonces = {one: at for one, at in self._nonces.items() if now - at < 2 * WINDOW}
            return self._nonces.setdefault(nonce, now) == now


class Posted(BaseHTTPRequestHandler):
    """A request of the desk."""

    server: Listener

    def do_POST(self) -> None:
        """Show what is posted; the answer holds its id."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        names = ("X-Desk-Timestamp", "X-Desk-Nonce", "X-Desk-Signature")
        moment, nonce, shown = (self.headers.get(name, "") for name in names)
        if not self.server.is_from_the_desk(moment, nonce, shown, body):
            self.send_error(401)
            return
        told = json.dumps({"id": self.server.people.show(json.loads(body))}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Write no log."""


def told_on_its_own(desk: Desk, people: People, listener: Listener | None, done: threading.Event) -> threading.Thread:
    """Return the thread, begun, that shows what the desk says on its own."""
    if listener:
        thread = threading.Thread(target=listener.serve_forever, daemon=True)
    else:
        thread = threading.Thread(target=fetch_now_and_then, args=(desk, people, done), daemon=True)
    thread.start()
    return thread


def numbered() -> Iterator[str]:
    """Yield ids of messages that no other run of this program gives."""
    run = secrets.token_hex(4)
    return (f"{run}-{number}" for number in itertools.count(1))


def main() -> None:
    """Talk with the desk until the lines end."""
    reading = argparse.ArgumentParser(description="A small bridge to Delegate Desk.")
    reading.add_argument("--desk", default="http://127.0.0.1:8080", help="where the desk is")
    reading.add_argument("--listen", type=int, help="port at which the desk posts; without it, it is asked")
    reading.add_argument("--files", type=Path, help="folder for the files that the desk sends")
    given = reading.parse_args()
    secret = os.environ.get("DESK_BRIDGE_SECRET", "")
    if not secret:
        raise SystemExit("DESK_BRIDGE_SECRET is empty: set it to the desk's.")
    desk, people, done = Desk(given.desk, secret), People(given.files), threading.Event()
    listener = Listener(given.listen, secret, people) if given.listen is not None else None
    if listener:
        print(f"listening on http://127.0.0.1:{listener.server_port}/", flush=True)
    thread = told_on_its_own(desk, people, listener, done)
    for line, identity in zip(sys.stdin, numbered(), strict=False):
        message = people.message(line, identity)
        if message is None:
            print("Write a line such as `ana: When does the opening begin?`", file=sys.stderr)
            continue
        for reply in desk.answer(message):
            people.show(reply)
    done.set()
    if listener:
        listener.shutdown()
    thread.join(10)
    if not listener:
        fetch_all(desk, people)


if __name__ == "__main__":
    main()
