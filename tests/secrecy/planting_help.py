"""A refused entry of each silo, a request for help that it makes to the police, and what it notes of one by phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from samsyn.assistance.models import EntryRefusal, HelpAnswer, HelpRequest
from samsyn.assistance.rules import Helped, HelpGround, HelpLaw
from samsyn.core.base import Base
from samsyn.operations.models import Presence
from samsyn.operations.rules import PoliceRole, Present
from tests.factories import Office
from tests.secrecy.markers import Markers

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)
LAWS = {"tobacco": (HelpLaw.LTLP_7_19, HelpGround.POWERS), "environment": (HelpLaw.MB_28_8, None)}


def plant_help(p: Planted, s: Session, office: Office, bound: dict[str, UUID]) -> None:
    """Write them as the inspector; the police's answer is planted by ``plant_help_answer``."""
    by = {"written_by": office.inspectors[0], "written_at": NOW, "at": NOW, "unit_id": office.unit}
    p.put(s, office, EntryRefusal, id=(refusal := uuid4()), unit_only=False, **by, **bound)
    law, ground = LAWS[p.name(office)]
    said = {"law": law, "ground": ground, "refusal_id": refusal, "answers_id": p.town.police.id}
    p.put(s, office, HelpRequest, id=(asked := uuid4()), answers_unit_id=None, **said, **by, **bound)
    p.requests[office.id] = asked


def plant_help_answer(p: Planted, s: Session, office: Office) -> None:
    """What the police answer to a silo's request, and the role they went over to; read by these two alone.

    And the role that they went back to, which the police alone read.
    """
    police, went = p.town.police, uuid4()
    visit, by = {"visit_id": p.visit, "operation_id": p.operation}, {"written_by": police.inspectors[0]}
    noted = {"what": Present.ROLE, "police_role": PoliceRole.ASSISTANCE, "at": NOW, "written_at": NOW}
    whose = {"authority_id": police.id, "person_id": police.inspectors[0], **visit, **by}
    plant_role(p, s, office, "help", id=went, after_help=False, **whose, **noted)
    back = {**noted, "police_role": PoliceRole.OWN_SUPERVISION, "at": NOW + timedelta(minutes=1)}
    plant_role(p, s, police, "after help", id=uuid4(), after_help=True, **whose, **back)
    of = {"request_id": p.requests[office.id], "authority_id": police.id, "asker_id": office.id, **visit, **by}
    said = {"what": Helped.GIVEN, "at": NOW, "presence_id": went, "written_at": NOW}
    p.put(s, office, HelpAnswer, id=uuid4(), **of, **said)


def plant_role(p: Planted, s: Session, owner: Office, label: str, **fixed: object) -> None:
    """A change of role of the police that not all who take part read."""
    labels = Markers()
    row = labels.row(p.name(owner), Base.metadata.tables["presence"], **fixed)
    s.execute(insert(Presence).values(**row))
    p.markers.places |= {marker: (whose, f"{place} ({label})") for marker, (whose, place) in labels.places.items()}
