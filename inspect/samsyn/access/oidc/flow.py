"""From the link on the sign-in page to a proved identity: the browser goes to the provider and comes back once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self
from urllib.parse import urlencode

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.client import OAuth2Client

from samsyn.access.oidc.claims import Asked, believe
from samsyn.access.oidc.errors import RefusedSignInError, Why
from samsyn.access.oidc.fetching import ask
from samsyn.access.oidc.provider import Documents, Provider

CALLBACK: Final = "/sign-in/with/{name}/callback"
"""Where a provider sends people back; an address for each, which is a second wall against mix-ups (RFC 9700, 4.4)."""
LASTS: Final = 600
"""Seconds that somebody may take at the provider's."""
LONGEST_CODE: Final = 4096
LABELS: Final = ("name", "preferred_username", "email")


class Intent(StrEnum):
    """What a proved identity is for; pages of other rooms add what they do with it (``web.pages.oidc.THEN``)."""

    SIGN_IN = "sign_in"
    LINK = "link"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Flow:
    """What the browser's session keeps until it comes back. ``fresh``: prove it anew, not from an older sign-in."""

    provider: str
    state: str
    nonce: str
    verifier: str
    begun: int
    intent: str
    where: str
    fresh: bool

    def kept(self) -> dict[str, Any]:
        """Return it for the session."""
        return asdict(self)

    @classmethod
    def read(cls, kept: object) -> Self | None:
        """Return what a session kept, or nothing."""
        if not isinstance(kept, dict) or set(kept) != {one.name for one in fields(cls)}:
            return None
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody whom a provider has vouched for: who says it, of whom. ``label`` is for that person's eyes alone."""

    issuer: str
    subject: str
    label: str


class Session:
    """Carries the library's one request to the token endpoint under our limits."""

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: ClientAuth) -> Answer:
        """Post a form, with the client's own proof."""
        url, said, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return Answer(ask(url, form=body, headers=said))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the token endpoint said, as the library reads it; what is no answer has been refused before."""

    said: dict[str, Any]
    status_code: int = 200

    def json(self) -> dict[str, Any]:
        """Return the object."""
        return self.said

    def raise_for_status(self) -> None:
        """Do nothing: the status was looked at."""


def client(provider: Provider, base_url: str) -> OAuth2Client:
    """Return the library's client of a provider."""
    return OAuth2Client(
        Session(),
        client_id=provider.client_id,
        client_secret=provider.secret() or None,
        token_endpoint_auth_method=provider.auth,
        scope=provider.scope,
        redirect_uri=base_url + CALLBACK.format(name=provider.name),
        code_challenge_method="S256",
    )


def begin(documents: Documents, base_url: str, intent: str, where: str, now: int, *, fresh: bool) -> tuple[str, Flow]:
    """Return where to send the browser and what its session must keep; ``RefusedSignInError`` if nobody answers."""
    provider = documents.provider
    one, two, three = (secrets.token_urlsafe(32) for _ in range(3))
    flow = Flow(provider.name, one, two, three, now, intent, where, fresh)
    asked: dict[str, Any] = {"nonce": flow.nonce, "max_age": max_age(provider, flow)}
    if provider.acr:
        asked["acr_values"] = " ".join(provider.acr)
    if fresh:
        asked["prompt"] = "login"
    endpoint = documents.metadata().authorization
    url, _ = client(provider, base_url).create_authorization_url(
        endpoint, state=flow.state, code_verifier=flow.verifier, **asked
    )
    return url, flow


def max_age(provider: Provider, flow: Flow) -> int:
    """Return how many seconds before the flow began the person may have been proved."""
    return 0 if flow.fresh else provider.max_age_minutes * 60


def may_finish(flow: Flow | None, provider: Provider, said: Mapping[str, str], now: int) -> Flow:
    """Return the flow that an answer belongs to, if it was begun in this browser, with this provider, lately."""
    good = (
        flow is not None
        and flow.provider == provider.name
        and hmac.compare_digest(flow.state.encode(), said.get("state", "").encode())
        and 0 <= now - flow.begun <= LASTS
    )
    if flow is None or not good:
        raise RefusedSignInError(Why.STATE)
    return flow


def finish(documents: Documents, base_url: str, flow: Flow, said: Mapping[str, str], now: int) -> Proven:
    """Return who came back; ``RefusedSignInError`` for anything that is not as it should be. Each flow once."""
    provider = documents.provider
    if said.get("iss", provider.issuer) != provider.issuer or (documents.metadata().names_itself and "iss" not in said):
        raise RefusedSignInError(Why.ISSUER)
    if "error" in said:
        raise RefusedSignInError(Why.CANCELLED if said["error"] == "access_denied" else Why.ERROR)
    code = said.get("code", "")
    if not code or len(code) > LONGEST_CODE:
        raise RefusedSignInError(Why.ERROR, "no code")
    tokens = exchange(documents, base_url, flow, code)
    access_token = tokens.get("access_token")
    asked = Asked(
        flow.nonce, flow.begun, max_age(provider, flow), access_token if isinstance(access_token, str) else None
    )
    claims = believe(tokens.get("id_token"), documents, asked, now)
    label = next((text for name in LABELS if isinstance(text := claims.get(name), str) and text.strip()), "")
    return Proven(provider.issuer, str(claims["sub"]), label.strip()[:100])


def exchange(documents: Documents, base_url: str, flow: Flow, code: str) -> dict[str, Any]:
    """Change the code for tokens, with the verifier that only this flow has (PKCE, RFC 7636)."""
    try:
        tokens: dict[str, Any] = client(documents.provider, base_url).fetch_token(
            documents.metadata().token, grant_type="authorization_code", code=code, code_verifier=flow.verifier
        )
    except OAuth2Error as error:
        raise RefusedSignInError(Why.ERROR, "token endpoint") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise RefusedSignInError(Why.AWAY, type(error).__name__) from error
    return dict(tokens)


def way_out(documents: Documents, base_url: str) -> str:
    """Return the address at which the person also signs out at the provider's; empty where there is none."""
    end = documents.metadata().end_session
    back = {"client_id": documents.provider.client_id, "post_logout_redirect_uri": f"{base_url}/sign-in"}
    return f"{end}{'&' if '?' in end else '?'}{urlencode(back)}" if end else ""
