"""Somebody at a browser who signs in through a provider, step by step."""

from __future__ import annotations

import http.client
from pathlib import Path
from random import randrange
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apiflask import APIFlask
from flask.testing import FlaskClient

from samsyn.access.queries import identity_hash
from samsyn.access.service import link_identity
from samsyn.core.keys import load_keys
from samsyn.core.settings import Settings
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.web.app import create_app
from tests.web.identity_provider import CLIENT, LOA, SECRET

BASE = "http://127.0.0.1:8000"


def app_with(settings: Settings, folder: Path, names: list[str], server: str, **more: str) -> APIFlask:
    """The application with a provider for each issuer of a server."""
    rows = [
        f'[[provider]]\nname = "{name}"\ntitle = "Myndigheten {name}"\nissuer = "{server}/{name}"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\nacr = ["{LOA}3", "{LOA}4"]\n'
        + "".join(f"{key} = {value}\n" for key, value in more.items())
        for name in names
    ]
    file = folder / "providers.toml"
    file.write_text("\n".join(rows), "utf-8")
    return create_app(settings.model_copy(update={"providers_file": file}), bind_database=False)


def new_browser(app: APIFlask) -> FlaskClient:
    """A browser at an address of its own: refusals are counted per caller, and other tests sign in from here too."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"fd00::{randrange(1, 2**16):x}:{randrange(1, 2**16):x}"
    return client


def hashed(settings: Settings, issuer: str, subject: str) -> str:
    return identity_hash(load_keys(settings.data_dir / "keys.json"), issuer, subject)


def link(settings: Settings, viewer: Viewer, issuer: str, subject: str) -> None:
    with unit_of_work(viewer) as uow:
        link_identity(uow, issuer, hashed(settings, issuer, subject))


def visit(url: str) -> str:
    """Open the provider's page as a browser would and return where it leads back to."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 303
    return str(answer.headers["Location"])


def go(client: FlaskClient, name: str, **asked: str) -> Any:
    """Follow the link on the sign-in page: the way to the provider, or already a refusal."""
    return client.get(f"/sign-in/with/{name}", query_string=asked)


def come_back(client: FlaskClient, address: str) -> Any:
    """Open the callback's address in a browser."""
    assert address.startswith(BASE)
    return client.get(address.removeprefix(BASE))


def through(client: FlaskClient, name: str, **asked: str) -> Any:
    """There and back; returns our last answer."""
    answer = go(client, name, **asked)
    assert answer.status_code == 303
    there = answer.location.startswith("http://127.0.0.1") and not answer.location.startswith(BASE)
    return come_back(client, visit(answer.location)) if there else answer


def reason(answer: Any) -> str:
    """Why an answer refuses, as its address says it."""
    return parse_qs(urlsplit(str(answer.location)).query).get("refused", [""])[0]


def signed_in(client: FlaskClient) -> bool:
    return client.get("/api/v1/me").status_code == 200
