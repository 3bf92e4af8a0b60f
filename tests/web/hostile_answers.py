"""What a hostile identity provider does, as data: a name, what it does, and the reason that the trail and log keep."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from samsyn.access.oidc import Why
from tests.web.identity_provider import LOA, SECRET, Behaviour, Change, Raw, b64, key, public, signed

Cases = dict[str, tuple[Why, Behaviour]]
HOUR = 3600


def but(**changed: Any) -> Callable[[Change], Change]:
    """The same with some members changed; ``None`` takes one away."""
    return lambda said: {k: v for k, v in {**said, **changed}.items() if v is not None}


def moved(**by: int) -> Callable[[Change], Change]:
    """The same with some times moved by seconds."""
    return lambda said: {**said, **{name: said[name] + seconds for name, seconds in by.items()}}


def by_hand(header: Change, claims: Change, secret: bytes | None) -> str:
    """A token that no library would sign."""
    said = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{said}.{b64(hmac.digest(secret, said.encode(), 'sha256')) if secret is not None else ''}"


def changed_after_signing(claims: Change) -> str:
    head, _, tail = signed({"kid": "one"}, {**claims, "sub": "somebody"}).split(".")
    return f"{head}.{b64(json.dumps(claims).encode())}.{tail}"


def weakly_signed(claims: Change) -> str:
    """With a key that is too small, for which the library would not sign."""
    said = ".".join(by_hand({"alg": "RS256", "kid": "small"}, claims, None).split(".")[:2])
    private = key("small", 1024).private_key
    assert private is not None
    return f"{said}.{b64(private.sign(said.encode(), PKCS1v15(), SHA256()))}"


def claims(why: Why, **cases: Callable[[Change], Change]) -> Cases:
    return {name.replace("_", "-"): (why, Behaviour(claims=change)) for name, change in cases.items()}


def mints(**cases: Callable[[Change], Any]) -> Cases:
    return {name.replace("_", "-"): (Why.TOKEN, Behaviour(mint=mint)) for name, mint in cases.items()}


def answers(why: Why, **cases: Callable[[Change], Any]) -> Cases:
    return {name.replace("_", "-"): (why, Behaviour(answer=change)) for name, change in cases.items()}


CLAIMS: Cases = {
    **claims(
        Why.TOKEN,
        iss_of_another=but(iss="https://login.elsewhere.example"),
        iss_missing=but(iss=None),
        sub_missing=but(sub=None),
        sub_is_a_number=but(sub=5590),
        sub_is_empty=but(sub=""),
        sub_is_too_long=but(sub="x" * 256),
        aud_of_another=but(aud="somebody-else"),
        aud_missing=but(aud=None),
        several_aud_without_azp=lambda said: {**said, "aud": [said["aud"], "somebody-else"]},
        several_aud_with_our_azp=lambda said: {**said, "aud": [said["aud"], "somebody-else"], "azp": said["aud"]},
        several_aud_with_another_azp=lambda said: {**said, "aud": [said["aud"], "else"], "azp": "else"},
        azp_of_another=but(azp="somebody-else"),
        expired=moved(exp=-HOUR, iat=-HOUR),
        exp_missing=but(exp=None),
        exp_is_text=but(exp="4102444800"),
        exp_never_ends=but(exp=float("inf")),
        exp_is_no_number=but(exp=float("nan")),
        iat_tomorrow=moved(iat=24 * HOUR, exp=25 * HOUR),
        iat_missing=but(iat=None),
        iat_before_we_asked=moved(iat=-HOUR),
        nbf_tomorrow=lambda said: {**said, "nbf": said["iat"] + 24 * HOUR},
        nonce_of_another=but(nonce="another"),
        nonce_missing=but(nonce=None),
        nonce_is_a_list=lambda said: {**said, "nonce": [said["nonce"]]},
        at_hash_of_another=but(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    ),
    **claims(Why.ACR, acr_too_low=but(acr=f"{LOA}2"), acr_missing=but(acr=None), acr_is_a_list=but(acr=[f"{LOA}3"])),
    **claims(
        Why.OLD,
        auth_time_a_month_ago=moved(auth_time=-30 * 24 * HOUR),
        auth_time_nine_hours_ago=moved(auth_time=-9 * HOUR),
        auth_time_missing=but(auth_time=None),
        auth_time_is_text=but(auth_time="now"),
        auth_time_tomorrow=moved(auth_time=24 * HOUR),
    ),
    "sub-of-nobody": (Why.UNKNOWN, Behaviour(claims=but(sub="nobody-here"))),
    "mail-of-somebody-else": (Why.UNKNOWN, Behaviour(claims=but(sub="another", email_verified=True))),
}

PEM = key("one").as_pem(private=False)
SIGNATURES: Cases = {
    **mints(
        alg_none=lambda said: by_hand({"alg": "none", "kid": "one"}, said, None),
        alg_none_in_capitals=lambda said: by_hand({"alg": "NONE", "kid": "one"}, said, None),
        alg_missing=lambda said: by_hand({"kid": "one"}, said, None),
        alg_is_a_list=lambda said: by_hand({"alg": ["RS256"], "kid": "one"}, said, b"x"),
        hs256_with_the_public_key=lambda said: by_hand({"alg": "HS256", "kid": "one"}, said, PEM),
        hs256_with_the_clients_secret=lambda said: by_hand({"alg": "HS256", "kid": "one"}, said, SECRET.encode()),
        rs256_header_over_a_mac=lambda said: by_hand({"alg": "RS256", "kid": "one"}, said, PEM),
        es256_header_for_an_rsa_key=lambda said: by_hand({"alg": "ES256", "kid": "one"}, said, PEM),
        algorithm_not_in_the_list=lambda said: signed({"alg": "RS512", "kid": "one"}, said),
        another_key_under_the_name=lambda said: signed({"kid": "one"}, said, key("two")),
        a_name_that_is_no_keys=lambda said: signed({"kid": "two"}, said, key("two")),
        kid_is_a_number=lambda said: by_hand({"alg": "RS256", "kid": 1}, said, b"x"),
        the_key_in_the_token=lambda said: signed(
            {"kid": "one", "jwk": key("two").as_dict(private=False)}, said, key("two")
        ),
        crit_that_nobody_knows=lambda said: by_hand(
            {"alg": "RS256", "kid": "one", "crit": ["x-own"], "x-own": True}, said, PEM
        ),
        changed_after_signing=changed_after_signing,
        encrypted=lambda _: "a.b.c.d.e",
        no_token_at_all=lambda _: None,
        not_text=lambda said: {"sub": said["sub"]},
        dots=lambda _: "..",
        too_long=lambda said: signed({"kid": "one"}, {**said, "more": "x" * 20_000}),
    ),
    "the-key-is-for-encryption": (Why.TOKEN, Behaviour(keys=lambda _: public(key("one"), use="enc"))),
    "the-key-is-weak": (
        Why.TOKEN,
        Behaviour(
            keys=lambda _: public(key("small", 1024)),
            mint=weakly_signed,
        ),
    ),
    "two-keys-of-one-name": (
        Why.TOKEN,
        Behaviour(keys=lambda said: {"keys": [*said["keys"], {**key("two").as_dict(private=False), "kid": "one"}]}),
    ),
    "no-name-and-two-keys": (
        Why.TOKEN,
        Behaviour(keys=lambda _: public(key("one"), key("two")), mint=lambda said: signed({}, said)),
    ),
    "no-key-at-all": (Why.TOKEN, Behaviour(keys=lambda _: {"keys": [{"kty": "oct", "k": b64(PEM)}, 7, {"kty": []}]})),
}

HUGE = b'{"x": "' + b"x" * 400_000 + b'"}'
DEEP = b'{"a":' * 50_000


def endpoints(where: str, raw: Callable[[Change], Change | Raw]) -> Behaviour:
    match where:
        case "discovery":
            return Behaviour(discovery=raw)
        case "keys":
            return Behaviour(keys=raw)
        case _:
            return Behaviour(tokens=raw)


BROKEN: dict[str, Callable[[Change], Change | Raw]] = {
    "500": lambda _: Raw(b"no", 500),
    "404": lambda _: Raw(b"no", 404),
    "204": lambda _: Raw(b"", 204),
    "slow": lambda _: Raw(b"{}", wait=3),
    "a-drop-at-a-time": lambda _: Raw(b'{"access_token": "x", "issuer": "x", "keys": []}', drip=0.2),
    "huge": lambda _: Raw(HUGE),
    "deep": lambda _: Raw(DEEP),
    "a-redirect": lambda _: Raw(status=307, headers={"Location": "http://127.0.0.1:1/elsewhere"}),
    "a-page": lambda _: Raw(b"<html>sign in</html>", headers={"Content-Type": "text/html"}),
    "a-list": lambda _: Raw(b"[]"),
    "not-text": lambda _: Raw(b"\xff\xfe{}"),
    "squeezed": lambda _: Raw(b"\x1f\x8b\x08\0", headers={"Content-Encoding": "gzip"}),
}
ENDPOINTS: Cases = {
    **{
        f"{where}-{name}": (Why.AWAY, endpoints(where, raw))
        for where in ("discovery", "keys", "tokens")
        for name, raw in BROKEN.items()
    },
    "discovery-of-another-issuer": (Why.AWAY, Behaviour(discovery=but(issuer="https://login.elsewhere.example"))),
    "discovery-without-keys": (Why.AWAY, Behaviour(discovery=but(jwks_uri=None))),
    "discovery-leads-elsewhere": (Why.AWAY, Behaviour(discovery=but(token_endpoint="https://evil.example/t"))),
    "discovery-leads-to-a-script": (
        Why.AWAY,
        Behaviour(discovery=but(authorization_endpoint="javascript:alert(1)")),
    ),
    "discovery-of-files": (Why.AWAY, Behaviour(discovery=but(jwks_uri="file:///etc/passwd"))),
    "discovery-with-a-port-of-text": (Why.AWAY, Behaviour(discovery=but(jwks_uri="http://127.0.0.1:x/jwks"))),
    "keys-without-keys": (Why.AWAY, Behaviour(keys=lambda _: {"keys": "none"})),
    "keys-by-the-thousand": (Why.AWAY, Behaviour(keys=lambda said: {"keys": said["keys"] * 1000})),
    "tokens-refused": (Why.ERROR, Behaviour(tokens=lambda _: Raw(b'{"error": "invalid_grant"}', 400))),
    "tokens-error-with-200": (Why.ERROR, Behaviour(tokens=lambda _: {"error": "server_error"})),
    "tokens-with-odd-times": (Why.AWAY, Behaviour(tokens=but(expires_in="soon"))),
    "tokens-without-the-token": (Why.TOKEN, Behaviour(tokens=but(id_token=None))),
    "at-hash-of-no-access-token": (
        Why.TOKEN,
        Behaviour(claims=but(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), tokens=but(access_token=None)),
    ),
}

ANSWERS: Cases = {
    **answers(
        Why.ISSUER,
        mixed_up_with_another_issuer=but(iss="https://login.elsewhere.example"),
        issuer_unsaid=but(iss=None),
    ),
    **answers(Why.CANCELLED, cancelled=but(code=None, error="access_denied", error_description="<b>canary</b>")),
    **answers(
        Why.ERROR,
        provider_says_no=but(code=None, error="server_error", error_description="<script>canary</script>"),
        a_code_that_is_none=but(code="guessed"),
        no_code=but(code=None),
        a_code_without_end=but(code="x" * 5000),
    ),
    **answers(
        Why.STATE,
        state_missing=but(state=None),
        state_of_nobody=but(state="guessed"),
        state_with_a_tail=lambda said: {**said, "state": said["state"] + "x"},
        state_twice=lambda said: [*said.items(), ("state", said["state"])],
        code_twice=lambda said: [*said.items(), ("code", "another")],
    ),
}
CASES: Cases = {**CLAIMS, **SIGNATURES, **ENDPOINTS, **ANSWERS}
