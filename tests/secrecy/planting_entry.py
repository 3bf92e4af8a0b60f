"""What lets people in: an invitation that was taken; and what needs two people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert

from samsyn.access.models import Challenge, Deputy, Invitation, InvitationAcceptance, Passkey
from samsyn.access.rules import Language
from samsyn.approvals.models import Approval, ApprovalDecision, ApprovalUse
from samsyn.approvals.rules import ApprovalKind
from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.factories import Office

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)


def plant_entry(p: Planted, office: Office) -> None:
    invitation = uuid4()
    with unit_of_work(p.town.planner(office)) as uow:
        row = p.put(
            uow.session,
            office,
            Invitation,
            id=invitation,
            edition=1,
            authority_id=office.id,
            unit_id=office.unit,
            language=Language.SV,
            invited_by_id=office.planner,
            created_at=NOW,
            expires_at=NOW + timedelta(hours=72),
            revoked_at=None,
            sent_at=None,
        )
    with unit_of_work(Viewer(office.id, uuid4(), frozenset(), row["hash"])) as uow:
        taken = {"invitation_id": invitation, "authority_id": office.id, "person_id": uow.person, "accepted_at": NOW}
        uow.session.execute(insert(InvitationAcceptance).values(**taken))
    plant_approval(p, office)
    digest = p.markers.plant(p.name(office), "challenge.hash")
    with unit_of_work(Viewer.presenting(digest)) as uow:
        # A day, though a real one stands five minutes: a digest that is over is anybody's, who then tidies it away.
        row = {"id": uuid4(), "hash": digest, "until": NOW + timedelta(days=1)}
        uow.session.execute(insert(Challenge).values(**row))
    with unit_of_work(p.town.inspector(office)) as uow:
        mine = {"id": uuid4(), "person_id": uow.person, "sign_count": 0, "created_at": NOW}
        p.put(uow.session, office, Passkey, seen_at=None, flagged_at=None, **mine)
        days = {"from_on": local_day(NOW), "until_on": local_day(NOW) + timedelta(days=7), "named_at": NOW}
        who = {"person_id": uow.person, "deputy_id": office.planner, "named_by_id": uow.person}
        uow.session.execute(insert(Deputy).values(id=uuid4(), authority_id=office.id, **who, **days))


def plant_approval(p: Planted, office: Office) -> None:
    """An inspector's question for a long list, approved by the planner, and used."""
    mine = {"approval_id": uuid4(), "authority_id": office.id}
    with unit_of_work(p.town.inspector(office)) as uow:
        fixed = {"id": mine["approval_id"], "authority_id": office.id, "matter": ApprovalKind.EXPORT, "rows": 101}
        fixed |= {"asked_by_id": uow.person, "asked_at": NOW, "expires_at": NOW + timedelta(days=7)}
        none = {"collaboration_id": None, "member_id": None, "person_id": None}
        p.put(uow.session, office, Approval, **fixed, **none)
    with unit_of_work(p.town.planner(office)) as uow:
        decided = {"approved": True, "decided_by_id": uow.person, "decided_at": datetime.now(UTC)}
        p.put(uow.session, office, ApprovalDecision, **mine, **decided)
    with unit_of_work(p.town.inspector(office)) as uow:
        uow.session.execute(insert(ApprovalUse).values(**mine, used_by_id=uow.person, used_at=NOW))
