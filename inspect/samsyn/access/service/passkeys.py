"""Write passkeys: challenges that are good once in one browser, new keys, sign-ins, and a counter that goes back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, or_, select, update

from samsyn.access.models import Challenge, Passkey
from samsyn.access.passkeys import (
    Ceremony,
    Known,
    Party,
    challenge_in,
    check_registration,
    check_sign_in,
    counts_on,
    credential_id_in,
)
from samsyn.access.queries.passkeys import find_passkey, place_to_enter
from samsyn.access.rules import Way
from samsyn.access.service.passwords import refuse
from samsyn.access.service.sessions import Client, open_session
from samsyn.access.service.ways_in import demand_another_way_in
from samsyn.audit.service import record
from samsyn.core.errors import InvalidError, NotFoundError, NotKnownError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import UnitOfWork, unit_of_work
from samsyn.core.viewer import Viewer

CHALLENGE_LASTS: Final = timedelta(minutes=5)
MOST: Final = 20
"""Keys of one person; more is a fault of somebody's program."""


def new_challenge(ceremony: Ceremony, bound_to: str) -> bytes:
    """Return 512 random bits that one browser (``bound_to``) may answer once within five minutes."""
    challenge = secrets.token_bytes(64)
    with unit_of_work(Viewer.presenting(digest_of(ceremony, bound_to, challenge))) as uow:
        uow.session.execute(delete(Challenge).where(Challenge.until < func.now()))
        row = {"id": uuid4(), "hash": uow.viewer.presented, "until": func.now() + CHALLENGE_LASTS}
        uow.session.execute(insert(Challenge).values(**row))
    return challenge


def take_challenge(ceremony: Ceremony, bound_to: str, challenge: bytes) -> bool:
    """Take a challenge away and say whether it stood: whatever comes of the answer, there is no second."""
    with unit_of_work(Viewer.presenting(digest_of(ceremony, bound_to, challenge))) as uow:
        mine = delete(Challenge).where(Challenge.hash == uow.viewer.presented, Challenge.until >= func.now())
        return uow.session.execute(mine.returning(Challenge.id)).first() is not None


def digest_of(ceremony: Ceremony, bound_to: str, challenge: bytes) -> str:
    """Return what stands in the database of a challenge: for which ceremony, in which browser."""
    return fingerprint(f"challenge:{ceremony}:{bound_to}:{challenge.hex()}")


def add_passkey(uow: UnitOfWork, party: Party, bound_to: str, said: str, name: str) -> UUID:
    """Keep a new key of the viewer's; ``InvalidError`` where its answer is not one to a challenge of this browser."""
    challenge = challenge_in(said)
    if not take_challenge(Ceremony.REGISTER, bound_to, challenge):
        raise InvalidError("the challenge is over")
    made, passkey_id = check_registration(said, party, challenge), uuid4()
    have = uow.session.scalar(select(func.count()).where(Passkey.person_id == uow.person)) or 0
    if have >= MOST:
        raise InvalidError("enough keys", fields={"name": ["too_many_passkeys"]})
    uow.session.execute(
        insert(Passkey).values(
            id=passkey_id,
            person_id=uow.person,
            hash=fingerprint(credential_id_in(said)),
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name,
            created_at=func.now(),
        )
    )
    record(uow, "passkey.add", passkey_id)
    return passkey_id


def sign_in_with_passkey(party: Party, bound_to: str, said: str, client: Client) -> str:
    """Return the secret of a new session; ``NotKnownError`` says no more than that the key does not open."""
    challenge = challenge_in(said)
    if not take_challenge(Ceremony.SIGN_IN, bound_to, challenge):
        raise NotKnownError("the challenge is over")
    known = find_passkey(credential_id_in(said))
    proved = check_sign_in(said, party, challenge, known)
    viewer = place_to_enter(known.person_id)
    with unit_of_work(viewer) as uow:
        if not known.flagged and counts_on(known, proved.new_sign_count) and count_on(uow, known, proved):
            return open_session(uow, Way.PASSKEY, client)
    flag(viewer, known)
    raise NotKnownError("the key may be a copy")


def count_on(uow: UnitOfWork, known: Known, proved: object) -> bool:
    """Note the use; two answers with the same count at the same moment: one of them is a copy's."""
    counted: int = getattr(proved, "new_sign_count", 0)
    later = or_(Passkey.sign_count < counted, (Passkey.sign_count == 0) & (counted == 0))
    mine = update(Passkey).where(Passkey.id == known.id, Passkey.flagged_at.is_(None), later)
    used = mine.values(sign_count=counted, seen_at=func.now()).returning(Passkey.id)
    return uow.session.execute(used).first() is not None


def flag(viewer: Viewer, known: Known) -> None:
    """Mark a key whose counter went back: there may be two of it, and it opens nothing until it is registered anew."""
    with unit_of_work(viewer) as uow:
        marked = update(Passkey).where(Passkey.id == known.id, Passkey.flagged_at.is_(None))
        uow.session.execute(marked.values(flagged_at=func.now()))
    refuse(viewer, "passkey_counter")


def rename_passkey(uow: UnitOfWork, passkey_id: UUID, name: str) -> None:
    """Call one of the viewer's keys something else."""
    mine = update(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == uow.person)
    if uow.session.execute(mine.values(name=name).returning(Passkey.id)).first() is None:
        raise NotFoundError("no such key")
    record(uow, "passkey.rename", passkey_id)


def remove_passkey(uow: UnitOfWork, passkey_id: UUID) -> None:
    """Take one of the viewer's keys away: it opens nothing from now on; ``ConflictError`` for the only way in."""
    mine = delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == uow.person)
    if uow.session.execute(mine.returning(Passkey.id)).first() is None:
        raise NotFoundError("no such key")
    demand_another_way_in(uow, passkey_id)
    record(uow, "passkey.remove", passkey_id)
