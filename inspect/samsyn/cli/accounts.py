"""Commands for authorities, people, tokens and feeds."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import click

from samsyn.access.rules import Language, Role, ShownAs, all_scopes
from samsyn.access.service import AddPerson, MakeToken, add_person, make_token, set_password
from samsyn.authorities.queries import units_of
from samsyn.authorities.rules import AuthorityKind, Field
from samsyn.authorities.service import (
    AddUnit,
    FoundAuthority,
    FoundCollaboration,
    add_unit,
    found_authority,
    found_collaboration,
)
from samsyn.calendars.rules import FeedLevel, FeedOf, FeedScope, usual_level
from samsyn.calendars.service import create_feed, revoke_feed
from samsyn.cli.acting import acts_as, as_json, find_authority, house, show
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer

ADMIN = frozenset({"unit_admin"})


def keeper(authority_id: UUID, person_id: UUID) -> Viewer:
    """Return whoever keeps the machine, acting in a person's name; the trail tells the two apart."""
    return Viewer(authority_id, person_id, ADMIN, by_command=True)


@click.command()
@click.option("--authority", required=True, help="the first authority's name")
@click.option("--kind", type=click.Choice(["board", "federation", "national"]), default="board", show_default=True)
@click.option(
    "--units-apart/--units-together",
    default=None,
    help="whether each unit reads its own findings and copies alone; a national authority's do unless said otherwise",
)
@click.option("--unit", required=True, help="its first unit's name")
@click.option("--field", type=click.Choice([f.value for f in Field]), required=True, help="what the unit supervises")
@click.option("--collaboration", required=True, help="the collaboration's name")
@click.option("--municipality", required=True, help="the municipality's name")
@click.option("--name", required=True, help="the unit administrator's name")
@click.option("--email", required=True, help="the unit administrator's work address")
@click.password_option(help="the unit administrator's password")
@as_json
def bootstrap(
    *,
    authority: str,
    kind: str,
    units_apart: bool | None,
    unit: str,
    field: str,
    collaboration: str,
    municipality: str,
    name: str,
    email: str,
    password: str,
    as_json: bool,
) -> None:
    """Write the first authority, its unit and administrator, and the collaboration. Who runs the system has no silo."""
    house()
    authority_id, person_id = uuid4(), uuid4()
    with unit_of_work(keeper(authority_id, person_id)) as uow:
        apart = kind == AuthorityKind.NATIONAL if units_apart is None else units_apart
        found_authority(uow, FoundAuthority(authority, AuthorityKind(kind), apart))
        unit_id = add_unit(uow, AddUnit(unit, Field(field)))
        roles = frozenset({Role.UNIT_ADMIN, Role.PLANNER, Role.DECIDER, Role.LOG_REVIEWER})
        add_person(uow, AddPerson(person_id, name, unit_id, roles, email))
        set_password(uow, person_id, email, password)
        collaboration_id = found_collaboration(uow, FoundCollaboration(collaboration, municipality))
    ids = {"authority_id": authority_id, "person_id": person_id, "collaboration_id": collaboration_id}
    show(ids, as_json=as_json, words=f"{authority} and {collaboration} are founded; {name} may sign in")


@click.group()
def person() -> None:
    """People and their place in an authority."""


@person.command("add")
@acts_as
@click.option("--unit", required=True, help="the unit's name or id")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([r.value for r in Role]))
@click.option("--competence", "competences", multiple=True)
@click.option("--service-number", default=None, help="others see this instead of the name")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv")
@click.option("--password", default=None, help="let the person sign in with it")
@as_json
def person_add(
    *,
    authority: str,
    unit: str,
    name: str,
    email: str,
    roles: tuple[str, ...],
    competences: tuple[str, ...],
    service_number: str | None,
    language: str,
    password: str | None,
    as_json: bool,
) -> None:
    """Add a person."""
    house()
    authority_id, person_id = find_authority(authority), uuid4()
    with unit_of_work(keeper(authority_id, person_id)) as uow:
        units = [one.id for one in units_of(uow, {authority_id}) if unit in {one.name, str(one.id)}]
        if not units:
            raise click.UsageError(f"no unit called {unit!r}")
        command = AddPerson(
            person_id,
            name,
            units[0],
            frozenset(Role(role) for role in roles),
            email,
            service_number=service_number,
            shown_as=ShownAs.NUMBER if service_number else ShownAs.NAME,
            competences=frozenset(competences),
            language=Language(language),
        )
        add_person(uow, command)
        if password:
            set_password(uow, person_id, email, password)
    show({"person_id": person_id}, as_json=as_json, words=f"added {person_id}")


@click.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@acts_as
@click.option("--person", "person_id", type=click.UUID, required=True)
@click.option("--scope", "scopes", multiple=True, type=click.Choice(all_scopes()), help="what it may; none: all that")
@click.option("--days", type=click.IntRange(1, 365), default=365, show_default=True, help="how long it is valid")
@click.option("--name", default="", help="what it is for")
@as_json
def token_create(
    *, authority: str, person_id: UUID, scopes: tuple[str, ...], days: int, name: str, as_json: bool
) -> None:
    """Make an API token for a person, valid for a year at most; it is shown once. It never may more than its person."""
    house()
    command = MakeToken(name, frozenset(scopes) or None, timedelta(days=days))
    with unit_of_work(keeper(find_authority(authority), person_id)) as uow:
        secret = make_token(uow, command)
    show({"token": secret}, as_json=as_json, words=secret)


@click.group()
def feed() -> None:
    """Calendar feeds."""


@feed.command("create")
@acts_as
@click.option("--person", "person_id", type=click.UUID, required=True)
@click.option("--level", type=click.Choice([level.value for level in FeedLevel]), help="Default: full of the own.")
@click.option("--unit", "unit_id", type=click.UUID, help="Of a unit instead of the person's own operations.")
@click.option("--collaboration", "collaboration_id", type=click.UUID, help="Of a collaboration: busy alone.")
@click.option("--operation", "operations", type=click.UUID, multiple=True, help="Of chosen operations; repeatable.")
@as_json
def feed_create(
    *,
    authority: str,
    person_id: UUID,
    level: str | None,
    unit_id: UUID | None,
    collaboration_id: UUID | None,
    operations: tuple[UUID, ...],
    as_json: bool,
) -> None:
    """Make a feed of a person's own operations, or of what is named; its address is shown once."""
    settings = house()
    scope = next(
        (
            scope
            for scope, said in (
                (FeedScope.UNIT, unit_id),
                (FeedScope.COLLABORATION, collaboration_id),
                (FeedScope.OPERATIONS, operations),
            )
            if said
        ),
        FeedScope.OWN,
    )
    usual = FeedLevel.FULL if scope is FeedScope.OWN else usual_level(scope)
    of = FeedOf(scope, unit_id, collaboration_id, frozenset(operations))
    with unit_of_work(keeper(find_authority(authority), person_id)) as uow:
        feed_id, secret = create_feed(uow, FeedLevel(level) if level else usual, of)
    url = f"{settings.base_url}/cal/{secret}.ics"
    show({"id": feed_id, "url": url}, as_json=as_json, words=url)


@feed.command("revoke")
@acts_as
@click.option("--person", "person_id", type=click.UUID, required=True)
@click.argument("feed_id", type=click.UUID)
def feed_revoke(*, authority: str, person_id: UUID, feed_id: UUID) -> None:
    """End a feed at once."""
    house()
    with unit_of_work(keeper(find_authority(authority), person_id)) as uow:
        revoke_feed(uow, feed_id)
    click.echo("ended")
