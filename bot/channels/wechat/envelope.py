"""What WeChat posts, opened: signatures, time, encryption and XML, behind one door.

wechatpy does the encryption. What it leaves open is closed here: it compares signatures in a time that tells how near
they are, takes what is years old, and raises seven kinds of errors on bodies that are no message.
"""

import binascii
import hashlib
import hmac
import re
import struct
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from lxml import etree
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

from bot.arrivals import BadArrival, NotAuthentic

LARGEST: Final = 64 * 1024  # bytes of a body; a text of WeChat has some hundreds
WINDOW: Final = timedelta(seconds=300)  # that a callback's time may be off
_MOST_FIELDS: Final = 100
_LETTERS_OF_A_KEY: Final = 43
_UNSEEN: Final = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot carry
_NOT_DECRYPTED: Final = (WeChatException, ValueError, IndexError, struct.error, binascii.Error)

Fields = Mapping[str, str]


class BadCallback(BadArrival):
    """A body is no message of WeChat; str() says what is wrong with it."""


class NotFromWeChat(NotAuthentic):
    """A request cannot be shown to come from WeChat, or comes too late; str() says why."""


class Envelope:
    """Open what one account is sent, and close what it answers."""

    def __init__(self, token: str, aes_key: str, owner: str, now: Callable[[], datetime]) -> None:
        """Take what was agreed with WeChat. aes_key: '' where messages are not encrypted; owner: app or corp id.

        Raises:
            ValueError: the key cannot be one.
        """
        self._token = token
        self._owner = owner
        self.now = now
        self._cipher = PrpCrypto(_key_of(aes_key)) if aes_key else None

    @property
    def is_sealed(self) -> bool:
        """Whether messages are encrypted."""
        return self._cipher is not None

    def greeting(self, query: Fields) -> str:
        """Return the answer to the request by which WeChat tries an address out.

        Raises:
            NotFromWeChat: it does not come from there.
            BadCallback: its text cannot be decrypted.
        """
        echo = query.get("echostr", "")
        if "msg_signature" in query:
            self._check(query, "msg_signature", echo)
            return self._decrypted(echo)
        self._check(query, "signature")
        return echo

    def opened(self, query: Fields, body: bytes) -> Fields:
        """Return the fields of the message in a body.

        Raises:
            NotFromWeChat: it does not come from there, or is not encrypted as was agreed.
            BadCallback: it is no message.
        """
        if self._cipher is None:
            self._check(query, "signature")
            return fields_of(body)
        sealed = fields_of(body).get("Encrypt", "")
        self._check(query, "msg_signature", sealed)
        return fields_of(self._decrypted(sealed).encode())

    def sealed(self, xml: str, nonce: str) -> str:
        """Return an answer as WeChat expects it: encrypted, where messages are."""
        if self._cipher is None:
            return xml
        time, text = str(int(self.now().timestamp())), self._cipher.encrypt(xml, self._owner).decode()
        signature = self._signature(time, nonce, text)
        return (
            f"<xml><Encrypt>{_data(text)}</Encrypt><MsgSignature>{_data(signature)}</MsgSignature>"
            f"<TimeStamp>{time}</TimeStamp><Nonce>{_data(nonce)}</Nonce></xml>"
        )

    def _check(self, query: Fields, name: str, *signed: str) -> None:
        time, nonce = query.get("timestamp", ""), query.get("nonce", "")
        shown = query.get(name, "").encode("utf-8", "replace")
        if not hmac.compare_digest(self._signature(time, nonce, *signed).encode(), shown):
            raise NotFromWeChat("the signature is wrong")
        if not re.fullmatch("[0-9]{1,12}", time) or abs(self.now().timestamp() - int(time)) > WINDOW.total_seconds():
            raise NotFromWeChat("the time is off by more than five minutes")

    def _signature(self, *signed: str) -> str:
        words = "".join(sorted([self._token, *signed]))
        return hashlib.sha1(words.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()

    def _decrypted(self, sealed: str) -> str:
        if self._cipher is None:
            raise BadCallback("it is encrypted, and no key is set")
        try:
            return str(self._cipher.decrypt(sealed, self._owner))
        except _NOT_DECRYPTED as error:
            raise BadCallback("it cannot be decrypted") from error


def _key_of(aes_key: str) -> bytes:
    key = b64decode(f"{aes_key}=", validate=True) if len(aes_key) == _LETTERS_OF_A_KEY else b""
    if not key:
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return key


def fields_of(body: bytes) -> dict[str, str]:
    """Return the texts of the elements below the root of an XML document; what lies deeper counts with its own name.

    Raises:
        BadCallback: it is none, or one that no platform sends.
    """
    if len(body) > LARGEST:
        raise BadCallback("it is too long")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BadCallback("it defines entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadCallback("it is no XML") from error
    found: dict[str, str] = {}
    for element in root.iter(etree.Element):
        if len(element) == 0 and len(found) < _MOST_FIELDS:
            found.setdefault(str(element.tag), element.text or "")
    return found


def answer(to: Fields, text: str, moment: datetime) -> str:
    """Return the XML that answers a message with a text, whatever is in it."""
    return (
        f"<xml><ToUserName>{_data(to.get('FromUserName', ''))}</ToUserName>"
        f"<FromUserName>{_data(to.get('ToUserName', ''))}</FromUserName>"
        f"<CreateTime>{int(moment.timestamp())}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content>{_data(text)}</Content></xml>"
    )


def _data(text: str) -> str:
    """Return text as XML that cannot be taken for anything else."""
    kept = _UNSEEN.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{kept}]]>"
