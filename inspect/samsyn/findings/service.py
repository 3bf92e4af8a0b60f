"""Write findings as versions, and common facts. Nothing is changed or deleted: a change stands beside the old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import errors as pg
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlalchemy.exc import IntegrityError

from samsyn.access.queries import unit_of_person
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError, NotAllowedError
from samsyn.core.uow import UnitOfWork
from samsyn.findings.commands import AnswerPoint, RecordFact, checked_answer, checked_fact
from samsyn.findings.gate import writable_part
from samsyn.findings.models import CheckPoint, Finding, PartChecklist, VisitFact
from samsyn.findings.queries.using import usable
from samsyn.findings.rules import Missing, Refusal, RefusedError
from samsyn.findings.words import write_words
from samsyn.operations.queries import PartCard, police_role_of

TRIES: Final = 10  # each needs another device that writes the same finding in the same moment

__all__ = ["AnswerPoint", "Answered", "RecordFact", "answer_point", "record_fact"]


@dataclass(frozen=True, slots=True)
class Answered:
    """Which version an answer became. ``conflict``: others had written since ``base_version``; both are kept."""

    finding_id: UUID
    version: int
    conflict: bool
    written: bool


def answer_point(uow: UnitOfWork, command: AnswerPoint) -> Answered:
    """Write a new version of a finding at a part of the viewer's authority; the same content twice writes nothing.

    Raises ``RefusedError`` naming a field, ``NotFoundError``, ``NotAllowedError``, or ``GateClosedError`` naming what
    the part lacks (``Missing``).
    """
    command = checked_answer(command)
    part = writable_part(uow, command.part_id)
    point = _point(uow, part, command)
    row = _row(uow, part, command, point, _unit(uow, part, unit_only=point is not None and point.unit_only))
    for _ in range(TRIES):
        versions = _versions(uow, command.finding_id)
        _check_base(command, versions)
        if (same := _same(command, versions)) is not None:
            return Answered(command.finding_id, same.version, same.base_version < same.version - 1, written=False)
        version = versions[-1].version + 1 if versions else 1
        if _write(uow, row, version):
            record(uow, "finding.write", command.finding_id)
            return Answered(command.finding_id, version, command.base_version < version - 1, written=True)
    # Only a key that stands where the viewer cannot read comes here: hidden and absent are not told apart.
    raise ConflictError("this key cannot be used")


def record_fact(uow: UnitOfWork, command: RecordFact) -> bool:
    """Answer a common question at a visit beside earlier answers; return whether a row was written.

    The same key with the same content again writes nothing; with another content it is a ``ConflictError``.
    """
    command = checked_fact(command)
    part = writable_part(uow, command.part_id)
    if (stands := uow.session.get(VisitFact, command.fact_id)) is not None:
        said = (uow.me, part.visit_id, command.question, command.answer)
        if (stands.authority_id, stands.visit_id, stands.question, stands.answer) == said:
            return False
        raise ConflictError("this key stands already")
    uow.session.execute(
        insert(VisitFact).values(
            id=command.fact_id,
            visit_id=part.visit_id,
            operation_id=part.operation_id,
            authority_id=uow.me,
            question=command.question,
            answer=command.answer,
            written_by=uow.person,
            at=uow.now,
        )
    )
    record(uow, "fact.write", command.fact_id)
    return True


def _point(uow: UnitOfWork, part: PartCard, command: AnswerPoint) -> CheckPoint | None:
    """Return the point in the version that the part uses, which is settled by its first answer."""
    if command.check_point is None:
        return None
    pin = _pin(uow, part)
    point = pin and uow.session.get(CheckPoint, (*pin, command.check_point))
    if not point:
        raise RefusedError("check_point", Refusal.NO_SUCH_POINT)
    role = police_role_of(uow, part.visit_id, command.observed_at) or part.police_role
    if point.role_required is not None and point.role_required != role:
        raise NotAllowedError("this point belongs to another police role", (Missing.OTHER_POLICE_ROLE,))
    return point


def _pin(uow: UnitOfWork, part: PartCard) -> tuple[UUID, int] | None:
    """Settle the version at the first answer; of two first answers at once both use what was settled first."""
    if (chosen := usable(uow, part)) is None:
        return None
    uow.session.execute(
        insert_unless(PartChecklist)
        .values(
            part_id=part.id,
            checklist_id=chosen[0],
            n=chosen[1],
            visit_id=part.visit_id,
            operation_id=part.operation_id,
            authority_id=part.authority_id,
        )
        .on_conflict_do_nothing()
    )
    return usable(uow, part)


def _unit(uow: UnitOfWork, part: PartCard, *, unit_only: bool) -> UUID | None:
    """Return whose row it is: the part's unit, or the writer's, always the writer's where only a unit may read (R1)."""
    if part.unit_id is not None and not unit_only:
        return part.unit_id
    unit_id = unit_of_person(uow, uow.person)
    if unit_only and unit_id is None:
        raise NotAllowedError("this point is written by a member of a unit")
    return unit_id


def _versions(uow: UnitOfWork, finding_id: UUID) -> Sequence[Finding]:
    return uow.session.scalars(select(Finding).where(Finding.finding_id == finding_id).order_by(Finding.version)).all()


def _check_base(command: AnswerPoint, versions: Sequence[Finding]) -> None:
    newest = versions[-1].version if versions else 0
    if not 0 <= command.base_version <= newest:
        raise RefusedError("base_version", Refusal.NO_SUCH_VERSION)
    if versions and (versions[0].part_id, versions[0].check_point) != (command.part_id, command.check_point):
        raise RefusedError("check_point", Refusal.ANOTHER_POINT)


def _same(command: AnswerPoint, versions: Sequence[Finding]) -> Finding | None:
    """Find what the same device wrote before (sent again), or that nothing would change.

    Who saw both texts of a conflict and says the newest once more has chosen it: that is a version, under their name.
    """
    said = (command.answer, command.serious, command.text, command.marking)
    for version in reversed(versions):
        newest = version is versions[-1]
        if newest and command.base_version == version.version and version.base_version < version.version - 1:
            return None
        if (version.answer, version.serious, version.text, version.marking) == said and (
            newest or version.base_version == command.base_version
        ):
            return version
    return None


def _row(
    uow: UnitOfWork, part: PartCard, command: AnswerPoint, point: CheckPoint | None, unit_id: UUID | None
) -> dict[str, object]:
    """Return what every version that this call may write has in common."""
    return {
        "finding_id": command.finding_id,
        "base_version": command.base_version,
        "part_id": part.id,
        "visit_id": part.visit_id,
        "operation_id": part.operation_id,
        "authority_id": part.authority_id,
        "unit_id": unit_id,
        "checklist_id": point and point.checklist_id,
        "checklist_n": point and point.n,
        "check_point": point and point.code,
        "answer": command.answer,
        "serious": command.serious,
        "text": command.text,
        "unit_only": point is not None and point.unit_only,
        "marking": command.marking,
        "written_by": uow.person,
        "observed_at": command.observed_at,
        "written_at": uow.now,
    }


def _write(uow: UnitOfWork, row: dict[str, object], version: int) -> bool:
    """Insert one version with its words; False where another device took the number first."""
    try:
        with uow.session.begin_nested():
            uow.session.execute(insert(Finding).values(**row, version=version))
            write_words(uow, row, version)
    except IntegrityError as error:
        if isinstance(error.orig, pg.UniqueViolation):
            return False
        raise
    return True
