"""What this process was started with: its settings, kept with the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from samsyn.access.passkeys import Party
from samsyn.core.settings import Settings

NAME: Final = "samsyn"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class House:
    """Settings, and what follows from the address that people see."""

    settings: Settings

    @property
    def secure(self) -> bool:
        """Whether people come by https: cookies are then Secure and ``__Host-``, and HSTS is sent."""
        return urlsplit(self.settings.base_url).scheme == "https"

    @property
    def host(self) -> str:
        """The name in the address that people see."""
        return urlsplit(self.settings.base_url).hostname or "localhost"

    @property
    def named_host(self) -> str:
        """The name that browsers bind a passkey to: a bare number is none, and on this machine it has one."""
        return "localhost" if self.host in LOOPBACK else self.host

    @property
    def party(self) -> Party:
        """Who asks for passkeys; the setting may name a domain above the address's."""
        parts = urlsplit(self.settings.base_url)
        port = f":{parts.port}" if parts.port else ""
        origin = f"{parts.scheme}://{self.named_host}{port}"
        return Party(self.settings.passkey_rp_id or self.named_host, origin, self.settings.service_name)

    @property
    def takes_passkeys(self) -> bool:
        """Whether this request came to the address whose passkeys we take."""
        return request.host.partition(":")[0] == self.named_host


def keep(app: Flask, settings: Settings) -> House:
    """Hang the settings on the application; raise ``RuntimeError`` for plain http anywhere but on this machine."""
    house = House(settings)
    if not house.secure and house.host not in LOOPBACK:
        raise RuntimeError(
            "SAMSYN_BASE_URL: plain http is for this machine alone; sign-ins would be readable on the way"
        )
    name = settings.passkey_rp_id
    if name and house.named_host != name and not house.host.endswith(f".{name}"):
        raise RuntimeError("SAMSYN_PASSKEY_RP_ID: the host of SAMSYN_BASE_URL, or a domain above it")
    app.extensions[NAME] = house
    return house


def house() -> House:
    """Return what the current application was started with."""
    found: House = current_app.extensions[NAME]
    return found
