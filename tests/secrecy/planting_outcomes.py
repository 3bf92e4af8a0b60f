"""An outcome of each silo, decided, then withdrawn, and a follow-up; and both of a finding that stays in its unit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from samsyn.core.base import Base
from samsyn.core.home import local_day
from samsyn.outcomes.models import FollowUp, Outcome, OutcomeFinding
from samsyn.outcomes.rules import DecidedBy, FollowUpState, OutcomeState
from tests.factories import Office
from tests.secrecy.markers import Markers

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)
TOOLS = {"tobacco": "LTLP_7_11", "environment": "MB_26_9"}


def plant_outcomes(p: Planted, s: Session, office: Office, bound: dict[str, UUID]) -> None:
    """Write them as the inspector who wrote the findings."""
    for unit_only in (False, True):
        found = text("SELECT finding_id FROM finding WHERE part_id = :part AND unit_only = :alone ORDER BY finding_id")
        finding = s.scalars(found, {"part": bound["part_id"], "alone": unit_only}).first()
        outcome, labels = uuid4(), Markers() if unit_only else p.markers
        whose = {"unit_id": office.unit, "unit_only": unit_only, "operator_id": None, "amount": None}
        decided = {"decided_by": DecidedBy.BOARD, "decided_on": local_day(NOW), "heard_on": None, "until_on": None}
        by = {"written_by": office.inspectors[0], "written_at": NOW}
        for version, state in ((1, OutcomeState.DECIDED), (2, OutcomeState.WITHDRAWN)):
            why = {"reason": ""} if version == 1 else {"tool": TOOLS[p.name(office)]}
            row = labels.row(
                p.name(office),
                Base.metadata.tables["outcome"],
                **{"outcome_id": outcome, "version": version, "state": state},
                **{**whose, **decided, **by, **why, **bound},
            )
            s.execute(insert(Outcome).values(**row))
            ground = {"outcome_id": outcome, "version": version, "finding_id": finding, "finding_version": 1}
            s.execute(insert(OutcomeFinding).values(**ground, **bound))
        row = labels.row(
            p.name(office),
            Base.metadata.tables["follow_up"],
            **{"follow_up_id": uuid4(), "version": 1, "state": FollowUpState.DROPPED, "unit_id": office.unit},
            **{"unit_only": unit_only, "finding_id": finding, "finding_version": 1, "due_on": local_day(NOW)},
            **{"outcome_id": None, "outcome_version": None, "owner_id": office.inspectors[0]},
            **{"written_by": office.inspectors[0], "written_at": NOW},
            **bound,
        )
        s.execute(insert(FollowUp).values(**row))
        if unit_only:
            places = {marker: (owner, f"{place} (unit only)") for marker, (owner, place) in labels.places.items()}
            p.markers.places |= places
