"""Visits that have been, written row by row as each authority itself would, under row-level security."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, text, update

from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.models import CommonPart
from samsyn.dossiers.queries import DossierCard, get_dossier
from samsyn.dossiers.service import compile_dossiers
from samsyn.findings.models import Evidence, Finding, VisitFact
from samsyn.findings.rules import Answer, Question
from samsyn.operations.models import Operation, PartAnswer, Participation, Visit, VisitPart, VisitTarget
from samsyn.operations.rules import OperationState, Summary, VisitState
from tests.factories import START, Office, Town


@dataclass
class Scene:
    """One operation with one visit; ``parts`` by authority."""

    operation: UUID
    visit: UUID
    lead: Office
    parts: dict[UUID, UUID]
    at: datetime


def visited(
    town: Town,
    *offices: Office,
    at: datetime = START,
    business: int = 0,
    state: OperationState = OperationState.DONE,
    visit_state: VisitState = VisitState.DONE,
) -> Scene:
    """The first office leads; all of them said yes and handed in."""
    lead = offices[0]
    operation, visit = uuid4(), uuid4()
    scene = Scene(operation, visit, lead, {office.id: uuid4() for office in offices}, at)
    until = at + timedelta(hours=1)
    keys = {"operation_id": operation, "lead_id": lead.id}
    with unit_of_work(town.planner(lead)) as uow:
        run = uow.session.execute
        run(
            insert(Operation).values(
                id=operation, lead_id=lead.id, collaboration_id=town.collaboration,
                code_word=f"Insats {operation.hex[:9]}", state=state, ad_hoc=False, in_danger=False,
                starts_at=at, ends_at=until, changed_at=at, version=1,
            )
        )  # fmt: skip
        for office in offices:
            run(insert(Participation).values(authority_id=office.id, required=True, minimum=1, **keys))
        ended_at = None if visit_state is VisitState.PLANNED else until
        run(
            insert(Visit).values(
                id=visit, starts_at=at, ends_at=until, state=visit_state, ended_at=ended_at, version=1, **keys
            )
        )
        run(
            insert(VisitTarget).values(
                visit_id=visit, business_id=town.businesses[business], premises_id=town.premises[business],
                name="Kiosk", address="Nygatan", announced=False, open_at=at, **keys,
            )
        )  # fmt: skip
        for office in offices:
            part = scene.parts[office.id]
            run(insert(VisitPart).values(id=part, visit_id=visit, authority_id=office.id, people=1, **keys))
    for office in offices:
        answer(town, scene, office)
    return scene


def another_visit(
    town: Town, scene: Scene, *offices: Office, business: int, visit_state: VisitState = VisitState.DONE
) -> Scene:
    """A later visit of the same operation, at another business."""
    at = scene.at + timedelta(hours=2)
    there = Scene(scene.operation, uuid4(), scene.lead, {office.id: uuid4() for office in offices}, at)
    keys = {"operation_id": scene.operation, "lead_id": scene.lead.id}
    until = at + timedelta(hours=1)
    with unit_of_work(town.planner(scene.lead)) as uow:
        run = uow.session.execute
        run(
            insert(Visit).values(
                id=there.visit, starts_at=at, ends_at=until, state=visit_state, ended_at=until, version=1, **keys
            )
        )
        run(
            insert(VisitTarget).values(
                visit_id=there.visit, business_id=town.businesses[business], premises_id=town.premises[business],
                name=f"Kiosk {business}", address="Nygatan", announced=True, open_at=at, **keys,
            )
        )  # fmt: skip
        for office in offices:
            part = {"id": there.parts[office.id], "visit_id": there.visit, "authority_id": office.id, "people": 1}
            run(insert(VisitPart).values(**part, **keys))
    for office in offices:
        answer(town, there, office)
    return there


def answer(town: Town, scene: Scene, office: Office, *, accepted: bool = True) -> None:
    with unit_of_work(town.planner(office)) as uow:
        uow.session.execute(
            insert(PartAnswer).values(
                part_id=scene.parts[office.id], visit_id=scene.visit, operation_id=scene.operation,
                authority_id=office.id, written_by_id=office.id, accepted=accepted, legal_basis="MB 28:1",
                announced=False, no_notice_reason="annars städas det undan", handed_in_at=scene.at,
                nothing_to_report=False, summary=Summary.DEFICIENCY, version=1,
            )
        )  # fmt: skip


def a_point(town: Town, field: str = "environment") -> tuple[UUID, int, str]:
    """A check point of the house that nobody keeps to a unit."""
    with unit_of_work(town.planner(town.police)) as uow:
        row = uow.session.execute(
            text(
                "SELECT p.checklist_id, p.n, p.code FROM check_point p JOIN checklist c ON c.id = p.checklist_id"
                " WHERE c.field = :field AND NOT p.unit_only ORDER BY p.position LIMIT 1"
            ),
            {"field": field},
        ).one()
    return row.checklist_id, row.n, row.code


def find(
    town: Town,
    scene: Scene,
    office: Office,
    text: str,
    *,
    said: Answer = Answer.DEFICIENCY,
    point: tuple[UUID, int, str] | None = None,
    finding: UUID | None = None,
    version: int = 1,
    serious: bool = False,
    unit_only: bool = False,
) -> UUID:
    """Write one version of a finding as an inspector of the office."""
    finding = finding or uuid4()
    checklist, n, code = point or (None, None, None)
    with unit_of_work(town.inspector(office)) as uow:
        uow.session.execute(
            insert(Finding).values(
                finding_id=finding, version=version, base_version=version - 1, part_id=scene.parts[office.id],
                visit_id=scene.visit, operation_id=scene.operation, authority_id=office.id,
                unit_id=office.unit if unit_only else None,
                checklist_id=checklist, checklist_n=n, check_point=code, answer=said, serious=serious, text=text,
                unit_only=unit_only, written_by=office.inspectors[0], observed_at=scene.at, written_at=scene.at,
            )
        )  # fmt: skip
    return finding


def attach(town: Town, scene: Scene, office: Office, finding: UUID) -> None:
    with unit_of_work(town.inspector(office)) as uow:
        uow.session.execute(
            insert(Evidence).values(
                id=uuid4(), finding_id=finding, part_id=scene.parts[office.id], visit_id=scene.visit,
                operation_id=scene.operation, authority_id=office.id, unit_only=False, content_hmac=uuid4().hex,
                media_type="image/jpeg", size=1, key_name="k", written_by=office.inspectors[0], written_at=scene.at,
            )
        )  # fmt: skip


def tell_fact(town: Town, scene: Scene, office: Office, said: str) -> None:
    with unit_of_work(town.inspector(office)) as uow:
        uow.session.execute(
            insert(VisitFact).values(
                id=uuid4(), visit_id=scene.visit, operation_id=scene.operation, authority_id=office.id,
                question=Question.WHO_WAS_MET, answer=said, written_by=office.inspectors[0], at=scene.at,
            )
        )  # fmt: skip


def approve(town: Town, scene: Scene, words: str, version: int = 1) -> None:
    with unit_of_work(town.planner(scene.lead)) as uow:
        uow.session.execute(
            insert(CommonPart).values(
                operation_id=scene.operation, version=version, lead_id=scene.lead.id, text=words,
                approved_by=scene.lead.planner, approved_at=scene.at,
            )
        )  # fmt: skip


def set_state(town: Town, scene: Scene, state: OperationState) -> None:
    with unit_of_work(town.planner(scene.lead)) as uow:
        uow.session.execute(update(Operation).where(Operation.id == scene.operation).values(state=state))


def compiled(town: Town, office: Office, business: int = 0) -> DossierCard:
    """Compile a business for an office and read it as its planner."""
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        compile_dossiers(uow, [town.businesses[business]])
    with unit_of_work(town.planner(office)) as uow:
        return get_dossier(uow, town.businesses[business])
