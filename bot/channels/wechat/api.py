"""WeChat's API as the desk uses it: one access token for all processes, and errors that say what they mean."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import aiohttp

from bot.http_connections import Connections
from bot.outbox import ChannelClosed, Postponed, Refused, Unreachable
from handlers.model import File

_WITHIN: Final = 8.0  # seconds for an answer
_SPARE: Final = timedelta(minutes=5)  # a token is renewed so long before it expires
_LEASE: Final = timedelta(seconds=15)  # for fetching a token
_LOOKS, _BETWEEN = 40, 0.5  # at a token that another process is fetching, and the seconds between two
_TOKEN_IS_BAD: Final = (40001, 40014, 41001, 42001)
_WINDOW_IS_CLOSED: Final = (45015, 45047)  # 48 hours have passed; the number of messages is used up
_UNREACHABLE: Final = (40003, 43004, 43019, 60111, 81013)  # no such person here, or they do not follow the account
_NOT_NOW: Final = {-1: 5.0, 45009: 3600.0, 45011: 60.0, 45033: 5.0}  # seconds; busy, or too many requests
_NO_MESSAGES: Final = 48001  # an account that may only answer: it is not verified
_NOT_ALLOWED: Final = (40013, 40125, 40164, 50001, 50002, 60020, 61004)  # for an account, an address, a secret


class WindowClosed(Exception):
    """WeChat lets the desk write nothing to a person until they write."""


class MayOnlyAnswer(WindowClosed):
    """WeChat lets the account write nothing on its own to anybody."""


class Access(Protocol):
    """Access tokens, which all processes share."""

    async def token(self, name: str, *, spare: timedelta) -> str:
        """Return a token that holds for longer than spare; '' where there is none."""
        ...

    async def lease(self, name: str, lasts: timedelta, *, spare: timedelta, refused: str = "") -> bool:
        """Tell whether the caller is to fetch a new token; nobody else is for that long.

        Not where one that holds for longer than spare has come meanwhile, unless it is the one that was refused.
        """
        ...

    async def keep(self, name: str, token: str, expires: datetime) -> None:
        """Keep a new token."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """An account of WeChat. is_corporate: of WeCom."""

    url: str
    id: str  # of the app or the corporation
    secret: str
    is_corporate: bool = False


class WeChatApi(Connections):
    """Call the API of one account; ends as an asynchronous context. Errors never hold a secret or a token."""

    def __init__(self, account: Account, access: Access, now: Callable[[], datetime]) -> None:
        super().__init__(_WITHIN)
        self._account = account
        self._access = access
        self._now = now
        self._name = f"{'wecom' if account.is_corporate else 'wechat'}:{account.id}"[:64]

    async def post(self, path: str, content: Mapping[str, Any]) -> Mapping[str, Any] | Unreachable | Refused:
        """Return what the API answers to content.

        Raises:
            Postponed: not now.
            WindowClosed: nothing to this person until they write; as MayOnlyAnswer, not even then.
            ChannelClosed: nothing to anybody.
        """
        return await self._with_token(lambda token: self._asked(f"{path}?access_token={token}", content))

    async def upload(self, file: File) -> str | Unreachable | Refused:
        """Return the id under which the API keeps a file for three days.

        Raises:
            Postponed, ChannelClosed: as above.
        """
        answered = await self._with_token(lambda token: self._uploaded(file, token))
        return answered if isinstance(answered, Unreachable | Refused) else str(answered.get("media_id") or "")

    async def _with_token(
        self, ask: Callable[[str], Awaitable[Mapping[str, Any]]]
    ) -> Mapping[str, Any] | Unreachable | Refused:
        """Return what is answered; where the token has ended meanwhile, with the next one."""
        for is_last in (False, True):
            token = await self._token()
            answered = await ask(token)
            code = int(answered.get("errcode") or 0)
            if code not in _TOKEN_IS_BAD or is_last:
                return _meaning(code, answered)
            await self._forget(token)
        raise AssertionError("the loop ends by its return")

    async def _token(self) -> str:
        """Return a token that holds; one process fetches it, the others wait."""
        for _ in range(_LOOKS):
            token = await self._access.token(self._name, spare=_SPARE)
            if token:
                return token
            if await self._access.lease(self._name, _LEASE, spare=_SPARE):
                return await self._fetched()
            await asyncio.sleep(_BETWEEN)
        raise Postponed("no access token came", seconds=30)

    async def _fetched(self) -> str:
        token, expires = "", self._now()
        try:
            answered = await self._asked_for_token()
            token, lasts = str(answered.get("access_token") or ""), int(answered.get("expires_in") or 0)
            expires += timedelta(seconds=lasts)
        finally:
            await self._access.keep(self._name, token, expires)  # without a token, another may try
        if not token:
            code = int(answered.get("errcode") or -1)
            _meaning(code, answered)
            raise ChannelClosed(f"WeChat gives no access token ({_told(code, answered)})")
        return token

    async def _asked_for_token(self) -> Mapping[str, Any]:
        account = self._account
        if account.is_corporate:
            return await self._got("/cgi-bin/gettoken", {"corpid": account.id, "corpsecret": account.secret})
        asked = {"grant_type": "client_credential", "appid": account.id, "secret": account.secret}
        return await self._asked("/cgi-bin/stable_token", asked)

    async def _forget(self, token: str) -> None:
        """Drop a token that WeChat does not take, unless somebody has fetched another."""
        if await self._access.token(self._name, spare=_SPARE) != token:
            return
        if await self._access.lease(self._name, _LEASE, spare=_SPARE, refused=token):
            await self._fetched()

    async def _asked(self, path: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        return await _answered(self.session.post(f"{self._account.url}{path}", json=dict(content)))

    async def _uploaded(self, file: File, token: str) -> Mapping[str, Any]:
        form = aiohttp.FormData(quote_fields=False)  # a name is taken as it stands
        form.add_field("media", io.BytesIO(file.content), filename=file.name, content_type="application/octet-stream")
        url = f"{self._account.url}/cgi-bin/media/upload"
        return await _answered(self.session.post(url, params={"access_token": token, "type": "file"}, data=form))

    async def _got(self, path: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        return await _answered(self.session.get(f"{self._account.url}{path}", params=query))


async def _answered(request: Any) -> Mapping[str, Any]:  # noqa: ANN401 - aiohttp has no public name for it
    try:
        async with request as response:
            answered = await response.json(content_type=None)
    except TimeoutError:
        raise Postponed("no answer in time", may_have_arrived=True) from None
    except aiohttp.ClientConnectorError:
        raise Postponed("WeChat is out of reach") from None
    except (aiohttp.ClientError, ValueError) as error:
        raise Postponed(f"no answer that can be read ({type(error).__name__})", may_have_arrived=True) from None
    if not isinstance(answered, dict):
        raise Postponed("no answer that can be read", may_have_arrived=True)
    return answered


def _meaning(code: int, answered: Mapping[str, Any]) -> Mapping[str, Any] | Unreachable | Refused:
    """Return the answer, or what an error code says of the person or the message.

    Raises:
        Postponed, WindowClosed, ChannelClosed: what it says of the moment, or of the account.
    """
    if code == 0:
        return answered
    told = _told(code, answered)
    if code in _WINDOW_IS_CLOSED:
        raise WindowClosed(told)
    if code == _NO_MESSAGES:
        raise MayOnlyAnswer(told)
    if code in _NOT_NOW:
        raise Postponed(told, seconds=_NOT_NOW[code])
    if code in _UNREACHABLE:
        return Unreachable(told)
    if code in _NOT_ALLOWED or code in _TOKEN_IS_BAD:
        raise ChannelClosed(f"WeChat does not let the account do this: {told}")
    return Refused(told)


def _told(code: int, answered: Mapping[str, Any]) -> str:
    return f"{code} {str(answered.get('errmsg') or '')[:100]}".strip()
