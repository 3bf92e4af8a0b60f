"""What a passkey proves, checked by the library webauthn with our own demands (WebAuthn 3, 7.1 and 7.2)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    base64url_to_bytes,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from samsyn.core.errors import InvalidError, NotKnownError

MILLISECONDS = 5 * 60 * 1000


class Ceremony(StrEnum):
    """What a challenge is for; one for the one is none for the other."""

    REGISTER = "register"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks: the name that keys are bound to, the one origin that may ask for it, what people read."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a passkey, as a sign-in needs it."""

    id: UUID
    person_id: UUID
    public_key: bytes
    sign_count: int
    flagged: bool


def registration_options(party: Party, person_id: UUID, name: str, challenge: bytes, have: list[bytes]) -> str:
    """Return the options for a new key, as JSON: discoverable, with the person's PIN or finger, none that one has."""
    selection = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
    )
    made = generate_registration_options(
        rp_id=party.rp_id,
        rp_name=party.name,
        user_id=person_id.bytes,
        user_name=name,
        challenge=challenge,
        timeout=MILLISECONDS,
        authenticator_selection=selection,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in have],
    )
    return options_to_json(made)


def sign_in_options(party: Party, challenge: bytes) -> str:
    """Return the options for a sign-in, as JSON; no key is named: the device says whose it is."""
    made = generate_authentication_options(
        rp_id=party.rp_id,
        challenge=challenge,
        timeout=MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(made)


def read_answer(said: str) -> dict[str, Any]:
    """Return what a browser sent; ``InvalidError`` for what is no object."""
    try:
        read = json.loads(said)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise InvalidError("no credential")
    return read


def challenge_in(said: str) -> bytes:
    """Return the challenge that an answer says it answers; whether we gave it is another question."""
    try:
        data = base64url_to_bytes(read_answer(said)["response"]["clientDataJSON"])
        return bytes(parse_client_data_json(data).challenge)
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidError("no credential") from error


def check_registration(said: str, party: Party, challenge: bytes) -> VerifiedRegistration:
    """Return the new key; ``InvalidError`` for another party, origin or challenge, or without the person's PIN."""
    try:
        return verify_registration_response(
            credential=parse_registration_credential_json(read_answer(said)),
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidError("the key was not taken") from error


def credential_id_in(said: str) -> str:
    """Return which key an answer says it is from."""
    found = read_answer(said).get("id")
    if not isinstance(found, str):
        raise InvalidError("no credential")
    return found


def check_sign_in(said: str, party: Party, challenge: bytes, known: Known) -> VerifiedAuthentication:
    """Return what the key proved; ``NotKnownError`` for anything else, which says no more than that.

    The counter is not asked here: the library asks it before the signature, and whoever can send us a number could
    have a key flagged that is good.
    """
    try:
        answer = parse_authentication_credential_json(read_answer(said))
        if answer.response.user_handle != known.person_id.bytes:
            raise NotKnownError("somebody else's key")
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, InvalidError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotKnownError("the key does not open") from error


def counts_on(known: Known, counted: int) -> bool:
    """Say whether a key's counter goes on; one that does not count (0 for ever) is none that goes back."""
    return counted > known.sign_count or (counted == 0 and known.sign_count == 0)
