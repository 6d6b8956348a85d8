"""Every setting, read once from the environment and ``.env``; secrets are made on first start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.turn import LANGUAGES

Port = Annotated[int, Field(ge=1, le=65535)]

ROOT = Path(__file__).resolve().parent.parent

SECRETS = ("engine_token", "hmac_key", "session_key")


class SettingError(Exception):
    """A setting cannot be used; the text names it, its value, and what is accepted."""


class Settings(BaseSettings):
    """``description`` of each field says what is accepted: it is shown when a value is wrong, and in .env.example."""

    model_config = SettingsConfigDict(env_prefix="ESCALE_", env_file=ROOT / ".env", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="the address the app listens on: 127.0.0.1, or 0.0.0.0 for all")
    port: Port = Field(8000, description="the app's port, a whole number from 1 to 65535")
    engine_port: Port = Field(5005, description="the engine's port on 127.0.0.1, a whole number from 1 to 65535")
    engine_timeout: float = Field(8.0, gt=0, le=60, description="seconds to wait for the engine, up to 60")
    var: Path = Field(ROOT / "var", description="the folder of databases, models, logs and secrets")
    database_url: str = Field("", description="an SQLAlchemy address; empty: a SQLite file in the folder ESCALE_VAR")
    encoder: Path | None = Field(None, description="a folder with a sentence encoder in ONNX format; empty: none")
    language: str = Field("fr", pattern=f"^({'|'.join(LANGUAGES)})$", description="one of " + " ".join(LANGUAGES))
    turns_per_minute: int = Field(60, ge=1, description="messages one address may send a minute, 1 or more")
    keep_days: int = Field(30, ge=1, le=30, description="days until a silent conversation is forgotten, 1 to 30")
    geocoder_url: str = Field(
        "", description="address of a geocoder like the national address base; empty: none is asked"
    )
    engine_token: SecretStr = Field(SecretStr(""), description="secret between app and engine; empty: made")
    hmac_key: SecretStr = Field(SecretStr(""), description="key that hides who speaks; empty: made")
    session_key: SecretStr = Field(SecretStr(""), description="key of agents' sessions; empty: made")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.var / 'escale.db'}"

    @property
    def engine_url(self) -> str:
        return f"http://127.0.0.1:{self.engine_port}"

    @property
    def engine_address(self) -> Path:
        """Says where the engine listens once a new model took over from the first (bot.swapping)."""
        return self.var / "engine.url"

    @property
    def public_url(self) -> str:
        return f"http://localhost:{self.port}"


def read_settings() -> Settings:
    """Raises SettingError for the first wrong value."""
    try:
        given = Settings()
    except ValidationError as error:
        raise SettingError(_explain(error)) from None
    return given.model_copy(update={name: SecretStr(value) for name, value in _secrets(given).items()})


def _explain(error: ValidationError) -> str:
    wrong = error.errors()[0]
    field = str(wrong["loc"][0]).lower().removeprefix("escale_")
    accepted = Settings.model_fields[field].description
    return f"ESCALE_{field.upper()}={wrong['input']!r} cannot be used. Accepted: {accepted}."


def _secrets(given: Settings) -> dict[str, str]:
    """Given ones win; the others are read from, or written once to, a file that only its owner can read."""
    asked = {name: getattr(given, name).get_secret_value() for name in SECRETS}
    if all(asked.values()):
        return asked
    path = given.var / "secrets.env"
    kept = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}
    made = {name: kept.get(name) or secrets.token_urlsafe(32) for name in SECRETS}
    if made != kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in made.items())
    return {name: asked[name] or made[name] for name in SECRETS}
