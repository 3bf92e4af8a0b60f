"""An ongoing operation with one visit, its rows written directly: findings are tested without the rooms above them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, update

from samsyn.access.rules import Role
from samsyn.authorities.rules import Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.rules import Answer
from samsyn.findings.service import Answered, AnswerPoint, answer_point
from samsyn.operations.models import Operation, PartAnswer, Participation, Recusal, Visit, VisitPart, VisitTarget
from samsyn.operations.rules import OperationState, PoliceRole, Summary, VisitState
from tests.factories import START, Office, Town, make_person

HOUR = timedelta(hours=1)


@dataclass
class Scene:
    """A visit by every office of the town; ``parts`` by authority. The police lead."""

    town: Town
    operation: UUID
    visit: UUID
    parts: dict[UUID, UUID]

    def part(self, office: Office) -> UUID:
        return self.parts[office.id]

    def answer(
        self,
        who: Viewer,
        point: str | None,
        answer: Answer = Answer.OK,
        text: str = "",
        *,
        finding: UUID | None = None,
        base: int = 0,
        serious: bool = False,
        part: UUID | None = None,
        mask: bool = False,
    ) -> Answered:
        """Answer a point of the viewer's own part in a transaction of its own."""
        assert who.authority_id is not None
        part = part or self.parts[who.authority_id]
        command = AnswerPoint(
            finding or uuid4(), base, part, point, answer, START + HOUR, serious=serious, text=text, mask=mask
        )
        with unit_of_work(who, START + HOUR) as uow:
            return answer_point(uow, command)

    def set_state(self, state: OperationState) -> None:
        with unit_of_work(self.town.planner(self.town.police)) as uow:
            uow.session.execute(update(Operation).where(Operation.id == self.operation).values(state=state))

    def set_answer(self, office: Office, **values: object) -> None:
        """Change what an authority answered to its part."""
        with unit_of_work(self.town.planner(office)) as uow:
            uow.session.execute(update(PartAnswer).where(PartAnswer.part_id == self.part(office)).values(**values))

    def recuse(self, office: Office, person: UUID) -> None:
        with unit_of_work(self.town.planner(office)) as uow:
            row = {"visit_id": self.visit, "operation_id": self.operation, "authority_id": office.id}
            uow.session.execute(insert(Recusal).values(**row, person_id=person, reason="släkt", at=START))


def make_scene(town: Town, state: OperationState = OperationState.ONGOING) -> Scene:
    lead = town.police.id
    scene = Scene(town, uuid4(), uuid4(), {office.id: uuid4() for office in town.offices})
    mine = {"operation_id": scene.operation, "lead_id": lead}
    with unit_of_work(town.planner(town.police), START) as uow:
        run = uow.session.execute
        run(insert(Operation).values(id=scene.operation, lead_id=lead, **_operation(town, state)))
        for office in town.offices:
            run(insert(Participation).values(authority_id=office.id, required=True, minimum=1, **mine))
        times = {"starts_at": START, "ends_at": START + HOUR}
        run(insert(Visit).values(id=scene.visit, state=VisitState.PLANNED, version=1, **times, **mine))
        run(
            insert(VisitTarget).values(
                visit_id=scene.visit,
                business_id=town.businesses[0],
                premises_id=town.premises[0],
                name="Kiosk",
                address="Nygatan 101",
                announced=False,
                open_at=START,
                **mine,
            )
        )
        for office in town.offices:
            about = {"id": scene.part(office), "visit_id": scene.visit, "authority_id": office.id, "people": 1}
            run(insert(VisitPart).values(**about, **mine))
    for office in town.offices:
        say_yes(scene, office)
    return scene


def colleague_of_another_unit(office: Office, field: Field) -> Viewer:
    """A planner and inspector in a second unit of the authority."""
    with unit_of_work(Viewer(office.id, office.planner, frozenset({"unit_admin"}))) as uow:
        unit = add_unit(uow, AddUnit("Enhet två", field))
    person = make_person(office.id, unit, "Kollega", {Role.INSPECTOR, Role.PLANNER})
    return Viewer(office.id, person, frozenset({"inspector", "planner"}))


def say_yes(scene: Scene, office: Office) -> None:
    with unit_of_work(scene.town.planner(office)) as uow:
        uow.session.execute(
            insert(PartAnswer).values(
                part_id=scene.part(office),
                visit_id=scene.visit,
                operation_id=scene.operation,
                authority_id=office.id,
                written_by_id=office.id,
                accepted=True,
                legal_basis="LTLP 7:18",
                police_role=PoliceRole.OWN_SUPERVISION if office.field is Field.POLICE else None,
                announced=False,
                nothing_to_report=False,
                summary=Summary.PENDING,
                version=1,
            )
        )


def _operation(town: Town, state: OperationState) -> dict[str, object]:
    return {
        "collaboration_id": town.collaboration,
        "code_word": f"ord-{uuid4().hex[:12]}",
        "state": state,
        "ad_hoc": False,
        "in_danger": False,
        "starts_at": START,
        "ends_at": START + HOUR * 4,
        "changed_at": START,
        "version": 1,
    }
