"""What is planted of pledges: each authority writes one with its agreement, an area, a promise, and what was done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import insert, update

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.places.models import PictureEntry, Remark, RemarkAnswer
from samsyn.places.rules import RemarkKind, RemarkState, SignalSource
from samsyn.pledges.evaluation.models import (
    Evaluation,
    EvaluationApproval,
    EvaluationPublication,
    EvaluationText,
)
from samsyn.pledges.models import (
    Activity,
    ActivityTime,
    Agreement,
    AgreementFile,
    Commitment,
    FocusArea,
    OperationFocus,
    Pledge,
)
from samsyn.pledges.rules import ActivityKind, ActivityState, CommitmentForm, PledgeState
from tests.factories import Office

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)
TODAY = local_day(NOW)


def plant_pledge(p: Planted, office: Office) -> None:
    """As its planner; the operation's own focus is its lead's."""
    agreement, pledge, area, commitment = (uuid4() for _ in range(4))
    within = {"collaboration_id": p.town.collaboration}
    name = p.name(office)
    signed = [{"authority_id": str(office.id), "title": "chef", "name": p.markers.plant(name, "pledge.signatories")}]
    parties = {"parties": [office.id], "version": 1, **within}
    year = TODAY.year + 2 + (office is p.town.tobacco)
    with unit_of_work(p.town.planner(office)) as uow:
        s = uow.session
        days = {"signed_on": TODAY, "from_on": TODAY, "removed_at": None, "until_on": TODAY + timedelta(days=900)}
        who = [{**signed[0], "name": p.markers.plant(name, "agreement.signatories")}]
        p.put(s, office, Agreement, id=agreement, signatories=who, **days, **parties)
        at = {"agreement_id": agreement, "authority_id": office.id, "size": 7, "added_at": NOW}
        p.put(s, office, AgreementFile, id=uuid4(), **at, **within)
        state = {"state": PledgeState.IN_FORCE, "signed_on": TODAY, "year": year, "signatories": signed}
        p.put(s, office, Pledge, id=pledge, agreement_id=agreement, removed_at=None, **state, **parties)
        p.put(s, office, FocusArea, id=area, pledge_id=pledge, position=1, removed_at=None, **within)
        unsaid = ("permit_kind", "not_led_by", "hot_spot_id", "by_on", "done_on", "carried_to_id", "within_days")
        nothing = dict.fromkeys((*unsaid, "removed_at"))
        promised = {"form": CommitmentForm.OCCASIONS, "target": 5, "counts": ActivityKind.PATROL, "fields": []}
        at = {"focus_area_id": area, "position": 1, "version": 1, "least": 1, "whole": False, "serious": False}
        p.put(s, office, Commitment, id=commitment, **promised, **at, **nothing, **within)
        done = {"activity_kind": ActivityKind.PATROL, "state": ActivityState.CANCELLED, "on_date": TODAY}
        where = {
            "operation_id": None,
            "hot_spot_id": None,
            "focus_area_id": area,
            "visits": 0,
            "guests": 0,
            "guest_led": False,
            "counted_at": NOW,
            "version": 1,
        }
        mine = {"authorities": [office.id], "fields": [], "authority_id": office.id}
        walk = uuid4()
        p.put(s, office, Activity, id=walk, **done, **where, **mine, **within)
        spent = {"planned": 60, "spent": 90, "version": 1}
        s.execute(insert(ActivityTime).values(authority_id=office.id, activity_id=walk, **spent))
        seen = {"on_date": TODAY, "source": SignalSource.OWN, "withdrawn": False, "written_at": NOW, "version": 1}
        about = {"focus_area_id": area, "hot_spot_id": None, "authority_id": office.id, "entry_id": uuid4()}
        p.put(s, office, PictureEntry, id=uuid4(), **seen, **about, **within)
        to = {"id": uuid4(), "from_id": office.id, "to_id": office.id, "to_unit_id": office.unit, "hot_spot_id": None}
        days = {"noticed_on": TODAY, "due_on": TODAY, "asked_at": NOW}
        gone = {"withdrawn_at": None, "activity_id": None, "remark_kind": RemarkKind.LIGHTING}
        p.put(s, office, Remark, **gone, **to, **days, **within)
        back = {"remark_id": to["id"], "to_id": office.id, "answered_at": NOW, "version": 1, "done_on": None}
        p.put(s, office, RemarkAnswer, state=RemarkState.PLANNED, **back, **within)
    plant_evaluation(p, office, pledge, year)


def plant_evaluation(p: Planted, office: Office, pledge: UUID, year: int) -> None:
    """A quarter that the office's worker compiled, with a text beside it, approved and published."""
    key, name = uuid4(), p.name(office)
    of = {"pledge_id": pledge, "collaboration_id": p.town.collaboration, "authority_id": office.id}
    period = f"{year}-Q1"
    with unit_of_work(p.town.planner(office)) as uow:
        by = {**of, "person_id": uow.person}
        asked = {"period": period, "version": 1, "asked_at": NOW, "compiled_at": None}
        asked |= dict.fromkeys(("content", "basis", "digest"))
        p.put(uow.session, office, Evaluation, id=key, **by, **asked)
        del asked["period"]  # a word that is no period: nobody compiles it
        p.put(uow.session, office, Evaluation, id=uuid4(), **by, **asked)
    content = {
        "pledge_id": str(pledge), "name": p.markers.plant(name, "evaluation.content"), "year": year, "period": period,
        "parties": [], "areas": [], "commitments": [], "authorities": [], "treatment": [],
        "kinds": [{"kind": "operation", "done": [0] * 4, "joint": [0] * 4, "cancelled": 0}],
    }  # fmt: skip
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        words = {field: p.markers.plant(name, f"evaluation.{field}") for field in ("digest", "basis")}
        filled = {"content": content, "compiled_at": NOW, **words}
        uow.session.execute(update(Evaluation).where(Evaluation.id == key).values(**filled))
    with unit_of_work(p.town.planner(office)) as uow:
        mine: dict[str, object] = {**of, "person_id": uow.person, "at": NOW}
        said = {"period": period, "version": 1}
        p.put(uow.session, office, EvaluationText, subject_id=pledge, evaluation_version=1, **said, **mine)
        p.put(uow.session, office, EvaluationText, subject_id=pledge, evaluation_version=1, version=1, **mine)
        p.put(uow.session, office, EvaluationApproval, evaluation_id=key, digest="0" * 64, **mine)
    with unit_of_work(Viewer(office.id, p.town.planner(office).person_id, frozenset({"decider"}))) as uow:
        p.put(uow.session, office, EvaluationPublication, evaluation_id=key, **mine)


def plant_focus(p: Planted) -> None:
    """The lead says which promise its operation serves: ids alone."""
    lead = p.town.police
    with unit_of_work(p.town.planner(lead)) as uow:
        values = {"operation_id": p.operation, "lead_id": lead.id, "collaboration_id": p.town.collaboration}
        uow.session.execute(insert(OperationFocus).values(focus_area_id=None, **values))
