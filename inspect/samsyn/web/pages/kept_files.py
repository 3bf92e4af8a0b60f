"""A file that a form carries along between looking and doing: sealed, so that the page shows nothing of it."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Final

from cryptography.exceptions import InvalidTag

from samsyn.core.errors import InvalidError
from samsyn.web.identity import current_viewer
from samsyn.web.installation import current_keys
from samsyn.web.shell import t

PURPOSE: Final = "kept-file"
LONGEST: Final = 900_000
"""Characters of a sealed file in a form, which takes 1 MiB of text; a larger file is chosen once more."""
LARGEST: Final = 16 * 1024 * 1024
"""Bytes that a sealed file may unpack to."""


def bound_to() -> str:
    """Return whose file it is: nobody else can send it back."""
    viewer = current_viewer()
    return f"{viewer.authority_id}:{viewer.person_id}"


def seal(data: bytes) -> str:
    """Return the file as text for a hidden field, encrypted for this person; empty where it is too large for one."""
    sealed, name = current_keys().encrypt(PURPOSE, zlib.compress(data), bound_to())
    text = f"{name}.{base64.urlsafe_b64encode(sealed).decode('ascii')}"
    return text if len(text) <= LONGEST else ""


def open_kept(text: str) -> bytes:
    """Return the file; raise ``InvalidError`` for what this person did not get from here."""
    name, _, sealed = text.partition(".")
    try:
        data = current_keys().decrypt(PURPOSE, base64.urlsafe_b64decode(sealed), bound_to(), name)
    except (InvalidTag, KeyError, ValueError, binascii.Error):
        raise InvalidError("not a file of yours", fields={"file": [t("operations.import.choose_file")]}) from None
    return zlib.decompressobj().decompress(data, LARGEST)
