"""The second half of what is planted: working hours, hot spots, the evening's order, what is held and what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from samsyn.access.models import OwnSetting
from samsyn.businesses.models import OpeningHours
from samsyn.calendars.models import Notice, NoticeRead
from samsyn.calendars.rules import NoticeKind
from samsyn.core.home import local_day
from samsyn.core.models import Draft
from samsyn.core.uow import unit_of_work
from samsyn.operations.models import (
    ContactCard,
    HeldAction,
    Message,
    OperationOrder,
    StateReached,
    Team,
    TeamMember,
    VisitOrder,
)
from samsyn.operations.rules import HeldKind, HeldState, OperationState
from samsyn.places.models import HotSpot, HotSpotEvent, HotSpotPremises, Signal, SignalCount, SignalImport
from samsyn.places.rules import LIVES, Bucket, HotSpotChange, HotSpotState, SignalSource
from samsyn.planning.busy.faults import Fault
from samsyn.planning.models import BusyReading, BusySource, BusyTime, Leave, Shift, Template, Unavailable
from samsyn.planning.rules import LeaveKind, TemplateKind, Unavailability
from samsyn.reviews.models import LogAlarm, LogMonth, LogSample, LogWatch
from samsyn.reviews.rules import Alarm, Handling, Verdict
from tests.factories import Office

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)
ENDS = NOW + timedelta(hours=2)


def plant_plan(p: Planted) -> None:
    """What the lead writes of the evening; the people are placed in their teams once they are asked."""
    lead = p.town.police
    mine = {"operation_id": p.operation, "lead_id": lead.id}
    with unit_of_work(p.town.planner(lead)) as uow:
        s = uow.session
        p.put(s, lead, OperationOrder, open_at=NOW - timedelta(hours=1), briefing_at=NOW, version=1, **mine)
        p.put(s, lead, Team, id=(team := uuid4()), **mine)
        s.execute(insert(VisitOrder).values(team_id=team, visit_id=p.visit, position=1, **mine))
        p.teams.append(team)
        s.execute(insert(StateReached).values(state=OperationState.ONGOING, reached_at=NOW, **mine))


def plant_evening(p: Planted, office: Office) -> None:
    """What an authority that takes part writes of itself, and what is told to its people."""
    _planner(p, office)
    _inspector(p, office)
    _told(p, office)
    _reviewed(p, office)


def _reviewed(p: Planted, office: Office) -> None:
    """What a log reviewer drew, said and was warned of."""
    mine, month = {"authority_id": office.id}, local_day(NOW).replace(day=1)
    with unit_of_work(p.town.planner(office)) as uow:
        s, who = uow.session, {"person_id": office.inspectors[0]}
        drawn = {"drawn": 1, "of_lines": 1, "drawn_by": uow.person, "drawn_at": NOW}
        p.put(s, office, LogMonth, month=month, **drawn, **mine)
        line = {"audit_id": uuid4(), "audit_at": NOW, "position": 1, "verdict": Verdict.LOOK_CLOSER}
        p.put(s, office, LogSample, month=month, ticked_by=uow.person, ticked_at=NOW, **line, **mine)
        alarm = {"alarm": Alarm.MANY, "n": 20, "usual": 2, "starts_at": NOW, "subject_id": uuid4(), "raised_at": NOW}
        handled = {"handling": Handling.EXPLAINED, "handled_by": uow.person, "handled_at": NOW}
        p.put(s, office, LogAlarm, id=uuid4(), **who, **alarm, **handled, **mine)
        s.execute(insert(LogWatch).values(looked_until=NOW, **mine))


def _planner(p: Planted, office: Office) -> None:
    goer = {"person_id": office.inspectors[0], "authority_id": office.id}
    when = Range(NOW, ENDS)
    with unit_of_work(p.town.planner(office)) as uow:
        s = uow.session
        s.execute(insert(Shift).values(id=uuid4(), during=when, **goer))
        s.execute(insert(Leave).values(id=uuid4(), during=when, leave_kind=LeaveKind.HOLIDAY, **goer))
        s.execute(insert(BusyTime).values(id=uuid4(), during=when, fetched_at=NOW, **goer))
        s.execute(insert(Unavailable).values(id=uuid4(), during=when, state=Unavailability.BUSY, as_of=NOW, **goer))
        kind = {"template_kind": TemplateKind.OPERATION, "version": 1, "changed_at": NOW, "withdrawn_at": None}
        p.put(s, office, Template, id=uuid4(), authority_id=office.id, **kind)
        held = {"action": HeldKind.STEP, "state": HeldState.PENDING, "made_at": NOW, "due_at": ENDS, "ended_at": None}
        whose = {"person_id": office.planner, "authority_id": office.id, "operation_id": p.operation}
        p.put(s, office, HeldAction, id=uuid4(), **held, **whose)
        p.put(s, office, ContactCard, operation_id=p.operation, withdrawn_at=None, **goer)
        where = {"collaboration_id": p.town.collaboration}
        spot = uuid4()
        at = [[59.3, 15.8, p.markers.plant(p.name(office), "hot_spot.outline")]]  # its page reckons with the numbers
        p.put(s, office, HotSpot, id=spot, outline=at, state=HotSpotState.FOLLOWED, changed_at=NOW, **where)
        event = {"on_date": local_day(NOW), "change": HotSpotChange.IDENTIFIED}
        p.put(s, office, HotSpotEvent, id=uuid4(), hot_spot_id=spot, **event, **where)
        s.execute(insert(HotSpotPremises).values(hot_spot_id=spot, premises_id=p.town.premises[0], **where))
        mine = {"authority_id": office.id, "business_id": None, "hot_spot_id": spot, **where}
        p.put(s, office, SignalImport, id=uuid4(), authority_id=office.id, rows=1, at=NOW, undone_at=None)
        noted = {"source": SignalSource.PUBLIC, "weight": 1, "n": 1, "on_date": local_day(NOW), "import_id": None}
        ends = {"expires_on": local_day(NOW) + LIVES, "noted_at": NOW, "withdrawn_at": None}
        p.put(s, office, Signal, id=uuid4(), **mine, **noted, **ends)
        s.execute(insert(SignalCount).values(id=uuid4(), bucket=Bucket.SOME, **mine))
        day = {"weekday": 1 + (office is p.town.tobacco), "opens": 480, "closes": 1020}
        s.execute(insert(OpeningHours).values(business_id=p.town.businesses[0], **day, **where))


def _inspector(p: Planted, office: Office) -> None:
    me = p.town.inspector(office)
    with unit_of_work(me) as uow:
        s = uow.session
        mine = {"person_id": me.person_id, "authority_id": office.id}
        tried = {"added_at": NOW, "next_at": None, "tried_at": NOW, "failures": 1, "fault": Fault.AWAY}
        p.put(s, office, BusySource, id=uuid4(), **tried, **mine)
        s.execute(insert(BusyReading).values(readable=False, fetched_at=None, tells=None, **mine))
        whose = {"person_id": me.person_id, "authority_id": office.id, "operation_id": p.operation}
        p.put(s, office, Message, id=uuid4(), at=NOW, **whose)
        p.put(s, office, OwnSetting, person_id=me.person_id)
        read = {"reader_id": office.id, "person_id": me.person_id}
        p.put(s, office, Draft, id=uuid4(), changed_at=NOW, until=ENDS, **read)


def _told(p: Planted, office: Office) -> None:
    lead = p.town.police
    notice = uuid4()
    with unit_of_work(p.town.planner(lead)) as uow:
        told = {"from_id": lead.id, "to_id": office.id, "person_id": office.inspectors[0], "operation_id": p.operation}
        what = {"notice_kind": NoticeKind.ANSWER_REMINDER, "n": 1, "subject_id": uuid4(), "at": NOW}
        p.put(uow.session, office, Notice, id=notice, **what, **told)
        placed = {"assignment_id": p.assignments[office.id], "operation_id": p.operation, "lead_id": lead.id}
        uow.session.execute(insert(TeamMember).values(team_id=p.teams[0], **placed))
    with unit_of_work(p.town.inspector(office)) as uow:
        uow.session.execute(insert(NoticeRead).values(notice_id=notice, person_id=uow.person, at=NOW))
