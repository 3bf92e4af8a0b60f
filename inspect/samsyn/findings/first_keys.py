"""The key under which a point's first answer is written: the same on every phone, so that two of them meet."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from samsyn.core.keys import Keys

PURPOSE: Final = "finding.first"


def first_key(keys: Keys, part_id: UUID, code: str, unit_id: UUID | None = None) -> UUID:
    """Return the key for the first answer to a point of a part; ``unit_id``: whose, where only a unit reads it.

    Two phones without coverage that answer the same point thereby write two versions of one finding, which stand
    against each other and can be settled, instead of two findings. It is an HMAC, so that nobody who knows a part
    (every authority at the visit does) can take the key first, or ask whether it is taken.
    """
    digest = keys.digest(PURPOSE, str(part_id), code, str(unit_id or ""))
    return UUID(bytes=digest[:16], version=4)
