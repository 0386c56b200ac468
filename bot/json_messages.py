"""Messages and replies as JSON, on every channel that programs talk on."""

import json
from base64 import b64encode
from typing import Any

from handlers.model import Address, Incoming, Reply


class BadMessage(ValueError):
    """A text is not a message; str() says what is wrong."""


def message_of(text: str | bytes, channel: str) -> Incoming:
    """Return a message: {"from": address, "say": text} or {"from": address, "press": payload}, with an "id" or none.

    Raises:
        BadMessage: it is none.
    """
    message = object_of(text)
    if not isinstance(message.get("from"), str):
        raise BadMessage('expected {"from": "address", "say": "text"}')
    said, pressed, identity = message.get("say"), message.get("press"), str(message.get("id") or "")
    if isinstance(pressed, str) and said is None:
        return Incoming(Address(channel, message["from"]), pressed=pressed, id=identity)
    if isinstance(said, str) and pressed is None:
        return Incoming(Address(channel, message["from"]), said, id=identity)
    raise BadMessage('expected a text under "say" or "press"')


def object_of(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object in a text; what is JSON but no object counts as an empty one.

    Raises:
        BadMessage: it is no JSON.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadMessage(f"not JSON ({error.msg})") from error
    except (RecursionError, ValueError) as error:  # too deep, a number of thousands of digits, bytes that are no text
        raise BadMessage("not JSON that can be read") from error
    return found if isinstance(found, dict) else {}


def as_json(to: Address, reply: Reply, *, with_content: bool = False) -> dict[str, Any]:
    """Return a reply for an address; with_content: of its files, in base64."""
    files = []
    for file in reply.files:
        content = {"content": b64encode(file.content).decode()} if with_content else {}
        files.append({"name": file.name, "media_type": file.media_type} | content)
    buttons = [{"label": choice.label, "payload": choice.payload} for choice in reply.choices]
    return {"to": to.id, "text": reply.text, "buttons": buttons, "files": files}
