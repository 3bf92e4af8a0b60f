"""Write operators: found again by a keyed digest, a sole trader's number sealed in the silo of who typed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from samsyn.businesses.identity import Identity
from samsyn.businesses.models import Operator, OperatorSecret
from samsyn.businesses.rules import form_of
from samsyn.core.keys import Keys
from samsyn.core.uow import UnitOfWork


def operator_digest(keys: Keys, collaboration_id: UUID, name: str, identity: Identity | None, place_key: str) -> str:
    """Return a keyed digest of the number; where there is none, of name and place: two unknown operators differ."""
    if identity is not None:
        return keys.digest("operator", str(collaboration_id), identity.normal).hex()
    return keys.digest("operator-unknown", str(collaboration_id), name.lower(), place_key).hex()


@dataclass(frozen=True, slots=True, repr=False)
class NewOperator:
    """An operator to be written, and the row of its sealed number where it is a sole trader."""

    operator: Operator
    secret: dict[str, Any] | None


def new_operator(
    uow: UnitOfWork, keys: Keys, collaboration_id: UUID, name: str, identity: Identity | None, match_key: str
) -> NewOperator:
    """Return an operator that is not written yet; a sole trader's number is sealed for who typed it (R11)."""
    personal = identity is not None and identity.is_personal
    operator = Operator(
        id=uuid4(),
        collaboration_id=collaboration_id,
        form=form_of(identity).value,
        name=name,
        number=None if personal or identity is None else identity.shown,
        match_key=match_key,
    )
    if identity is None or not personal:
        return NewOperator(operator, None)
    sealed, key_name = keys.encrypt("operator", identity.normal.encode(), str(uow.me))
    secret = {"operator_id": operator.id, "authority_id": uow.me, "ciphertext": sealed, "key_name": key_name}
    return NewOperator(operator, secret)


def write_operator(
    uow: UnitOfWork, keys: Keys, collaboration_id: UUID, name: str, identity: Identity | None, match_key: str
) -> Operator:
    """Add an operator; a sole trader's number goes encrypted into the silo of who typed it, and nowhere else (R11)."""
    new = new_operator(uow, keys, collaboration_id, name, identity, match_key)
    uow.session.add(new.operator)
    uow.session.flush()
    if new.secret is not None:
        uow.session.execute(insert(OperatorSecret).values(**new.secret))
    return new.operator
