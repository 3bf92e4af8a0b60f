"""The identity providers that this installation was started with."""

from __future__ import annotations

from typing import Final

from flask import Flask, current_app, request

from samsyn.access.oidc import Documents, Providers, Why, read_providers
from samsyn.core.errors import NotFoundError
from samsyn.core.settings import Settings

NAME: Final = "samsyn_providers"


def register_providers(app: Flask, settings: Settings) -> None:
    """Read the providers' file; ``RuntimeError`` for one that cannot be used: the service does not start with it."""
    app.extensions[NAME] = Providers(read_providers(settings.providers_file))
    app.jinja_env.globals["providers"] = current_providers


def current_providers() -> Providers:
    """Return the providers of the current application."""
    found: Providers = current_app.extensions[NAME]
    return found


def provider_called(name: str) -> Documents:
    """Return a provider; ``NotFoundError`` for a name that is none's."""
    if (found := current_providers().by_name.get(name)) is None:
        raise NotFoundError("no such provider")
    return found


def refusal_to_show() -> str:
    """Return why a sign-in came to nothing, as the page's address says it; nothing for what is no reason of ours."""
    said = request.args.get("refused", "")
    return said if said in {why.said for why in Why} | {"only"} else ""
