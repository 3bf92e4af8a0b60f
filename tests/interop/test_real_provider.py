"""A provider that others wrote (npm ``oidc-provider``): our sign-in goes through it, and asks for its level."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.embedded.ports import pick
from samsyn.web.app import create_app
from tests.factories import Town
from tests.web.identity_provider import CLIENT, LOA, SECRET
from tests.web.providers import BASE, come_back, go, link, new_browser, reason, signed_in

SCRIPT = Path(__file__).with_name("provider.mjs")
pytestmark = [pytest.mark.long]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None or (npm := shutil.which("npm")) is None:
        pytest.skip("node and npm are not here: apt-get install nodejs npm")
    folder = tmp_path_factory.mktemp("npm")
    asked = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), "oidc-provider@9"]
    if subprocess.run(asked, capture_output=True, timeout=300, check=False).returncode:
        pytest.skip("npm cannot install oidc-provider here")
    return folder


@contextmanager
def running(package: Path, port: int, acr: str) -> Iterator[None]:
    redirect = f"{BASE}/sign-in/with/real/callback"
    asked = ["node", str(SCRIPT), str(package), str(port), redirect, CLIENT, SECRET, acr]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        said = iter(process.stdout.readline, b"")
        assert any(b"ready" in line for line in said), "the provider did not start"
        yield
        process.terminate()


def person_at(address: str) -> str:
    """Follow the provider's own steps in a browser with its cookies, until it leads back."""
    browser = requests.Session()
    for _ in range(10):
        answer = browser.get(address, allow_redirects=False, timeout=10)
        assert answer.is_redirect, answer.text
        address = urljoin(address, answer.headers["Location"])
        if address.startswith(BASE):
            return address
    raise AssertionError("no way back")


@pytest.mark.parametrize(("level", "said"), [("3", ""), ("2", "acr")])
def test_a_real_provider_vouches_for_a_person(
    package: Path, database: str, town: Town, tmp_path: Path, level: str, said: str
) -> None:
    port = pick()
    make_key_file(tmp_path / "keys.json")
    (tmp_path / "providers.toml").write_text(
        f'[[provider]]\nname = "real"\ntitle = "Real"\nissuer = "http://127.0.0.1:{port}"\nclient_id = "{CLIENT}"\n'
        f'client_secret = "{SECRET}"\nacr = ["{LOA}3"]\n'
    )
    settings = Settings(
        database_url="postgresql://bound-by-the-fixture", redis_url="redis://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9",
        data_dir=tmp_path, providers_file=tmp_path / "providers.toml",
    )  # fmt: skip
    with running(package, port, f"{LOA}{level}"):
        client = new_browser(create_app(settings, bind_database=False))
        link(settings, town.inspector(town.health), f"http://127.0.0.1:{port}", "real-5590")
        for again in ({}, {"again": "1"}):
            answer = come_back(client, person_at(go(client, "real", next="/help", **again).location))
            assert (reason(answer), signed_in(client)) == (said, not said)
