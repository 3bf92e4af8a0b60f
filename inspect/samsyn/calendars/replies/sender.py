"""Whose mail it is: the reply token, the From field, and what our own mail server says of its domain."""

from __future__ import annotations

import re
from email.message import Message
from email.utils import getaddresses
from typing import TYPE_CHECKING, Final

LONGEST_FIELD: Final = 4000
MOST_FIELDS: Final = 200
TOKEN: Final = re.compile(r"(?<![A-Za-z0-9.+_-])svar\+([a-z2-7]{16})@", re.IGNORECASE)
COMMENTS: Final = re.compile(r"\([^()]*\)")
BEFORE_OURS: Final = 1
"""Received fields that may stand above our verdict: delivery to the mailbox adds one after the check."""

if TYPE_CHECKING:
    Mail = Message[str, str]  # generic for the checker alone
else:
    Mail = Message


def fields(mail: Mail, name: str) -> list[str]:
    """Return the raw values of a header field, each cut to 4,000 characters, line ends gone."""
    found = [value for key, value in mail.items()[:MOST_FIELDS] if key.lower() == name]
    return [" ".join(str(value)[:LONGEST_FIELD].split()) for value in found]


def token(*places: str) -> str:
    """Return the token of the first place that holds a reply address; "" when none does."""
    for place in places:
        if found := TOKEN.search(place[:LONGEST_FIELD]):
            return found[1].lower()
    return ""


def senders(mail: Mail) -> tuple[str, ...]:
    """Return every address that the From fields name, in lower case; more than one is never believed."""
    named = getaddresses(fields(mail, "from")[:2])
    return tuple(address.strip().lower() for _, address in named if "@" in address)


def dmarc_pass(mail: Mail, trusted_authserv: str, comes_from: tuple[str, ...]) -> bool:
    """Say whether our own mail server found DMARC to pass for the domain of the one sender (RFC 8601).

    Believed is a single Authentication-Results of that name, above the first foreign Received field: whoever forges one
    below, or beside ours, is not believed at all.
    """
    if not trusted_authserv or len(comes_from) != 1:
        return False
    received, ours = 0, []
    for key, value in mail.items()[:MOST_FIELDS]:
        received += key.lower() == "received"
        if key.lower() == "authentication-results":
            server, *verdicts = COMMENTS.sub(" ", str(value)[:LONGEST_FIELD]).lower().split(";")
            if server.split()[:1] == [trusted_authserv.lower()]:
                ours.append((received, [verdict.split() for verdict in verdicts]))
    if len(ours) != 1 or ours[0][0] > BEFORE_OURS:
        return False
    found = [verdict for verdict in ours[0][1] if verdict and verdict[0].startswith("dmarc=")]
    domain = comes_from[0].rpartition("@")[2]
    return len(found) == 1 and found[0][0] == "dmarc=pass" and f"header.from={domain}" in found[0]


def automatic(mail: Mail) -> bool:
    """Say whether a machine wrote it: an out-of-office note, a bounce (RFC 3834, RFC 3464)."""
    said = fields(mail, "auto-submitted")
    written = any(value.partition(";")[0].strip().lower() not in ("", "no") for value in said)
    return written or mail.get_content_type() == "multipart/report"
