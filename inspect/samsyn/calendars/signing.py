"""DKIM (RFC 6376): the signature that lets a receiver see that a mail is from our domain and was not changed.

Written here, not taken from dkimpy, which judges it in the tests: that one puts the time of signing into each
signature, so a mail that is sent again would not be the same bytes. RSA with PKCS #1 v1.5 gives one signature for one
mail.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from samsyn.core.settings import Settings

SIGNED: Final = (
    *("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID"),
    *("Auto-Submitted", "MIME-Version", "Content-Type", "Content-Language"),
)
"""Each is named once more than it stands there (RFC 6376 8.15), so that nobody adds a second From, or a Cc where we had
none, and keeps the signature."""
SMALLEST: Final = 2048
"""Bits (RFC 8301 3.2)."""
READ_BY_OTHERS: Final = 0o077
LONGEST: Final = 72
TXT_STRING: Final = 255
"""Octets of one string in a TXT record (RFC 1035 3.3)."""
NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
HEADER: Final = re.compile(rb"([!-9;-~]+):((?:[^\r]|\r\n[ \t])*)\r\n")


class SigningError(Exception):
    """The key or the setting cannot be used; the words name no secret."""


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """Signs mail from one domain; the same mail always gets the same signature."""

    domain: str
    selector: str
    key: RSAPrivateKey

    def sign(self, mail: bytes) -> bytes:
        """Return the mail with its signature before it; raise ``SigningError`` for one that is from another domain."""
        head, _, body = mail.partition(b"\r\n\r\n")
        fields = {name.lower(): value for name, value in HEADER.findall(head + b"\r\n")}
        if sender_domain(fields.get(b"from", b"")) != self.domain:
            raise SigningError("a mail is not from the domain that is signed for")
        named = [name for name in SIGNED for _ in range(1 + (name.lower().encode() in fields))]
        bodyhash = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode()
        tags = ["v=1", "a=rsa-sha256", "c=relaxed/relaxed", f"d={self.domain}", f"s={self.selector}"]
        unsigned = f"DKIM-Signature: {'; '.join(tags)};\r\n\th={folded(named)};\r\n\tbh={bodyhash};\r\n\tb="
        there = [name.lower().encode() for name in SIGNED if name.lower().encode() in fields]
        given = [relaxed_header(name, fields[name]) for name in there]
        own = relaxed_header(b"DKIM-Signature", unsigned.partition(":")[2].encode()).removesuffix(b"\r\n")
        signature = base64.b64encode(self.key.sign(b"".join([*given, own]), PKCS1v15(), SHA256())).decode()
        lines = "\r\n\t ".join(signature[n : n + LONGEST] for n in range(0, len(signature), LONGEST))
        return f"{unsigned}{lines}\r\n".encode() + mail

    def record(self) -> str:
        """Return the DNS record that lets others check: its name, and its text in strings of at most 255 octets."""
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        said = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
        strings = " ".join(f'"{said[n : n + TXT_STRING]}"' for n in range(0, len(said), TXT_STRING))
        return f"{self.selector}._domainkey.{self.domain}. TXT {strings}"


def signer_of(settings: Settings) -> Signer | None:
    """Return what signs this installation's mail, or None where no key is named: the mail server signs then.

    Raises ``SigningError`` for a key that is missing, that others may read, that is no RSA key of at least 2048 bits,
    and for a selector or domain that is no name. Read once.
    """
    if settings.dkim_key_file is None:
        return None
    return load_signer(settings.dkim_key_file, settings.dkim_selector, settings.mail_domain.lower())


@lru_cache(maxsize=4)
def load_signer(path: Path, selector: str, domain: str) -> Signer:
    """Read the key, as ``signer_of`` says."""
    for what, name in (("SAMSYN_DKIM_SELECTOR", selector), ("SAMSYN_MAIL_DOMAIN", domain)):
        if not NAME.fullmatch(name):
            raise SigningError(f"{what} is no name for DNS")
    try:
        if path.stat().st_mode & READ_BY_OTHERS:
            raise SigningError("the key file is readable by others")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise SigningError(f"the key file cannot be read: {type(error).__name__}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SigningError("the key file holds no private key in PEM without a password") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < SMALLEST:
        raise SigningError(f"the key must be RSA of at least {SMALLEST} bits")
    return Signer(domain, selector, key)


def sender_domain(value: bytes) -> str:
    """Return the domain of a From header."""
    unfolded = " ".join(value.decode("ascii", "replace").split())
    return parseaddr(unfolded)[1].rpartition("@")[2].lower()


def folded(names: list[str]) -> str:
    """Return header names with colons between, a few a line."""
    rows = [":".join(names[n : n + 5]) for n in range(0, len(names), 5)]
    return ":\r\n\t ".join(rows)


def relaxed_header(name: bytes, value: bytes) -> bytes:
    """Return a header as it is signed (RFC 6376 3.4.2): unfolded, each run of white space one space."""
    return name.lower() + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ") + b"\r\n"


def relaxed_body(body: bytes) -> bytes:
    """Return a body as it is signed (RFC 6376 3.4.4): no white space at ends of lines, no empty lines at its end."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)
