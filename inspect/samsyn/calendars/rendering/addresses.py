"""Mail addresses and the names beside them, safe to put into headers and calendar lines."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from samsyn.core.errors import InvalidError

LONGEST_ADDRESS: Final = 254
LONGEST_NAME: Final = 120

ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
"""A dot-atom at a domain name (RFC 5322 3.4.1, RFC 5321 4.1.2): no quoted local parts, no literals, ASCII only."""

UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+"
)
"""Control characters, line separators, marks that turn the direction of writing, what UTF-8 cannot carry."""


def check_address(address: str, field: str) -> str:
    """Return the address as it stands; raise ``InvalidError`` unless it is exactly one plain ASCII address."""
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise InvalidError("not an address", fields={field: ("address",)})
    return address


def mailto(address: str) -> str:
    """Return the address as a bare ``mailto:`` link (RFC 6068); a name in it is a fault that Outlook stumbles over."""
    return "mailto:" + quote(address, safe="@!$&'*+-./=_~")


def one_line(text: str, longest: int) -> str:
    """Return the text without line ends and unseen signs, single spaces, cut with an ellipsis at ``longest``."""
    line = " ".join(UNSEEN.sub(" ", text[: longest * 4]).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def shown_name(name: str, address: str) -> str:
    """Return a name for a header or a CN parameter: no quotes and carets (RFC 6868 is read by few), never empty."""
    return one_line(name.replace('"', " ").replace("^", " "), LONGEST_NAME) or address
