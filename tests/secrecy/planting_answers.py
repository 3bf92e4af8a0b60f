"""What is planted of an answer: what came back, what was wished, that a planner looked at it, and the mail itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert

from samsyn.calendars.models import Inbound, Reply, ReplyComment, ReplySettled, ReplyWish
from samsyn.calendars.rules import COUNTER, Decision, Said, Via
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.factories import Office

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)


def plant_answers(p: Planted, office: Office) -> None:
    """What the worker writes of an invited person's answer, and what the own planner says of it."""
    reply, wish = uuid4(), uuid4()
    at = {"operation_id": p.operation, "at": NOW}
    whose = {"operation_id": p.operation, "authority_id": office.id, "lead_id": p.town.police.id}
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        s = uow.session
        who = {"person_id": office.inspectors[0], "assignment_id": p.assignments[office.id], "authority_id": office.id}
        said = {"sequence": 0, "said": Said.ACCEPTED, "via": Via.MAIL, "verified": False, "stamped_at": NOW}
        p.put(s, office, Reply, id=reply, decision=Decision.APPLIED, **said, **who, **at)
        p.put(s, office, ReplyComment, reply_id=reply, **whose)
        for queued, why in ((uuid4(), "other_sender"), (wish, COUNTER)):
            p.put(s, office, Reply, id=queued, decision=Decision.QUEUE, reason=why, **said, **who, **at)
            p.put(s, office, ReplyComment, reply_id=queued, **whose)
        other = {"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=1, hours=1)}
        s.execute(insert(ReplyWish).values(reply_id=wish, **other, **whose))
        p.put(s, office, Inbound, id=uuid4(), authority_id=office.id, size=1, decision=Decision.QUARANTINE, at=NOW)
    with unit_of_work(p.town.planner(office)) as uow:
        mine = {"settled_by_id": office.id, "person_id": uow.person, "at": NOW}
        uow.session.execute(insert(ReplySettled).values(reply_id=reply, **mine, **whose))
