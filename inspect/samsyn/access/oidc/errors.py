"""Why a sign-in through a provider came to nothing."""

from __future__ import annotations

from enum import StrEnum

from samsyn.core.errors import SamsynError


class Why(StrEnum):
    """Reasons that the trail and the log keep; several of them are one sentence to the person (``said``)."""

    STATE = "state"  # begun in another browser, used before, or too long ago
    ISSUER = "issuer"  # the answer is another provider's (mix-up, RFC 9207)
    CANCELLED = "cancelled"
    ERROR = "error"  # the provider says no
    AWAY = "away"  # no answer, too slow, too large, not what the standard says
    TOKEN = "token"  # noqa: S105 - a word; the identity token is not to be believed
    ACR = "acr"
    OLD = "old"
    UNKNOWN = "unknown"  # nobody here has linked this identity
    LEFT = "left"
    TAKEN = "taken"  # linked to somebody already

    @property
    def said(self) -> str:
        """Return what the person is told: what an attacker could learn from is one sentence."""
        return {Why.ISSUER: "token", Why.ERROR: "cancelled", Why.LEFT: "unknown"}.get(self, self.value)


class RefusedSignInError(SamsynError):
    """No sign-in. ``subject`` is who it would have been, where the provider said so; ``detail`` is for the log."""

    code = "not_known"

    def __init__(self, why: Why, detail: str = "", subject: str = "") -> None:
        super().__init__(why.value)
        self.why, self.detail, self.subject = why, detail, subject
