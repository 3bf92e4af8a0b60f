"""What fills the arguments of a route: one thing of each kind, the tobacco board's, as the table has it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from samsyn.core.uow import unit_of_work
from samsyn.planning.service import SaveTemplate, save_template
from samsyn.planning.templates import OperationContent
from tests.secrecy.asking import People
from tests.secrecy.planting import Planted
from tests.secrecy.test_http import KEYS

MORE: Final = {
    "person_id": "SELECT CAST(:p AS uuid)",
    "template_id": "SELECT id FROM template WHERE authority_id = :a AND name = 'Kväll'",
}


def plant_more(planted: Planted, db: Connection) -> None:
    """What a route needs to have something to show: a template that can be used, a thing that is a picture."""
    tobacco = planted.town.tobacco
    with unit_of_work(planted.town.planner(tobacco)) as uow:
        save_template(uow, SaveTemplate("Kväll", OperationContent(lasts=120, visit_lasts=30)))
    picture = "SELECT id FROM evidence WHERE authority_id = :a LIMIT 1"
    thing = text(f"UPDATE records_item SET item_kind = 'picture', subject_id = ({picture}) WHERE authority_id = :a")
    db.execute(thing, {"a": tobacco.id})
    db.commit()


def keys_of(planted: Planted, people: People, db: Connection) -> dict[str, UUID]:
    """Return one key for each argument that any route has."""
    tobacco = planted.town.tobacco
    values = {"a": tobacco.id, "p": tobacco.inspectors[0]}
    found = {name: db.scalar(text(find), values) for name, find in {**KEYS, **MORE}.items()}
    assert all(found.values()), [name for name, key in found.items() if key is None]
    begun = {
        "collaboration_id": str(planted.town.collaboration),
        "pasted": "Namn\tAdress\tPostnr\tOrt\nKiosk\tNygatan 1\t732 31\tArboga",
    }
    people.ask(("own", "planner"), "POST", "/import/businesses", begun)
    draft = db.scalars(text("SELECT id FROM draft WHERE person_id = :p"), {"p": tobacco.planner}).one()
    return {**found, "draft_id": draft}
