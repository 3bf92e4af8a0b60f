"""Keys by name and version, from one file: HMAC for matching and addresses, AES-GCM for what is stored encrypted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE: Final = 12


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The installation's secrets. ``current`` names the key that new ciphertext uses; old names stay readable."""

    current: str
    by_name: dict[str, bytes]

    def derive(self, purpose: str, name: str | None = None) -> bytes:
        """Return 32 bytes for one purpose, so that no two uses share a key."""
        return hmac.digest(self.by_name[name or self.current], purpose.encode(), "sha256")

    def digest(self, purpose: str, *values: str) -> bytes:
        """Return an HMAC-SHA-256 over the values; with the oldest key, so that matching survives a rotation."""
        oldest = next(iter(self.by_name))  # the file lists them in the order of their making
        return hmac.digest(self.derive(purpose, oldest), "\x1f".join(values).encode(), "sha256")

    def encrypt(self, purpose: str, data: bytes, bound_to: str) -> tuple[bytes, str]:
        """Return ciphertext bound to a context (an authority's id) and the name of the key."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self.derive(purpose)).encrypt(nonce, data, bound_to.encode()), self.current

    def decrypt(self, purpose: str, data: bytes, bound_to: str, name: str) -> bytes:
        """Return the clear bytes; raise ``cryptography.exceptions.InvalidTag`` if anything differs."""
        return AESGCM(self.derive(purpose, name)).decrypt(data[:NONCE], data[NONCE:], bound_to.encode())


def make_key_file(path: Path) -> None:
    """Write a new key file (mode 0600) unless one stands there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        json.dump({"current": "k1", "keys": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()}}, file)


@lru_cache(maxsize=4)
def load_keys(path: Path) -> Keys:
    """Read the key file."""
    said = json.loads(path.read_text())
    return Keys(said["current"], {name: base64.b64decode(key) for name, key in said["keys"].items()})


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of a secret of 256 random bits: all that is stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
