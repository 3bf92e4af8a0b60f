"""The practice collaboration: made through the services as its people would, once per data folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import yaml

from samsyn.access.rules import Role, ShownAs
from samsyn.access.service import AddPerson, add_person, create_api_token, set_password
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.authorities.service import (
    AddUnit,
    FoundAuthority,
    FoundCollaboration,
    add_unit,
    found_authority,
    found_collaboration,
    invite_member,
    join_collaboration,
)
from samsyn.businesses.service import ImportBusinesses, import_businesses
from samsyn.calendars.service import create_feed
from samsyn.cli.acting import house, keys_of
from samsyn.core.keys import Keys
from samsyn.core.migrate import config_folder
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.embedded.files import write_private

PASSWORD: Final = "samsyn-ovning"  # noqa: S105  practice mode alone, shown on purpose
ADMIN: Final = frozenset({"unit_admin"})


def practice_people(folder: Path, url: str) -> list[dict[str, Any]]:
    """Return the people with password, token and feed address; load the collaboration if this folder has none."""
    file = folder / "practice.json"
    settings = house()
    if not file.exists():
        people = load(keys_of(settings))
        write_private(file, json.dumps(people, ensure_ascii=False))
    people = json.loads(file.read_text("utf-8"))
    return [{**person, "feed_url": f"{url}/cal/{person['feed_secret']}.ics"} for person in people]


def load(keys: Keys) -> list[dict[str, Any]]:
    """Found the authorities, let them join, add their people, import the businesses."""
    said = yaml.safe_load((config_folder() / "demo" / "collaboration.yaml").read_text("utf-8"))
    people: list[dict[str, Any]] = []
    collaboration: UUID | None = None
    first: Viewer | None = None
    for authority in said["authorities"]:
        authority_id, staff = found(authority)
        people += staff
        admin = Viewer(authority_id, UUID(staff[0]["person_id"]), frozenset(staff[0]["roles"]))
        if collaboration is None or first is None:
            first = admin
            with unit_of_work(admin) as uow:
                collaboration = found_collaboration(uow, FoundCollaboration(**said["collaboration"]))
        else:
            with unit_of_work(first) as uow:
                invite_member(uow, collaboration, authority_id)
            with unit_of_work(admin) as uow:
                join_collaboration(uow, collaboration)
    if first is not None and collaboration is not None:
        data = (config_folder() / "demo" / "businesses.csv").read_bytes()
        with unit_of_work(first) as uow:
            import_businesses(uow, keys, ImportBusinesses(collaboration, "businesses.csv", data))
    return people


def found(authority: dict[str, Any]) -> tuple[UUID, list[dict[str, Any]]]:
    """Found one authority with its units and people."""
    authority_id = uuid4()
    with unit_of_work(Viewer(authority_id, None, ADMIN)) as uow:
        found_authority(uow, FoundAuthority(authority["name"], AuthorityKind(authority["kind"])))
        units = [(add_unit(uow, AddUnit(u["name"], Field(u["field"]))), u["field"]) for u in authority["units"]]
    return authority_id, [settle(authority_id, authority["name"], units[0], person) for person in authority["people"]]


def settle(authority_id: UUID, authority: str, unit: tuple[UUID, str], said: dict[str, Any]) -> dict[str, Any]:
    """Give one person a place, a password, an API token and a feed."""
    person_id = uuid4()
    command = AddPerson(
        person_id,
        said["name"],
        unit[0],
        frozenset(Role(role) for role in said["roles"]),
        said["address"],
        phone=said["phone"],
        service_number=said.get("number"),
        shown_as=ShownAs.NUMBER if said.get("number") else ShownAs.NAME,
        competences=frozenset(said.get("competences", ())),
    )
    with unit_of_work(Viewer(authority_id, person_id, ADMIN)) as uow:
        add_person(uow, command)
        set_password(uow, person_id, said["address"], PASSWORD)
        token = create_api_token(uow, person_id)
        _, feed_secret = create_feed(uow)
    return {
        "email": said["address"],
        "name": said["name"],
        "person_id": str(person_id),
        "authority": authority,
        "authority_id": str(authority_id),
        "unit": unit[1],
        "roles": said["roles"],
        "password": PASSWORD,
        "token": token,
        "feed_secret": feed_secret,
    }
