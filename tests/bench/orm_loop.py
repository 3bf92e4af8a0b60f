"""The baseline: the same dossier built the usual way, business by business through mapped rows and lazy reads."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from samsyn.authorities.models import Authority, Unit
from samsyn.businesses.models import Business, Operator, Premises
from samsyn.core.home import local_day
from samsyn.dossiers.models import CommonPart
from samsyn.findings.models import CheckPoint, Evidence, Finding, VisitFact
from samsyn.operations.models import Operation, PartAnswer, Visit, VisitPart, VisitTarget
from samsyn.operations.rules import AFTERWARDS, VisitState

Json = dict[str, object]


def moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def dossier_of(session: Session, business_id: UUID, me: UUID) -> Json:
    """Return the content of a dossier, equal to what the statement writes."""
    business = session.get_one(Business, business_id)
    operator, premises = (
        session.get_one(Operator, business.operator_id),
        session.get_one(Premises, business.premises_id),
    )
    visits, told = [], []
    put_right: dict[tuple[UUID | None, str | None], datetime] = {}
    for target in session.scalars(select(VisitTarget).where(VisitTarget.business_id == business_id)):
        visit, operation = session.get_one(Visit, target.visit_id), session.get_one(Operation, target.operation_id)
        if visit.state is VisitState.PLANNED or operation.state not in AFTERWARDS:
            continue
        entries = [(f, point, entry(session, f, point)) for f, point in findings_of(session, visit.id)]
        for f, _, _ in entries:
            if f.check_point and f.answer == "ok":
                key = (f.checklist_id, f.check_point)
                put_right[key] = max(put_right.get(key, visit.starts_at), visit.starts_at)
        told += [(visit, *rest) for rest in entries]
        visits.append((visit, visit_entry(session, target, visit, operation, [e for _, _, e in entries], me)))
    visits.sort(key=lambda pair: (-pair[0].starts_at.timestamp(), pair[0].id))
    still_open = [
        (visit, f, point, e)
        for visit, f, point, e in told
        if f.answer == "deficiency"
        and put_right.get((f.checklist_id, f.check_point), visit.starts_at) <= visit.starts_at
    ]
    still_open.sort(key=lambda o: (not o[1].serious, -o[0].starts_at.timestamp(), o[2].position, o[1].finding_id))
    return {
        "business": {
            "id": str(business_id),
            "name": premises.name,
            "operator": operator.name,
            "form": operator.form,
            "number": None if operator.form == "sole_trader" else operator.number,
            "address": premises.address,
            "postcode": premises.postcode,
            "town": premises.town,
            "trades": business.trades,
        },
        "counts": {
            "open": len(still_open),
            "serious": sum(f.serious for _, f, _, _ in still_open),
            "visits": len(visits),
            "joint_visits": sum(len({p["authority"] for p in v["parts"]}) > 1 for _, v in visits),  # type: ignore[attr-defined]
            "findings": len(told),
            "deficiencies": sum(f.answer == "deficiency" for _, f, _, _ in told),
        },
        "open_deficiencies": [
            {"visit_id": str(visit.id), "visited_at": moment(visit.starts_at), "finding": e}
            for visit, _, _, e in still_open
        ],
        "visits": [v for _, v in visits],
        "received": [],  # read when a dossier is read, never compiled into it, nor are these
        "outcomes": [],
        "follow_ups": [],
    }


def findings_of(session: Session, visit_id: UUID) -> list[tuple[Finding, CheckPoint]]:
    """Newest versions with their check points, in the list's order."""
    newest: dict[UUID, Finding] = {}
    versions = select(Finding).where(Finding.visit_id == visit_id, ~Finding.unit_only).order_by(Finding.version)
    for finding in session.scalars(versions):
        newest[finding.finding_id] = finding
    pairs = [(f, session.get_one(CheckPoint, (f.checklist_id, f.checklist_n, f.check_point))) for f in newest.values()]
    return sorted(pairs, key=lambda pair: (pair[1].position, pair[0].observed_at, pair[0].finding_id))


def entry(session: Session, finding: Finding, point: CheckPoint) -> Json:
    files = session.scalar(
        select(func.count())
        .select_from(Evidence)
        .where(Evidence.finding_id == finding.finding_id, Evidence.redacts_id.is_(None))
    )
    return {
        "finding_id": str(finding.finding_id),
        "version": finding.version,
        "point": finding.check_point,
        "point_sv": point.text_sv,
        "point_en": point.text_en,
        "law": point.law,
        "answer": finding.answer.value,
        "serious": finding.serious,
        "text": finding.text,
        "observed_at": moment(finding.observed_at),
        "evidence": files,
    }


def visit_entry(
    session: Session, target: VisitTarget, visit: Visit, operation: Operation, findings: list[Json], me: UUID
) -> Json:
    parts = []
    for part in session.scalars(select(VisitPart).where(VisitPart.visit_id == visit.id)):
        answer = session.get(PartAnswer, part.id)
        if part.withdrawn_at or answer is None or not answer.accepted:
            continue
        authority = session.get_one(Authority, part.authority_id)
        unit = session.get(Unit, part.unit_id) if part.unit_id else None
        said = {
            "authority": authority.name,
            "unit": unit and unit.name,
            "field": unit and unit.field,
            "mine": part.authority_id == me,
            "summary": answer.summary.value,
            "handed_in": answer.handed_in_at is not None,
            "nothing_to_report": answer.nothing_to_report,
        }
        parts.append((authority.name, part.id, said))
    facts: dict[str, list[Json]] = defaultdict(list)
    for fact in session.scalars(select(VisitFact).where(VisitFact.visit_id == visit.id).order_by(VisitFact.at)):
        by = session.get_one(Authority, fact.authority_id)
        facts[fact.question].append({"question": fact.question.value, "answer": fact.answer, "authority": by.name})
    words = session.scalar(
        select(CommonPart.text)
        .where(CommonPart.operation_id == operation.id)
        .order_by(CommonPart.version.desc())
        .limit(1)
    )
    return {
        "visit_id": str(visit.id),
        "operation_id": str(operation.id),
        "code_word": operation.code_word,
        "date": local_day(visit.starts_at).isoformat(),
        "starts_at": moment(visit.starts_at),
        "ends_at": moment(visit.ends_at),
        "ended_at": moment(visit.ended_at),
        "state": visit.state.value,
        "place": target.name,
        "address": target.address,
        "announced": target.announced,
        "parts": [said for _, _, said in sorted(parts, key=lambda p: (p[0], p[1]))],
        "facts": [fact for question in sorted(facts) for fact in facts[question]],
        "common_text": words,
        "findings": findings,
    }
