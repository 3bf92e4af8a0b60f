"""What an authority keeps of its records: a request with one thing, a package, a case number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.records.models import CaseNumber, RecordsItem, RecordsPackage, RecordsRequest
from samsyn.records.rules import Choice, ItemKind, Subject
from samsyn.retention.models import RecordsHold, RetentionRule, RetentionRun
from samsyn.retention.rules import DataClass
from tests.factories import Office

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)
KEPT = {"preserve": True, "years": 5}


def plant_records(p: Planted, office: Office) -> None:
    """One of each."""
    own, request = {"authority_id": office.id}, uuid4()
    word = p.markers.plant
    with unit_of_work(p.town.planner(office)) as uow:
        s = uow.session
        days = {"received_on": local_day(NOW), "since": None, "until": None, "operation_id": None}
        done = {"settled_at": None, "settled_by": None, "gathered_at": NOW}
        asked = {"entered_by": office.planner, "entered_at": NOW, "items": 1, "business_id": p.town.businesses[0]}
        p.put(s, office, RecordsRequest, id=request, **days, **done, **asked, **own)
        thing = {"item_kind": ItemKind.FINDING, "choice": Choice.UNDECIDED, "decided_by": None, "decided_at": None}
        of_visit = {"visit_id": p.visit, "operation_id": p.operation}
        unit = {"unit_id": office.unit, "unit_only": False}
        said = {name: {"text": word(p.name(office), f"records_item.{name}")} for name in ("content", "given")}
        about = {"request_id": request, "subject_id": uuid4(), "at": NOW}
        p.put(s, office, RecordsItem, id=uuid4(), **thing, **about, **of_visit, **unit, **said, **own)
        among = word(p.name(office), "records_package.operations")
        made: dict[str, object] = {
            "made_by": office.planner,
            "made_at": NOW,
            "size": 1,
            "operations": [str(p.operation), among],
        }
        made["manifest"] = [word(p.name(office), "records_package.manifest")]
        of = {"subject": Subject.REQUEST, "request_id": request, "business_id": None, "operation_id": None}
        p.put(s, office, RecordsPackage, id=uuid4(), **made, **of, **unit, **own)
        words = {"decided_on": None, "set_by": office.planner, "set_at": NOW}
        p.put(s, office, RetentionRule, id=uuid4(), data_class=DataClass.FINDINGS, version=1, **own, **words, **KEPT)
        hold = {"business_id": None, "operation_id": p.operation, "request_id": None}
        p.put(
            s, office, RecordsHold, id=uuid4(), placed_by=office.planner, placed_at=NOW, lifted_by=None, **hold, **own
        )
        lists = {"objects": [word(p.name(office), "retention_run.objects")]}
        lists["files"] = [word(p.name(office), "retention_run.files")]
        ran = {"rule_version": 1, "last_year": 2000, "ordered_by": office.planner, "ordered_at": NOW, "removed": 0}
        p.put(s, office, RetentionRun, id=uuid4(), data_class=DataClass.FINDINGS, **lists, **ran, **own)
        written = {"written_by": office.planner, "written_at": NOW, "request_id": None}
        p.put(s, office, CaseNumber, id=uuid4(), part_id=p.parts[office.id], **written, **of_visit, **own)
