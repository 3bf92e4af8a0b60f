"""A device with passkeys, in Python: what a browser and a phone would answer, and how a hostile one would bend it."""

from __future__ import annotations

import hashlib
import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN, PARTY = "https://samsyn.example", "samsyn.example"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One key. ``flags`` and ``count`` are what it says of itself; ``origin`` and ``party`` what the browser says."""

    origin: str = ORIGIN
    party: str = PARTY
    flags: int = PRESENT | VERIFIED
    count: int = 1
    user: bytes = b""
    name: bytes = field(default_factory=lambda: token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}).encode()

    def head(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.party.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def create(self, options: dict[str, Any]) -> str:
        """Answer a question for a new key."""
        self.user = decode(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        made = bytes(16) + struct.pack(">H", len(self.name)) + self.name + cbor2.dumps(cose)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self.head(ATTESTED) + made})
        client = self.client_data("create", options["challenge"])
        return self.said({"clientDataJSON": client, "attestationObject": attestation})

    def get(self, options: dict[str, Any], **bent: bytes) -> str:
        """Answer a question for a sign-in; ``bent`` replaces parts of the answer after it is signed."""
        client, head = self.client_data("get", options["challenge"]), self.head()
        signature = self.key.sign(head + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": head, "signature": signature, "userHandle": self.user}
        return self.said(said | bent)

    def said(self, response: dict[str, bytes]) -> str:
        parts = {name: encode(value) for name, value in response.items()}
        return json.dumps(
            {"id": encode(self.name), "rawId": encode(self.name), "type": "public-key", "response": parts}
        )
