"""What a silo hands to the police, to everybody, and takes back; what it asks the police for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import insert, update

from samsyn.access.rules import Role
from samsyn.authorities.models import Authority, Unit
from samsyn.authorities.rules import Field
from samsyn.core.base import Base
from samsyn.core.home import local_day
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.disclosures.models import (
    DisclosedItem,
    DisclosedPicture,
    Disclosure,
    DisclosureGround,
    DisclosureReceipt,
    InformationRequest,
)
from samsyn.disclosures.rules import Decision
from tests.factories import Office, make_person
from tests.secrecy.markers import Markers

if TYPE_CHECKING:
    from tests.secrecy.planting import Planted

NOW = datetime.now(UTC)


def divide_the_police(p: Planted) -> None:
    """Give the police a second unit with somebody in it; each unit reads its own rows alone from now on (R1)."""
    police, unit, admin = p.town.police, uuid4(), frozenset({"unit_admin"})
    with unit_of_work(Viewer(police.id, None, admin)) as uow:
        uow.session.execute(update(Authority).where(Authority.id == police.id).values(spanning=True))
        named = {"name": "Enhet två", "field": Field.POLICE}
        uow.session.execute(insert(Unit).values(id=unit, authority_id=police.id, **named))
    p.other_police_unit = make_person(police.id, unit, "Kollega", {Role.INSPECTOR, Role.PLANNER})


def plant_handover(p: Planted, office: Office) -> None:
    """Three decisions of the office, each with a copy and a picture, and one question."""
    _asked(p, office)
    _decided(p, office, "", p.town.police.id)
    _decided(p, office, " (public)", None, legal_basis="PUBLIC")
    _decided(p, office, " (withdrawn)", p.town.police.id, withdrawn_at=NOW)


def _asked(p: Planted, office: Office) -> None:
    about = {"collaboration_id": p.town.collaboration, "business_id": p.town.businesses[0], "visit_id": p.visit}
    sides = {"from_id": office.id, "to_id": p.town.police.id, "asked_by": office.inspectors[0]}
    with unit_of_work(p.town.inspector(office)) as uow:
        p.put(uow.session, office, InformationRequest, id=uuid4(), at=NOW, **about, **sides)


def a_copy(labels: Markers, owner: str) -> dict[str, object]:
    """A frozen copy in its shape, with a marker in every field that a person wrote."""

    def word() -> str:
        return labels.plant(owner, "disclosed_item.copy")

    return {
        **{field: word() for field in ("giver", "place", "address", "point", "point_sv", "point_en", "law")},
        **{field: word() for field in ("text", "by", "marking")},
        "visited_on": local_day(NOW).isoformat(),
        "observed_at": NOW.isoformat(),
        "answer": "deficiency",
        "serious": False,
        "pictures": [word()],
    }


def _decided(p: Planted, office: Office, kind: str, to_id: UUID | None, **fixed: object) -> None:
    act, item, labels = uuid4(), uuid4(), Markers()
    of_act: dict[str, object] = {"disclosure_id": act, "from_id": office.id, "visit_id": p.visit}
    about = {"business_id": p.town.businesses[0]}
    rows: list[tuple[type[Base], dict[str, object]]] = [
        (
            Disclosure,
            {
                "id": act,
                "from_id": office.id,
                "to_id": to_id,
                "to_unit_id": p.town.police.unit if to_id else None,
                "collaboration_id": p.town.collaboration,
                "operation_id": p.operation,
                "visit_id": p.visit,
                "unit_id": None,
                "unit_only": False,
                "request_id": None,
                "decision": Decision.GRANTED,
                "decider_id": office.planner,
                "at": NOW,
                "withdrawn_at": None,
                **about,
                **fixed,
            },
        ),
        (DisclosedItem, {"id": item, "position": 1, "copy": a_copy(labels, p.name(office)), **of_act, **about}),
        (DisclosedPicture, {"id": uuid4(), "item_id": item, "position": 1, "size": 1, **of_act}),
        (DisclosureGround, of_act),
    ]
    with unit_of_work(p.town.planner(office)) as uow:
        for model, values in rows:
            table = Base.metadata.tables[model.__tablename__]
            uow.session.execute(insert(model).values(**labels.row(p.name(office), table, **values)))
        if to_id is not None:
            unit = p.town.police.unit
            receipt = {**of_act, "to_id": to_id, "to_unit_id": unit, "decision": Decision.GRANTED, "at": NOW}
            uow.session.execute(insert(DisclosureReceipt).values(**receipt, withdrawn_at=fixed.get("withdrawn_at")))
    for marker, (owner, place) in labels.places.items():
        p.markers.places[marker] = (owner, f"{place}{kind}")
