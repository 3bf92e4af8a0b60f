"""What an invitation's link opens with, and which password is taken."""

from __future__ import annotations

import base64
from uuid import UUID

from samsyn.core.keys import Keys


def invitation_secret(keys: Keys, invitation_id: UUID, edition: int) -> str:
    """Return the secret of one sending of an invitation: 256 bits from the keys, kept nowhere, the same each time."""
    digest = keys.digest("invitation", str(invitation_id), str(edition))
    return f"samsyn_invitation_{base64.b32encode(digest).decode().rstrip('=').lower()}"
