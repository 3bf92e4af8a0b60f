"""Settings, from the environment (``SAMSYN_...``) or a file named by ``SAMSYN_CONFIG``; a bad one stops the start."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What differs between installations; each stands with its reason in ``config/example.env``."""

    model_config = SettingsConfigDict(env_prefix="SAMSYN_", extra="forbid")

    database_url: str = Field(description="as role samsyn_app; never a superuser or an owner")
    database_prepares: bool = Field(
        default=False, description="statements are prepared once per connection; not behind a pooling proxy"
    )
    relay_database_url: str = Field(default="", description="as role samsyn_relay; used by the relay alone")
    sealer_database_url: str = Field(default="", description="as role samsyn_sealer; used by the sealer alone")
    migrator_database_url: str = Field(
        default="", description="as role samsyn_migrator; used by `samsyn migrate` alone"
    )
    redis_url: str = Field(description="Redis or Valkey; carries ids only")
    smtp_url: str = Field(description="smtp://[user:password@]host:port, or smtps:// or smtp+starttls://")
    inbound_url: str = Field(default="", description="maildir:///path or imaps://user:password@host; empty: no mail in")
    data_dir: Path = Field(default=Path(".samsyn"), description="evidence files and keys")
    key_file: Path | None = Field(default=None, description="keys by name; default: keys.json in the data folder")
    seal_key_file: Path | None = Field(
        default=None, description="the keys that sign the trail's heads; default: seal-keys.json in the data folder"
    )
    seal_copy: Path | None = Field(default=None, description="the second place of the signed heads: a folder elsewhere")
    seal_seconds: float = Field(default=2, gt=0, le=10, description="between two looks of the sealer")
    seal_head_seconds: float = Field(default=3600, gt=0, description="between two signed heads")
    seal_check_hour: int = Field(default=1, ge=0, le=23, description="the hour (UTC) of the nightly check of the trail")
    base_url: str = Field(default="http://127.0.0.1:8000", description="the address that people see; no final slash")
    mail_domain: str = Field(default="samsyn.example", description="the domain of reply addresses, which we sign for")
    dkim_key_file: Path | None = Field(
        default=None, description="the key that signs outgoing mail; without it the mail server has to"
    )
    dkim_selector: str = Field(default="samsyn", description="under which name in DNS the key's public half stands")
    passkey_rp_id: str = Field(
        default="",
        description="the name that passkeys are bound to; empty: the host of the address",
    )
    service_name: str = Field(default="Samsyn", description="the sender's name, for example Samsyn Arboga")
    trusted_authserv: str = Field(default="", description="the authserv-id of our own mail server (RFC 8601)")
    undo_seconds: float = Field(
        default=10, ge=0, le=600, description="how long what tells people by mail is held for its maker to undo; 0: not"
    )
    demo: bool = Field(default=False, description="practice mode: banner, /mailbox, sign-ins in the ready file")
    mailbox_dir: Path | None = Field(
        default=None, description="the Maildir of what left, shown at /mailbox in demo mode"
    )
    accessibility_file: Path | None = Field(
        default=None, description="the owner's accessibility statement (TOML); without it the page says what is missing"
    )
    providers_file: Path | None = Field(
        default=None, description="the authorities' identity providers (TOML); without it nobody signs in that way"
    )
    log_level: str = "INFO"

    def seal_keys(self) -> Path:
        """Return where the keys that sign the trail's heads are."""
        return self.seal_key_file or self.data_dir / "seal-keys.json"


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Read the settings once; raise ``SystemExit`` naming each bad one (never its value: it may hold a password)."""
    try:
        # pydantic-settings takes the file as an argument that its types do not show.
        return Settings(_env_file=os.environ.get("SAMSYN_CONFIG"))  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        bad = "; ".join(f"SAMSYN_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SystemExit(f"bad settings: {bad}") from None
