"""One operation of the police with tobacco and environment: a marker in every field that any of them fills."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from samsyn.access.models import Attempt, Competence, Identity, Person, RecoveryCode, Staff, StaffAddress, Token, Totp
from samsyn.access.rules import Language, Purpose, ShownAs
from samsyn.audit.models import Audit
from samsyn.authorities.models import Authority, Collaboration, CollaborationInvitation, Stewardship, Unit
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.businesses.models import Business, ImportRun, Operator, OperatorSecret, Permit, Premises
from samsyn.calendars.models import Delivery, DeliveryAttempt, Feed, FeedBody, FeedNaming, FeedOperation
from samsyn.calendars.rules import FeedLevel, FeedScope, Happened, Method
from samsyn.core.base import Base
from samsyn.core.home import local_day
from samsyn.core.models import IdempotencyKey, Job, Outbox
from samsyn.core.rules import JobState, OutboxState
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.dossiers.models import CommonPart, Dossier, DossierReading, DossierStatus, Rendering
from samsyn.findings.models import (
    Checklist,
    ChecklistDraft,
    ChecklistVersion,
    CheckPoint,
    Evidence,
    Finding,
    FindingWord,
    PartChecklist,
    Quarantine,
    VisitFact,
)
from samsyn.findings.rules import Answer, LateKind, Question
from samsyn.findings.words import words_of
from samsyn.operations.models import (
    Assignment,
    Booking,
    Operation,
    PartAnswer,
    Participation,
    Presence,
    Recusal,
    Visit,
    VisitPart,
    VisitTarget,
    VisitTrace,
)
from samsyn.operations.rules import (
    AssignmentState,
    BookingState,
    OperationState,
    PoliceRole,
    Present,
    Summary,
    VisitState,
)
from samsyn.pledges.models import Tally
from samsyn.purchases.models import TestPurchase
from tests.factories import Office, Town, take_in
from tests.secrecy.markers import Markers
from tests.secrecy.planting_answers import plant_answers
from tests.secrecy.planting_campaigns import plant_campaign
from tests.secrecy.planting_entry import plant_entry
from tests.secrecy.planting_evening import plant_evening, plant_plan
from tests.secrecy.planting_handover import divide_the_police, plant_handover
from tests.secrecy.planting_help import plant_help, plant_help_answer
from tests.secrecy.planting_letters import plant_notice_letter, plant_result_letter
from tests.secrecy.planting_outcomes import plant_outcomes
from tests.secrecy.planting_pledges import plant_focus, plant_pledge
from tests.secrecy.planting_polls import plant_poll
from tests.secrecy.planting_records import plant_records

NOW = datetime.now(UTC)
ENDS = NOW + timedelta(hours=2)
TODAY = local_day(NOW)


@dataclass
class Planted:
    """The town, the operation, and what was planted where.

    ``other_unit`` is a person of tobacco's second unit; ``other_police_unit`` one of the police's, whose units read
    apart what was handed to each; ``done``: the operation was, which opens where it went.
    """

    town: Town
    markers: Markers = field(default_factory=Markers)
    operation: UUID = field(default_factory=uuid4)
    visit: UUID = field(default_factory=uuid4)
    parts: dict[UUID, UUID] = field(default_factory=dict)
    assignments: dict[UUID, UUID] = field(default_factory=dict)
    deliveries: dict[UUID, UUID] = field(default_factory=dict)
    teams: list[UUID] = field(default_factory=list)
    requests: dict[UUID, UUID] = field(default_factory=dict)
    other_unit: UUID = field(default_factory=uuid4)
    other_police_unit: UUID = field(default_factory=uuid4)
    done: bool = False

    @property
    def silos(self) -> list[Office]:
        """The two whose secrets are looked for."""
        return [self.town.tobacco, self.town.environment]

    def name(self, office: Office) -> str:
        return office.field.value

    def put(self, session: Session, owner: Office, model: type[Base], **fixed: object) -> dict[str, Any]:
        """Insert one row with a marker in each field that is not fixed."""
        table = model.metadata.tables[model.__tablename__]
        values = self.markers.row(self.name(owner), table, **fixed)
        session.execute(insert(model).values(**values))
        return values


def plant(town: Town) -> Planted:
    """Write rows into every table, each as the viewer who may."""
    planted = Planted(town)
    divide_the_police(planted)
    _plan(planted)
    plant_plan(planted)
    plant_notice_letter(planted)
    plant_focus(planted)
    for office in planted.silos:
        _house(planted, office)
        _people(planted, office)
        _registry(planted, office)
        _answers(planted, office)
        _silo(planted, office)
        _helped(planted, office)
        _calendar(planted, office)
        plant_answers(planted, office)
        _personal(planted, office)
        plant_evening(planted, office)
        plant_entry(planted, office)
        plant_handover(planted, office)
        plant_records(planted, office)
        plant_campaign(planted, office)
        plant_result_letter(planted, office)
        plant_pledge(planted, office)
        _refused(planted, office)
    plant_poll(planted)
    return planted


def _refused(p: Planted, office: Office) -> None:
    """A refused sign-in, which nobody reads who does not come with the same name again."""
    digest = p.markers.plant(p.name(office), "attempt.hash")
    with acting(Viewer.presenting(digest)) as s:
        s.execute(insert(Attempt).values(id=uuid4(), hash=digest, until=NOW + timedelta(hours=1)))


@contextmanager
def acting(viewer: Viewer) -> Iterator[Session]:
    with unit_of_work(viewer) as uow:
        yield uow.session


def _plan(p: Planted) -> None:
    lead = p.town.police
    mine = {"operation_id": p.operation, "lead_id": lead.id}
    with acting(p.town.planner(lead)) as s:
        p.put(
            s,
            lead,
            Operation,
            id=p.operation,
            lead_id=lead.id,
            collaboration_id=p.town.collaboration,
            state=OperationState.ONGOING,
            ad_hoc=False,
            in_danger=False,
            starts_at=NOW,
            ends_at=ENDS,
            meets_at=NOW,
            lead_person_id=lead.planner,
            changed_at=NOW,
            version=1,
        )
        for office in (lead, *p.silos):
            p.put(s, lead, Participation, authority_id=office.id, required=True, minimum=1, **mine)
        times = {"starts_at": NOW, "ends_at": ENDS}
        p.put(s, lead, Visit, id=p.visit, state=VisitState.PLANNED, version=1, ended_at=None, **times, **mine)
        p.put(
            s,
            lead,
            VisitTarget,
            visit_id=p.visit,
            business_id=p.town.businesses[0],
            premises_id=p.town.premises[0],
            announced=False,
            open_at=NOW - timedelta(hours=1),
            **mine,
        )
        for office in p.silos:
            part = p.parts[office.id] = uuid4()
            p.put(s, lead, VisitPart, id=part, visit_id=p.visit, authority_id=office.id, people=1, **mine)
        p.put(s, lead, CommonPart, version=1, approved_by=lead.planner, approved_at=NOW, **mine)
        p.put(s, lead, Collaboration, id=(other := uuid4()), founded_by_id=lead.id)
        s.execute(text("INSERT INTO collaboration_member VALUES (:c, :a, now(), NULL)"), {"c": other, "a": lead.id})
        p.put(
            s,
            lead,
            CollaborationInvitation,
            collaboration_id=other,
            authority_id=p.town.outsider.id,
            invited_by_id=lead.id,
            invited_at=NOW,
        )
    _stewardship(p)


def _stewardship(p: Planted) -> None:
    """An authority without accounts, which joins and gets a steward."""
    contact, admin = uuid4(), frozenset({"unit_admin"})
    with acting(Viewer(contact, None, admin)) as s:
        values = {"id": contact, "name": f"Kontakt {p.town.mark}", "authority_kind": AuthorityKind.BOARD}
        s.execute(insert(Authority).values(**values, spanning=False))
    take_in(p.town, contact)
    with acting(Viewer(contact, None, admin)) as s:
        joined = {"c": p.town.collaboration, "a": contact}
        s.execute(text("INSERT INTO collaboration_member VALUES (:c, :a, now(), NULL)"), joined)
    with acting(p.town.planner(p.town.police)) as s:
        s.execute(insert(Stewardship).values(authority_id=contact, steward_id=p.town.police.id))


def _house(p: Planted, office: Office) -> None:
    with acting(p.town.planner(office)) as s:
        p.put(s, office, Unit, id=uuid4(), authority_id=office.id, field=Field.OTHER)
        name = p.markers.plant(p.name(office), "authority.name")
        s.execute(update(Authority).where(Authority.id == office.id).values(name=name))
        p.put(s, office, Tally, authority_id=office.id, collaboration_id=p.town.collaboration, n=1, frozen_at=None)
        p.put(
            s,
            office,
            VisitTrace,
            authority_id=office.id,
            visit_id=p.visit,
            collaboration_id=p.town.collaboration,
            premises_id=p.town.premises[0],
            on_date=TODAY,
            done=True,
            fields=[office.field],
            joint_with=1,
            shared_before=False,
        )


def _people(p: Planted, office: Office) -> None:
    """A further person in a second unit, whose every word is a marker."""
    person, staff, unit = (p.other_unit if office is p.town.tobacco else uuid4()), uuid4(), uuid4()
    with acting(Viewer(office.id, person, frozenset({"unit_admin"}))) as s:
        s.execute(insert(Unit).values(id=unit, authority_id=office.id, field=Field.OTHER, name="Enhet två"))
        s.execute(insert(Person).values(id=person, shown_name="Kollega", language=Language.SV))
        p.put(
            s,
            office,
            Staff,
            id=staff,
            person_id=person,
            authority_id=office.id,
            unit_id=unit,
            shown_as=ShownAs.NAME,
            from_on=TODAY,
            until_on=None,
        )
        mine = {"staff_id": staff, "authority_id": office.id}
        p.put(s, office, StaffAddress, person_id=person, language=Language.SV, **mine)
        p.put(s, office, Competence, valid_until=None, **mine)


def _registry(p: Planted, office: Office) -> None:
    where = {"collaboration_id": p.town.collaboration}
    with acting(p.town.planner(office)) as s:
        operator, premises, business = uuid4(), uuid4(), uuid4()
        p.put(s, office, Operator, id=operator, **where)
        p.put(s, office, Premises, id=premises, latitude=None, longitude=None, version=1, **where)
        during = Range(date(2020, 1, 1), None)
        p.put(s, office, Business, id=business, operator_id=operator, premises_id=premises, during=during, **where)
        p.put(s, office, Permit, id=uuid4(), business_id=business, valid_from=None, valid_until=None, **where)
        p.put(s, office, OperatorSecret, operator_id=operator, authority_id=office.id)
        p.put(s, office, ImportRun, id=uuid4(), reader_id=office.id, person_id=office.planner, at=NOW, **where)
        decided = {"allowed": True, "decided_by_id": office.planner, "decided_at": NOW}
        p.put(s, office, FeedNaming, authority_id=office.id, **decided)


def _answers(p: Planted, office: Office) -> None:
    bound = {"part_id": p.parts[office.id], "visit_id": p.visit, "operation_id": p.operation}
    with acting(p.town.planner(office)) as s:
        p.put(
            s,
            office,
            PartAnswer,
            authority_id=office.id,
            written_by_id=office.id,
            accepted=True,
            police_role=None,
            announced=False,
            handed_in_at=None,
            nothing_to_report=False,
            summary=Summary.PENDING,
            version=1,
            **bound,
        )
        p.put(s, office, DossierStatus, operation_id=p.operation, authority_id=office.id, built_at=NOW, closed_at=None)
        booking, goer = uuid4(), office.inspectors[0]
        whose = {"person_id": goer, "authority_id": office.id}
        p.put(s, office, Booking, id=booking, during=Range(NOW, ENDS), state=BookingState.ACCEPTED, **whose)
        p.assignments[office.id] = uuid4()
        p.put(
            s,
            office,
            Assignment,
            id=p.assignments[office.id],
            operation_id=p.operation,
            lead_id=p.town.police.id,
            booking_id=booking,
            state=AssignmentState.ACCEPTED,
            starts_at=NOW,
            ends_at=ENDS,
            replaces_id=None,
            changed_at=NOW,
            version=1,
            **whose,
        )


def _silo(p: Planted, office: Office) -> None:
    writer = office.inspectors[0]
    bound = {
        "part_id": p.parts[office.id],
        "visit_id": p.visit,
        "operation_id": p.operation,
        "authority_id": office.id,
    }
    with acting(p.town.planner(office)) as s:
        listed = uuid4()
        p.put(s, office, Checklist, id=listed, authority_id=office.id, field=Field.OTHER)
        by = {"authority_id": office.id, "published_at": NOW, "published_by": writer}
        of = {"checklist_id": listed, "authority_id": office.id, "position": 1, "unit_only": False}
        for n, known in ((1, {}), (2, {"verified": "memory", "outcomes": ["advice"], "role_required": None})):
            p.put(s, office, ChecklistVersion, checklist_id=listed, n=n, **by)
            p.put(s, office, CheckPoint, n=n, **of, **known)  # a page shows words of ours alone in the newest
        drafted = {"authority_id": office.id, "version": 1, "changed_by": writer, "changed_at": NOW}
        point = {"code": "OTH-01", "sv": p.markers.plant(p.name(office), "checklist_draft.content"), "en": "?"}
        content = {"points": [{**point, "law": "?", "verified": "memory", "outcomes": []}]}
        p.put(s, office, ChecklistDraft, checklist_id=listed, content=content, **drafted)
        p.put(s, office, PartChecklist, checklist_id=listed, n=1, **bound)
        p.put(
            s,
            office,
            Recusal,
            visit_id=p.visit,
            operation_id=p.operation,
            authority_id=office.id,
            person_id=office.inspectors[1],
            at=NOW,
        )
    with acting(p.town.inspector(office)) as s:
        _findings(p, s, office, writer, bound)
        plant_outcomes(p, s, office, bound)
        plant_help(p, s, office, bound)
        bought = {"on_date": TODAY, "age_asked": True, "told_trader_on": None, "written_at": NOW, "unit_id": None}
        p.put(s, office, TestPurchase, id=uuid4(), written_by=writer, **bought, **bound)
        facts = {key: value for key, value in bound.items() if key != "part_id"}
        noted = {"what": Present.ROLE, "police_role": PoliceRole.PUBLIC_ORDER, "at": NOW, "written_at": NOW}
        noted["after_help"] = False
        p.put(s, office, Presence, id=uuid4(), person_id=writer, written_by=writer, **noted, **facts)
        late = {"what": LateKind.FACT, "size": 1, "made_at": NOW, "at": NOW, "session_id": uuid4()}
        settled = dict.fromkeys(("settled", "settled_at", "settled_by", "unit_id"))
        p.put(s, office, Quarantine, id=uuid4(), person_id=writer, **late, **settled, **facts)
        p.put(s, office, VisitFact, id=uuid4(), question=next(iter(Question)), written_by=writer, at=NOW, **facts)


def _helped(p: Planted, office: Office) -> None:
    """The police answer what a silo asked them."""
    with acting(p.town.inspector(p.town.police)) as s:
        plant_help_answer(p, s, office)


def _findings(p: Planted, s: Session, office: Office, writer: UUID, bound: dict[str, UUID]) -> None:
    """One finding for the whole authority and one that stays in its unit (R1)."""
    for unit_only in (False, True):
        finding = uuid4()
        labels = Markers() if unit_only else p.markers
        row = labels.row(
            p.name(office),
            Base.metadata.tables["finding"],
            finding_id=finding,
            version=1,
            base_version=0,
            unit_id=office.unit,
            checklist_id=None,
            checklist_n=None,
            check_point=None,
            answer=Answer.DEFICIENCY,
            serious=True,
            unit_only=unit_only,
            written_by=writer,
            observed_at=NOW,
            written_at=NOW,
            **bound,
        )
        s.execute(insert(Finding).values(**row))
        of = {"finding_id": finding, "version": 1, "authority_id": office.id, "visit_id": p.visit}
        of |= {"unit_id": office.unit, "unit_only": unit_only}
        s.execute(insert(FindingWord).values(**labels.row(p.name(office), Base.metadata.tables["finding_word"], **of)))
        s.execute(insert(FindingWord), [{**of, "word": word} for word in words_of(row["text"])])
        for marker, (owner, place) in labels.places.items():
            p.markers.places[marker] = (owner, f"{place} (unit only)" if unit_only else place)
        if not unit_only:
            what = {"finding_id": finding, "unit_id": office.unit, "unit_only": False, "size": 1, "redacts_id": None}
            p.put(s, office, Evidence, id=uuid4(), written_by=writer, written_at=NOW, **what, **bound)


def _calendar(p: Planted, office: Office) -> None:
    lead, goer = p.town.police, office.inspectors[0]
    p.deliveries[office.id] = delivery = uuid4()
    with acting(p.town.planner(lead)) as s:
        p.put(
            s,
            lead,
            Delivery,
            id=delivery,
            operation_id=p.operation,
            from_id=lead.id,
            to_id=office.id,
            person_id=goer,
            assignment_id=p.assignments[office.id],
            method=Method.REQUEST,
            whole=False,
            time_moved=True,
            sequence=0,
            starts_at=NOW,
            ends_at=ENDS,
            written_at=NOW,
        )
        queued = {"id": uuid4(), "acts_for_id": office.id, "made_by_id": lead.id, "subject_id": delivery, "attempts": 0}
        later = NOW + timedelta(days=3650)  # no worker takes it
        p.put(s, office, Outbox, state=OutboxState.DUE, next_at=later, **_unset(Outbox), **queued)
        did = {"id": uuid4(), "at": NOW, "actor_authority_id": lead.id, "actor_person_id": lead.planner}
        p.put(s, office, Audit, object_authority_id=office.id, object_id=delivery, **did)
    with acting(Viewer.task_of(office.id)) as s:
        about = {"operation_id": p.operation, "at": NOW}
        p.put(
            s,
            office,
            DeliveryAttempt,
            id=uuid4(),
            delivery_id=delivery,
            to_id=office.id,
            attempt=1,
            happened=Happened.REFUSED,
            **about,
        )


def _unset(model: type[Base]) -> dict[str, None]:
    """What only a worker fills."""
    return {"hinted_at": None, "lease_until": None, "lease_by": None} if model is Outbox else {}


def _personal(p: Planted, office: Office) -> None:
    """What the first inspector alone, or with the own workers, may read."""
    me, whose = p.town.inspector(office), {"person_id": office.inspectors[0]}
    with acting(me) as s:
        table = Base.metadata.tables["person"]
        words = p.markers.row(p.name(office), table)
        s.execute(update(Person).where(Person.id == me.person_id).values(**words))
        feed = uuid4()
        p.put(
            s,
            office,
            Feed,
            id=feed,
            authority_id=office.id,
            scope=FeedScope.OWN,
            unit_id=None,
            collaboration_id=None,
            level=FeedLevel.FULL,
            created_at=NOW,
            revoked_at=None,
            fetched_at=None,
            **whose,
        )
        p.put(s, office, FeedBody, feed_id=feed, changed_at=NOW, **whose)
        p.put(s, office, FeedOperation, feed_id=feed, operation_id=p.operation, **whose)
        ids = {"assignment_id": None, "feed_id": None, "created_at": NOW, "expires_at": None, "revoked_at": None}
        not_scoped = {"scopes": None, "operation_id": None}
        p.put(s, office, Token, purpose=Purpose.SIGN_IN, authority_id=office.id, **ids, **not_scoped, **whose)
        p.put(s, office, Token, purpose=Purpose.API, authority_id=office.id, operation_id=None, **ids, **whose)
        p.put(s, office, Identity, since=NOW, authority_id=office.id, **whose)
        p.put(s, office, Totp, last_step=1, since=NOW, **whose)
        p.put(s, office, RecoveryCode, used_at=None, **whose)
        p.put(
            s,
            office,
            Job,
            id=uuid4(),
            reader_id=office.id,
            state=JobState.QUEUED,
            done=0,
            total=0,
            created_at=NOW,
            finished_at=None,
            **whose,
        )
        p.put(s, office, IdempotencyKey, authority_id=office.id, at=NOW, **whose)
        dossier = uuid4()
        read = {"reader_id": office.id}
        said = {"said": p.markers.plant(p.name(office), "dossier.content"), "visit_id": str(p.visit)}
        read |= {"business_id": p.town.businesses[0]}
        p.put(s, office, Dossier, id=dossier, content=said, compiled_at=NOW, **read)
        seen: dict[str, object] = {"before_at": None, "read_at": NOW}
        p.put(s, office, DossierReading, **read, **seen, **whose)
        document = {"reader_id": office.id, "at": NOW, **whose}
        p.put(s, office, Rendering, id=uuid4(), dossier_id=dossier, operation_id=None, **document)
        p.put(s, office, Rendering, id=uuid4(), dossier_id=None, operation_id=p.operation, **document)
