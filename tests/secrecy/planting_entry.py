"""What lets people in: an invitation that was taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert

from samsyn.access.models import Challenge, Invitation, InvitationAcceptance, Passkey
from samsyn.access.rules import Language
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
    digest = p.markers.plant(p.name(office), "challenge.hash")
    with unit_of_work(Viewer.presenting(digest)) as uow:
        # A day, though a real one stands five minutes: a digest that is over is anybody's, who then tidies it away.
        row = {"id": uuid4(), "hash": digest, "until": NOW + timedelta(days=1)}
        uow.session.execute(insert(Challenge).values(**row))
    with unit_of_work(p.town.inspector(office)) as uow:
        mine = {"id": uuid4(), "person_id": uow.person, "sign_count": 0, "created_at": NOW}
        p.put(uow.session, office, Passkey, seen_at=None, flagged_at=None, **mine)
