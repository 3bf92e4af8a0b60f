"""What is planted of letters to a business: the lead's before the visit, each authority's own after it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from samsyn.access.rules import Language
from samsyn.core.uow import unit_of_work
from samsyn.letters.models import NoticeLetter, ResultLetter
from tests.factories import Office

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)


def plant_notice_letter(p: Planted) -> None:
    """As a planner of the lead."""
    lead = p.town.police
    content = {"who": p.markers.plant(p.name(lead), "notice_letter.content")}
    about = {
        "visit_id": p.visit,
        "operation_id": p.operation,
        "lead_id": lead.id,
        "version": 1,
        "language": Language.SV,
    }
    wrote = {"sent_on": None, "new_time_at": None, "written_by": lead.planner, "written_at": NOW}
    with unit_of_work(p.town.planner(lead)) as uow:
        p.put(uow.session, lead, NoticeLetter, content=content, **about, **wrote)


def plant_result_letter(p: Planted, office: Office) -> None:
    """As its planner."""
    content = {"seen": p.markers.plant(p.name(office), "result_letter.content")}
    bound = {"part_id": p.parts[office.id], "visit_id": p.visit, "operation_id": p.operation}
    about = {"authority_id": office.id, "unit_id": None, "unit_only": False, "version": 1, "language": Language.SV}
    wrote = {"sent_on": None, "written_by": office.planner, "written_at": NOW}
    with unit_of_work(p.town.planner(office)) as uow:
        p.put(uow.session, office, ResultLetter, content=content, **bound, **about, **wrote)
