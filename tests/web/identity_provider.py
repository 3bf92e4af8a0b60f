"""An identity provider on a real port: well-behaved by default, and as hostile as a case tells it to be."""

from __future__ import annotations

import json
import time
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.jwk import RSAKey

LOA = "http://id.elegnamnden.se/loa/1.0/loa"
CLIENT, SECRET = "samsyn-here", "a-secret-of-the-client"
SUBJECT = "5590-inspector"
Change = dict[str, Any]
WELL_KNOWN = "/.well-known/openid-configuration"


@lru_cache
def key(name: str, bits: int = 2048) -> RSAKey:
    """A key pair, made once in a run."""
    made = generate_private_key(65537, bits)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one of them is weak on purpose
        return RSAKey.import_key(pem, {"kid": name, "use": "sig"})


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def public(*keys: RSAKey, **more: str) -> Change:
    return {"keys": [{**one.as_dict(private=False), **more} for one in keys]}


def signed(header: Change, claims: Change, with_key: RSAKey | None = None) -> str:
    """A token as a provider signs it."""
    name = header.get("alg", "RS256")
    return jws.serialize_compact({"alg": name, **header}, json.dumps(claims), with_key or key("one"), algorithms=[name])


@dataclass
class Raw:
    """An answer that is not what was asked for."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0


def same(said: Change) -> Change:
    return said


@dataclass
class Behaviour:
    """What one issuer does; each function gets what a good provider would say and returns what this one says."""

    subject: str = SUBJECT
    discovery: Callable[[Change], Change | Raw] = same
    keys: Callable[[Change], Change | Raw] = same
    answer: Callable[[Change], Change | list[tuple[str, str]]] = same
    claims: Callable[[Change], Change] = same
    mint: Callable[[Change], Any] = lambda claims: signed({"kid": "one"}, claims)
    tokens: Callable[[Change], Change | Raw] = same
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Issuers by the first part of the path."""

    behaviours: dict[str, Behaviour]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name, _, rest = parts.path.lstrip("/").partition("/")
        behaviour, issuer = self.behaviours[name], f"http://{self.headers['Host']}/{name}"
        behaviour.requests.append((rest, {}))
        if rest == WELL_KNOWN.lstrip("/"):
            self.say(behaviour.discovery(self_description(issuer)))
        elif rest == "jwks":
            self.say(behaviour.keys(public(key("one"))))
        elif rest == "authorize":
            self.say(self.authorize(behaviour, issuer, {k: v[0] for k, v in parse_qs(parts.query).items()}))
        else:
            self.say(Raw(b"signed out"))

    def authorize(self, behaviour: Behaviour, issuer: str, asked: dict[str, str]) -> Raw:
        """The person proves it at once."""
        code = uuid4().hex
        behaviour.asked[code] = asked
        said = behaviour.answer({"code": code, "state": asked["state"], "iss": issuer})
        return Raw(status=303, headers={"Location": f"{asked['redirect_uri']}?{urlencode(said)}"})

    def do_POST(self) -> None:
        name, _, _ = self.path.lstrip("/").partition("/")
        behaviour, issuer = self.behaviours[name], f"http://{self.headers['Host']}/{name}"
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        behaviour.requests.append(("token", {**form, "authorization": self.headers.get("Authorization", "")}))
        asked = behaviour.asked.pop(form.get("code", ""), None)
        if asked is None or b64(sha256(form["code_verifier"].encode()).digest()) != asked["code_challenge"]:
            self.say(Raw(b'{"error": "invalid_grant", "error_description": "<b>canary</b>"}', 400))
            return
        claims = behaviour.claims(good_claims(issuer, behaviour.subject, asked))
        tokens = {"access_token": "opaque", "token_type": "Bearer", "id_token": behaviour.mint(claims)}
        self.say(behaviour.tokens(tokens))

    def say(self, what: Change | Raw) -> None:
        """Answer, or what passes for it."""
        raw = what if isinstance(what, Raw) else Raw(json.dumps(what).encode())
        time.sleep(raw.wait)
        try:
            self.send_response(raw.status)
            for name, value in {"Content-Type": "application/json", **raw.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw.body)))
            self.end_headers()
            pieces = [raw.body[n : n + 1] for n in range(len(raw.body))] if raw.drip else [raw.body]
            for piece in pieces:
                self.wfile.write(piece)
                time.sleep(raw.drip)
        except OSError:
            self.close_connection = True


def self_description(issuer: str) -> Change:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/end",
        "authorization_response_iss_parameter_supported": True,
        "id_token_signing_alg_values_supported": ["RS256"],
        "acr_values_supported": [f"{LOA}3"],
    }


def good_claims(issuer: str, subject: str, asked: dict[str, str]) -> Change:
    now = int(time.time())
    return {
        "iss": issuer,
        "sub": subject,
        "aud": CLIENT,
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        "auth_time": now,
        "acr": f"{LOA}3",
        "name": "Ditte Demo",
        "email": "ditte@demo.example",
    }


@contextmanager
def serving(behaviours: dict[str, Behaviour]) -> Iterator[str]:
    """Serve the issuers on a port of their own; yields the address before their names."""
    handler = type("Issuers", (Handler,), {"behaviours": behaviours})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
