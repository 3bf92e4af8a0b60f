"""What holds for this installation as a whole."""

from __future__ import annotations

from sqlalchemy import select

from samsyn.core.models import Installation
from samsyn.core.uow import UnitOfWork


def sequence_step(uow: UnitOfWork) -> int:
    """How much a restore raised the sequences of this installation by."""
    return uow.session.scalar(select(Installation.sequence_step)) or 0


def policy_version(uow: UnitOfWork) -> int:
    """The version of the rules of who may see what; part of every cache key."""
    return uow.session.scalar(select(Installation.policy_version)) or 0
