"""Every write of persons, their place in an authority, and credentials, split by use case."""

from samsyn.access.service.attempts import count_attempts, note_attempt, take_once
from samsyn.access.service.codes import enrol_totp, has_totp, remove_totp, take_code, take_recovery_code
from samsyn.access.service.identities import link_identity, sign_in_by_identity, unlink_identity
from samsyn.access.service.invitations import (
    SEND_INVITATIONS,
    InvitePerson,
    invite_person,
    note_sent,
    resend_invitation,
    revoke_invitation,
)
from samsyn.access.service.joining import JoinAs, join, take_place
from samsyn.access.service.leaving import PlaceEnds, end_place, end_ways_in, return_to_place
from samsyn.access.service.passkeys import (
    add_passkey,
    new_challenge,
    remove_passkey,
    rename_passkey,
    sign_in_with_passkey,
    take_challenge,
)
from samsyn.access.service.passwords import check_password, hash_password, refuse, set_password, sign_in
from samsyn.access.service.people import AddPerson, add_person
from samsyn.access.service.places import ChangePlace, change_place, may_administer
from samsyn.access.service.sessions import (
    NOWHERE,
    Client,
    end_other_sessions,
    end_session,
    end_token,
    halfway,
    note_use,
    open_field_session,
    open_session,
    sign_out,
)
from samsyn.access.service.settings import KeepSettings, keep_settings
from samsyn.access.service.tokens import (
    Derived,
    MakeToken,
    create_api_token,
    end_feed_tokens,
    end_other_links,
    ensure_tokens,
    make_token,
    new_token,
)

__all__ = [
    "NOWHERE",
    "SEND_INVITATIONS",
    "AddPerson",
    "ChangePlace",
    "Client",
    "Derived",
    "InvitePerson",
    "JoinAs",
    "KeepSettings",
    "MakeToken",
    "PlaceEnds",
    "add_passkey",
    "add_person",
    "change_place",
    "check_password",
    "count_attempts",
    "create_api_token",
    "end_feed_tokens",
    "end_other_links",
    "end_other_sessions",
    "end_place",
    "end_session",
    "end_token",
    "end_ways_in",
    "enrol_totp",
    "ensure_tokens",
    "halfway",
    "has_totp",
    "hash_password",
    "invite_person",
    "join",
    "keep_settings",
    "link_identity",
    "make_token",
    "may_administer",
    "new_challenge",
    "new_token",
    "note_attempt",
    "note_sent",
    "note_use",
    "open_field_session",
    "open_session",
    "refuse",
    "remove_passkey",
    "remove_totp",
    "rename_passkey",
    "resend_invitation",
    "return_to_place",
    "revoke_invitation",
    "set_password",
    "sign_in",
    "sign_in_by_identity",
    "sign_in_with_passkey",
    "sign_out",
    "take_challenge",
    "take_code",
    "take_once",
    "take_place",
    "take_recovery_code",
    "unlink_identity",
]
