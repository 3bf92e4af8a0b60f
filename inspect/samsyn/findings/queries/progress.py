"""How far a part is, in numbers and codes: for lists, the hand-in and the word that others read."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import distinct, func, select

from samsyn.core.uow import UnitOfWork
from samsyn.findings.gate import may_read, readable_part
from samsyn.findings.models import CheckPoint, Finding
from samsyn.findings.queries.lines import newest
from samsyn.findings.queries.using import usable
from samsyn.findings.rules import Answer
from samsyn.operations.rules import Summary


@dataclass(frozen=True, slots=True)
class PartProgress:
    """Answered points of ``total``, the codes of the rest, and counts over points and free observations."""

    answered: int
    total: int
    not_checked: tuple[str, ...]
    deficiencies: int
    serious: int
    free: int
    conflicts: int


def part_progress(uow: UnitOfWork, part_id: UUID) -> PartProgress:
    """Count the newest answers of a part of the own authority; ``NotFoundError`` for another's. No text leaves it."""
    part = readable_part(uow, part_id)
    lines = newest(uow, Finding.part_id == part_id, "sv")
    codes: list[str] = []
    if (chosen := usable(uow, part)) is not None:
        points = select(CheckPoint.code).where(CheckPoint.checklist_id == chosen[0], CheckPoint.n == chosen[1])
        codes = list(uow.session.scalars(points.order_by(CheckPoint.position)))
    answered = {line.check_point for line in lines}
    bad = [line for line in lines if line.answer is Answer.DEFICIENCY]
    return PartProgress(
        answered=sum(code in answered for code in codes),
        total=len(codes),
        not_checked=tuple(code for code in codes if code not in answered),
        deficiencies=len(bad),
        serious=sum(line.serious for line in bad),
        free=sum(line.check_point is None for line in lines),
        conflicts=sum(line.conflict for line in lines),
    )


def answered_by_part(uow: UnitOfWork, operation_id: UUID) -> dict[UUID, int]:
    """How many questions and free observations have an answer, by part of the own authority; one statement."""
    may_read(uow)
    f = Finding
    rows = select(f.part_id, func.count(distinct(f.finding_id)).label("n")).where(f.operation_id == operation_id)
    return {row.part_id: row.n for row in uow.session.execute(rows.group_by(f.part_id))}


def summary_of_part(uow: UnitOfWork, part_id: UUID) -> Summary:
    """Suggest the one word that others read at hand-in: a deficiency or no remark.

    Findings that stay with their unit do not colour it: the word goes to everybody, and it must not depend on who asks.
    """
    part = readable_part(uow, part_id)
    lines = newest(uow, Finding.part_id == part.id, "sv")
    bad = any(line.answer is Answer.DEFICIENCY and not line.unit_only for line in lines)
    return Summary.DEFICIENCY if bad else Summary.NO_REMARK
