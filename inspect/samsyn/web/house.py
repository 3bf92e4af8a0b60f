"""What this process was started with: its settings, kept with the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, current_app

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


def keep(app: Flask, settings: Settings) -> House:
    """Hang the settings on the application; raise ``RuntimeError`` for plain http anywhere but on this machine."""
    house = House(settings)
    if not house.secure and house.host not in LOOPBACK:
        raise RuntimeError(
            "SAMSYN_BASE_URL: plain http is for this machine alone; sign-ins would be readable on the way"
        )
    app.extensions[NAME] = house
    return house


def house() -> House:
    """Return what the current application was started with."""
    found: House = current_app.extensions[NAME]
    return found
