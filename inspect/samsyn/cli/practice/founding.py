"""Who they are: authorities, units, the collaboration, and people with their places and sign-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from samsyn.access.rules import Language, Role
from samsyn.access.service import (
    AddPerson,
    PlaceEnds,
    add_person,
    create_api_token,
    end_place,
    hash_password,
    set_password,
)
from samsyn.authorities.rules import Field
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
from samsyn.calendars.service import create_feed
from samsyn.cli.practice.town import Person, Town, Unit
from samsyn.cli.practice.words import KINDS
from samsyn.core.viewer import Viewer

PASSWORD: Final = "samsyn-ovning"  # noqa: S105  practice mode alone, shown on purpose
ADMIN: Final = frozenset({"unit_admin"})


def founded(town: Town) -> datetime:
    """Return when the agreement was signed; everything before it is the import's."""
    return town.clock.at(town.clock.day_in(town.data["collaboration"]["agreement"]["signed"]), "09:00")


def found_town(town: Town) -> None:
    """Found the authorities with their units, and let the members join; guests stay outside."""
    for said in town.data["authorities"]:
        authority_id = uuid4()
        town.authorities[said["key"]] = authority_id
        with town.at(Viewer(authority_id, None, ADMIN), founded(town)) as uow:
            found_authority(uow, FoundAuthority(said["name_sv"], KINDS[said["kind"]]))
            for unit in town.data["units"]:
                if unit["authority"] == said["key"]:
                    unit_id = add_unit(uow, AddUnit(unit["name_sv"], Field(unit["field"])))
                    town.units[unit["key"]] = Unit(unit_id, said["key"], Field(unit["field"]))
    join(town, [said["key"] for said in town.data["authorities"] if said["member"]])


def join(town: Town, members: list[str]) -> None:
    """Sign the agreement: one founds it and invites, the others join by themselves."""
    first, *others = members
    said = town.data["collaboration"]
    with town.at(Viewer(town.authorities[first], None, ADMIN), founded(town)) as uow:
        town.collaboration = found_collaboration(uow, FoundCollaboration(said["sv"], "Arboga"))
        for other in others:
            invite_member(uow, town.collaboration, town.authorities[other])
    for other in others:
        with town.at(Viewer(town.authorities[other], None, ADMIN), founded(town)) as uow:
            join_collaboration(uow, town.collaboration)
    town.members = frozenset(members)


def settle_people(town: Town) -> list[dict[str, Any]]:
    """Give everybody a place, and who has an account a sign-in, a token and a feed; return the sign-ins."""
    hashed = hash_password(PASSWORD)
    admins = administrators(town.data["persons"], {key: unit.authority for key, unit in town.units.items()})
    signed_up = [settle(town, said, admin=said["key"] in admins, hashed=hashed) for said in town.data["persons"]]
    gone = {str(p.id) for p in town.persons.values() if p.until_day is not None}
    return [sign_in for sign_in in signed_up if sign_in and sign_in["person_id"] not in gone]


def say_goodbye(town: Town) -> None:
    """Let leave who has left, after all that the person had still done."""
    for person in town.persons.values():
        if person.until_day is not None:
            last = town.clock.date_of(person.until_day)
            with town.at(town.admin(person.authority), town.clock.at(person.until_day, "16:00")) as uow:
                end_place(uow, PlaceEnds(person.id, last))


def administrators(persons: list[dict[str, Any]], authority_of: dict[str, str]) -> frozenset[str]:
    """Name an administrator of each authority that has none: who decides and inspects nothing, else who decides."""
    chosen: dict[str, tuple[int, str]] = {}
    for said in persons:
        roles = {role for membership in said["memberships"] for role in membership["roles"]}
        rank = 3 * ("unit_admin" in roles) + ("decider" in roles) * (2 - ("inspector" in roles))
        authority = authority_of[said["memberships"][0]["unit"]]
        if said["account"] and rank > chosen.get(authority, (0, ""))[0]:
            chosen[authority] = (rank, said["key"])
    return frozenset(key for _, key in chosen.values())


def settle(town: Town, said: dict[str, Any], *, admin: bool, hashed: str) -> dict[str, Any] | None:
    """Add one person with the union of what its units let it do: a person has one place in an authority."""
    units = tuple(membership["unit"] for membership in said["memberships"])
    roles = {role for membership in said["memberships"] for role in membership["roles"]} | (ADMIN if admin else set())
    authority = town.units[units[0]].authority
    until = next((m["until_day"] for m in said["memberships"] if "until_day" in m), None)
    person = Person(
        said["key"], uuid4(), said["name"], said["mail"], authority, units, frozenset(roles), said["account"], until
    )
    town.persons[person.key] = person
    command = AddPerson(
        person.id,
        person.name,
        town.units[units[0]].id,
        frozenset(Role(role) for role in roles),
        person.address,
        phone=said["phone"],
        competences=frozenset(said["competences"]) | {town.units[unit].field.value for unit in units},
        language=Language(said["language"]),
    )
    with town.at(Viewer(town.authorities[authority], person.id, ADMIN), founded(town)) as uow:
        add_person(uow, command)
        if not person.account:
            return None
        set_password(uow, person.id, person.address, PASSWORD, hashed=hashed)
    # From now on, not from the founding on: a token lasts a year.
    with town.at(Viewer(town.authorities[authority], person.id, ADMIN), town.clock.now) as uow:
        token = create_api_token(uow)
        _, feed_secret = create_feed(uow)
    return {
        "email": person.address,
        "name": person.name,
        "person_id": str(person.id),
        "authority": next(a["name_sv"] for a in town.data["authorities"] if a["key"] == authority),
        "authority_id": str(town.authorities[authority]),
        "unit": town.units[units[0]].field.value,
        "roles": sorted(roles),
        "password": PASSWORD,
        "token": token,
        "feed_secret": feed_secret,
    }
