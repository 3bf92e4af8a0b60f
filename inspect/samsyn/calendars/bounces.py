"""What came back to an envelope's sender: mail that could not be delivered, or only somebody's holiday greeting."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

LOOKED_AT: Final = 64 * 1024
ACTION: Final = re.compile(rb"(?im)^action:[ \t]*([a-z]+)")
DAEMON: Final = re.compile(rb"(?im)^from:[^\n]{0,200}\b(?:mailer-daemon|postmaster)@")
NAMED: Final = re.compile(rb"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)


def undelivered(raw: bytes) -> bool:
    """Say whether a mail to a bounce address says that ours did not arrive.

    A delivery status notification says so by ``Action: failed`` (RFC 3464 2.3.3; "delayed" is none); without one, who
    writes it must be a mail server. An automatic answer of a person on holiday comes to the same address (RFC 3834 4).
    """
    seen = raw[:LOOKED_AT]
    if b"message/delivery-status" in seen.lower():
        return any(said.lower() == b"failed" for said in ACTION.findall(seen))
    head = seen.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return DAEMON.search(head) is not None


def deliveries_named(raw: bytes) -> list[UUID]:
    """Return the deliveries whose Message-ID stands in it, in order; there may be none."""
    return [UUID(found.decode()) for found in NAMED.findall(raw[: LOOKED_AT * 4])][:20]
