"""What changes how a person signs in asks that it was done a moment ago: a machine left open is not enough."""

from __future__ import annotations

from flask import Response, make_response, redirect

from samsyn.access.rules import RECENT
from samsyn.web.identity import identified


def signed_in_lately() -> bool:
    """Say whether the caller's session began within a quarter of an hour; a token never counts."""
    who = identified()
    return who is not None and not who.by_bearer and who.credential.created_at > who.credential.read_at - RECENT


def ask_again(back: str) -> Response | None:
    """Return the way to the sign-in page and back, or nothing for who has just been there."""
    return None if signed_in_lately() else make_response(redirect(f"/sign-in?again=1&next={back}", 303))
