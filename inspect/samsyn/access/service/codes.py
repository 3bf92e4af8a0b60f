"""Codes of a phone app (TOTP, RFC 6238) beside the password: each is good once; recovery codes for a lost phone."""

from __future__ import annotations

import secrets
from typing import Final

from pyotp.totp import TOTP
from sqlalchemy import delete, func, insert, select, update

from samsyn.access.models import RecoveryCode, Totp
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, InvalidError
from samsyn.core.keys import Keys, fingerprint
from samsyn.core.uow import UnitOfWork

STEP: Final = 30
"""Seconds that a code lasts; the one before and the one after are taken too, for clocks that differ."""
HOW_MANY: Final = 10
PURPOSE: Final = "totp"


def step_of(secret: str, code: str, at: float) -> int | None:
    """Return which time step a code belongs to, near a moment; nothing for a wrong one."""
    totp, digits = TOTP(secret), "".join(code.split())
    if len(digits) != totp.digits or not (digits.isascii() and digits.isdigit()):
        return None
    now = int(at) // STEP
    return next((step for step in (now, now - 1, now + 1) if totp.verify(digits, for_time=step * STEP)), None)


def enrol_totp(uow: UnitOfWork, keys: Keys, secret: str, code: str) -> list[str]:
    """Ask for codes from now on, once the first one is right; return the recovery codes, which are shown once."""
    if has_totp(uow):
        raise ConflictError("codes are asked for already")
    step = step_of(secret, code, uow.now.timestamp())
    if step is None:
        raise InvalidError("the code is wrong", fields={"code": ["wrong_code"]})
    sealed, name = keys.encrypt(PURPOSE, secret.encode(), str(uow.person))
    row = {"person_id": uow.person, "secret": sealed, "key_name": name, "last_step": step, "since": uow.now}
    uow.session.execute(insert(Totp).values(**row))
    codes = ["-".join(secrets.token_hex(2) for _ in range(5)) for _ in range(HOW_MANY)]
    rows = [{"person_id": uow.person, "hash": fingerprint(one)} for one in codes]
    uow.session.execute(insert(RecoveryCode), rows)
    record(uow, "code.enrol", uow.person)
    return codes


def remove_totp(uow: UnitOfWork) -> None:
    """Ask for no codes any more; the recovery codes are gone too."""
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == uow.person))
    uow.session.execute(delete(Totp).where(Totp.person_id == uow.person))
    record(uow, "code.remove", uow.person)


def has_totp(uow: UnitOfWork) -> bool:
    """Say whether the viewer's password alone is not enough."""
    return uow.session.scalar(select(Totp.person_id).where(Totp.person_id == uow.person)) is not None


def take_code(uow: UnitOfWork, keys: Keys, code: str) -> bool:
    """Take the viewer's code, once; two requests with the same code at the same moment: one is refused."""
    row = uow.session.execute(select(Totp.secret, Totp.key_name).where(Totp.person_id == uow.person)).one_or_none()
    if row is None:
        return False
    step = step_of(keys.decrypt(PURPOSE, row.secret, str(uow.person), row.key_name).decode(), code, uow.now.timestamp())
    if step is None:
        return False
    newer = update(Totp).where(Totp.person_id == uow.person, Totp.last_step < step).values(last_step=step)
    return uow.session.execute(newer.returning(Totp.person_id)).first() is not None


def take_recovery_code(uow: UnitOfWork, code: str) -> bool:
    """Take one of the viewer's recovery codes, once."""
    used = update(RecoveryCode).where(
        RecoveryCode.person_id == uow.person,
        RecoveryCode.hash == fingerprint("".join(code.split()).lower()),
        RecoveryCode.used_at.is_(None),
    )
    return uow.session.execute(used.values(used_at=func.now()).returning(RecoveryCode.hash)).first() is not None
