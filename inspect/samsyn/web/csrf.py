"""Forged requests: what a cookie authenticates carries a token of the same session; a bearer token needs none."""

from __future__ import annotations

from typing import Final

from flask import request
from flask_wtf.csrf import CSRFError, CSRFProtect

from samsyn.web.identity import identified

CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
PROTECTION: Final = CSRFProtect()


def refuse_forgery() -> None:
    """Raise ``CSRFError`` for a changing request that another site made, or that lacks the session's token.

    Forms carry the hidden field ``csrf_token``; scripts with the cookie send it as ``X-CSRFToken``. The referrer cannot
    be asked for, since our own pages forbid it; ``Sec-Fetch-Site`` says the same (Fetch Metadata).
    """
    if request.method not in CHANGING:
        return
    who = identified()
    if who is not None and who.by_bearer:
        return
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise CSRFError("another site asked")
    PROTECTION.protect()
