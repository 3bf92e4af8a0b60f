"""A small town, made through the services as its people would; row security keeps the towns of two tests apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from samsyn.access.rules import Role
from samsyn.access.service import AddPerson, add_person, create_api_token
from samsyn.approvals.service import AskMember, Decide, ask_member, decide, invite_approved
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
from samsyn.businesses.models import Business, Operator, Premises
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer

ADMIN = frozenset({"unit_admin"})
START = datetime(2027, 3, 4, 17, 0, tzinfo=UTC)


@dataclass
class Office:
    """An authority of the town: a planner who also decides and administers, two inspectors."""

    id: UUID
    unit: UUID
    field: Field
    name: str
    planner: UUID
    inspectors: list[UUID]


@dataclass
class Town:
    """``police``, ``tobacco``, ``environment``, ``health`` share a collaboration; ``outsider`` is in none of it."""

    collaboration: UUID
    police: Office
    tobacco: Office
    environment: Office
    health: Office
    outsider: Office
    businesses: list[UUID] = field(default_factory=list)
    premises: list[UUID] = field(default_factory=list)
    mark: str = ""

    @property
    def offices(self) -> list[Office]:
        return [self.police, self.tobacco, self.environment, self.health]

    def planner(self, office: Office) -> Viewer:
        return Viewer(office.id, office.planner, frozenset({"planner", "decider", "unit_admin", "log_reviewer"}))

    def inspector(self, office: Office, n: int = 0) -> Viewer:
        return Viewer(office.id, office.inspectors[n], frozenset({"inspector"}))

    def token(self, viewer: Viewer) -> str:
        """An API token of that person."""
        with unit_of_work(viewer) as uow:
            return create_api_token(uow)


def make_person(
    authority: UUID, unit: UUID, name: str, roles: set[Role], competences: frozenset[str] = frozenset()
) -> UUID:
    person = uuid4()
    with unit_of_work(Viewer(authority, person, ADMIN)) as uow:
        add_person(
            uow,
            AddPerson(
                person,
                name,
                unit,
                frozenset(roles),
                f"{person.hex[:12]}@demo.example",
                phone="070-174 06 05",
                competences=competences,
            ),
        )
    return person


def make_office(mark: str, name: str, what: Field, kind: AuthorityKind = AuthorityKind.BOARD) -> Office:
    authority = uuid4()
    with unit_of_work(Viewer(authority, None, ADMIN)) as uow:
        found_authority(uow, FoundAuthority(f"{name} {mark}", kind))
        unit = add_unit(uow, AddUnit(f"Enhet {name}", what))
    planner = make_person(
        authority, unit, f"Planerare {name}", {Role.PLANNER, Role.DECIDER, Role.UNIT_ADMIN, Role.LOG_REVIEWER}
    )
    inspectors = [
        make_person(authority, unit, f"Inspektör {n} {name}", {Role.INSPECTOR}, frozenset({what.value})) for n in (1, 2)
    ]
    return Office(authority, unit, what, f"{name} {mark}", planner, inspectors)


def make_town() -> Town:
    mark = uuid4().hex[:8]
    police = make_office(mark, "Polisen", Field.POLICE, AuthorityKind.NATIONAL)
    tobacco = make_office(mark, "Socialnämnden", Field.TOBACCO)
    environment = make_office(mark, "Myndighetsförbundet", Field.ENVIRONMENT, AuthorityKind.FEDERATION)
    health = make_office(mark, "Hälsoskyddsnämnden", Field.HEALTH)
    outsider = make_office(mark, "Grannkommunen", Field.TOBACCO)
    with unit_of_work(Viewer(police.id, police.planner, ADMIN)) as uow:
        collaboration = found_collaboration(uow, FoundCollaboration(f"Samverkan {mark}", "Arboga"))
        for office in (tobacco, environment, health):
            invite_member(uow, collaboration, office.id)
    for office in (tobacco, environment, health):
        with unit_of_work(Viewer(office.id, office.planner, ADMIN)) as uow:
            join_collaboration(uow, collaboration)
    town = Town(collaboration, police, tobacco, environment, health, outsider, mark=mark)
    make_businesses(town)
    return town


def make_businesses(town: Town) -> None:
    """Three businesses, written as the import would."""
    with unit_of_work(town.planner(town.tobacco)) as uow:
        for n in range(3):
            operator, premises, business = uuid4(), uuid4(), uuid4()
            c = town.collaboration
            name = f"Kiosk {n} {town.mark}"
            uow.session.execute(
                insert(Operator).values(
                    id=operator,
                    collaboration_id=c,
                    form="company",
                    name=f"Bolag {n} {town.mark} AB",
                    number=f"55999900{n}6",
                    match_key=f"op{n}{town.mark}",
                )
            )
            uow.session.execute(
                insert(Premises).values(
                    id=premises,
                    collaboration_id=c,
                    name=name,
                    address=f"Nygatan 1{n}1",
                    postcode="732 31",
                    town="Arboga",
                    match_key=f"pr{n}{town.mark}",
                    sort_key=name.lower(),
                    version=1,
                )
            )
            uow.session.execute(
                insert(Business).values(
                    id=business,
                    collaboration_id=c,
                    operator_id=operator,
                    premises_id=premises,
                    trades=["kiosk"],
                    sni=["47.621"],
                    during=Range(date(2020, 1, 1), None),
                )
            )
            town.businesses.append(business)
            town.premises.append(premises)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def in_time(starts_at: datetime) -> datetime:
    """Now, or the start of what is told as having begun already: nobody plans what is over."""
    return min(datetime.now(UTC), starts_at)


def take_in(town: Town, authority: UUID) -> None:
    """Invite one more authority, as two people of the police do."""
    person = make_person(town.police.id, town.police.unit, "Beslutsfattare", {Role.DECIDER})
    other = Viewer(town.police.id, person, frozenset({"decider"}))
    with unit_of_work(town.planner(town.police)) as uow:
        question = ask_member(uow, AskMember(town.collaboration, authority, "Nytt avtal."))
    with unit_of_work(other) as uow:
        decide(uow, Decide(question, approved=True))
    with unit_of_work(town.planner(town.police)) as uow:
        invite_approved(uow, question)
