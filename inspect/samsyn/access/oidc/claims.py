"""What an identity token must say to be believed (OIDC Core, 3.1.3.7), and what the library leaves to us."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jws
from joserfc.errors import JoseError

from samsyn.access.oidc.errors import RefusedSignInError, Why
from samsyn.access.oidc.provider import Documents, Provider

LEEWAY: Final = 60
"""Seconds that a provider's clock may differ from ours."""
LONGEST: Final = 16 * 1024
"""Characters of a token."""
LONGEST_SUBJECT: Final = 255
LAST: Final = 2**40
"""Seconds; later than any clock of ours."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the token answers to: the nonce sent, when, and how old the proof may be (seconds)."""

    nonce: str
    begun: int
    max_age: int
    access_token: str | None


def believe(token: object, documents: Documents, asked: Asked, now: int) -> dict[str, Any]:
    """Return the claims of a token; ``RefusedSignInError`` names the first thing that is wrong.

    The algorithm is one of the provider's list, in which no symmetric one and no ``none`` can stand; the key is the
    provider's own of that kind, never one that the token brings.
    """
    if not isinstance(token, str) or len(token) > LONGEST or token.count(".") != 2:  # noqa: PLR2004
        raise RefusedSignInError(Why.TOKEN, "no identity token")
    subject = claimed_subject(token)
    try:
        header, claims = opened(token, documents)
        check(documents.provider, claims, asked, now)
        again(documents.provider, claims, header, asked, now)
    except RefusedSignInError as error:
        named = "" if error.why is Why.AWAY else subject  # who could not be asked about has refused nobody
        raise RefusedSignInError(error.why, error.detail, named) from None
    return claims


def part(token: str, n: int) -> dict[str, Any]:
    """Return a part of a token as it stands, unproved; nothing where it is no object."""
    piece = token.split(".")[n]
    try:
        said = json.loads(urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def claimed_subject(token: str) -> str:
    """Return who the token says it is about, for the trail alone: nothing is proved yet."""
    subject = part(token, 1).get("sub")
    return subject if isinstance(subject, str) and len(subject) <= LONGEST_SUBJECT else ""


def opened(token: str, documents: Documents) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token whose signature is right."""
    header = part(token, 0)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in documents.provider.algorithms:
        raise RefusedSignInError(Why.TOKEN, "alg")
    if "crit" in header or not (kid is None or isinstance(kid, str)):
        raise RefusedSignInError(Why.TOKEN, "header")
    key = documents.key(kid, str(algorithm))
    try:
        proved = jws.deserialize_compact(token, key, algorithms=[str(algorithm)])
        claims = json.loads(proved.payload or b"")
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise RefusedSignInError(Why.TOKEN, type(error).__name__) from None
    if not isinstance(claims, dict):
        raise RefusedSignInError(Why.TOKEN, "no claims")
    return header, claims


def check(provider: Provider, claims: Mapping[str, Any], asked: Asked, now: int) -> None:
    """Ask for each claim in turn; what is missing fails like what is wrong."""
    subject, nonce = claims.get("sub"), claims.get("nonce")
    demands = {
        "iss": claims.get("iss") == provider.issuer,
        "sub": isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT and subject.isprintable(),
        # No other audience: one that we do not know could use the token here (3.1.3.7, 3).
        "aud": claims.get("aud") in (provider.client_id, [provider.client_id]),
        "azp": claims.get("azp", provider.client_id) == provider.client_id,
        "exp": within(claims.get("exp"), now - LEEWAY, None),
        "iat": within(claims.get("iat"), asked.begun - LEEWAY, now + LEEWAY),
        "nbf": "nbf" not in claims or within(claims["nbf"], None, now + LEEWAY),
        "nonce": isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), asked.nonce.encode()),
        "at_hash": "at_hash" not in claims or asked.access_token is not None,
    }
    for name, holds in demands.items():
        if not holds:
            raise RefusedSignInError(Why.TOKEN, name)
    if provider.acr and claims.get("acr") not in provider.acr:
        raise RefusedSignInError(Why.ACR)
    if not within(claims.get("auth_time"), asked.begun - asked.max_age - LEEWAY, now + LEEWAY):
        raise RefusedSignInError(Why.OLD)


def within(value: object, least: int | None, most: int | None) -> bool:
    """Say whether a claim is a time between two; what is no number, or none that ends (NaN, Infinity), is not."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LAST:
        return False
    return (least is None or value > least) and (most is None or value <= most) and isfinite(value)


def again(provider: Provider, claims: dict[str, Any], header: dict[str, Any], asked: Asked, now: int) -> None:
    """Let the library check too, ``at_hash`` among them: a fault of ours would have to be its fault as well."""
    params = {"client_id": provider.client_id, "nonce": asked.nonce, "access_token": asked.access_token}
    options: Any = {"iss": {"essential": True, "value": provider.issuer}}
    try:
        CodeIDToken(claims, header, options, {**params, "max_age": asked.max_age or 1}).validate(now, LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise RefusedSignInError(Why.TOKEN, f"library: {type(error).__name__}") from None
