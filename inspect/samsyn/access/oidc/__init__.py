"""Signing in through an authority's own identity provider (OpenID Connect, authorization code flow with PKCE)."""

from samsyn.access.oidc.errors import RefusedSignInError, Why
from samsyn.access.oidc.flow import CALLBACK, Flow, Intent, Proven, begin, finish, may_finish, way_out
from samsyn.access.oidc.provider import Documents, Provider, Providers, read_providers

__all__ = [
    "CALLBACK",
    "Documents",
    "Flow",
    "Intent",
    "Proven",
    "Provider",
    "Providers",
    "RefusedSignInError",
    "Why",
    "begin",
    "finish",
    "may_finish",
    "read_providers",
    "way_out",
]
