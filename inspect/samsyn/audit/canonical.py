"""The bytes of an act that are hashed, and how one link of the chain follows from the one before.

An act's bytes, in this order, numbers big-endian (PostgreSQL's ``..._send``), texts as UTF-8:

    "samsyn-audit-1"
    xid                 8 bytes, signed
    at                  8 bytes, signed: microseconds since 2000-01-01 00:00 UTC
    id                  16 bytes
    actor_authority_id  16 bytes
    actor_person_id     one byte 0, or one byte 1 and 16 bytes
    object_authority_id 16 bytes
    object_id           16 bytes
    action              4 bytes length in bytes, then the text
    reason              one byte 0, or one byte 1, 4 bytes length, then the text

``digest`` is their SHA-256. A link is SHA-256("samsyn-link-1" | hash before | n, 8 bytes | digest); before the first
link stand 32 zero bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
START: Final = bytes(32)
LINK: Final = b"samsyn-link-1"

# convert_to is not immutable to PostgreSQL, and a column that is computed may use nothing else; in a database in UTF-8
# (ours always is) this gives the same bytes.
_TEXT: Final = r"int4send(octet_length({0})) || decode(replace({0}, '\', '\\'), 'escape')"
DIGEST: Final = " || ".join(
    (
        r"sha256('\x73616d73796e2d61756469742d31'::bytea",
        "int8send(xid)",
        "timestamptz_send(at)",
        "uuid_send(id)",
        "uuid_send(actor_authority_id)",
        r"coalesce('\x01'::bytea || uuid_send(actor_person_id), '\x00'::bytea)",
        "uuid_send(object_authority_id)",
        "uuid_send(object_id)",
        _TEXT.format("action"),
        r"coalesce('\x01'::bytea || " + _TEXT.format("reason") + r", '\x00'::bytea))",
    )
)
"""The same as PostgreSQL computes it, in the column ``audit.digest``."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act with all that is hashed of it."""

    xid: int
    at: datetime
    id: UUID
    actor_authority_id: UUID
    actor_person_id: UUID | None
    object_authority_id: UUID
    object_id: UUID
    action: str
    reason: str | None


def act_bytes(act: Act) -> bytes:
    """Return the bytes that are hashed, as this module's head describes them."""
    since = act.at - EPOCH
    micros = (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
    return b"".join(
        (
            b"samsyn-audit-1",
            act.xid.to_bytes(8, "big", signed=True),
            micros.to_bytes(8, "big", signed=True),
            act.id.bytes,
            act.actor_authority_id.bytes,
            b"\1" + act.actor_person_id.bytes if act.actor_person_id else b"\0",
            act.object_authority_id.bytes,
            act.object_id.bytes,
            text_bytes(act.action),
            b"\1" + text_bytes(act.reason) if act.reason is not None else b"\0",
        )
    )


def text_bytes(said: str) -> bytes:
    """Return a text with its length before it."""
    raw = said.encode()
    return len(raw).to_bytes(4, "big") + raw


def digest_of(act: Act) -> bytes:
    """Return an act's digest."""
    return hashlib.sha256(act_bytes(act)).digest()


def link(before: bytes, n: int, digest: bytes) -> bytes:
    """Return the hash of link ``n``."""
    return hashlib.sha256(LINK + before + n.to_bytes(8, "big", signed=True) + digest).digest()
