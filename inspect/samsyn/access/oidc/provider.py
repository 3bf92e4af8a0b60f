"""Providers: as the installation names them, and what each says of itself (discovery, keys), kept for ten minutes."""

from __future__ import annotations

import tomllib
from base64 import urlsafe_b64decode
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Annotated, Any, Final, Literal, TypeVar

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError, field_validator

from samsyn.access.oidc.errors import RefusedSignInError, Why
from samsyn.access.oidc.fetching import ask, safe_address

KEPT: Final = 600.0
"""Seconds that discovery and keys are believed: a key that is withdrawn is good no longer than that."""
PAUSE: Final = 5.0
"""Seconds after a failure in which a provider is not asked again: it is away, and people would queue."""
RENEWALS: Final = 6
"""Times in ``KEPT`` that an unknown key's name makes us fetch the keys anew: they were rotated, or somebody plays."""
MOST_KEYS: Final = 50
PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})
SMALLEST_RSA: Final = 2048
DISCOVERY: Final = "/.well-known/openid-configuration"
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
SigningKey = RSAKey | ECKey | OKPKey
KEY_OF: Final[Mapping[str, type[SigningKey]]] = {"RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}
KINDS: Final[Mapping[str, type[SigningKey]]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
T = TypeVar("T")
Words = Annotated[str, Field(min_length=1, max_length=200)]


class Provider(BaseModel):
    """One identity provider; described in ``config/providers.toml.example``."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")
    title: Words
    issuer: Words
    client_id: Words
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    auth: Literal["client_secret_basic", "client_secret_post", "none"] = "client_secret_basic"
    acr: tuple[Words, ...]
    max_age_minutes: int = Field(default=480, ge=1, le=1440)
    scope: str = "openid profile"
    algorithms: tuple[Algorithm, ...] = Field(default=("RS256", "PS256", "ES256"), min_length=1)
    hosts: tuple[Words, ...] = ()

    @field_validator("issuer")
    @classmethod
    def _is_safe(cls, issuer: str) -> str:
        parts = safe_address(issuer)
        if parts is None or parts.query:
            raise ValueError("an https address without a query")
        return issuer

    @field_validator("scope")
    @classmethod
    def _asks_for_identity(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("must hold openid")
        return scope

    def secret(self) -> str:
        """Return the client's secret, from its file where one is named."""
        if self.client_secret_file is not None:
            return self.client_secret_file.read_text("utf-8").strip()
        return self.client_secret.get_secret_value()


def read_providers(path: Path | None) -> tuple[Provider, ...]:
    """Read the file (none: no providers); ``RuntimeError`` says what is wrong with it and never quotes it."""
    if path is None:
        return ()
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        found = TypeAdapter(tuple[Provider, ...]).validate_python(said.get("provider", []))
        for one in found:
            if one.auth != "none" and not one.secret():
                raise RuntimeError(f"SAMSYN_PROVIDERS_FILE: {one.name} has no client_secret")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuntimeError(f"SAMSYN_PROVIDERS_FILE cannot be read: {type(error).__name__}") from None
    except ValidationError as error:
        bad = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise RuntimeError(f"SAMSYN_PROVIDERS_FILE: {bad}") from None
    unique = {one.name for one in found}, {one.issuer for one in found}
    if any(len(names) != len(found) for names in unique):
        raise RuntimeError("SAMSYN_PROVIDERS_FILE: two providers have one name or one issuer")
    return found


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself (OpenID Connect Discovery, 3; RFC 9207, 3)."""

    authorization: str
    token: str
    keys: str
    names_itself: bool
    end_session: str = ""
    acr: tuple[str, ...] = ()


class Documents:
    """A provider's discovery document and keys, each fetched when needed and kept for a while."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._lock = Lock()
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, tuple[SigningKey, ...]] | None = None
        self._failed = 0.0
        self._renewed: deque[float] = deque()

    def metadata(self) -> Metadata:
        """Return what the provider says of itself; ``RefusedSignInError`` (away) when it does not say it rightly."""
        with self._lock:
            if self._metadata is None or self._metadata[0] < monotonic() - KEPT:
                address = self.provider.issuer.rstrip("/") + DISCOVERY
                self._metadata = monotonic(), self._fetch(address, partial(read_metadata, self.provider))
            return self._metadata[1]

    def key(self, kid: str | None, algorithm: str) -> SigningKey:
        """Return the key that signed; an unknown name is looked for once more, since keys are rotated."""
        address = self.metadata().keys
        with self._lock:
            fresh = self._keys is None or self._keys[0] < monotonic() - KEPT
            if fresh:
                self._keys = monotonic(), self._fetch(address, read_keys)
            found = choose(self._known(), kid, algorithm)
            if found is None and not fresh and self._may_renew():
                self._keys = monotonic(), self._fetch(address, read_keys)
                found = choose(self._known(), kid, algorithm)
        if found is None:
            raise RefusedSignInError(Why.TOKEN, "no such key")
        return found

    def _known(self) -> tuple[SigningKey, ...]:
        return self._keys[1] if self._keys is not None else ()

    def _may_renew(self) -> bool:
        now = monotonic()
        while self._renewed and self._renewed[0] < now - KEPT:
            self._renewed.popleft()
        if len(self._renewed) >= RENEWALS:
            return False
        self._renewed.append(now)
        return True

    def _fetch(self, address: str, read: Callable[[Mapping[str, Any]], T]) -> T:
        if self._failed and monotonic() < self._failed + PAUSE:
            raise RefusedSignInError(Why.AWAY, "failed a moment ago")
        self._failed = monotonic()
        said = read(ask(address))
        self._failed = 0.0
        return said


def read_metadata(provider: Provider, said: Mapping[str, Any]) -> Metadata:
    """Read a discovery document; it must be this issuer's, and its addresses must lead to hosts of the provider."""
    if said.get("issuer") != provider.issuer:
        raise RefusedSignInError(Why.AWAY, "discovery of another issuer")
    first = safe_address(provider.issuer)
    hosts = {first.netloc if first else "", *provider.hosts}
    found = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
        address = said.get(name)
        parts = safe_address(address) if isinstance(address, str) else None
        if parts is not None and parts.netloc in hosts:
            found[name] = str(address)
        elif name != "end_session_endpoint":
            raise RefusedSignInError(Why.AWAY, f"{name} leads elsewhere")
    acr = said.get("acr_values_supported")
    return Metadata(
        found["authorization_endpoint"],
        found["token_endpoint"],
        found["jwks_uri"],
        said.get("authorization_response_iss_parameter_supported") is True,
        found.get("end_session_endpoint", ""),
        tuple(str(one) for one in acr) if isinstance(acr, list) else (),
    )


def read_keys(said: Mapping[str, Any]) -> tuple[SigningKey, ...]:
    """Read a key set: public keys that sign; what is none of these is passed over."""
    rows = said.get("keys")
    if not isinstance(rows, list) or len(rows) > MOST_KEYS:
        raise RefusedSignInError(Why.AWAY, "no key set")
    found: list[SigningKey] = []
    for row in rows:
        kind = KINDS.get(str(row.get("kty"))) if isinstance(row, dict) else None
        if kind is None or row.get("use", "sig") != "sig":
            continue
        try:
            if kind is RSAKey and size_of(str(row.get("n"))) < SMALLEST_RSA:
                continue
            found.append(kind.import_key({name: value for name, value in row.items() if name not in PRIVATE}))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return tuple(found)


def size_of(modulus: str) -> int:
    """Return how many bits an RSA key has."""
    return int.from_bytes(urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))).bit_length()


def choose(keys: tuple[SigningKey, ...], kid: str | None, algorithm: str) -> SigningKey | None:
    """Return the key with that name; without a name the only one that can have signed (OIDC Core, 10.1)."""
    able = [key for key in keys if isinstance(key, KEY_OF[algorithm[:2]])]
    named = [key for key in able if kid is None or key.kid == kid]
    return named[0] if len(named) == 1 else None


class Providers:
    """The installation's providers by name, in the order of its file."""

    def __init__(self, providers: tuple[Provider, ...]) -> None:
        self.by_name = {one.name: Documents(one) for one in providers}

    def all(self) -> list[Provider]:
        """Return them as the sign-in page lists them."""
        return [known.provider for known in self.by_name.values()]

    def title_of(self, issuer: str) -> str:
        """Return how people know an issuer; its address where it is configured no longer."""
        return next((one.title for one in self.all() if one.issuer == issuer), issuer)
