"""Signed ends of the chain: the key lies in a file outside the database, and each head also in a second place.

Who can write the whole database can also build the whole chain anew; what that person cannot do is sign an older end,
or reach the copies. A head is a small JSON file, signed with Ed25519 over its own members in sorted order.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import Connection, text

FORMAT: Final = "samsyn-head/1"
_ADD: Final = text("""
    INSERT INTO seal_head (n, at, hash, key_name, signature) VALUES (:n, :at, :hash, :key_name, :signature)
    ON CONFLICT DO NOTHING""")
_READ: Final = text("SELECT n, at, hash, key_name, signature FROM seal_head WHERE n > :after ORDER BY n LIMIT 1000")
_LATEST: Final = text("SELECT n, at, hash, key_name, signature FROM seal_head ORDER BY n DESC LIMIT :most")
_SAY: Final = text("UPDATE seal_state SET head_at = :head_at, copied_at = coalesce(:copied_at, copied_at) WHERE id = 1")


class SealKeyError(Exception):
    """The key file is not there, is readable by others, or is no key file."""


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's end at a time, signed."""

    n: int
    at: datetime
    hash: bytes
    key_name: str
    signature: bytes

    def signed_bytes(self) -> bytes:
        """Return what the signature is over: a JSON object with sorted members and no blanks."""
        return json.dumps(self.said(), sort_keys=True, separators=(",", ":")).encode()

    def said(self) -> dict[str, Any]:
        """Return the members without the signature."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return {"format": FORMAT, "n": self.n, "at": at, "hash": self.hash.hex(), "key": self.key_name}

    def as_file(self) -> str:
        """Return the file's content."""
        return json.dumps({**self.said(), "signature": base64.b64encode(self.signature).decode()}, indent=1) + "\n"

    @classmethod
    def read(cls, content: str) -> Head:
        """Read a file; ``ValueError`` for anything that is no head."""
        said = json.loads(content)
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise ValueError("no head")
        try:
            signature = base64.b64decode(said["signature"], validate=True)
            at = datetime.fromisoformat(said["at"])
            return cls(int(said["n"]), at, bytes.fromhex(said["hash"]), str(said["key"]), signature)
        except (KeyError, TypeError) as error:
            raise ValueError("no head") from error


@dataclass(frozen=True, slots=True, repr=False)
class SealKeys:
    """The signing key of today and the public ones of all days. ``chain`` names the installation's heads."""

    chain: str
    current: str
    private: Ed25519PrivateKey
    public: dict[str, Ed25519PublicKey]

    def sign(self, n: int, at: datetime, end: bytes) -> Head:
        """Return a signed head."""
        bare = Head(n, at, end, self.current, b"")
        return Head(n, at, end, self.current, self.private.sign(bare.signed_bytes()))

    def vouches(self, head: Head) -> bool:
        """Say whether one of our keys signed it."""
        if (key := self.public.get(head.key_name)) is None:
            return False
        try:
            key.verify(head.signature, head.signed_bytes())
        except InvalidSignature:
            return False
        return True


def new_pair() -> tuple[str, dict[str, str | None]]:
    """Return a new key with its name, which is made of the public half."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    name = "s" + hashlib.sha256(public).hexdigest()[:12]
    return name, {"public": base64.b64encode(public).decode(), "private": base64.b64encode(raw).decode()}


def make_seal_keys(path: Path) -> None:
    """Write a new key file (mode 0600) unless one stands there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name, pair = new_pair()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        json.dump({"chain": name, "current": name, "keys": {name: pair}}, file, indent=1)


def rotate_seal_keys(path: Path) -> str:
    """Sign with a new key from now on and forget the old one's private half; return the new name.

    The old public half stays, so that older heads can be checked; nobody can make one any more.
    """
    load_seal_keys(path)
    said = json.loads(path.read_text())
    name, pair = new_pair()
    for old in said["keys"].values():
        old["private"] = None
    said["keys"][name], said["current"] = pair, name
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(said, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return name


def load_seal_keys(path: Path) -> SealKeys:
    """Read the key file; ``SealKeyError`` says what is wrong with it, never what is in it."""
    try:
        if path.stat().st_mode & 0o077:
            raise SealKeyError(f"{path.name} is readable by others than its owner")
        said = json.loads(path.read_text())
        keys = {name: base64.b64decode(pair["public"]) for name, pair in said["keys"].items()}
        private = base64.b64decode(said["keys"][said["current"]]["private"])
        return SealKeys(
            said["chain"],
            said["current"],
            Ed25519PrivateKey.from_private_bytes(private),
            {name: Ed25519PublicKey.from_public_bytes(raw) for name, raw in keys.items()},
        )
    except FileNotFoundError:
        raise SealKeyError(f"{path.name} is missing: samsyn make-keys") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SealKeyError(f"{path.name} is no key file") from error


def write_head(db: Connection, keys: SealKeys, n: int, at: datetime, end: bytes) -> Head:
    """Sign the chain's end and keep it in the database, in the caller's transaction."""
    head = keys.sign(n, at, end)
    values = {"n": n, "at": at, "hash": end, "key_name": head.key_name, "signature": head.signature}
    db.execute(_ADD, values)
    db.execute(_SAY, {"head_at": at, "copied_at": None})
    return head


def latest_heads(db: Connection, most: int = 100) -> list[Head]:
    """Return the newest heads of the database, oldest first."""
    rows = db.execute(_LATEST, {"most": most}).all()
    return [Head(r.n, r.at, bytes(r.hash), r.key_name, bytes(r.signature)) for r in reversed(rows)]


def stored_heads(db: Connection) -> Iterator[Head]:
    """Yield every head of the database in the order of the chain."""
    after = -1
    while rows := db.execute(_READ, {"after": after}).all():
        for r in rows:
            yield Head(r.n, r.at, bytes(r.hash), r.key_name, bytes(r.signature))
        after = rows[-1].n


def copy_heads(heads: list[Head], folder: Path, chain: str) -> int:
    """Write those that are not in the second place yet, each once and for good; return how many."""
    place = folder / chain
    place.mkdir(mode=0o750, parents=True, exist_ok=True)
    written = 0
    for head in heads:
        path = place / f"head-{head.n:012}.json"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w") as file:
            file.write(head.as_file())
            file.flush()
            os.fsync(file.fileno())
        written += 1
    return written


def say_copied(db: Connection, head_at: datetime, copied_at: datetime) -> None:
    """Say when the newest head reached the second place."""
    db.execute(_SAY, {"head_at": head_at, "copied_at": copied_at})


def copied_heads(folder: Path) -> Iterator[tuple[Path, Head | None]]:
    """Yield every head file below a folder in the order of the chain; nothing for a file that cannot be read."""
    for path in sorted(folder.rglob("head-*.json")):
        try:
            yield path, Head.read(path.read_text())
        except (ValueError, OSError):
            yield path, None
