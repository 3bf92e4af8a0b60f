"""A part's checklist with the own answers in it, as the phone shows it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samsyn.audit.service import record
from samsyn.core.uow import UnitOfWork
from samsyn.findings.gate import readable_part
from samsyn.findings.models import Checklist, CheckPoint, Finding
from samsyn.findings.queries.lines import FindingLine, newest
from samsyn.findings.queries.using import usable
from samsyn.findings.rules import SuggestedOutcome, Verified
from samsyn.texts.say import has, say


@dataclass(frozen=True, slots=True)
class PointLine:
    """One question with the newest own answer. ``others``: answers to the same point under other keys (other phones).

    ``conflict``: two phones answered at once, in one finding or in two; a person should look at both.
    """

    code: str
    text: str
    law: str
    verified: Verified
    note: str | None
    unit_only: bool
    role_required: str | None
    outcomes: tuple[SuggestedOutcome, ...]
    section: str | None
    help: str | None
    answer: FindingLine | None
    others: tuple[FindingLine, ...]
    conflict: bool


@dataclass(frozen=True, slots=True)
class ChecklistCard:
    """The questions of a part in their order, and its free observations. ``code`` None: the field has no checklist."""

    part_id: UUID
    visit_id: UUID
    code: str | None
    title: str
    n: int
    warning: str
    points: tuple[PointLine, ...]
    free: tuple[FindingLine, ...]


def checklist_of_part(uow: UnitOfWork, part_id: UUID, language: str = "sv") -> ChecklistCard:
    """Return the checklist that the part uses (the version of its first answer) with every own answer (audited).

    Raises ``NotFoundError`` for another authority's part, ``NotAllowedError`` for a role that reads no findings.
    """
    part = readable_part(uow, part_id)
    chosen = usable(uow, part)
    lines = newest(uow, Finding.part_id == part_id, language)
    if lines:
        record(uow, "finding.read", part.visit_id)
    if chosen is None:
        return ChecklistCard(part_id, part.visit_id, None, "", 0, "", (), tuple(lines))
    found = select(Checklist, CheckPoint).join(CheckPoint, CheckPoint.checklist_id == Checklist.id)
    found = found.where(Checklist.id == chosen[0], CheckPoint.n == chosen[1]).order_by(CheckPoint.position)
    rows = uow.session.execute(found).all()
    house: Checklist = rows[0][0]
    asked = {point.code for _, point in rows}
    warning = f"findings.warning.{house.code}"
    return ChecklistCard(
        part_id,
        part.visit_id,
        house.code,
        house.title_en if language == "en" else house.title_sv,
        chosen[1],
        say(language, warning) if has(warning) else "",
        tuple(_point(point, [line for line in lines if line.check_point == point.code], language) for _, point in rows),
        tuple(line for line in lines if line.check_point not in asked),
    )


def _point(point: CheckPoint, answers: list[FindingLine], language: str) -> PointLine:
    answers = sorted(answers, key=lambda line: (line.written_at, str(line.finding_id)), reverse=True)
    return PointLine(
        point.code,
        point.text_en if language == "en" else point.text_sv,
        point.law,
        Verified(point.verified),
        point.note,
        point.unit_only,
        point.role_required,
        tuple(SuggestedOutcome(outcome) for outcome in point.outcomes),
        point.section,
        point.help_text,
        answers[0] if answers else None,
        tuple(answers[1:]),
        len(answers) > 1 or any(line.conflict for line in answers),
    )
